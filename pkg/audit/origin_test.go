package audit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// scanned is a first look with a scan, 4 partitions and 1 replica being the brokers' defaults.
func scanned(groups topic.Groups, seen ...topic.Observed) audit.Input {
	return audit.Input{
		Now: testutil.Start(), Grace: grace, Snapshot: testutil.Snapshot(seen...), Scan: audit.Scan{Groups: &groups},
		Brokers: audit.Brokers{Partitions: 4, Replicas: 1, AutoCreate: true},
	}
}

func groups(list ...topic.Group) topic.Groups { return topic.Groups{Known: true, List: list} }

func compacted(name string, partitions int64) topic.Observed {
	return testutil.Live(name, partitions, 1, "cleanup.policy", "compact")
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	consumer := func(name string) topic.Group { return topic.Group{Name: name, Type: "classic", Protocol: "consumer"} }
	workers := topic.Group{Name: "etl", Type: "classic", Protocol: "connect"}
	storage := []topic.Observed{compacted("etl-configs", 1), compacted("etl-offsets", 25), compacted("etl-status", 5)}
	mirror := []topic.Observed{compacted("eu.checkpoints.internal", 1), testutil.Live("eu.orders", 7, 1), testutil.Live("heartbeats", 1, 1), testutil.Live("mm2-configs.eu.internal", 1, 1)}
	cases := map[string]struct {
		topic  string
		seen   []topic.Observed
		groups topic.Groups
		change func(*audit.Input)
		class  topic.Class
		kind   topic.OriginKind
		of     string
	}{
		"the brokers' own":                               {topic: "__consumer_offsets", class: topic.ClassInternal, kind: topic.OriginKafka, of: "Apache Kafka's brokers"},
		"a schema registry's":                            {topic: "_schemas", class: topic.ClassPlatform, kind: topic.OriginProduct, of: "a schema registry"},
		"a platform's name that this cluster excepts":    {topic: "_schemas", change: func(in *audit.Input) { in.Reserved = naming.Reservations{Except: []string{"_schemas"}} }, class: topic.ClassCandidate, kind: topic.OriginPlain},
		"a changelog whose application the brokers know": {topic: "shop-counts-changelog", groups: groups(consumer("shop")), class: topic.ClassPlatform, kind: topic.OriginStreams, of: "shop"},
		"of two applications the longer name wins":       {topic: "shop-eu-counts-repartition", groups: groups(consumer("shop"), consumer("shop-eu")), class: topic.ClassPlatform, kind: topic.OriginStreams, of: "shop-eu"},
		"a foreign-key join":                             {topic: "shop-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000004-topic", groups: groups(consumer("shop")), class: topic.ClassPlatform, kind: topic.OriginStreams, of: "shop"},
		"one of the new streams protocol":                {topic: "shop-counts-changelog", groups: groups(topic.Group{Name: "shop", Type: "streams"}), class: topic.ClassPlatform, kind: topic.OriginStreams, of: "shop"},
		"a changelog whose application is gone":          {topic: "shop-counts-changelog", groups: groups(consumer("shop2")), class: topic.ClassCandidate, kind: topic.OriginStreamsLeftover},
		"a changelog where groups cannot be listed":      {topic: "shop-counts-changelog", groups: topic.Groups{}, class: topic.ClassCandidate, kind: topic.OriginPlain},
		"a group of Connect workers makes no changelog":  {topic: "etl-counts-changelog", groups: groups(workers), class: topic.ClassCandidate, kind: topic.OriginStreamsLeftover},
		"Connect's configs":                              {topic: "etl-configs", seen: storage, groups: groups(workers), class: topic.ClassPlatform, kind: topic.OriginConnect, of: "etl"},
		"Connect's offsets":                              {topic: "etl-offsets", seen: storage, groups: groups(workers), class: topic.ClassPlatform, kind: topic.OriginConnect, of: "etl"},
		"Connect's status":                               {topic: "etl-status", seen: storage, groups: groups(workers), class: topic.ClassPlatform, kind: topic.OriginConnect, of: "etl"},
		"a storage without workers":                      {topic: "etl-status", seen: storage, groups: groups(), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"a status without its siblings":                  {topic: "etl-status", seen: storage[1:], groups: groups(workers), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"an order's status beside Connect":               {topic: "order-status", seen: append([]topic.Observed{testutil.Live("order-status", 6, 1)}, storage...), groups: groups(workers), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"MirrorMaker's checkpoints":                      {topic: "eu.checkpoints.internal", seen: mirror, groups: groups(), class: topic.ClassPlatform, kind: topic.OriginMirrorMaker},
		"a copy":                                         {topic: "eu.orders", seen: mirror, groups: groups(), class: topic.ClassPlatform, kind: topic.OriginMirrorMaker, of: "eu"},
		"heartbeats beside MirrorMaker's bookkeeping":    {topic: "heartbeats", seen: mirror, groups: groups(), class: topic.ClassPlatform, kind: topic.OriginMirrorMaker},
		"somebody's heartbeats":                          {topic: "heartbeats", seen: []topic.Observed{testutil.Live("heartbeats", 7, 1)}, groups: groups(), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"a dead letter queue of a share group":           {topic: "dlq.orders", seen: []topic.Observed{testutil.Live("dlq.orders", 4, 1)}, groups: groups(topic.Group{Name: "workers", Type: "share"}), class: topic.ClassCandidate, kind: topic.OriginDeadLetter},
		"the brokers' defaults while they create topics": {topic: "orders", seen: []topic.Observed{testutil.Live("orders", 4, 1)}, groups: groups(), class: topic.ClassCandidate, kind: topic.OriginAutoCreated},
		"the brokers' defaults while none creates":       {topic: "orders", seen: []topic.Observed{testutil.Live("orders", 4, 1)}, groups: groups(), change: func(in *audit.Input) { in.Brokers.AutoCreate = false }, class: topic.ClassCandidate, kind: topic.OriginPlain},
		"the brokers' defaults with a config":            {topic: "orders", seen: []topic.Observed{testutil.Live("orders", 4, 1, "retention.ms", "1")}, groups: groups(), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"other partitions than the defaults":             {topic: "orders", seen: []topic.Observed{testutil.Live("orders", 5, 1)}, groups: groups(), class: topic.ClassCandidate, kind: topic.OriginPlain},
		"what another product declares": {
			topic: "orders", groups: groups(), class: topic.ClassElsewhere,
			change: func(in *audit.Input) {
				in.Elsewhere = map[string]topic.Ref{"orders": {Group: "kafka.strimzi.io", Namespace: "kafka", Name: "orders"}}
			},
		},
		"what an object declares, whatever else does": {
			topic: "orders", groups: groups(), class: topic.ClassManaged,
			change: func(in *audit.Input) {
				in.Owners = map[string]topic.Ref{"orders": owner("team-a/orders")}
				in.Elsewhere = map[string]topic.Ref{"orders": {Group: "kafka.strimzi.io", Namespace: "kafka", Name: "orders"}}
			},
		},
		"a changelog that a rule ignores": {
			topic: "shop-counts-changelog", groups: groups(consumer("shop")), class: topic.ClassIgnored, kind: topic.OriginStreams, of: "shop",
			change: func(in *audit.Input) { in.Ignore = []audit.Rule{{Pattern: "shop-*"}} },
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.seen == nil {
				c.seen = []topic.Observed{testutil.Live(c.topic, 7, 1)}
			}
			in := scanned(c.groups, c.seen...)
			if c.change != nil {
				c.change(&in)
			}
			entry := audit.Take(in).Entries[c.topic]
			assert.Equal(t, c.class, entry.Class)
			assert.Equal(t, c.kind, entry.Origin.Kind)
			assert.Equal(t, c.of, entry.Origin.Of)
		})
	}
}

func TestARestartOfAnApplicationMakesNoOrphansOfItsTopics(t *testing.T) {
	t.Parallel()
	live := testutil.Live("shop-counts-changelog", 4, 1)
	result := audit.Take(scanned(groups(topic.Group{Name: "shop", Type: "classic", Protocol: "consumer"}), live))
	later := func(after time.Duration) topic.Entry {
		in := scanned(groups(), live)
		in.Now, in.Previous, in.Snapshot.Complete = testutil.Start().Add(after), result.Entries, true
		result = audit.Take(in)
		return result.Entries[live.Name]
	}
	assert.Equal(t, topic.ClassPlatform, later(time.Hour).Class)
	assert.Equal(t, topic.ClassPlatform, later(24*time.Hour).Class, "gone for 23 hours")
	gone := later(26 * time.Hour)
	assert.Equal(t, topic.ClassOrphan, gone.Class)
	assert.Equal(t, topic.OriginStreamsLeftover, gone.Origin.Kind)
}

func TestWhoMayNotListGroupsAccusesNoApplicationsTopics(t *testing.T) {
	t.Parallel()
	live := []topic.Observed{testutil.Live("shop-counts-changelog", 4, 1), testutil.Live("orders", 4, 1)}
	result := audit.Take(scanned(topic.Groups{}, live...))
	in := scanned(topic.Groups{}, live...)
	in.Now, in.Previous, in.Snapshot.Complete = testutil.Start().Add(time.Hour), result.Entries, true
	result = audit.Take(in)
	assert.Equal(t, topic.ClassCandidate, result.Entries["shop-counts-changelog"].Class)
	assert.Equal(t, topic.ClassOrphan, result.Entries["orders"].Class)
}

func TestALookWithoutAScanKeepsTheOrigin(t *testing.T) {
	t.Parallel()
	live := testutil.Live("shop-counts-changelog", 4, 1)
	result := audit.Take(scanned(groups(topic.Group{Name: "shop", Type: "classic", Protocol: "consumer"}), live))
	in := scanned(topic.Groups{}, live)
	in.Previous, in.Scan.Groups = result.Entries, nil
	assert.Equal(t, result.Entries, audit.Take(in).Entries)
}

func TestWhatWasAutoCreatedStaysSuspectAfterAutoCreationWasSwitchedOff(t *testing.T) {
	t.Parallel()
	live := testutil.Live("orders", 4, 1)
	result := audit.Take(scanned(groups(), live))
	in := scanned(groups(), live)
	in.Previous, in.Brokers.AutoCreate = result.Entries, false
	assert.Equal(t, topic.OriginAutoCreated, audit.Take(in).Entries["orders"].Origin.Kind)
}

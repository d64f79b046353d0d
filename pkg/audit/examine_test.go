package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

const days = 24 * time.Hour

// forgotten is an orphan for whose keeping nothing speaks.
func forgotten(change ...func(*topic.Entry)) topic.Entry {
	entry := topic.Entry{
		Name: "orders", TopicID: "t1", Class: topic.ClassOrphan, Partitions: 3, Replicas: 3, FirstSeen: testutil.Start().Add(-90 * days),
		Size: topic.Size{Known: true}, Origin: topic.Origin{Kind: topic.OriginPlain}, Findings: topic.Findings{Examined: testutil.Start()},
	}
	for _, c := range change {
		c(&entry)
	}
	return entry
}

func world(entries ...topic.Entry) audit.World {
	w := audit.World{Now: testutil.Start(), Entries: map[string]topic.Entry{}, Cluster: audit.Cluster{Name: "prod", OwnerLabel: "team"}}
	for _, entry := range entries {
		w.Entries[entry.Name] = entry
	}
	return w
}

func TestDeletionIsAdvisedOnlyWhereNothingAtAllSpeaksForATopic(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*topic.Entry)
		want   audit.Recommendation
		why    string
	}{
		"nothing speaks for it":         {func(*topic.Entry) {}, audit.DeleteCandidate, "it holds no records"},
		"it was never examined":         {func(e *topic.Entry) { e.Findings = topic.Findings{} }, audit.Investigate, "not known"},
		"it holds records":              {func(e *topic.Entry) { e.Findings.Records = 1 }, audit.Investigate, "it holds records"},
		"its records could not be seen": {func(e *topic.Entry) { e.Findings.Records, e.Findings.Unseen = -1, []string{"records"} }, audit.Investigate, "records is not known"},
		"its groups could not be seen":  {func(e *topic.Entry) { e.Findings.Unseen = []string{"groups"} }, audit.Investigate, "groups read it is not known"},
		"a group left offsets":          {func(e *topic.Entry) { e.Findings.Groups = []topic.GroupUse{{Name: "g"}} }, audit.Investigate, "left offsets"},
		"a group reads it":              {func(e *topic.Entry) { e.Findings.Groups = []topic.GroupUse{{Name: "g", Members: 1}} }, audit.Adopt, "g has members"},
		"it was written to yesterday":   {func(e *topic.Entry) { e.LastWrite = testutil.Start().Add(-days) }, audit.Adopt, "within the last week"},
		"it was written to a month ago": {func(e *topic.Entry) { e.LastWrite = testutil.Start().Add(-30 * days) }, audit.Investigate, "within 60 days"},
		"it was written to a year ago":  {func(e *topic.Entry) { e.LastWrite = testutil.Start().Add(-365 * days) }, audit.DeleteCandidate, "60 days"},
		"it is new":                     {func(e *topic.Entry) { e.FirstSeen = testutil.Start().Add(-59 * days) }, audit.Investigate, "first seen"},
		"nobody knows how old it is":    {func(e *topic.Entry) { e.FirstSeen = time.Time{} }, audit.Investigate, "when it was first seen is not known"},
		"an application may come back":  {func(e *topic.Entry) { e.Origin.Kind = topic.OriginStreamsLeftover }, audit.Investigate, "Kafka Streams"},
		"its object was deleted":        {func(e *topic.Entry) { e.Class, e.Owner = topic.ClassReleased, owner("a/b") }, audit.DeleteCandidate, "no records"},
		"it is an application's":        {func(e *topic.Entry) { e.Class, e.Origin.Kind = topic.ClassPlatform, topic.OriginStreams }, audit.Ignore, "Kafka Streams application"},
		"a rule ignores it":             {func(e *topic.Entry) { e.Class = topic.ClassIgnored }, audit.Ignore, "audit.ignore"},
		"another product declares it": {func(e *topic.Entry) {
			e.Class, e.Elsewhere = topic.ClassElsewhere, topic.Ref{Group: "kafka.strimzi.io", Namespace: "k", Name: "o"}
		}, audit.Ignore, "kafkatopic.kafka.strimzi.io k/o"},
		"it could not even be described": {func(e *topic.Entry) { e.Class = topic.ClassUnknown }, audit.Investigate, "DESCRIBE"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := audit.Examine(world(forgotten(c.change))).Topics[0]
			assert.Equal(t, c.want, found.Recommendation)
			assert.Contains(t, strings.Join(found.Reasons, "; "), c.why)
		})
	}
}

func TestAnIgnoredTopicIsSoForTheReasonOfItsRule(t *testing.T) {
	t.Parallel()
	w := world(forgotten(func(e *topic.Entry) { e.Class = topic.ClassIgnored }))
	w.Ignore = []audit.Rule{
		{Pattern: "*", Reason: "no more", ExpiresAt: testutil.Start()}, {Pattern: "other", Reason: "another"}, {Pattern: "*", Reason: "load tests"},
	}
	assert.Equal(t, []string{"load tests"}, audit.Examine(w).Topics[0].Reasons)
}

func TestWhoMayKnowMoreOfATopic(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*topic.Entry)
		want   string
	}{
		"nobody":                              {func(*topic.Entry) {}, ""},
		"the namespace whose object owned it": {func(e *topic.Entry) { e.Owner = owner("team-a/orders") }, "team-a"},
		"the application":                     {func(e *topic.Entry) { e.Origin = topic.Origin{Kind: topic.OriginConnect, Of: "etl"} }, "etl"},
		"the only principal with an ACL":      {func(e *topic.Entry) { e.Findings.Principals = []string{"User:billing"} }, "User:billing"},
		"none of two principals":              {func(e *topic.Entry) { e.Findings.Principals = []string{"User:a", "User:b"} }, ""},
		"not the first where some are unseen": {func(e *topic.Entry) {
			e.Findings.Principals, e.Findings.Unseen = []string{"User:a"}, []string{"principals"}
		}, ""},
		"the only group": {func(e *topic.Entry) { e.Findings.Groups = []topic.GroupUse{{Name: "billing"}} }, "group billing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, audit.Examine(world(forgotten(c.change))).Topics[0].CandidateOwner.Name)
		})
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	managed := topic.Entry{Name: "orders", TopicID: "t1", Class: topic.ClassManaged, Owner: owner("team-a/orders"), FirstSeen: testutil.Start()}
	object := func(change ...func(*audit.Object)) []audit.Object {
		made := audit.Object{Ref: owner("team-a/orders"), Topic: "orders", Owner: "a"}
		for _, c := range change {
			c(&made)
		}
		return []audit.Object{made}
	}
	cases := map[string]struct {
		world audit.World
		with  func(*audit.World)
		want  []string
	}{
		"all is well":                {world(managed), func(w *audit.World) { w.Objects = object() }, nil},
		"an orphan without an owner": {world(forgotten()), nil, []string{"low NoOwner orders", "low Orphan orders"}},
		"an orphan that is used":     {world(forgotten(func(e *topic.Entry) { e.Findings.Groups = []topic.GroupUse{{Name: "g", Members: 1}} })), nil, []string{"high Orphan orders"}},
		"an orphan with data":        {world(forgotten(func(e *topic.Entry) { e.Size.Bytes, e.Owner = 1, owner("a/b") })), nil, []string{"medium Orphan orders"}},
		"one of the baseline":        {world(forgotten(func(e *topic.Entry) { e.Baseline, e.Owner = true, owner("a/b") })), nil, []string{"info Orphan orders"}},
		"a candidate is no finding":  {world(forgotten(func(e *topic.Entry) { e.Class = topic.ClassCandidate })), nil, nil},
		"what could not be seen":     {world(forgotten(func(e *topic.Entry) { e.Class = topic.ClassUnknown })), nil, []string{"medium Unknown orders"}},
		"brokers, and who may create": {world(), func(w *audit.World) {
			w.Cluster.Brokers = []topic.Broker{{ID: 1, AutoCreate: &no}, {ID: 2, AutoCreate: &yes}, {ID: 3}}
			w.Cluster.Creators.Grants = []topic.Grant{{Principal: "User:a", Operation: "Create", Pattern: "a"}, {Principal: "User:b", Operation: "All", Cluster: true}}
		}, []string{"high AutoCreateEnabled broker 2", "high CreateAclTooBroad User:b", "low CreateAclTooBroad User:a"}},
		"nobody asks who creates":            {world(), func(w *audit.World) { w.Cluster.Creators.Answer = topic.CreatorsEveryone }, []string{"medium CreateAclTooBroad everyone"}},
		"an object without an owner's label": {world(managed), func(w *audit.World) { w.Objects = object(func(o *audit.Object) { o.Owner = "" }) }, []string{"low NoOwner orders"}},
		"an object whose topic is gone":      {world(forgotten(func(e *topic.Entry) { e.Name, e.Class = "other", topic.ClassPlatform })), func(w *audit.World) { w.Objects = object() }, []string{"high Missing orders"}},
		"nobody is missing where not all was seen": {world(forgotten(func(e *topic.Entry) { e.Name, e.Class = "other", topic.ClassPlatform })), func(w *audit.World) {
			w.Objects, w.Cluster.Incomplete = object(), "no DESCRIBE"
		}, nil},
		"drift and a broken rule": {world(managed), func(w *audit.World) {
			w.Objects = object(func(o *audit.Object) { o.Drift, o.Violation = "x", "y" })
		}, []string{"medium Violation orders", "low Drift orders"}},
		"refused objects": {world(managed), func(w *audit.World) {
			w.Objects = append(object(func(o *audit.Object) { o.Reason, o.Message = topic.DuplicateClaim, "x" }),
				append(object(func(o *audit.Object) { o.Reason, o.Message = topic.TopicNameCollision, "x" }), object(func(o *audit.Object) { o.Reason, o.Message = topic.PartitionsDecreased, "x" })...)...)
		}, []string{"medium Duplicate orders", "medium NameCollision orders", "medium Refused orders"}},
		"what passes by itself": {world(managed), func(w *audit.World) { w.Objects = object(func(o *audit.Object) { o.Reason = topic.KafkaUnreachable }) }, nil},
		"an object on its way out": {world(), func(w *audit.World) {
			w.Objects = object(func(o *audit.Object) { o.Deleting, o.Owner = true, "" })
		}, nil},
		"a topic that came back": {world(func() topic.Entry { e := managed; e.FormerID = "t0"; return e }()), func(w *audit.World) { w.Objects = object() }, []string{"high Recreated orders"}},
		"one that came back long ago": {world(func() topic.Entry {
			e := managed
			e.FormerID, e.FirstSeen = "t0", testutil.Start().Add(-8*days)
			return e
		}()), func(w *audit.World) { w.Objects = object() }, nil},
		"two products declare it": {world(func() topic.Entry {
			e := managed
			e.Elsewhere = topic.Ref{Group: "g", Namespace: "n", Name: "x"}
			return e
		}()), func(w *audit.World) { w.Objects = object() }, []string{"high Duplicate orders"}},
		"exceptions": {world(), func(w *audit.World) {
			w.Exceptions = []audit.Exception{
				{Name: "ended", ExpiresAt: testutil.Start()},
				{Name: "ends", ExpiresAt: testutil.Start().Add(6 * days)},
				{Name: "fine", ExpiresAt: testutil.Start().Add(8 * days)},
				{Name: "unused", Unused: true},
			}
		}, []string{"medium ExceptionExpiring ends", "low ExceptionExpired ended", "low ExceptionUnused unused"}},
		"a rule that has ended": {world(forgotten(func(e *topic.Entry) { e.Owner = owner("a/b") })), func(w *audit.World) {
			w.Ignore = []audit.Rule{{Pattern: "ord*", ExpiresAt: testutil.Start()}, {Pattern: "none", ExpiresAt: testutil.Start()}, {Pattern: "*"}}
		}, []string{"low IgnoreExpired ord*", "low Orphan orders"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.with != nil {
				c.with(&c.world)
			}
			var got []string
			for _, finding := range audit.Examine(c.world).Findings {
				about := finding.Topic + finding.Subject
				if about == "" {
					about = finding.Object.Name
				}
				got = append(got, string(finding.Severity)+" "+string(finding.Kind)+" "+about)
				require.NotEmpty(t, finding.Message)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

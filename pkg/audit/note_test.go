package audit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// examination is one scan, so long after Start.
type examination struct {
	at    time.Duration
	found topic.Evidence
}

func allSeen(e topic.Evidence) topic.Evidence {
	e.GroupsKnown, e.PrincipalsKnown = true, true
	return e
}

func examineAll(scans []examination) topic.Entry {
	var previous map[string]topic.Entry
	for _, scan := range scans {
		in := scanned(groups(), testutil.Live("orders", 7, 1))
		in.Now, in.Previous = testutil.Start().Add(scan.at), previous
		in.Scan.Evidence = map[string]topic.Evidence{"orders": scan.found}
		previous = audit.Take(in).Entries
	}
	return previous["orders"]
}

func TestWhatAnExaminationLeavesBehind(t *testing.T) {
	t.Parallel()
	read := func(name string, members, lag int64) topic.GroupUse {
		return topic.GroupUse{Name: name, Members: members, Lag: lag}
	}
	cases := map[string]struct {
		scans []examination
		want  topic.Findings
	}{
		"nothing at all is known to be nothing": {[]examination{{0, allSeen(topic.Evidence{})}}, topic.Findings{}},
		"records and lags are rounded up, members to whether there are any": {
			[]examination{{0, allSeen(topic.Evidence{Records: 1000, Groups: []topic.GroupUse{read("g", 7, 100)}})}},
			topic.Findings{Records: 1024, Groups: []topic.GroupUse{read("g", 1, 128)}},
		},
		"what could not be seen is named": {[]examination{{0, topic.Evidence{Records: -1}}}, topic.Findings{Records: -1, Unseen: []string{"records", "groups", "principals"}}},
		"what was seen earlier that day still counts": {
			[]examination{{0, allSeen(topic.Evidence{Records: 8, Groups: []topic.GroupUse{read("g", 1, 4)}, Principals: []string{"User:a"}})}, {time.Hour, topic.Evidence{Records: -1}}},
			topic.Findings{Records: 8, Groups: []topic.GroupUse{read("g", 1, 4)}, Principals: []string{"User:a"}},
		},
		"and not the next day": {
			[]examination{{0, allSeen(topic.Evidence{Records: 8})}, {25 * time.Hour, topic.Evidence{Records: -1}}},
			topic.Findings{Records: -1, Unseen: []string{"records", "groups", "principals"}},
		},
		"what shrinks is told next day": {
			[]examination{{0, allSeen(topic.Evidence{Records: 8})}, {time.Hour, allSeen(topic.Evidence{Records: 2})}}, topic.Findings{Records: 8},
		},
		"and then it is": {[]examination{{0, allSeen(topic.Evidence{Records: 8})}, {25 * time.Hour, allSeen(topic.Evidence{Records: 2})}}, topic.Findings{Records: 2}},
		"a group that is gone goes at once": {
			[]examination{{0, allSeen(topic.Evidence{Groups: []topic.GroupUse{read("g", 1, 0)}})}, {time.Hour, allSeen(topic.Evidence{})}}, topic.Findings{},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := examineAll(c.scans)
			last := c.scans[len(c.scans)-1]
			c.want.Examined = testutil.Start().Add(last.at).UTC().Truncate(24 * time.Hour)
			assert.Equal(t, c.want, got.Findings)
		})
	}
}

func TestAnEntryStaysSmallWhateverSomebodyNamesGroups(t *testing.T) {
	t.Parallel()
	var found topic.Evidence
	for i := range 1000 {
		found.Groups = append(found.Groups, topic.GroupUse{Name: fmt.Sprintf("%d%s", i, strings.Repeat("x", 10_000))})
		found.Principals = append(found.Principals, strings.Repeat("p", 10_000))
	}
	kept := examineAll([]examination{{0, allSeen(found)}}).Findings
	assert.Len(t, kept.Groups, 10)
	assert.Len(t, kept.Principals, 10)
	for _, group := range kept.Groups {
		assert.Less(t, len(group.Name), 200)
	}
}

func TestTheLastWriteIsADayOnWhichOffsetsMovedOrARecordIsOf(t *testing.T) {
	t.Parallel()
	dayOf := func(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }
	var previous map[string]topic.Entry
	look := func(after time.Duration, end int64, last time.Time) time.Time {
		in := scanned(groups(), testutil.Live("orders", 7, 1))
		in.Now, in.Previous = testutil.Start().Add(after), previous
		in.Scan.Ends = map[string]int64{"orders": end}
		if !last.IsZero() {
			in.Scan.Evidence = map[string]topic.Evidence{"orders": {LastRecord: last}}
		}
		previous = audit.Take(in).Entries
		return previous["orders"].LastWrite
	}
	assert.Zero(t, look(0, 5, time.Time{}), "when the first five were written nobody knows")
	assert.Zero(t, look(time.Minute, 5, time.Time{}))
	ago := testutil.Start().Add(-40 * days)
	assert.Equal(t, dayOf(ago), look(2*time.Minute, 5, ago), "a record says so")
	assert.Equal(t, dayOf(testutil.Start()), look(3*time.Minute, 6, time.Time{}), "it was written to since the last scan")
	assert.Equal(t, dayOf(testutil.Start()), look(4*time.Minute, 6, testutil.Start().Add(100*days)), "producers write any time into records")
}

func TestConfigsAreKeptOfWhatNothingDeclaresOnly(t *testing.T) {
	t.Parallel()
	live := testutil.Live("orders", 7, 1, "retention.ms", "1", "leader.replication.throttled.replicas", "*")
	in := scanned(groups(), live)
	assert.Equal(t, map[string]string{"retention.ms": "1"}, audit.Take(in).Entries["orders"].Config, "throttles come and go with reassignments")
	in.Owners = map[string]topic.Ref{"orders": owner("team-a/orders")}
	assert.Nil(t, audit.Take(in).Entries["orders"].Config)
}

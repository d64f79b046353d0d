package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

// TestMain knows -update, which rewrites the golden files: go test ./pkg/report -update.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "rewrite the golden files")
	os.Exit(m.Run())
}

func update() bool { return flag.Lookup("update").Value.String() == "true" }

func day(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }

func sized(bytes int64) topic.Size { return topic.Size{Known: true, Bytes: bytes} }

func noon() time.Time { return day(21).Add(12 * time.Hour) }

// hostile is a name as a stranger could give it to a group, an application or a label.
const hostile = "=cmd|'/c calc'!A1\x1b]0;owned\x07<img src=x onerror=alert(1)>`|@everyone\u202e\u2028www.example.org http://example.org [x](y)\xff"

func orphans() []audit.Topic {
	return []audit.Topic{
		{
			Entry: topic.Entry{
				Name: "legacy.orders", TopicID: "k3JAAAAAAAAAAAAAAAAAAA", Partitions: 12, Replicas: 3, Class: topic.ClassOrphan, Baseline: true,
				FirstSeen: day(1), Size: topic.Size{Known: true, Bytes: 64 << 30, Oldest: day(2)}, LastWrite: day(20),
				Origin: topic.Origin{Kind: topic.OriginPlain}, Config: map[string]string{"retention.ms": "604800000", "cleanup.policy": "compact"},
				Findings: topic.Findings{
					Examined: day(21), Records: 1 << 20, Principals: []string{"User:billing"},
					Groups: []topic.GroupUse{{Name: "billing", Members: 2, Lag: 16}, {Name: "billing-old", Lag: -1}},
				},
			},
			CandidateOwner: audit.CandidateOwner{Name: "billing", Evidence: "the only ACL on it is for User:billing"},
			Recommendation: audit.Adopt, Reasons: []string{"group billing reads it", "something was written yesterday"},
		},
		{
			Entry: topic.Entry{
				Name: "ordres", TopicID: "-dash_AAAAAAAAAAAAAAAA", Partitions: 1, Replicas: 1, Class: topic.ClassOrphan, FirstSeen: day(19), Size: sized(0),
				Origin:   topic.Origin{Kind: topic.OriginAutoCreated, Evidence: "partitions, replicas and configs are the brokers' defaults"},
				Findings: topic.Findings{Examined: day(21)},
			},
			Recommendation: audit.DeleteCandidate, Reasons: []string{"it is empty", "nobody reads it"},
		},
		{
			Entry:          topic.Entry{Name: "new.one", TopicID: "cand", Partitions: 3, Replicas: 3, Class: topic.ClassCandidate, FirstSeen: noon()},
			Recommendation: audit.Investigate,
		},
		{
			Entry: topic.Entry{
				Name: "half-known", TopicID: "half", Partitions: 3, Replicas: 3, Class: topic.ClassOrphan, FirstSeen: day(3), Size: sized(1536),
				Origin: topic.Origin{Kind: topic.OriginAutoCreated},
				Findings: topic.Findings{
					Examined: day(20), Records: -1, Unseen: []string{"records", "groups", "principals"}, Groups: []topic.GroupUse{{Name: "some", Lag: -1}},
				},
			},
			Recommendation: audit.Investigate, Reasons: []string{"which groups read it is not known"},
		},
		{
			Entry: topic.Entry{
				Name: "was.mine", TopicID: "rel", Partitions: 3, Replicas: 3, Class: topic.ClassReleased, FirstSeen: day(3), Size: sized(4096),
				Owner: topic.Ref{Group: "topicgate.io", Kind: "KafkaTopic", Namespace: "shop", Name: "mine"}, Origin: topic.Origin{Kind: topic.OriginDeletedObject, Of: "shop/mine"},
			},
			CandidateOwner: audit.CandidateOwner{Name: "shop", Evidence: "shop/mine declared it"}, Recommendation: audit.Adopt,
		},
		{Entry: topic.Entry{Name: "hidden", Class: topic.ClassUnknown, FirstSeen: day(3)}, Recommendation: audit.Investigate},
	}
}

func others() []audit.Topic {
	return []audit.Topic{
		{Entry: topic.Entry{Name: "__consumer_offsets", Class: topic.ClassInternal, Partitions: 50, Replicas: 3, Origin: topic.Origin{Kind: topic.OriginKafka}}, Recommendation: audit.Ignore},
		{Entry: topic.Entry{Name: "_schemas", Class: topic.ClassPlatform, Partitions: 1, Replicas: 3, Origin: topic.Origin{Kind: topic.OriginProduct, Of: "a schema registry"}}, Recommendation: audit.Ignore},
		{Entry: topic.Entry{Name: "tmp.x", Class: topic.ClassIgnored, Partitions: 1, Replicas: 3}, Recommendation: audit.Ignore, Reasons: []string{"audit.ignore names tmp.*"}},
		{Entry: topic.Entry{Name: "theirs", Class: topic.ClassElsewhere, Partitions: 1, Replicas: 3, Elsewhere: topic.Ref{Group: "kafka.strimzi.io", Namespace: "kafka", Name: "theirs"}}, Recommendation: audit.Ignore},
	}
}

func findings() []audit.Finding {
	object := topic.Ref{Group: "topicgate.io", Kind: "KafkaTopic", Namespace: "shop", Name: "carts"}
	list := []audit.Finding{
		{Kind: audit.KindAutoCreateEnabled, Severity: audit.High, Subject: "broker 2", Message: "auto.create.topics.enable is true", Fix: "write auto.create.topics.enable=false and restart it"},
		{Kind: audit.KindOrphan, Severity: audit.Medium, Topic: "ordres", TopicID: "-dash_AAAAAAAAAAAAAAAA", Message: "no KafkaTopic declares it", Fix: "adopt it"},
		{Kind: audit.KindDrift, Severity: audit.Low, Topic: "carts", Object: object, Message: "set on the topic but not in the spec: retention.ms", Fix: "list it in config"},
		{Kind: audit.KindDrift, Severity: audit.Low, Topic: "carts.v2", Object: topic.Ref{Kind: "KafkaTopic", Namespace: "shop", Name: "carts2"}, Message: "set on the topic but not in the spec: segment.ms", Fix: "reset it"},
		{Kind: audit.KindOrphan, Severity: audit.Info, Topic: "legacy.orders", Baseline: true, Message: "no KafkaTopic declares it", Fix: "adopt it"},
		{Kind: audit.KindNoOwner, Severity: audit.Info, Topic: "carts", Object: object, Message: "neither the object nor its namespace has the label topicgate.io/owner"},
		{Kind: audit.KindExceptionExpired, Severity: audit.Info, Object: topic.Ref{Kind: "TopicPolicyException", Name: "old-leave"}, Message: "it has ended"},
	}
	return list
}

// full has one of everything.
func full() audit.Report {
	topics := append(orphans(), others()...)
	return audit.Report{
		Cluster: "prod", ClusterID: "MkU3OEVBNTcwNTJENDM2Qg", Taken: noon(), Topics: topics, Findings: findings(),
		Counts: audit.Counts{Total: 42, Managed: 32, Elsewhere: 1, Orphan: 5, Ignored: 3, Unknown: 1},
	}
}

func strange() audit.Report {
	return audit.Report{
		ClusterID: "other", Incomplete: hostile, Taken: noon(), Counts: audit.Counts{Total: 1, Orphan: 1},
		Topics: []audit.Topic{{
			Entry: topic.Entry{
				Name: "-orders", TopicID: "str", Partitions: 1, Replicas: 1, Class: topic.ClassOrphan, FirstSeen: day(19), Size: sized(1),
				Origin: topic.Origin{Kind: topic.OriginStreamsLeftover, Of: hostile, Evidence: hostile}, Config: map[string]string{"a|b": hostile},
				Findings: topic.Findings{Examined: day(21), Groups: []topic.GroupUse{{Name: hostile, Lag: 1}}, Principals: []string{hostile}},
			},
			CandidateOwner: audit.CandidateOwner{Name: hostile, Evidence: hostile}, Recommendation: audit.Investigate, Reasons: []string{hostile},
		}},
		Findings: []audit.Finding{{Kind: audit.KindCreateAclTooBroad, Severity: audit.High, Subject: hostile, Message: hostile, Fix: hostile}},
	}
}

func document(selection report.AuditSelection, reports ...audit.Report) report.AuditReport {
	made := report.NewAudit(noon())
	made.Selection = selection.Texts()
	for _, r := range reports {
		c := report.AuditOf(r)
		c.Connection = []string{"--bootstrap=kafka.example:9093", "--password-file=/run/my secrets/'kafka'"}
		made.Clusters = append(made.Clusters, selection.Select(c))
	}
	return made
}

func written(t *testing.T, format string, a report.AuditReport) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.WriteAudit(&out, format, a))
	return out.String()
}

func TestWhatAnAuditReads(t *testing.T) {
	everything := document(report.AuditSelection{}, full())
	cases := map[string]struct {
		report  report.AuditReport
		formats []string
	}{
		"one of everything":                             {everything, []string{"table", "wide", "json", "yaml", "csv", "markdown", "commands"}},
		"names that strangers give hurt nobody":         {document(report.AuditSelection{}, strange()), []string{"table", "wide", "json", "yaml", "csv", "markdown", "commands"}},
		"two clusters in one document":                  {document(report.AuditSelection{}, full(), strange()), []string{"table", "json"}},
		"a cluster on which all is well":                {document(report.AuditSelection{}, audit.Report{Cluster: "prod", Counts: audit.Counts{Total: 1, Managed: 1}}), []string{"table", "json", "csv", "markdown", "commands"}},
		"no cluster at all":                             {document(report.AuditSelection{}), []string{"table", "json", "markdown"}},
		"only what looks auto-created":                  {document(report.AuditSelection{Words: []string{"AutoCreated"}}, full()), []string{"table"}},
		"only what nobody owns":                         {document(report.AuditSelection{NoOwner: true}, full()), []string{"table"}},
		"what is ignored too, without the baseline":     {document(report.AuditSelection{Ignored: true, WithoutBaseline: true}, full()), []string{"table"}},
		"what is declared and was found wanting":        {document(report.AuditSelection{Words: []string{"Managed"}}, full()), []string{"table"}},
		"so many findings that a table leaves some out": {document(report.AuditSelection{}, many()), []string{"table", "markdown"}},
	}
	for name, c := range cases {
		for _, format := range c.formats {
			t.Run(name+"/"+format, func(t *testing.T) {
				got := written(t, format, c.report)
				golden := filepath.Join("testdata", "audit", strings.ReplaceAll(name, " ", "-")+"."+format)
				if update() {
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				assert.Equal(t, string(want), got)
			})
		}
	}
}

func many() audit.Report {
	made := audit.Report{Cluster: "prod", Counts: audit.Counts{Total: 25, Managed: 25}}
	for i := range 25 {
		name := "t" + string(rune('a'+i))
		made.Findings = append(made.Findings, audit.Finding{Kind: audit.KindMissing, Severity: audit.High, Topic: name, Message: "it is not on the brokers", Fix: "look into the object's status"})
	}
	return made
}

func TestAFormatThatIsNone(t *testing.T) {
	assert.ErrorContains(t, report.WriteAudit(&bytes.Buffer{}, "xml", report.NewAudit(noon())), `writing "xml": there is no such format; want one of table, wide,`)
}

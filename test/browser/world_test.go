package browser_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

func now() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// hostile is what a stranger may call a consumer group, if the page let it.
const hostile = `"><img src=x onerror="window.owned=1;alert(1)"><script>window.owned=1</script>` + "\u202e\x1b[31m"

// world is a cluster as there are many: most topics are declared, some are left from long ago, some appeared by a typo.
func world(topics int) report.AuditReport { return selected(topics, report.AuditSelection{}) }

func selected(topics int, selection report.AuditSelection) report.AuditReport {
	found := audit.Report{
		Cluster: "prod-eu", ClusterID: "MkU3OEVBNTcwNTJENDM2Qg", Taken: now(),
		Counts: audit.Counts{Total: int64(topics)*5 + 60, Managed: int64(topics) * 4, Elsewhere: 6, Orphan: int64(topics), Ignored: 52, Unknown: 2},
	}
	for i := range topics {
		found.Topics = append(found.Topics, undeclared(i))
	}
	found.Topics = append(found.Topics, audit.Topic{
		Entry: topic.Entry{
			Name: "strange", TopicID: "c3RyYW5nZQ", Class: topic.ClassOrphan, Partitions: 1, Replicas: 1, FirstSeen: now(), Size: topic.Size{Known: true, Bytes: 1 << 43},
			Origin:   topic.Origin{Kind: topic.OriginStreamsLeftover, Of: hostile, Evidence: hostile},
			Findings: topic.Findings{Examined: now(), Groups: []topic.GroupUse{{Name: hostile, Members: 1, Lag: 1}}, Principals: []string{hostile}},
		},
		CandidateOwner: audit.CandidateOwner{Name: hostile, Evidence: hostile}, Recommendation: audit.Investigate, Reasons: []string{hostile},
	})
	for i := range 46 {
		found.Topics = append(found.Topics, audit.Topic{Entry: topic.Entry{Name: fmt.Sprintf("ledger-store-%d-changelog", i), Class: topic.ClassPlatform, Origin: topic.Origin{Kind: topic.OriginStreams, Of: "ledger"}}})
	}
	slices.SortFunc(found.Topics, func(a, b audit.Topic) int {
		return cmp.Or(cmp.Compare(b.Size.Bytes, a.Size.Bytes), cmp.Compare(a.Name, b.Name))
	})
	found.Topics = append(found.Topics, audit.Topic{Entry: topic.Entry{ // as long as names get
		Name: strings.Repeat("w", 249), Class: topic.ClassElsewhere, Elsewhere: topic.Ref{Group: "kafka.strimzi.io", Namespace: strings.Repeat("n", 63), Name: strings.Repeat("o", 253)},
		Partitions: 100_000, Replicas: 32767, Findings: topic.Findings{Examined: now(), Records: 1 << 62},
	}})
	found.Findings = findings(found.Topics)
	made := report.NewAudit(now())
	made.Clusters = append(made.Clusters, selection.Select(report.AuditOf(found)))
	return made
}

func undeclared(i int) audit.Topic {
	teams := []string{"billing", "checkout", "search", "shipping", "fraud-detection", "clickstream"}
	names := []string{"%s.orders.v%d", "%s-events-%d", "legacy.%s.audit.%d", "%s_dlq_%d"}
	team := teams[i%len(teams)]
	made := audit.Topic{Entry: topic.Entry{
		Name: fmt.Sprintf(names[i/3%len(names)], team, i), TopicID: fmt.Sprintf("Yb6cM2l1TLmQwkHp%06d", i), Partitions: int64(1 + i*7%24), Replicas: 3,
		Class: topic.ClassOrphan, FirstSeen: now().AddDate(0, 0, -(i * 13 % 500)), Origin: topic.Origin{Kind: topic.OriginPlain},
		Size: topic.Size{Known: i%11 != 0, Bytes: 1 << (10 + i*17%33)}, LastWrite: now().AddDate(0, 0, -(i * 29 % 400)).Truncate(24 * time.Hour),
		Findings: topic.Findings{Examined: now(), Records: 1 << (i * 5 % 30), Principals: []string{"User:" + team}},
	}}
	made.Recommendation, made.Reasons = audit.Investigate, []string{"it holds records", "it was first seen less than 60 days ago"}
	switch i % 5 {
	case 0:
		made.Origin = topic.Origin{Kind: topic.OriginAutoCreated, Evidence: "1 partitions and 3 replicas, the brokers' defaults, and no config of its own"}
		made.Size.Bytes, made.Findings.Records, made.LastWrite, made.Partitions = 0, 0, time.Time{}, 1
		made.Recommendation, made.Reasons = audit.DeleteCandidate, []string{"it holds no records", "no consumer group reads it or left offsets there"}
	case 1:
		made.Findings.Groups = []topic.GroupUse{{Name: team + "-writer", Members: 3, Lag: 16}, {Name: team + "-old", Lag: -1}}
		made.Recommendation, made.Reasons = audit.Adopt, []string{"consumer group " + team + "-writer has members and reads it"}
		made.CandidateOwner = audit.CandidateOwner{Name: team, Evidence: "the only ACL on it is for User:" + team}
		made.Config = map[string]string{"cleanup.policy": "compact", "retention.ms": "604800000"}
	case 2:
		made.Class, made.Owner = topic.ClassReleased, topic.Ref{Namespace: team, Name: made.Name}
		made.Origin = topic.Origin{Kind: topic.OriginDeletedObject, Of: team + "/" + made.Name}
	case 3:
		if i%4 == 0 {
			made.Class, made.FirstSeen = topic.ClassCandidate, now()
		}
		made.Findings = topic.Findings{}
	}
	return made
}

func findings(topics []audit.Topic) []audit.Finding {
	list := []audit.Finding{
		{Kind: audit.KindAutoCreateEnabled, Severity: audit.High, Subject: "broker 2", Message: "auto.create.topics.enable is true (DEFAULT_CONFIG)", Fix: "write auto.create.topics.enable=false into server.properties of each of these brokers and restart them one by one"},
		{Kind: audit.KindCreateAclTooBroad, Severity: audit.High, Subject: "User:" + hostile, Message: "may create topics of any name", Fix: "take the ACL away"},
	}
	for _, t := range topics {
		if t.Class == topic.ClassOrphan {
			list = append(list, audit.Finding{Kind: audit.KindOrphan, Severity: audit.Medium, Topic: t.Name, Message: "the topic is on the brokers, and no KafkaTopic declares it", Fix: "declare it, or find out whether anybody needs it"})
		}
	}
	for i, namespace := range []string{"billing", "checkout", "checkout", "search", "fraud-detection-and-prevention", "search", "search", "billing"} {
		object := topic.Ref{Kind: "KafkaTopic", Namespace: namespace, Name: fmt.Sprintf("carts-%d", i)}
		list = append(list, audit.Finding{Kind: audit.KindDrift, Severity: audit.Low, Topic: object.Name, Object: object, Message: "set on the topic but not in the spec: retention.ms; list them in config or in unmanagedConfig"},
			audit.Finding{Kind: audit.KindNoOwner, Severity: audit.Info, Topic: object.Name, Object: object, Message: "neither the object nor its namespace has the label topicgate.io/owner"})
	}
	return list
}

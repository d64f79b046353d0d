package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// NewAudit is an AuditReport without clusters.
func NewAudit(now time.Time) AuditReport {
	return AuditReport{APIVersion: APIVersion, Kind: "AuditReport", Taken: now.UTC().Format(time.RFC3339), Clusters: []AuditCluster{}}
}

// AuditOf is the report on one cluster as it is written: everything, none of it selected yet.
func AuditOf(r audit.Report) AuditCluster {
	made := AuditCluster{
		Name: r.Cluster, ID: r.ClusterID, Incomplete: r.Incomplete, Counts: auditCounts(r),
		Topics: []AuditTopic{}, Findings: []AuditFinding{}, Ignored: auditIgnored(r.Topics),
	}
	for _, found := range r.Topics {
		made.Topics = append(made.Topics, auditTopic(found))
	}
	for _, f := range r.Findings {
		made.Findings = append(made.Findings, AuditFinding{
			Kind: string(f.Kind), Severity: string(f.Severity), Topic: f.Topic, TopicID: f.TopicID, Object: auditObject(f.Object),
			Subject: f.Subject, Message: f.Message, Fix: f.Fix, Baseline: f.Baseline,
		})
	}
	return made
}

func auditCounts(r audit.Report) AuditCounts {
	c := r.Counts
	counts := AuditCounts{
		Total: c.Total, Managed: c.Managed, Orphan: c.Orphan, Elsewhere: c.Elsewhere, Ignored: c.Ignored, Unknown: c.Unknown,
		Classes: map[string]int64{},
	}
	for _, found := range r.Topics {
		counts.Classes[string(found.Class)]++
		switch {
		case !orphaned(found.Class):
		case found.Size.Known:
			counts.OrphanBytes += found.Size.Bytes
		default:
			counts.OrphansUnmeasured++
		}
	}
	return counts
}

// orphaned says that no object declares a topic, and none should be expected to do so by nature.
func orphaned(class topic.Class) bool {
	return class == topic.ClassOrphan || class == topic.ClassCandidate || class == topic.ClassReleased
}

// ignored says that a topic is somebody's by nature, or by a rule.
func ignored(class topic.Class) bool {
	switch class {
	case topic.ClassInternal, topic.ClassPlatform, topic.ClassIgnored, topic.ClassElsewhere:
		return true
	case topic.ClassManaged, topic.ClassCandidate, topic.ClassOrphan, topic.ClassReleased, topic.ClassUnknown:
	}
	return false
}

func auditIgnored(topics []audit.Topic) []AuditIgnored {
	counted := map[AuditIgnored]int64{}
	for _, found := range topics {
		if ignored(found.Class) {
			counted[AuditIgnored{Class: string(found.Class), Why: whyIgnored(found)}]++
		}
	}
	list := make([]AuditIgnored, 0, len(counted))
	for group, n := range counted {
		group.Topics = n
		list = append(list, group)
	}
	slices.SortFunc(list, func(a, b AuditIgnored) int {
		return cmp.Or(cmp.Compare(b.Topics, a.Topics), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Why, b.Why))
	})
	return list
}

// whyIgnored is a reason that many topics share; their own evidence would make each a group of its own.
func whyIgnored(found audit.Topic) string {
	switch {
	case found.Class == topic.ClassElsewhere:
		return cmp.Or(found.Elsewhere.Group, "another product") + " declares it"
	case found.Class == topic.ClassIgnored && len(found.Reasons) > 0:
		return found.Reasons[0]
	case found.Class == topic.ClassIgnored:
		return "a rule of audit.ignore names it"
	case found.Class == topic.ClassInternal:
		return "Kafka's own"
	default:
		return "made by " + cmp.Or(found.Origin.Of, string(found.Origin.Kind), "a known product")
	}
}

// AuditTopicOf puts one topic of an audit into the words of its report.
func AuditTopicOf(found audit.Topic) AuditTopic { return auditTopic(found) }

func auditTopic(found audit.Topic) AuditTopic {
	made := AuditTopic{
		Name: found.Name, TopicID: found.TopicID, Class: string(found.Class), Baseline: found.Baseline,
		Object: auditObject(found.Owner), Partitions: positive(found.Partitions), Replicas: positive(found.Replicas),
		OldestRecord: dayOf(found.Size.Oldest), LastWrite: dayOf(found.LastWrite), Examined: dayOf(found.Findings.Examined),
		Unseen: found.Findings.Unseen, Config: found.Config, Recommendation: string(found.Recommendation), Reasons: found.Reasons,
	}
	if !found.FirstSeen.IsZero() {
		made.FirstSeen = found.FirstSeen.UTC().Format(time.RFC3339)
	}
	if found.Class == topic.ClassElsewhere {
		made.Object = auditObject(found.Elsewhere)
	}
	if found.Size.Known {
		made.Bytes = new(found.Size.Bytes)
	}
	if from := found.Origin; from.Kind != "" {
		made.Origin = &AuditOrigin{string(from.Kind), from.Of, from.Evidence}
	}
	if owner := found.CandidateOwner; owner != (audit.CandidateOwner{}) {
		made.CandidateOwner = &AuditOwner{owner.Name, owner.Evidence}
	}
	made.examine(found.Findings)
	return made
}

// examine takes over what was looked for: nil is what nobody knows, empty what is known to be none.
func (t *AuditTopic) examine(found topic.Findings) {
	known := func(what string) bool { return !found.Examined.IsZero() && !slices.Contains(found.Unseen, what) }
	if known("records") && found.Records >= 0 {
		t.Records = new(found.Records)
	}
	if known("groups") || len(found.Groups) > 0 {
		t.Groups = []AuditGroup{}
	}
	for _, use := range found.Groups {
		group := AuditGroup{Name: use.Name, Active: use.Members > 0}
		if use.Lag >= 0 {
			group.Lag = new(use.Lag)
		}
		t.Groups = append(t.Groups, group)
	}
	if known("principals") || len(found.Principals) > 0 {
		t.Principals = append([]string{}, found.Principals...)
	}
}

func auditObject(ref topic.Ref) *AuditObject {
	if ref.Name == "" {
		return nil
	}
	return &AuditObject{ref.Group, ref.Kind, ref.Namespace, ref.Name}
}

// positive is a count that cannot be zero: zero stands for what is not known.
func positive(n int64) *int64 {
	if n <= 0 {
		return nil
	}
	return &n
}

func dayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}

package report

import (
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/topic"
)

// AuditSelection says which topics and findings are written; the zero value leaves out only what is ignored. Counts are
// always of everything.
type AuditSelection struct {
	// Words are classes and origins; empty means all.
	Words []string
	// NoOwner leaves only what nobody is known to own.
	NoOwner bool
	// Ignored shows what is somebody's by nature, or by a rule.
	Ignored bool
	// WithoutBaseline leaves out what was there before us.
	WithoutBaseline bool
}

// AuditClasses are the classes and origins that topics can be selected by.
func AuditClasses() (classes, origins []string) {
	for _, class := range []topic.Class{
		topic.ClassOrphan, topic.ClassCandidate, topic.ClassReleased, topic.ClassUnknown, topic.ClassElsewhere,
		topic.ClassPlatform, topic.ClassInternal, topic.ClassIgnored, topic.ClassManaged,
	} {
		classes = append(classes, string(class))
	}
	for _, origin := range []topic.OriginKind{
		topic.OriginAutoCreated, topic.OriginPlain, topic.OriginDeletedObject, topic.OriginStreams, topic.OriginStreamsLeftover,
		topic.OriginConnect, topic.OriginMirrorMaker, topic.OriginDeadLetter, topic.OriginProduct, topic.OriginKafka,
	} {
		origins = append(origins, string(origin))
	}
	return classes, origins
}

// AuditKinds are the kinds of findings, AuditSeverities how much they matter, the gravest first.
func AuditKinds() []string {
	var kinds []string
	for _, kind := range []audit.Kind{
		audit.KindOrphan, audit.KindMissing, audit.KindDrift, audit.KindViolation, audit.KindDuplicate, audit.KindNameCollision,
		audit.KindRecreated, audit.KindRefused, audit.KindNoOwner, audit.KindIgnoreExpired, audit.KindExceptionExpiring,
		audit.KindExceptionExpired, audit.KindExceptionUnused, audit.KindAutoCreateEnabled, audit.KindCreateAclTooBroad, audit.KindUnknown,
	} {
		kinds = append(kinds, string(kind))
	}
	return kinds
}

// AuditSeverities are how much findings matter, the gravest first.
func AuditSeverities() []string {
	return []string{string(audit.High), string(audit.Medium), string(audit.Low), string(audit.Info)}
}

// AtLeast are a severity and all graver ones; empty when there is no such severity.
func AtLeast(severity string) []string {
	all := AuditSeverities()
	return all[:slices.Index(all, severity)+1]
}

// Texts say in words what was selected; none when everything was.
func (s AuditSelection) Texts() []string {
	var texts []string
	if len(s.Words) > 0 {
		texts = append(texts, "only "+strings.Join(s.Words, ", "))
	}
	if s.NoOwner {
		texts = append(texts, "only without an owner")
	}
	if s.WithoutBaseline {
		texts = append(texts, "without what was there before TopicGate")
	}
	return texts
}

// Select leaves in a report what is asked for.
func (s AuditSelection) Select(c AuditCluster) AuditCluster {
	listed := map[string]bool{} // every topic that no object declares, and whether it stays
	unowned := c.unowned()
	topics := []AuditTopic{}
	for _, t := range c.Topics {
		listed[t.Name] = s.wants(t) && (!s.NoOwner || unowned[t.Name] || t.CandidateOwner == nil)
		if listed[t.Name] {
			topics = append(topics, t)
		}
	}
	findings := []AuditFinding{}
	for _, f := range c.Findings {
		if s.wantsFinding(f, listed) {
			findings = append(findings, f)
		}
	}
	c.Topics, c.Findings = topics, findings
	return c
}

// unowned are the topics that a finding says so of.
func (c AuditCluster) unowned() map[string]bool {
	names := map[string]bool{}
	for _, f := range c.Findings {
		if f.Kind == string(audit.KindNoOwner) {
			names[f.Topic] = true
		}
	}
	return names
}

func (s AuditSelection) wants(t AuditTopic) bool {
	switch {
	case s.WithoutBaseline && t.Baseline:
		return false
	case len(s.Words) == 0:
		return s.Ignored || !ignored(topic.Class(t.Class))
	default:
		return slices.Contains(s.Words, t.Class) || t.Origin != nil && slices.Contains(s.Words, t.Origin.Kind)
	}
}

// wantsFinding follows the topic, where the finding is about one that no object declares.
func (s AuditSelection) wantsFinding(f AuditFinding, listed map[string]bool) bool {
	stays, undeclared := listed[f.Topic]
	switch {
	case s.WithoutBaseline && f.Baseline:
		return false
	case undeclared && f.Topic != "":
		return stays
	case s.NoOwner && f.Kind != string(audit.KindNoOwner):
		return false
	case len(s.Words) > 0:
		return f.Object != nil && slices.Contains(s.Words, string(topic.ClassManaged))
	default:
		return true
	}
}

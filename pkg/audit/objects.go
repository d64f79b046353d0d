package audit

import "github.com/topicgate/topicgate/pkg/topic"

// objects finds what is amiss with what KafkaTopics declare.
func (f *findings) objects() {
	for _, object := range f.world.Objects {
		if object.Deleting {
			continue
		}
		f.unready(object)
		f.notices(object)
		if entry, there := f.world.Entries[object.Topic]; there && entry.Elsewhere != (topic.Ref{}) {
			f.about(object, Finding{
				Kind: KindDuplicate, Severity: High, Message: kindOf(entry.Elsewhere) + " " + entry.Elsewhere.String() + " declares the topic too: two products change it in turn",
				Fix: "delete one of the two objects, keeping the topic",
			})
		}
	}
}

func (f *findings) about(object Object, finding Finding) {
	finding.Object, finding.Topic = object.Ref, object.Topic
	if entry, there := f.world.Entries[object.Topic]; there {
		finding.TopicID = entry.TopicID
	}
	f.add(finding)
}

// unready finds what keeps an object from being carried out.
func (f *findings) unready(object Object) {
	kind, severity := refusalKind(object.Reason)
	if kind == "" {
		if _, there := f.world.Entries[object.Topic]; !there && f.world.Cluster.Incomplete == "" && len(f.world.Entries) > 0 && object.Reason == "" {
			f.about(object, Finding{
				Kind: KindMissing, Severity: High, Message: "the object's topic is not on the brokers",
				Fix: "the syncer makes it again, empty; who deleted it, the brokers' log may tell",
			})
		}
		return
	}
	f.about(object, Finding{Kind: kind, Severity: severity, Message: object.Message, Fix: "kubectl describe tgt -n " + object.Ref.Namespace + " " + object.Ref.Name})
}

// refusalKind is what kind of finding an object's reason makes; empty for those that pass by themselves.
func refusalKind(reason topic.Reason) (Kind, Severity) {
	kinds := map[topic.Reason]Kind{
		topic.DuplicateClaim: KindDuplicate, topic.ManagedElsewhere: KindDuplicate, topic.TopicNameCollision: KindNameCollision,
		topic.PolicyViolation: KindViolation, topic.QuotaExceeded: KindViolation, topic.PolicyUndecided: KindViolation,
	}
	if kind, known := kinds[reason]; known {
		return kind, Medium
	}
	if reason == topic.TopicMissing {
		return KindMissing, High
	}
	if reason != "" && topic.ConsequenceOf(reason) == topic.Stall {
		return KindRefused, Medium
	}
	return "", ""
}

// recreatedFor is how long the audit speaks of a topic that came back with another ID.
const recreatedFor = 7 * day

// notices finds what holds nothing up.
func (f *findings) notices(object Object) {
	if object.Drift != "" {
		f.about(object, Finding{Kind: KindDrift, Severity: Low, Message: object.Drift, Fix: "kubectl topicgate diff -n " + object.Ref.Namespace + " " + object.Ref.Name})
	}
	if object.Violation != "" {
		f.about(object, Finding{Kind: KindViolation, Severity: Medium, Message: object.Violation, Fix: "change the object, or ask for an exception"})
	}
	if entry := f.world.Entries[object.Topic]; entry.FormerID != "" && f.world.Now.Before(entry.FirstSeen.Add(recreatedFor)) {
		f.about(object, Finding{
			Kind: KindRecreated, Severity: High, Message: "the topic came back with another ID (" + entry.TopicID + ", was " + entry.FormerID + "): the former records are gone",
			Fix: "find out who deleted it: the brokers' log of that time may tell",
		})
	}
	if object.Owner == "" {
		f.about(object, Finding{
			Kind: KindNoOwner, Severity: Low, Message: "neither the object nor its namespace has the label " + f.world.Cluster.OwnerLabel,
			Fix: "kubectl label tgt -n " + object.Ref.Namespace + " " + object.Ref.Name + " " + f.world.Cluster.OwnerLabel + "=TEAM",
		})
	}
}

package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// findings collects what somebody should know.
type findings struct {
	world World
	list  []Finding
}

func (f *findings) add(finding Finding) { f.list = append(f.list, finding) }

// cluster finds what is amiss with the brokers themselves.
func (f *findings) cluster() {
	for _, broker := range f.world.Cluster.Brokers {
		if broker.AutoCreate != nil && *broker.AutoCreate {
			f.add(Finding{
				Kind: KindAutoCreateEnabled, Severity: High, Subject: fmt.Sprintf("broker %d", broker.ID),
				Message: fmt.Sprintf("broker %d creates any topic that a client asks for (auto.create.topics.enable=true, %s)", broker.ID, broker.AutoCreateSource),
				Fix:     f.world.Cluster.AutoCreateFix,
			})
		}
	}
	creators := f.world.Cluster.Creators
	if creators.Answer == topic.CreatorsEveryone {
		f.add(Finding{
			Kind: KindCreateAclTooBroad, Severity: Medium, Subject: "everyone", Message: "any client may create topics on the brokers",
			Fix: "put an authorizer into place, and grant CREATE to the syncer's principal only",
		})
	}
	for _, grant := range creators.Grants {
		f.add(grantFinding(grant))
	}
}

func grantFinding(grant topic.Grant) Finding {
	where, severity := fmt.Sprintf("topics named %q", grant.Pattern), Low
	switch {
	case grant.Cluster:
		where, severity = "the cluster", High
	case grant.Pattern == "*":
		where, severity = "all topics", High
	case grant.Prefixed:
		where, severity = fmt.Sprintf("topics that begin with %q", grant.Pattern), Medium
	}
	host := ""
	if grant.Host != "" {
		host = " from " + grant.Host
	}
	return Finding{
		Kind: KindCreateAclTooBroad, Severity: severity, Subject: grant.Principal,
		Message: fmt.Sprintf("%s%s may create topics: an ACL allows %s on %s", grant.Principal, host, strings.ToUpper(grant.Operation), where),
		Fix:     "remove that ACL; the operations that applications need (READ, WRITE, DESCRIBE) do not include CREATE, and ALL does",
	}
}

// topics finds what is amiss with topics that no KafkaTopic declares.
func (f *findings) topics(list []Topic) {
	for i := range list {
		found := &list[i]
		switch found.Class {
		case topic.ClassOrphan, topic.ClassReleased:
			f.orphan(found)
		case topic.ClassUnknown:
			f.add(Finding{
				Kind: KindUnknown, Severity: Medium, Topic: found.Name, TopicID: found.TopicID, Baseline: found.Baseline,
				Message: "the topic could not be described, so nothing is said of it",
				Fix:     "grant the syncer's principal DESCRIBE and DESCRIBE_CONFIGS on it",
			})
		case topic.ClassCandidate, topic.ClassManaged, topic.ClassElsewhere, topic.ClassInternal, topic.ClassPlatform, topic.ClassIgnored:
		}
	}
}

func (f *findings) orphan(found *Topic) {
	severity := Low
	switch {
	case found.Baseline:
		severity = Info
	case found.Recommendation == Adopt:
		severity = High
	case found.Size.Bytes > 0 || found.Findings.Records > 0:
		severity = Medium
	}
	message := "the topic is on the brokers, and no KafkaTopic declares it"
	if origin := originText(found.Origin); origin != "" {
		message += ": " + origin
	}
	f.add(Finding{
		Kind: KindOrphan, Severity: severity, Topic: found.Name, TopicID: found.TopicID, Baseline: found.Baseline,
		Message: message, Fix: orphanFix(found.Recommendation, f.world.Cluster.Name, found.Name),
	})
	if severity != Info {
		severity = Low // whatever is in it, the finding above says so
	}
	if found.CandidateOwner.Name == "" {
		f.add(Finding{
			Kind: KindNoOwner, Severity: severity, Topic: found.Name, TopicID: found.TopicID, Baseline: found.Baseline,
			Message: "nothing hints at whose topic it is: no object, no application, no single ACL or consumer group",
			Fix:     "ask who knows it, then declare it with an owner or name it in audit.ignore",
		})
	}
}

// originText says where a topic comes from, in words; empty where nothing is known.
func originText(origin topic.Origin) string {
	switch origin.Kind {
	case topic.OriginAutoCreated:
		return "a broker may have created it for a client that asked for it (" + origin.Evidence + ")"
	case topic.OriginDeletedObject:
		return "KafkaTopic " + origin.Of + " owned it, and was deleted"
	case topic.OriginStreamsLeftover:
		return "it looks left over by a Kafka Streams application (" + origin.Evidence + ")"
	case topic.OriginDeadLetter:
		return "it looks like a share group's dead letter queue (" + origin.Evidence + ")"
	case topic.OriginKafka, topic.OriginProduct, topic.OriginStreams, topic.OriginConnect, topic.OriginMirrorMaker, topic.OriginPlain:
	}
	return origin.Evidence
}

func orphanFix(recommended Recommendation, cluster, name string) string {
	adopt := fmt.Sprintf("kubectl topicgate adopt %s --cluster-name %s", name, cluster)
	if cluster == "" {
		adopt = "kubectl topicgate adopt " + name
	}
	switch recommended {
	case Adopt:
		return "declare it: " + adopt
	case DeleteCandidate:
		return "nothing speaks for keeping it; if that is right, delete it by its ID, else declare it: " + adopt
	case Ignore, Investigate:
	}
	return "find out whose it is; then declare it (" + adopt + ") or name it in audit.ignore"
}

// soon is how long before its end an exception is spoken of.
const soon = 7 * 24 * time.Hour

func (f *findings) exceptions() {
	for _, exception := range f.world.Exceptions {
		about := Finding{Object: topic.Ref{Kind: "TopicPolicyException", Name: exception.Name}, Severity: Low}
		switch {
		case !exception.ExpiresAt.IsZero() && !f.world.Now.Before(exception.ExpiresAt):
			about.Kind, about.Message = KindExceptionExpired, "the exception has ended: what it let pass is let no more"
			about.Fix = "delete it, or extend it: kubectl edit tpolex " + exception.Name
		case !exception.ExpiresAt.IsZero() && !f.world.Now.Before(exception.ExpiresAt.Add(-soon)):
			about.Kind, about.Severity, about.Message = KindExceptionExpiring, Medium, "the exception ends within a week"
			about.Fix = "mend what rests on it, or extend it: kubectl edit tpolex " + exception.Name
		case exception.Unused:
			about.Kind, about.Message, about.Fix = KindExceptionUnused, "no topic rests on the exception", "delete it: kubectl delete tpolex "+exception.Name
		default:
			continue
		}
		f.add(about)
	}
}

// rules finds rules of audit.ignore that have ended and would still cover topics.
func (f *findings) rules() {
	for _, rule := range f.world.Ignore {
		if rule.active(f.world.Now) {
			continue
		}
		var covered []string
		for name, entry := range f.world.Entries {
			if Undetermined(entry.Class) && Match(rule.Pattern, name) {
				covered = append(covered, name)
			}
		}
		if len(covered) > 0 {
			slices.Sort(covered)
			f.add(Finding{
				Kind: KindIgnoreExpired, Severity: Low, Subject: rule.Pattern,
				Message: fmt.Sprintf("the rule of audit.ignore for %q has ended, and covers topics that are reported again, %s first", rule.Pattern, covered[0]),
				Fix:     "extend or remove the rule: kubectl edit tgc " + f.world.Cluster.Name,
			})
		}
	}
}

package kafkacluster

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// selectors: they can be read, and somebody says who may use the cluster.
func selectors(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	verdict.selector("spec.namespaceSelector", cluster.Spec.NamespaceSelector)
	if adoption := cluster.Spec.Adoption; adoption != nil {
		verdict.selector("spec.adoption.namespaceSelector", adoption.NamespaceSelector)
	}
	if cluster.Spec.NamespaceSelector == nil {
		verdict.warn("spec.namespaceSelector", topic.Violation{
			Problem: "it is absent, which selects no namespace: nobody may declare topics here",
			Fix:     "select namespaces by their labels, or all with {}",
		})
	}
	return verdict
}

func (v *Verdict) selector(path string, selector *metav1.LabelSelector) {
	if _, err := metav1.LabelSelectorAsSelector(selector); err != nil {
		v.refuse(path, topic.Violation{
			Problem: "it cannot be read: " + err.Error(), Limit: "a label selector, as in a NetworkPolicy",
			Fix: "use matchLabels, or matchExpressions with In, NotIn, Exists or DoesNotExist",
		})
	}
}

// shortest is the shortest interval: each round asks all brokers for all topics.
const shortest = time.Second

// intervals: none so short that the syncer does nothing else.
func intervals(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	spec := cluster.Spec
	verdict.atLeast("spec.sync.resyncInterval", spec.Sync.ResyncInterval, shortest, "2m")
	verdict.atLeast("spec.audit.interval", spec.Audit.Interval, shortest, "5m")
	verdict.atLeast("spec.audit.gracePeriod", spec.Audit.GracePeriod, 0, "10m")
	return verdict
}

func (v *Verdict) atLeast(path string, given *metav1.Duration, least time.Duration, usual string) {
	if given == nil || given.Duration >= least {
		return
	}
	v.refuse(path, topic.Violation{
		Value: given.Duration.String(), Problem: "the time is too short", Limit: least.String() + " or more",
		Fix: "write " + usual + ", or leave it out for that",
	})
}

// deletionLimit: a count and a window that mean something.
func deletionLimit(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	limit := cluster.Spec.Deletion.Limit
	if limit == nil {
		return verdict
	}
	if topics := limit.Topics; topics != nil && *topics < 0 {
		verdict.refuse("spec.deletion.limit.topics", topic.Violation{
			Value: strconv.FormatInt(*topics, 10), Problem: "a count is not negative", Limit: "0 or more",
			Fix: "write 20, or leave it out for that; 0 holds every deletion until a person releases it",
		})
	}
	verdict.atLeast("spec.deletion.limit.window", limit.Window, shortest, "1h")
	return verdict
}

// globs are the names of topics with * for any run of characters.
var globs = regexp.MustCompile(`^[a-zA-Z0-9._*-]+$`)

// reservedNames: patterns that can match a topic, and not so many that nothing is left, or nothing is kept.
func reservedNames(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	for _, list := range []struct {
		name, all string
		globs     []string
	}{
		{"add", "it matches every topic, so that nobody may declare any", cluster.Spec.ReservedNames.Add},
		{"except", "it matches every name, so that only the brokers' own are kept from being declared", cluster.Spec.ReservedNames.Except},
	} {
		for i, glob := range list.globs {
			verdict.pattern(fmt.Sprintf("spec.reservedNames.%s[%d]", list.name, i), glob, list.all)
		}
	}
	return verdict
}

// pattern refuses what no topic's name can match, and warns of what each does.
func (v *Verdict) pattern(path, glob, all string) {
	switch {
	case !globs.MatchString(glob):
		v.refuse(path, topic.Violation{
			Value: quoted(glob), Problem: "no topic's name can match it",
			Limit: `ASCII letters, digits, ".", "_", "-", and "*" for any run of characters`, Fix: `write a pattern such as "connect-*"`,
		})
	case strings.Trim(glob, "*") == "":
		v.warn(path, topic.Violation{Value: quoted(glob), Problem: all, Fix: "narrow it down"})
	}
}

// ignoreRules: patterns that can match a topic, and not all of them.
func ignoreRules(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	for i, rule := range cluster.Spec.Audit.Ignore {
		path := fmt.Sprintf("spec.audit.ignore[%d]", i)
		verdict.pattern(path+".pattern", rule.Pattern, "it matches every topic, so that no orphan is ever named")
		if strings.TrimSpace(rule.Reason) == "" {
			verdict.refuse(path+".reason", topic.Violation{
				Value: quoted(rule.Reason), Problem: "it is empty", Limit: "a sentence for the auditor", Fix: "say why these topics have no object",
			})
		}
	}
	return verdict
}

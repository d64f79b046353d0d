package adopt

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

// Request says how manifests are made.
type Request struct {
	Cluster   *v1alpha1.KafkaCluster
	Placement Placement
	// World judges the manifests; each is put into it.
	World offline.World
	// Taken are the KafkaTopics that there are.
	Taken []*v1alpha1.KafkaTopic
	// Live says that the topics' configs were read from the brokers now; the inventory holds those of undetermined topics only.
	Live bool
	Now  time.Time
}

// draft is a manifest that is being made.
type draft struct {
	report.Adoption
	// live are the configs on the brokers.
	live    map[string]string
	refused []topic.Violation
}

// exceptionFor is how long the exception lasts that is proposed: long enough to mend a topic.
const exceptionFor = 30 * 24 * time.Hour

// configsUnread is why a topic that is somebody's by nature cannot be declared from what the syncer keeps.
const configsUnread = "the inventory does not hold its configs; ask the brokers for them with --bootstrap"

// Make makes the manifests of topics, in their order. Its error says that facts cannot be made sense of.
func (r Request) Make(topics []audit.Topic) (made []report.Adoption, left []Left, err error) {
	used := r.names(topics)
	for _, one := range topics {
		namespace, name, why := r.identity(used, one)
		if why != "" {
			left = append(left, Left{one.Name, why})
			continue
		}
		manifest := r.draft(namespace, name, one)
		if err := r.judge(&manifest); err != nil {
			return nil, nil, err
		}
		made = append(made, manifest.Adoption)
	}
	return made, left, nil
}

// names knows which names are spoken for.
func (r Request) names(topics []audit.Topic) names {
	used := names{mode: naming.Mode(cmp.Or(r.Cluster.Spec.Naming, v1alpha1.NamingMode(naming.Explicit))), taken: map[string]bool{}, exact: map[string]bool{}}
	for _, object := range r.Taken {
		used.taken[object.Namespace+"/"+object.Name] = true
	}
	for _, one := range topics {
		if namespace, why := r.Placement.of(one); why == "" {
			used.exact[namespace+"/"+one.Name] = true
		}
	}
	return used
}

func (r Request) identity(used names, one audit.Topic) (namespace, name, why string) {
	switch {
	case !r.Live && !audit.Undetermined(one.Class):
		return "", "", configsUnread
	case one.Partitions == 0 || one.Replicas == 0:
		return "", "", "how many partitions and replicas it has is not known yet"
	}
	if namespace, why = r.Placement.of(one); why != "" {
		return "", "", why
	}
	name, why = used.of(namespace, one.Name)
	return namespace, name, why
}

func (r Request) draft(namespace, name string, one audit.Topic) draft {
	object := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	object.Spec = v1alpha1.KafkaTopicSpec{
		ClusterRef: &v1alpha1.ClusterRef{Name: r.Cluster.Name}, Partitions: &one.Partitions, Replicas: &one.Replicas,
		DeletionPolicy: v1alpha1.DeletionRetain,
	}
	if name != one.Name {
		object.Spec.TopicName = &one.Name
	}
	for key, value := range one.Config {
		if Throttle(key) {
			continue
		}
		if object.Spec.Config == nil {
			object.Spec.Config = map[string]apiextensionsv1.JSON{}
		}
		object.Spec.Config[key] = scalar(value)
	}
	made := report.Adoption{
		Object: object, Topic: report.AuditTopicOf(one),
		OwnerLabel: r.Placement.OwnerLabel, Owner: r.Placement.Labels[namespace][r.Placement.OwnerLabel],
	}
	return draft{Adoption: made, live: one.Config}
}

// Throttle says that tools set a config for a while, during a reassignment: no declaration repeats it, and the syncer leaves it.
func Throttle(key string) bool { return strings.HasSuffix(key, ".replication.throttled.replicas") }

// scalar is a config value as an object holds it: always text, which nothing rounds or reads otherwise.
func scalar(text string) apiextensionsv1.JSON {
	raw, _ := json.Marshal(text) // a string is always marshalled
	return apiextensionsv1.JSON{Raw: raw}
}

// judge has the engine judge a manifest, and leaves alone what no KafkaTopic may carry.
func (r Request) judge(manifest *draft) error {
	object := manifest.Object
	for {
		r.World.Set(object.Namespace, object.Name, nil)
		verdicts, err := offline.Judge(r.World, []offline.Found[v1alpha1.KafkaTopic]{{Object: object}}, nil)
		if err != nil {
			return err
		}
		verdict := verdicts[0]
		if manifest.keep(slices.Concat(verdict.Violations, verdict.Warnings)) {
			continue // each turn takes a config out, so it ends
		}
		manifest.refused, manifest.Refused, manifest.Warned = verdict.Violations, texts(verdict.Violations), texts(verdict.Warnings)
		manifest.MayNotAdopt = slices.ContainsFunc(slices.Concat(verdict.Violations, verdict.Warnings), func(v topic.Violation) bool {
			return v.Reason == topic.AdoptionNotPermitted
		})
		for _, skipped := range verdict.Skipped {
			manifest.Skipped = append(manifest.Skipped, strings.Join(skipped.Rules, ", ")+": "+skipped.Why)
		}
		manifest.Exception = r.exception(manifest)
		return nil
	}
}

// keep moves configs that TopicGate's own rules speak against to unmanagedConfig, and says whether there were any.
func (m *draft) keep(violations []topic.Violation) bool {
	moved := false
	for _, violation := range violations {
		key := violation.Field.Key()
		_, declared := m.Object.Spec.Config[key]
		if violation.Field.Kind() != topic.KindConfig || len(violation.Rules) > 0 || !declared || !unfit(violation.Reason) {
			continue
		}
		delete(m.Object.Spec.Config, key)
		m.Object.Spec.UnmanagedConfig = append(m.Object.Spec.UnmanagedConfig, key)
		m.Kept = append(m.Kept, report.Kept{Key: key, Value: m.live[key], Why: violation.Problem})
		moved = true
	}
	if len(m.Object.Spec.Config) == 0 {
		m.Object.Spec.Config = nil
	}
	slices.Sort(m.Object.Spec.UnmanagedConfig)
	return moved
}

func texts(violations []topic.Violation) []string {
	var lines []string
	for _, violation := range violations {
		lines = append(lines, dialect.Path(violation.Field)+": "+violation.Text())
	}
	return lines
}

// unfit says that a reason is about what a KafkaTopic may carry, and not advice.
func unfit(reason topic.Reason) bool {
	switch reason { //nolint:exhaustive // all others are about something else
	case topic.ConfigKeyUnknown, topic.ConfigValueInvalid, topic.ConfigValueHarmful, topic.ConfigConflict, topic.MinInsyncExceedsReplicas:
		return true
	default:
		return false
	}
}

// exception is the TopicPolicyException that would let a manifest pass.
func (r Request) exception(manifest *draft) *v1alpha1.TopicPolicyException {
	rules := map[string][]string{}
	for _, violation := range manifest.refused {
		for _, rule := range violation.Rules {
			policy, name, _ := strings.Cut(rule, "/")
			if !slices.Contains(rules[policy], name) {
				rules[policy] = append(rules[policy], name)
			}
		}
	}
	if len(rules) == 0 {
		return nil
	}
	object := manifest.Object
	made := &v1alpha1.TopicPolicyException{ObjectMeta: metav1.ObjectMeta{Name: exceptionName(object)}}
	for _, policy := range slices.Sorted(maps.Keys(rules)) {
		made.Spec.Policies = append(made.Spec.Policies, v1alpha1.ExceptedPolicy{Name: policy, Rules: slices.Sorted(slices.Values(rules[policy]))})
	}
	made.Spec.Match = v1alpha1.ExceptionMatch{
		Clusters: []string{r.Cluster.Name}, Namespaces: []string{object.Namespace}, TopicNames: []string{manifest.Topic.Name},
	}
	made.Spec.Reason = "TODO: why " + manifest.Topic.Name + " may break these rules"
	made.Spec.ExpiresAt = metav1.NewTime(r.Now.UTC().Truncate(24 * time.Hour).Add(exceptionFor))
	return made
}

// exceptionName names the exception of an object; long ones keep what tells them apart.
func exceptionName(object *v1alpha1.KafkaTopic) string {
	if name := "adopt-" + object.Namespace + "-" + object.Name; naming.DNS1123(name) {
		return name
	}
	return naming.Encode("adopt_" + object.Namespace + "_" + object.Name)
}

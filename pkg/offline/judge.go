package offline

import (
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// UnnamedCluster stands for the KafkaCluster of an object that names none where none is known.
const UnnamedCluster = "(default)"

// World is what is around the objects that are judged.
type World interface {
	// Topic is the KafkaTopic of a name as it is now; nil where there is none.
	Topic(namespace, name string) *v1alpha1.KafkaTopic
	// Set puts a KafkaTopic into the world, or takes it out where it is nil.
	Set(namespace, name string, object *v1alpha1.KafkaTopic)
	// Input is everything that a verdict rests on; old is nil where there was none before. An error means that facts cannot
	// be made sense of.
	Input(op validate.Op, old, object *v1alpha1.KafkaTopic) (validate.Input, error)
}

// Verdict is what the rules say of one object.
type Verdict struct {
	validate.Verdict
	Op    validate.Op
	Topic Found[v1alpha1.KafkaTopic]
	In    validate.Input
	// Unchanged says that the object is as it was before, so nobody judges it.
	Unchanged bool
	// Skipped are the rules that lack facts. They are not among Violations and Warnings.
	Skipped []Skip
}

// Skip is what could not be judged for one reason.
type Skip struct {
	// Rules are policy/rule, or builtin/reason for TopicGate's own.
	Rules []string
	// Why says what is missing.
	Why string
}

// Judge judges objects in their order, each in the world that the ones before it have made. What was before the change is
// compared with where it is given, else with what is in the world; what was before and is no more is deleted, first of all.
func Judge(world World, topics, before []Found[v1alpha1.KafkaTopic]) ([]Verdict, error) {
	for _, found := range before {
		if world.Topic(found.Object.Namespace, found.Object.Name) == nil {
			world.Set(found.Object.Namespace, found.Object.Name, found.Object)
		}
	}
	verdicts, err := judgeDeletions(world, topics, before)
	if err != nil {
		return nil, err
	}
	old := index(before)
	for _, found := range topics {
		previous := old[keyOf(found)]
		if previous == nil {
			previous = world.Topic(found.Object.Namespace, found.Object.Name)
		}
		op := validate.Create
		if previous != nil {
			op = validate.Update
		}
		verdict, err := judge(world, op, previous, found)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict)
		world.Set(found.Object.Namespace, found.Object.Name, stored(world, found.Object))
	}
	return verdicts, nil
}

func judgeDeletions(world World, topics, before []Found[v1alpha1.KafkaTopic]) ([]Verdict, error) {
	var verdicts []Verdict
	now := index(topics)
	for _, found := range before {
		if now[keyOf(found)] != nil {
			continue
		}
		verdict, err := judge(world, validate.Delete, nil, found)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict)
		world.Set(found.Object.Namespace, found.Object.Name, nil)
	}
	return verdicts, nil
}

func keyOf(found Found[v1alpha1.KafkaTopic]) string {
	return found.Object.Namespace + "/" + found.Object.Name
}

func index(topics []Found[v1alpha1.KafkaTopic]) map[string]*v1alpha1.KafkaTopic {
	byName := make(map[string]*v1alpha1.KafkaTopic, len(topics))
	for _, found := range topics {
		byName[keyOf(found)] = found.Object
	}
	return byName
}

// stored is an object as the API server would hold it after it was applied.
func stored(world World, object *v1alpha1.KafkaTopic) *v1alpha1.KafkaTopic {
	applied := *object
	if before := world.Topic(object.Namespace, object.Name); before != nil {
		applied.UID, applied.CreationTimestamp, applied.Status = before.UID, before.CreationTimestamp, before.Status
	}
	return &applied
}

func judge(world World, op validate.Op, old *v1alpha1.KafkaTopic, found Found[v1alpha1.KafkaTopic]) (Verdict, error) {
	in, err := world.Input(op, old, found.Object)
	verdict := Verdict{Op: op, Topic: found, In: in}
	if err != nil {
		return verdict, err
	}
	switch {
	case old == nil || !sameSpec(old.Spec, found.Object.Spec):
		verdict.Verdict = validate.Evaluate(in)
	case sameMetadata(old, found.Object):
		verdict.Unchanged = true
	default: // nothing that TopicGate's own rules speak of has changed
		said := validate.Evaluate(in).Policies
		verdict.Verdict = validate.Verdict{Violations: said.Violations, Warnings: said.Warnings, Policies: said}
	}
	verdict.skip()
	return verdict, nil
}

// sameSpec compares specs; a cluster that only one of them names is the one that was filled in.
func sameSpec(old, now v1alpha1.KafkaTopicSpec) bool {
	if old.ClusterRef == nil || now.ClusterRef == nil {
		old.ClusterRef, now.ClusterRef = nil, nil
	}
	return equality.Semantic.DeepEqual(old, now)
}

func sameMetadata(old, object *v1alpha1.KafkaTopic) bool {
	return maps.Equal(old.Labels, object.Labels) && maps.Equal(withoutNote(old.Annotations), withoutNote(object.Annotations))
}

// withoutNote leaves out what kubectl notes of what it applied.
func withoutNote(annotations map[string]string) map[string]string {
	kept := maps.Clone(annotations)
	delete(kept, corev1.LastAppliedConfigAnnotation)
	return kept
}

// skip takes what could not be judged out of what was.
func (v *Verdict) skip() {
	v.Violations = slices.DeleteFunc(v.Violations, v.skips)
	v.Warnings = slices.DeleteFunc(v.Warnings, v.skips)
	v.Policies.Audited = slices.DeleteFunc(v.Policies.Audited, v.skips)
	for _, undecided := range v.Policies.Undecided {
		v.skipped(undecided.Policy+"/"+undecided.Rule, undecided.Why)
	}
	if v.In.New.Cluster == UnnamedCluster && !v.In.Facts.Policies.Empty() && !v.Unchanged {
		v.skipped(BuiltIn(topic.ClusterMissing), "the object names no KafkaCluster and none is known; policies that match by cluster were not asked")
	}
	slices.SortFunc(v.Skipped, func(a, b Skip) int { return slices.Compare(a.Rules, b.Rules) })
}

// skipped notes a rule that could not be judged.
func (v *Verdict) skipped(rule, why string) {
	i := slices.IndexFunc(v.Skipped, func(s Skip) bool { return s.Why == why })
	if i < 0 {
		v.Skipped = append(v.Skipped, Skip{[]string{rule}, why})
		return
	}
	if known := &v.Skipped[i]; !slices.Contains(known.Rules, rule) {
		known.Rules = append(known.Rules, rule)
		slices.Sort(known.Rules)
	}
}

// skips says of a violation that it only means that something is not known; rules of our own are noted as skipped.
func (v *Verdict) skips(violation topic.Violation) bool {
	why := ""
	switch reason := violation.Reason; {
	case reason == topic.PolicyUndecided:
		return true
	case reason == topic.FactsMissing:
		why = "not checked against the brokers: " + v.In.Facts.Cluster.Stale
	case (reason == topic.NamespaceNotAdmitted || reason == topic.AdoptionNotPermitted) && !v.In.Facts.Namespace.Known:
		why = fmt.Sprintf("the labels of namespace %s are not known, by which the KafkaCluster selects", v.In.New.Ref.Namespace)
	default:
		return false
	}
	v.skipped(BuiltIn(violation.Reason), why)
	return true
}

// BuiltIn is how a rule of TopicGate's own is named beside those of policies.
func BuiltIn(reason topic.Reason) string { return "builtin/" + string(reason) }

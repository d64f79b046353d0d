package policy

import (
	"cmp"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/google/cel-go/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

var keyedPath = regexp.MustCompile(`^(spec\.config|metadata\.labels|metadata\.annotations)(?:\[([^\[\]]+)\])?$`)

// celField is the field that a path names; false where a KafkaTopic has none such.
func celField(path string) (topic.Field, bool) {
	for _, kind := range []struct {
		path string
		kind topic.FieldKind
	}{
		{"", topic.KindSpec},
		{"spec", topic.KindSpec},
		{"metadata", topic.KindObject},
		{"metadata.name", topic.KindObjectName},
		{"spec.topicName", topic.KindTopicName},
		{"spec.clusterRef.name", topic.KindCluster},
		{"spec.partitions", topic.KindPartitions},
		{"spec.replicas", topic.KindReplicas},
		{"spec.unmanagedConfig", topic.KindUnmanaged},
		{"spec.deletionPolicy", topic.KindDeletion},
	} {
		if kind.path == path {
			return topic.Of(kind.kind), true
		}
	}
	return keyedField(keyedPath.FindStringSubmatch(path))
}

// keyedField is the entry of a map that a path names.
func keyedField(parts []string) (topic.Field, bool) {
	switch {
	case parts == nil:
		return topic.Field{}, false
	case parts[1] == "spec.config":
		return topic.ConfigField(parts[2]), true
	case parts[1] == "metadata.labels":
		return topic.LabelField(parts[2]), true
	default:
		return topic.AnnotationField(parts[2]), true
	}
}

// compileExpression reads a rule in CEL, and says whether it reads what the namespace has.
func (c *compiler) compileExpression(path string, spec *v1alpha1.CELRule) (judge func(*subject) []finding, usage bool) {
	field, ok := celField(spec.Field)
	if !ok {
		c.problem(path+".field", spec.Field, "no field of a KafkaTopic", "such as spec, spec.partitions, spec.config[retention.ms] or metadata.labels[owner]")
	}
	env, err := c.environment()
	if err != nil {
		c.problem(path, "", err.Error(), "")
		return nil, false
	}
	condition, err := compileCEL(env, spec.Expression, cel.BoolType)
	if err != nil {
		c.problem(path+".expression", spec.Expression, celText(err), "an expression that is true or false")
		return nil, false
	}
	var message *expression
	if spec.MessageExpression != "" {
		if message, err = compileCEL(env, spec.MessageExpression, cel.StringType); err != nil {
			c.problem(path+".messageExpression", spec.MessageExpression, celText(err), "an expression that makes a string")
		}
	}
	judge = func(s *subject) []finding { return s.evaluate(condition, message, field, spec) }
	return judge, condition.readsUsage() || message != nil && message.readsUsage()
}

// evaluate judges by one expression.
func (s *subject) evaluate(condition, message *expression, field topic.Field, spec *v1alpha1.CELRule) []finding {
	if why := s.lacks(condition); why != "" {
		return undecided(field, why)
	}
	variables := s.variables()
	value, err := condition.eval(s, variables)
	holds, isBool := value.(bool)
	switch {
	case err != nil:
		return undecided(field, "its expression failed: "+celText(err))
	case !isBool:
		return undecided(field, "its expression is neither true nor false")
	case holds:
		return nil
	}
	problem := cmp.Or(s.message(message, variables), spec.Message, "failed expression: "+oneLine(spec.Expression))
	return []finding{{
		field: field, reason: topic.PolicyViolation, over: 1, problem: problem, plain: s.valueOf(field) + " " + problem,
	}}
}

// valueOf is what a field holds, as far as it is one value. Nobody can tell whether an expression that is false became more so:
// it counts as the same as before while its field and its message do.
func (s *subject) valueOf(field topic.Field) string {
	n, text := int64(0), ""
	switch field.Kind() {
	case topic.KindPartitions:
		n, _, _ = s.partitions()
	case topic.KindReplicas:
		n, _, _ = s.replicas()
	case topic.KindConfig:
		text, _ = s.canonical(field.Key())
	case topic.KindLabel:
		text = s.declared.Labels[field.Key()]
	case topic.KindAnnotation:
		text = s.declared.Annotations[field.Key()]
	case topic.KindObject, topic.KindObjectName, topic.KindTopicName, topic.KindCluster, topic.KindUnmanaged, topic.KindDeletion, topic.KindSpec:
	}
	return text + " " + strconv.FormatInt(n, 10)
}

// celText is an error of CEL's on one line.
func celText(err error) string { return oneLine(err.Error()) }

// oneLine keeps a text on one line and below half a KiB.
func oneLine(text string) string {
	const most = 512
	text = strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// message is what the message's own expression makes; empty where it fails, or makes what nobody could read.
func (s *subject) message(expression *expression, variables map[string]any) string {
	if expression == nil || s.lacks(expression) != "" {
		return ""
	}
	value, err := expression.eval(s, variables)
	text, isText := value.(string)
	if err != nil || !isText || len(text) > celconfig.MaxEvaluatedMessageExpressionSizeBytes || strings.ContainsAny(text, "\r\n") {
		return ""
	}
	return strings.TrimSpace(text)
}

// lacks says what an expression needs and nobody knows; empty for nothing.
func (s *subject) lacks(e *expression) string {
	_, _, partitions := s.partitions()
	_, _, replicas := s.replicas()
	cluster := s.Facts.Cluster
	for _, need := range []struct {
		variable string
		known    bool
		why      string
	}{
		{"topic.partitions", partitions, "the number of partitions is left to the brokers, whose default is not known"},
		{"topic.replicas", replicas, "the number of replicas is left to the brokers, whose default is not known"},
		{"topic.config", cluster.ConfigDefaults != nil, "the brokers' own defaults of topic configs are not known"},
		{"cluster.brokers", cluster.Brokers > 0 && cluster.Stale == "", "the brokers were not seen lately"},
		{"cluster.racks", cluster.Brokers > 0 && cluster.Stale == "", "the brokers were not seen lately"},
		{"usage.topics", s.Facts.Usage != nil, "what the namespace has already is not known"},
		{"usage.partitions", s.Facts.Usage != nil, "what the namespace has already is not known"},
		{"usage.replicas", s.Facts.Usage != nil, "what the namespace has already is not known"},
		{"namespaceObject", s.Facts.Namespace.Known, "the namespace is not known"},
	} {
		if e.needs[need.variable] && !need.known {
			return need.why
		}
	}
	return ""
}

// variables are what expressions read; the costly ones are made when they are asked for.
func (s *subject) variables() map[string]any {
	if s.asked == nil {
		s.asked = s.makeVariables()
	}
	return s.asked
}

func (s *subject) makeVariables() map[string]any {
	partitions, partitionsSource, _ := s.partitions()
	replicas, replicasSource, _ := s.replicas()
	usage := Usage{}
	if s.Facts.Usage != nil {
		usage = *s.Facts.Usage
	}
	operation := "CREATE"
	if s.Old != nil && !s.Found {
		operation = "UPDATE"
	}
	return map[string]any{
		"object":            sync.OnceValue(func() any { return objectOf(s.declared) }),
		"oldObject":         sync.OnceValue(s.oldObject),
		"namespaceObject":   sync.OnceValue(func() any { return s.Facts.Namespace.object() }),
		"request.operation": operation,
		"topic.name":        s.declared.TopicName, "topic.partitions": partitions, "topic.replicas": replicas,
		"topic.config":  sync.OnceValue(func() any { return s.configs() }),
		"topic.sources": map[string]string{"partitions": partitionsSource, "replicas": replicasSource},
		"cluster.name":  s.Facts.Cluster.Name, "cluster.version": s.Facts.Cluster.Version,
		"cluster.brokers": s.Facts.Cluster.Brokers, "cluster.racks": s.Facts.Cluster.Racks,
		"usage.topics": usage.Topics, "usage.partitions": usage.Partitions, "usage.replicas": usage.Replicas,
	}
}

func (s *subject) oldObject() any {
	if s.Old == nil || s.Found {
		return nil
	}
	return objectOf(*s.Old)
}

// configs are all effective configs, in the form in which brokers show them.
func (s *subject) configs() map[string]string {
	configs := map[string]string{}
	keys := s.Facts.Cluster.Configs.Keys()
	for key := range maps.Keys(s.declared.Config) {
		keys = append(keys, key)
	}
	for _, key := range keys {
		if text, readable := s.canonical(key); readable {
			configs[key] = text
		}
	}
	return configs
}

package offline

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

const unknownSource = "not known"

// Explain tells what topics will be, whose each value is, and the verdict on each as if it were new.
func Explain(world World, topics []Found[v1alpha1.KafkaTopic]) ([]report.Explanation, error) {
	explained := make([]report.Explanation, 0, len(topics))
	for _, found := range topics {
		verdict, err := judge(world, validate.Create, nil, found)
		if err != nil {
			return nil, err
		}
		made := report.Explanation{Result: Reporting{}.result(verdict), Settings: settings(verdict.In, found.Object)}
		for _, used := range verdict.Policies.Excepted {
			made.Exceptions = append(made.Exceptions, exceptionOf(used, verdict.In.Facts.Now))
		}
		explained = append(explained, made)
		world.Set(found.Object.Namespace, found.Object.Name, stored(world, found.Object))
	}
	return explained, nil
}

func exceptionOf(used policy.Excepted, now time.Time) report.Exception {
	return report.Exception{
		Name: used.Exception, Rule: used.Policy + "/" + used.Rule, Reason: topic.Plain(used.Reason),
		ExpiresAt: used.ExpiresAt.UTC().Format(time.RFC3339), DaysLeft: int(used.ExpiresAt.Sub(now) / (24 * time.Hour)),
	}
}

// settings are the values that a topic will have, configs sorted by their names.
func settings(in validate.Input, object *v1alpha1.KafkaTopic) []report.Setting {
	asked := policy.Input{New: in.New, Facts: policy.Facts{Now: in.Facts.Now, Namespace: in.Facts.Namespace}}
	if in.Facts.Cluster != nil {
		asked = in.ForPolicies()
	}
	effective := in.Facts.Policies.Effective(asked)
	list := []report.Setting{
		{Name: "topicName", Value: topic.Plain(in.New.TopicName), Source: "metadata.name"},
		{Name: "cluster", Value: topic.Plain(in.New.Cluster), Source: "default KafkaCluster"},
		setting("partitions", effective.Partitions),
		setting("replicas", effective.Replicas),
		deletion(in),
	}
	if in.New.ExplicitName {
		list[0].Source = "object"
	}
	if object.Spec.ClusterRef != nil {
		list[1].Source = "object"
	}
	for _, key := range slices.Sorted(maps.Keys(effective.Config)) {
		list = append(list, setting(topic.Plain(key), effective.Config[key]))
	}
	return list
}

func setting(name string, value policy.Setting) report.Setting {
	return report.Setting{Name: name, Value: topic.Plain(value.Value), Source: cmp.Or(value.Source, unknownSource)}
}

func deletion(in validate.Input) report.Setting {
	made := report.Setting{Name: "deletionPolicy", Source: unknownSource}
	switch cluster := in.Facts.Cluster; {
	case in.New.Deletion != "":
		made.Value, made.Source = string(in.New.Deletion), "object"
	case cluster != nil && cluster.DefaultDeletion != "":
		made.Value, made.Source = string(cluster.DefaultDeletion), "KafkaCluster "+cluster.Name
	case cluster != nil:
		made.Value, made.Source = string(in.New.EffectiveDeletion("")), "TopicGate"
	}
	return made
}

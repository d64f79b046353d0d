package kafkacluster

import (
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// operatedBy: the object that describes the brokers can be found, and enforcement has something to enforce through.
func operatedBy(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	operator := cluster.Spec.OperatedBy
	if operator == nil {
		if cluster.Spec.AutoCreation.Enforce {
			verdict.refuse("spec.autoCreation.enforce", topic.Violation{
				Value: "true", Problem: "spec.operatedBy is absent, and without an operator only the brokers' own configuration files can switch auto-creation off",
				Limit: "operatedBy names who runs the brokers",
				Fix:   "set spec.operatedBy, or leave enforce out and write auto.create.topics.enable=false into server.properties of each broker",
			})
		}
		return verdict
	}
	switch operator.Kind {
	case v1alpha1.OperatorStrimzi:
		verdict.operated(operator, "Kafka")
	case v1alpha1.OperatorKoperator:
		verdict.operated(operator, "KafkaCluster")
	case v1alpha1.OperatorRedpanda:
		if operator.Namespace != "" || operator.Name != "" {
			verdict.warn("spec.operatedBy", topic.Violation{
				Value: quoted(operator.Namespace + "/" + operator.Name), Problem: "Redpanda is asked over the Kafka protocol, so that no object is looked up",
				Fix: "leave namespace and name out",
			})
		}
	}
	return verdict
}

// operated: namespace and name are given, and an object can have them.
func (v *Verdict) operated(operator *v1alpha1.Operator, kind string) {
	for _, part := range []struct{ path, value string }{
		{"spec.operatedBy.namespace", operator.Namespace}, {"spec.operatedBy.name", operator.Name},
	} {
		switch {
		case part.value == "":
			v.refuse(part.path, topic.Violation{
				Problem: "it is absent", Limit: string(operator.Kind) + "'s " + kind + " object by namespace and name",
				Fix: "write that of the " + kind + " object that describes these brokers",
			})
		case !naming.DNS1123(part.value):
			v.refuse(part.path, topic.Violation{
				Value: quoted(part.value), Problem: "no object can have it", Limit: "lower-case letters, digits, - and .",
				Fix: "write that of the " + kind + " object that describes these brokers",
			})
		}
	}
}

package kafkacluster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/kafkacluster"
)

func cluster(change func(*v1alpha1.KafkaCluster)) *v1alpha1.KafkaCluster {
	made := &v1alpha1.KafkaCluster{}
	made.Name = "prod"
	made.Spec.BootstrapServers = []string{"kafka-0.example:9092"}
	made.Spec.NamespaceSelector = &metav1.LabelSelector{}
	if change != nil {
		change(made)
	}
	return made
}

func servers(of ...string) func(*v1alpha1.KafkaCluster) {
	return func(c *v1alpha1.KafkaCluster) { c.Spec.BootstrapServers = of }
}

func TestWhatIsUsableIsAcceptedWithoutAWord(t *testing.T) {
	for name, change := range map[string]func(*v1alpha1.KafkaCluster){
		"the least":         nil,
		"IPv6":              servers("[2001:db8::1]:9092"),
		"IPv4":              servers("192.0.2.1:9092"),
		"upper case":        servers("Kafka-0.Example:9092"),
		"compose underline": servers("kafka_1:9092", "kafka_2:9092"),
		"a trailing dot":    servers("kafka.example.:9092"),
		"a release":         func(c *v1alpha1.KafkaCluster) { c.Spec.KafkaVersion = "3.9.2" },
		"a vendor's own":    func(c *v1alpha1.KafkaCluster) { c.Spec.KafkaVersion = "4.3.1-IV0" },
		"TLS by the system": func(c *v1alpha1.KafkaCluster) { c.Spec.TLS = &v1alpha1.TLS{} },
		"no grace":          func(c *v1alpha1.KafkaCluster) { c.Spec.Audit.GracePeriod = &metav1.Duration{} },
		"no deletions":      func(c *v1alpha1.KafkaCluster) { c.Spec.Deletion.Limit = &v1alpha1.DeletionLimit{Topics: new(int64(0))} },
		"SCRAM": func(c *v1alpha1.KafkaCluster) {
			c.Spec.SASL = &v1alpha1.SASL{Mechanism: v1alpha1.SASLScramSHA512, Username: "gate"}
		},
		"names of its own": func(c *v1alpha1.KafkaCluster) {
			c.Spec.ReservedNames = v1alpha1.ReservedNames{Add: []string{"platform.*"}, Except: []string{"_schemas"}}
		},
		"run by Strimzi, which enforces": func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy, c.Spec.AutoCreation.Enforce = &v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka", Name: "prod.a"}, true
		},
		"run by Redpanda, which enforces": func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy, c.Spec.AutoCreation.Enforce = &v1alpha1.Operator{Kind: v1alpha1.OperatorRedpanda}, true
		},
		"an ignored pattern": func(c *v1alpha1.KafkaCluster) {
			c.Spec.Audit.Ignore = []v1alpha1.IgnoreRule{{Pattern: "connect-*", Reason: "Kafka Connect's own"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, kafkacluster.Verdict{}, kafkacluster.Check(cluster(change), nil, ""))
		})
	}
}

func TestWhatIsNotUsableIsRefusedAtItsPath(t *testing.T) {
	for name, refused := range map[string]struct {
		change func(*v1alpha1.KafkaCluster)
		want   string
	}{
		"an address without port": {servers("kafka"), `spec.bootstrapServers[0] "kafka": it has no port`},
		"an address of a URL":     {servers("ok:1", "SASL_SSL://kafka:9092"), `spec.bootstrapServers[1] "SASL_SSL://kafka:9092": an address has no SASL_SSL://`},
		"a list in one entry":     {servers("a:1, b:2"), `spec.bootstrapServers[0] "a:1, b:2": several addresses`},
		"port 0":                  {servers("kafka:0"), `spec.bootstrapServers[0] "kafka:0": the port`},
		"a port in words":         {servers("kafka:http"), `spec.bootstrapServers[0] "kafka:http": the port`},
		"an empty host":           {servers(":9092"), `spec.bootstrapServers[0] ":9092": the host`},
		"a host with a slash":     {servers("kafka/a:9092"), `spec.bootstrapServers[0] "kafka/a:9092": the host`},
		"an empty entry":          {servers(""), `spec.bootstrapServers[0] "": it has no port`},
		"spaces around":           {servers(" kafka:9092"), `spec.bootstrapServers[0] " kafka:9092": there are spaces`},
		"a name that is too long": {func(c *v1alpha1.KafkaCluster) { c.Name = strings.Repeat("a", 201) }, `metadata.name "aaa`},
		"no release":              {func(c *v1alpha1.KafkaCluster) { c.Spec.KafkaVersion = "latest" }, `spec.kafkaVersion "latest"`},
		"two sources of authorities": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.TLS = &v1alpha1.TLS{CASecretRef: &v1alpha1.KeyRef{}, CAConfigMapRef: &v1alpha1.KeyRef{}}
		}, `spec.tls caSecretRef and caConfigMapRef`},
		"a bundle in base64": {func(c *v1alpha1.KafkaCluster) { c.Spec.TLS = &v1alpha1.TLS{CABundle: "LS0tLS1CRUdJTg=="} }, `spec.tls.caBundle it holds no certificate`},
		"nobody":             {func(c *v1alpha1.KafkaCluster) { c.Spec.SASL = &v1alpha1.SASL{Username: " "} }, `spec.sasl.username " "`},
		"an unknown operator": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.Adoption = &v1alpha1.Adoption{NamespaceSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "Is"}}}}
		}, `spec.adoption.namespaceSelector it cannot be read`},
		"a short interval": {func(c *v1alpha1.KafkaCluster) { c.Spec.Audit.Interval = &metav1.Duration{Duration: time.Millisecond} }, `spec.audit.interval 1ms: the time is too short`},
		"a negative grace": {func(c *v1alpha1.KafkaCluster) { c.Spec.Audit.GracePeriod = &metav1.Duration{Duration: -1} }, `spec.audit.gracePeriod -1ns`},
		"no window": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.Deletion.Limit = &v1alpha1.DeletionLimit{Window: &metav1.Duration{}}
		}, `spec.deletion.limit.window 0s`},
		"a negative limit": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.Deletion.Limit = &v1alpha1.DeletionLimit{Topics: new(int64(-1))}
		}, `spec.deletion.limit.topics -1`},
		"a pattern with a slash": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.Audit.Ignore = []v1alpha1.IgnoreRule{{Pattern: "a/b", Reason: "why"}}
		}, `spec.audit.ignore[0].pattern "a/b"`},
		"a reserved name that none can have": {func(c *v1alpha1.KafkaCluster) { c.Spec.ReservedNames.Add = []string{"ok", "a b"} }, `spec.reservedNames.add[1] "a b"`},
		"an exception for no name":           {func(c *v1alpha1.KafkaCluster) { c.Spec.ReservedNames.Except = []string{""} }, `spec.reservedNames.except[0] ""`},
		"enforcement through nobody":         {func(c *v1alpha1.KafkaCluster) { c.Spec.AutoCreation.Enforce = true }, `spec.autoCreation.enforce true: spec.operatedBy is absent`},
		"an operator's object without a name": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy = &v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka"}
		}, `spec.operatedBy.name it is absent`},
		"an operator's object without a namespace": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy = &v1alpha1.Operator{Kind: v1alpha1.OperatorKoperator, Name: "prod"}
		}, `spec.operatedBy.namespace it is absent`},
		"an operator's object that cannot be": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy = &v1alpha1.Operator{Kind: v1alpha1.OperatorStrimzi, Namespace: "kafka", Name: "Prod"}
		}, `spec.operatedBy.name "Prod": no object can have it`},
		"a pattern without reason": {func(c *v1alpha1.KafkaCluster) { c.Spec.Audit.Ignore = []v1alpha1.IgnoreRule{{Pattern: "a"}} }, `spec.audit.ignore[0].reason ""`},
	} {
		t.Run(name, func(t *testing.T) {
			verdict := kafkacluster.Check(cluster(refused.change), nil, "")
			if assert.Len(t, verdict.Violations, 1) {
				violation := verdict.Violations[0]
				assert.Contains(t, violation.Path+" "+violation.Text(), refused.want)
				assert.NotEmpty(t, violation.Limit)
				assert.NotEmpty(t, violation.Fix)
			}
			t.Run("and only warned about where it was so before", func(t *testing.T) {
				again := kafkacluster.Check(cluster(refused.change), cluster(refused.change), "")
				assert.Empty(t, again.Violations)
				assert.Len(t, again.Warnings, 1)
			})
		})
	}
}

func TestWhatIsUnwiseIsWarnedAbout(t *testing.T) {
	for name, unwise := range map[string]struct {
		change       func(*v1alpha1.KafkaCluster)
		otherDefault string
		want         string
	}{
		"nobody may use it": {func(c *v1alpha1.KafkaCluster) { c.Spec.NamespaceSelector = nil }, "", "spec.namespaceSelector"},
		"an address twice":  {servers("a:1", "a:1"), "", "spec.bootstrapServers[1]"},
		"a password in clear": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.SASL = &v1alpha1.SASL{Mechanism: v1alpha1.SASLPlain, Username: "a"}
		}, "", "spec.sasl.mechanism"},
		"an object of Redpanda's": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.OperatedBy = &v1alpha1.Operator{Kind: v1alpha1.OperatorRedpanda, Name: "prod"}
		}, "", "spec.operatedBy"},
		"everything is ignored": {func(c *v1alpha1.KafkaCluster) {
			c.Spec.Audit.Ignore = []v1alpha1.IgnoreRule{{Pattern: "*", Reason: "why"}}
		}, "", "spec.audit.ignore[0].pattern"},
		"no name is free":     {func(c *v1alpha1.KafkaCluster) { c.Spec.ReservedNames.Add = []string{"*"} }, "", "spec.reservedNames.add[0]"},
		"no name is reserved": {func(c *v1alpha1.KafkaCluster) { c.Spec.ReservedNames.Except = []string{"**"} }, "", "spec.reservedNames.except[0]"},
		"a second default": {func(c *v1alpha1.KafkaCluster) {
			c.Annotations = map[string]string{v1alpha1.DefaultClusterAnnotation: "true"}
		}, "stage", "metadata.annotations[topicgate.io/default-cluster]"},
	} {
		t.Run(name, func(t *testing.T) {
			verdict := kafkacluster.Check(cluster(unwise.change), nil, unwise.otherDefault)
			assert.Empty(t, verdict.Violations)
			if assert.Len(t, verdict.Warnings, 1) {
				assert.Equal(t, unwise.want, verdict.Warnings[0].Path)
			}
		})
	}
}

package foreign_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/foreign"
	"github.com/topicgate/topicgate/pkg/topic"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var content map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &content))
	return content
}

func TestWhatAStrimziTopicDeclares(t *testing.T) {
	for name, c := range map[string]struct {
		text, topic string
		declares    bool
	}{
		"its own name": {`{metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: prod}}}`, "orders", true},
		"another name": {`{metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: prod}}, spec: {topicName: Orders_v1}}`, "Orders_v1", true},
		"while it is being deleted": {
			`{metadata: {name: orders, namespace: kafka, deletionTimestamp: "2026-01-01T00:00:00Z", labels: {strimzi.io/cluster: prod}}}`, "orders", true,
		},
		"nothing without a cluster":                      {`{metadata: {name: orders, namespace: kafka}}`, "orders", false},
		"nothing when not managed":                       {`{metadata: {name: orders, namespace: kafka, annotations: {strimzi.io/managed: "false"}, labels: {strimzi.io/cluster: prod}}}`, "orders", false},
		"itself when managed":                            {`{metadata: {name: orders, namespace: kafka, annotations: {strimzi.io/managed: "true"}, labels: {strimzi.io/cluster: prod}}}`, "orders", true},
		"its name where it has no spec that can be read": {`{metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: prod}}, spec: [1]}`, "orders", true},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, content := range map[string]map[string]any{"whole": object(t, c.text), "stripped": foreign.Stripped(object(t, c.text))} {
				made, declares := foreign.StrimziTopic(content)
				assert.Equal(t, c.declares, declares, kind)
				assert.Equal(t, c.topic, made.Topic, kind)
				assert.Equal(t, topic.Ref{Group: "kafka.strimzi.io", Kind: "KafkaTopic", Namespace: "kafka", Name: "orders", Created: time.Time{}}, made.Ref, kind)
			}
		})
	}
}

func TestWhatAKoperatorTopicDeclares(t *testing.T) {
	for name, c := range map[string]struct {
		text, namespace string
		declares        bool
	}{
		"for a cluster beside it":   {`{metadata: {name: a, namespace: team}, spec: {name: orders, clusterRef: {name: prod}}}`, "team", true},
		"for a cluster elsewhere":   {`{metadata: {name: a, namespace: team}, spec: {name: orders, clusterRef: {name: prod, namespace: kafka}}}`, "kafka", true},
		"nothing without a name":    {`{metadata: {name: a, namespace: team}, spec: {clusterRef: {name: prod}}}`, "team", false},
		"nothing without a cluster": {`{metadata: {name: a, namespace: team}, spec: {name: orders}}`, "team", false},
		"nothing that others manage": {
			`{metadata: {name: a, namespace: team, annotations: {managedBy: me}}, spec: {name: orders, clusterRef: {name: prod}}}`, "team", false,
		},
		"what it manages by name": {`{metadata: {name: a, namespace: team, annotations: {managedBy: Koperator}}, spec: {name: orders, clusterRef: {name: prod}}}`, "team", true},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, content := range map[string]map[string]any{"whole": object(t, c.text), "stripped": foreign.Stripped(object(t, c.text))} {
				made, declares := foreign.KoperatorTopic(content)
				assert.Equal(t, c.declares, declares, kind)
				assert.Equal(t, c.namespace, made.Namespace, kind)
			}
		})
	}
}

func TestWhatSwitchesStrimziOff(t *testing.T) {
	change := map[string]any{"kafka": map[string]any{"config": map[string]any{"auto.create.topics.enable": "false"}}}
	for name, c := range map[string]struct {
		text string
		spec map[string]any
	}{
		"nothing is set":    {`{spec: {kafka: {}}}`, change},
		"another key":       {`{spec: {kafka: {config: {num.partitions: 3}}}}`, change},
		"true":              {`{spec: {kafka: {config: {auto.create.topics.enable: true}}}}`, change},
		"true in quotes":    {`{spec: {kafka: {config: {auto.create.topics.enable: "true"}}}}`, change},
		"a null":            {`{spec: {kafka: {config: {auto.create.topics.enable: null}}}}`, change},
		"false":             {`{spec: {kafka: {config: {auto.create.topics.enable: false}}}}`, nil},
		"false in quotes":   {`{spec: {kafka: {config: {auto.create.topics.enable: "false"}}}}`, nil},
		"false, shouted":    {`{spec: {kafka: {config: {auto.create.topics.enable: " FALSE"}}}}`, nil},
		"no object at all":  {`{}`, change},
		"another structure": {`{spec: 1}`, change},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.spec, foreign.StrimziOff(object(t, c.text)).Spec) })
	}
}

func TestWhatSwitchesKoperatorOff(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
		left []string
	}{
		"nothing is set": {`{spec: {}}`, "auto.create.topics.enable=false\n", nil},
		"other settings": {`{spec: {readOnlyConfig: "a=b\n"}}`, "a=b\nauto.create.topics.enable=false\n", nil},
		"false":          {`{spec: {readOnlyConfig: "auto.create.topics.enable=false"}}`, "", nil},
		"true":           {`{spec: {readOnlyConfig: "auto.create.topics.enable=true\na=b"}}`, "auto.create.topics.enable=false\na=b", nil},
		"a broker of its own": {
			`{spec: {readOnlyConfig: "auto.create.topics.enable=false", brokers: [{id: 0}, {id: 1, readOnlyConfig: "auto.create.topics.enable: true"}, {id: 2, readOnlyConfig: "auto.create.topics.enable=false"}]}}`,
			"",
			[]string{"spec.brokers[1].readOnlyConfig (broker 1): auto.create.topics.enable=true"},
		},
		"brokers of another form": {`{spec: {readOnlyConfig: "auto.create.topics.enable=false", brokers: [1]}}`, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			made := foreign.KoperatorOff(object(t, c.text))
			assert.Equal(t, c.left, made.Left)
			if c.want == "" {
				assert.Nil(t, made.Spec)
				return
			}
			assert.Equal(t, map[string]any{"readOnlyConfig": c.want}, made.Spec)
		})
	}
}

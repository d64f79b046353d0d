package manifests_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/cookbook"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

var errNotServed = errors.New("kubectl does not know every kind yet")

// TestCommandsAddressOursBesideForeignCRDs installs the CRDs of Strimzi and Koperator, whose kinds share our names, first
// and ours beside them, puts an object of every kind there, and runs the commands that our docs, messages and events use.
func TestCommandsAddressOursBesideForeignCRDs(t *testing.T) {
	c := kube.ForTest(t)
	for _, dir := range []string{manifests.ForeignCRDs, manifests.CRDs} {
		require.NoError(t, manifests.Apply(t.Context(), c.Config(), render(t, dir)))
	}
	testSamples(t, c)
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), oneOfEach(t)))
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), inDefault(render(t, manifests.Samples))))
	wait.For(t, patience, func(ctx context.Context) error {
		stdout, _, _ := c.Kubectl(ctx, "", "api-resources", "--cached=false", "-o", "name")
		for _, name := range []string{"kafkatopics.topicgate.io", "kafkatopics.kafka.strimzi.io", "kafkaclusters.kafka.banzaicloud.io"} {
			if !strings.Contains(stdout, name) {
				return errNotServed
			}
		}
		return nil
	})

	for command, want := range map[string]string{
		"get tgt":                        "kafkatopic.topicgate.io/orders\n",
		"get tgt orders":                 "kafkatopic.topicgate.io/orders\n",
		"get tgt --all-namespaces":       "kafkatopic.topicgate.io/orders\n",
		"get kafkatopics.topicgate.io":   "kafkatopic.topicgate.io/orders\n",
		"get kafkatopic.topicgate.io":    "kafkatopic.topicgate.io/orders\n",
		"get tgc":                        "kafkacluster.topicgate.io/prod\n",
		"get kafkaclusters.topicgate.io": "kafkacluster.topicgate.io/prod\n",
		"get tgi":                        "topicinventory.topicgate.io/prod-0\n",
		"get topicinventories":           "topicinventory.topicgate.io/prod-0\n",
		"get tpol":                       "topicpolicy.topicgate.io/starter\n",
		"get tpolex":                     "topicpolicyexception.topicgate.io/leave\n",
		"get topicgate":                  "kafkacluster.topicgate.io/prod\nkafkatopic.topicgate.io/orders\ntopicinventory.topicgate.io/prod-0\ntopicpolicy.topicgate.io/starter\ntopicpolicyexception.topicgate.io/leave\n",
		"annotate --dry-run=client tgt orders topicgate.io/paused=true":                   "kafkatopic.topicgate.io/orders\n",
		"patch --dry-run=server tgt orders --type=merge -p {\"spec\":{\"partitions\":9}}": "kafkatopic.topicgate.io/orders\n",
		"delete --dry-run=server tgt orders":                                              "kafkatopic.topicgate.io/orders\n",
		"delete --dry-run=server kafkatopics.topicgate.io orders":                         "kafkatopic.topicgate.io/orders\n",
		// Why none of our texts says just "kafkatopics": beside these it means somebody else's.
		"get kafkatopics":   "kafkatopic.kafka.banzaicloud.io/foreign\n",
		"get kafkaclusters": "kafkacluster.kafka.banzaicloud.io/foreign\n",
		"get kt":            "kafkatopic.kafka.strimzi.io/foreign\n",
		"get k":             "kafka.kafka.strimzi.io/foreign\n",
	} {
		t.Run("kubectl "+command, func(t *testing.T) {
			stdout, stderr, code := c.Kubectl(t.Context(), "", append(strings.Fields(command), "--output=name")...)
			assert.Zero(t, code, stderr)
			assert.Equal(t, want, stdout)
		})
	}
	for _, command := range []string{"explain kafkatopics.topicgate.io.spec", "explain kafkaclusters.topicgate.io.spec", "explain tgt.spec", "explain tgc.spec"} {
		t.Run("kubectl "+command, func(t *testing.T) {
			stdout, stderr, code := c.Kubectl(t.Context(), "", strings.Fields(command)...)
			assert.Zero(t, code, stderr)
			assert.Contains(t, stdout, "GROUP:      topicgate.io\n")
			assert.Contains(t, stdout, "FIELD: spec ")
		})
	}
}

// TestTheCommandsOfAutoCreationWork runs every command of docs/auto-creation.md beside objects of the names that it uses.
func TestTheCommandsOfAutoCreationWork(t *testing.T) {
	c := kube.ForTest(t)
	for _, dir := range []string{manifests.ForeignCRDs, manifests.CRDs} {
		require.NoError(t, manifests.Apply(t.Context(), c.Config(), render(t, dir)))
	}
	objects := `{apiVersion: v1, kind: Namespace, metadata: {name: kafka}}
---
{apiVersion: topicgate.io/v1alpha1, kind: KafkaCluster, metadata: {name: prod}, spec: {bootstrapServers: ["a:1"]}}
---
{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: prod, namespace: kafka}, spec: {kafka: {config: {num.partitions: 3}}}}
---
{apiVersion: kafka.banzaicloud.io/v1beta1, kind: KafkaCluster, metadata: {name: prod, namespace: kafka}, spec: {readOnlyConfig: a=b, brokers: [{id: 0}]}}
`
	wait.For(t, patience, func(ctx context.Context) error {
		if _, stderr, code := c.Kubectl(ctx, objects, "apply", "-f", "-"); code != 0 {
			return fmt.Errorf("%w: %s", errNotServed, stderr)
		}
		return nil
	})
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(root, "docs", "auto-creation.md"))
	require.NoError(t, err)
	commands := regexp.MustCompile("(?m)(?:^|`)kubectl ((?:'[^']*'|[^\n`'])+)").FindAllStringSubmatch(string(page), -1)
	require.Len(t, commands, 5)
	for _, command := range commands {
		var args []string
		for _, word := range regexp.MustCompile(`(?:'[^']*'|[^\s'])+`).FindAllString(command[1], -1) {
			args = append(args, strings.ReplaceAll(word, "'", ""))
		}
		_, stderr, code := c.Kubectl(t.Context(), "", args...)
		assert.Zero(t, code, "kubectl %s: %s", command[1], stderr)
	}
	stdout, _, _ := c.Kubectl(t.Context(), "", "get", "kafkas.kafka.strimzi.io", "prod", "-n", "kafka", "-o", "jsonpath={.spec.kafka.config}")
	assert.JSONEq(t, `{"num.partitions":3,"auto.create.topics.enable":"false"}`, stdout)
}

// testSamples asks the CRDs, with no webhook installed: the schema takes even the invalid sample, so that the engine sees
// it and can name every fault at once.
func testSamples(t *testing.T, c *kube.ControlPlane) {
	invalid, err := manifests.ReadFile(manifests.InvalidTopic)
	require.NoError(t, err)
	samples := inDefault(append(render(t, manifests.Samples), invalid...))
	require.Len(t, samples, 4)
	api, err := client.New(c.Config(), client.Options{})
	require.NoError(t, err)
	for _, sample := range append(samples, recipes(t)...) {
		t.Run("the schema takes the sample "+sample.GetName(), func(t *testing.T) {
			strict := client.WithFieldValidation(api, "Strict")
			require.NoError(t, strict.Create(t.Context(), sample, client.DryRunAll))
		})
	}
}

// recipes are the policies and exceptions of the cookbook.
func recipes(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	var found []*unstructured.Unstructured
	for _, recipe := range cookbook.Read(t) {
		objects, err := manifests.Decode(recipe.Text)
		require.NoError(t, err)
		found = append(found, objects...)
	}
	require.Greater(t, len(found), 15)
	return found
}

func render(t *testing.T, dir string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := manifests.Render(dir)
	require.NoError(t, err)
	return objects
}

// inDefault puts the topics into a namespace, as `kubectl apply` does with the current one.
func inDefault(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	for _, object := range objects {
		if object.GetKind() == "KafkaTopic" {
			object.SetNamespace("default")
		}
	}
	return objects
}

func oneOfEach(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	objects, err := manifests.Decode([]byte(`
{apiVersion: topicgate.io/v1alpha1, kind: TopicInventory, metadata: {name: prod-0}, cluster: prod, shard: 0}
---
{apiVersion: topicgate.io/v1alpha1, kind: TopicPolicyException, metadata: {name: leave}, spec: {policies: [{name: starter}], match: {}, reason: CHG-1, expiresAt: "2100-01-01T00:00:00Z"}}
---
{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: foreign, namespace: default}}
---
{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: foreign, namespace: default}}
---
{apiVersion: kafka.banzaicloud.io/v1alpha1, kind: KafkaTopic, metadata: {name: foreign, namespace: default}}
---
{apiVersion: kafka.banzaicloud.io/v1beta1, kind: KafkaCluster, metadata: {name: foreign, namespace: default}}
`))
	require.NoError(t, err)
	return objects
}

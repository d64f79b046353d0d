package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

const (
	kafkas        = "kafkas.kafka.strimzi.io"
	kafkaClusters = "kafkaclusters.kafka.banzaicloud.io"
	enforce       = "autoCreation: {enforce: true}"
	resyncing     = "sync: {resyncInterval: 1s}"
)

// component installs a component as a user's kustomization of test/manifests/testdata does.
func (w *world) component(name string) {
	w.t.Helper()
	objects, err := manifests.Render("test/manifests/testdata/" + name)
	require.NoError(w.t, err)
	require.NoError(w.t, manifests.Apply(w.t.Context(), w.Plane.Config(), withoutWebhook(objects)))
}

// autoCreateSays waits until the condition is False and its message says something.
func (w *world) autoCreateSays(text string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(context.Context) error {
		found := meta.FindStatusCondition(w.clusterObject().Status.Conditions, "AutoCreateDisabled")
		if found == nil || found.Status != "False" || found.Reason != "EnabledOnBrokers" || !strings.Contains(found.Message, text) {
			return fmt.Errorf("want %q, have %+v", text, found)
		}
		return nil
	})
}

// serverSide applies as somebody else does.
func (w *world) serverSide(manager, yaml string) {
	w.t.Helper()
	stdout, stderr, code := w.Plane.Kubectl(w.t.Context(), yaml, "apply", "--server-side", "--field-manager="+manager, "-f", "-")
	require.Zero(w.t, code, stdout+stderr)
}

// field is a field of an object of another product.
func (w *world) field(resource, path string) string {
	w.t.Helper()
	return w.kubectl("get", resource, "-n", "kafka", "prod", "-o", "jsonpath={"+path+"}", "--show-managed-fields")
}

// owned are the fields that the syncer owns of an object.
func (w *world) owned(resource string) string {
	w.t.Helper()
	return w.field(resource, `.metadata.managedFields[?(@.manager=="topicgate-syncer")].fieldsV1`)
}

// attempts are how often something was done about auto-creation, by result.
func (w *world) attempts(result string) string {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.syncer.Metrics+"/metrics", http.NoBody)
	require.NoError(w.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer func() { require.NoError(w.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	_, found, _ := strings.Cut(string(body), `topicgate_actions_total{cluster="prod",kind="SwitchOffAutoCreate",result="`+result+`"} `)
	count, _, _ := strings.Cut(found, "\n")
	return count
}

func autoCreating() kafkatest.Options {
	return kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true"}}
}

func strimziKafka(config string) string {
	return `
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: prod, namespace: kafka}
spec: {kafka: {config: {` + config + `}}}
`
}

const autoCreateValue = `.spec.kafka.config.auto\.create\.topics\.enable`

func TestStrimziIsToldToSwitchAutoCreationOff(t *testing.T) {
	w := newWorld(t, autoCreating())
	w.namespace("kafka")
	w.apply(w.cluster(byStrimzi, resyncing, audited))
	w.autoCreateSays(`set spec.autoCreation.enforce of this KafkaCluster, or write auto.create.topics.enable: "false" into spec.kafka.config of kafkas.kafka.strimzi.io kafka/prod`)
	w.apply(w.cluster(byStrimzi, resyncing, audited, enforce))
	w.autoCreateSays("the syncer may not get kafkas.kafka.strimzi.io kafka/prod: manifests/components/enforce-strimzi grants that")
	w.component("enforce-strimzi")
	w.autoCreateSays("there is no kafkas.kafka.strimzi.io kafka/prod, or its CRD is not installed")
	w.foreignCRDs(kafkas)
	w.quiet()
	assert.Empty(t, w.kubectl("get", kafkas, "-A", "-o", "name"), "an object that is absent is not made")

	for i, value := range []string{`"true"`, "true"} { // in quotes, and without
		t.Run("who else owns the key keeps it, "+value, func(t *testing.T) {
			w.serverSide("argocd", strimziKafka("auto.create.topics.enable: "+value))
			w.autoCreateSays(`spec.kafka.config of kafkas.kafka.strimzi.io kafka/prod is owned by field manager argocd, and not taken from it: write auto.create.topics.enable: "false" there`)
			wait.For(t, Patience, func(context.Context) error { // the second time the condition says nothing new
				if tried := w.attempts("conflict"); tried != itoa(i+1) {
					return fmt.Errorf("%s attempts", tried)
				}
				return nil
			})
			w.quiet()
			assert.Equal(t, "true", w.field(kafkas, autoCreateValue))
			assert.Empty(t, w.owned(kafkas))
		})
	}
	assert.NotContains(t, w.events(), "AutoCreateSwitchedOff")
	t.Run("a paused cluster changes nothing", func(t *testing.T) {
		w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"paused":true}}`)
		w.autoCreateSays("set spec.autoCreation.enforce")
		w.serverSide("argocd", strimziKafka("num.partitions: 3")) // it lets go of the key
		w.quiet()
		assert.Empty(t, w.field(kafkas, autoCreateValue))
		w.kubectl("patch", "tgc", "prod", "--type=merge", "-p", `{"spec":{"paused":false}}`)
	})
	t.Run("a key that nobody owns is set, that key alone", func(t *testing.T) {
		w.autoCreateSays("these brokers have not been restarted with it yet")
		assert.Equal(t, "false", w.field(kafkas, autoCreateValue))
		assert.Equal(t, "3", w.field(kafkas, `.spec.kafka.config.num\.partitions`))
		assert.JSONEq(t, `{"f:spec":{"f:kafka":{"f:config":{"f:auto.create.topics.enable":{}}}}}`, w.owned(kafkas))
		w.quiet()
		assert.Equal(t, 1, strings.Count(w.events(), "AutoCreateSwitchedOff: "))
		assert.Contains(t, w.events(), `AutoCreateSwitchedOff: kafkas.kafka.strimzi.io kafka/prod: auto.create.topics.enable: "false" is set in spec.kafka.config; its operator restarts the brokers one by one`)
		assert.Equal(t, "1", w.attempts("committed"))
	})
	t.Run("Argo CD applies its own again, and does not take the key", func(t *testing.T) {
		w.serverSide("argocd", strimziKafka("num.partitions: 3"))
		w.quiet()
		assert.Equal(t, "false", w.field(kafkas, autoCreateValue))
	})
	require.NoError(t, w.kafka.Restart(t.Context(), map[string]string{"auto.create.topics.enable": "false"})) // as the operator would
	w.clusterCondition("AutoCreateDisabled", "True", "DisabledEverywhere")
	w.quiet()
}

func TestASyncerKilledWhileItSwitchesOffDoesItOnce(t *testing.T) {
	w := newWorld(t, autoCreating())
	w.namespace("kafka")
	w.foreignCRDs(kafkas)
	w.component("enforce-strimzi")
	w.apply(strimziKafka("auto.create.topics.enable: true")) // by kubectl's client-side apply, which owns the key
	w.apply(w.cluster(byStrimzi, resyncing, audited, enforce))
	w.autoCreateSays("is owned by field manager kubectl-client-side-apply")
	w.kubectl("patch", kafkas, "-n", "kafka", "prod", "--type=json", "-p", `[{"op":"remove","path":"/spec/kafka/config/auto.create.topics.enable"}]`)
	wait.For(t, Patience, func(context.Context) error {
		if value := w.field(kafkas, autoCreateValue); value != "false" {
			return fmt.Errorf("it is %q", value)
		}
		return nil
	})
	w.syncer.Kill()
	generation := w.field(kafkas, ".metadata.generation")
	w.startSyncer()
	w.autoCreateSays("these brokers have not been restarted with it yet")
	w.quiet()
	assert.Equal(t, generation, w.field(kafkas, ".metadata.generation"))
	assert.Empty(t, w.attempts("committed"), "the new one found nothing to do")

	t.Run("an object that goes is not made again", func(t *testing.T) {
		uid := w.field(kafkas, ".metadata.uid")
		w.kubectl("delete", kafkas, "-n", "kafka", "prod")
		w.autoCreateSays("there is no kafkas.kafka.strimzi.io kafka/prod")
		w.quiet()
		assert.Empty(t, w.kubectl("get", kafkas, "-A", "-o", "name"))

		// Nor by an apply that was under way: what it rests on is that the API server makes nothing with a UID.
		late := strings.Replace(strimziKafka("auto.create.topics.enable: 'false'"), "namespace: kafka", "namespace: kafka, uid: "+uid, 1)
		_, stderr, code := w.Plane.Kubectl(t.Context(), late, "apply", "--server-side", "-f", "-")
		assert.NotZero(t, code)
		assert.Contains(t, stderr, "uid mismatch")
		assert.Empty(t, w.kubectl("get", kafkas, "-A", "-o", "name"))
	})
}

func koperatorCluster(spec string) string {
	return `
apiVersion: kafka.banzaicloud.io/v1beta1
kind: KafkaCluster
metadata: {name: prod, namespace: kafka}
spec: ` + spec + "\n"
}

func TestKoperatorIsToldToSwitchAutoCreationOff(t *testing.T) {
	w := newWorld(t, autoCreating())
	w.namespace("kafka")
	w.foreignCRDs(kafkaClusters)
	w.component("enforce-koperator")
	w.serverSide("argocd", koperatorCluster(`{brokers: [{id: 0}], readOnlyConfig: "# ours\nauto.create.topics.enable=true\nbackground.threads=3\n"}`))
	w.apply(w.cluster(byKoperator, resyncing, audited, enforce))
	w.autoCreateSays("spec.readOnlyConfig of kafkaclusters.kafka.banzaicloud.io kafka/prod is owned by field manager argocd, and not taken from it: write auto.create.topics.enable=false there")
	w.quiet()

	// The text is one field, so it is taken only when nobody else owns it: an object that argocd made without one, and a text that a
	// person wrote and that kubectl's manager then let go of.
	w.serverSide("argocd", koperatorCluster(`{brokers: [{id: 0}, {id: 1, readOnlyConfig: "auto.create.topics.enable = true"}]}`))
	w.autoCreateSays("for single brokers otherwise, which is left alone: spec.brokers[1].readOnlyConfig (broker 1): auto.create.topics.enable=true; remove it there")
	assert.Equal(t, "auto.create.topics.enable=false\n", w.field(kafkaClusters, ".spec.readOnlyConfig"))
	assert.JSONEq(t, `{"f:spec":{"f:readOnlyConfig":{}}}`, w.owned(kafkaClusters))
	w.quiet()
	assert.Equal(t, 1, strings.Count(w.events(), "AutoCreateSwitchedOff: "))

	w.serverSide("argocd", koperatorCluster(`{brokers: [{id: 0}, {id: 1}]}`))
	w.autoCreateSays("these brokers have not been restarted with it yet")
	require.NoError(t, w.kafka.Restart(t.Context(), map[string]string{"auto.create.topics.enable": "false"}))
	w.clusterCondition("AutoCreateDisabled", "True", "DisabledEverywhere")
	w.quiet()
}

func TestARedpandaThatIsNoneIsLeftAlone(t *testing.T) {
	w := newWorld(t, autoCreating())
	w.apply(w.cluster("operatedBy: {kind: Redpanda}", resyncing, audited, enforce))
	w.autoCreateSays("spec.operatedBy says Redpanda, and the brokers are not Redpanda's: correct it")
	w.quiet()
}

package vap

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

const (
	patience = time.Minute
	builtIn  = "topicgate-static"
)

var errNotYet = errors.New("not yet")

// world is an API server that has the CRDs, and the policy once it is installed.
type world struct {
	*kube.ControlPlane
	api client.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	c := kube.ForTest(t)
	objects, err := manifests.Render(manifests.CRDs)
	require.NoError(t, err)
	require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))
	scheme := runtime.NewScheme()
	require.NoError(t, v1alpha1.AddToScheme(scheme))
	require.NoError(t, admissionv1.AddToScheme(scheme))
	config := c.Config()
	config.QPS = -1
	api, err := client.New(config, client.Options{Scheme: scheme})
	require.NoError(t, err)
	return &world{ControlPlane: c, api: api}
}

// install applies the policy as a user does, and waits until it refuses.
func (w *world) install(t *testing.T, version, action string) {
	t.Helper()
	rendered, err := render.VAP(topicconfig.For(version), builtIn, action)
	require.NoError(t, err)
	_, stderr, code := w.Kubectl(t.Context(), string(rendered), "apply", "-f", "-")
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	wait.For(t, patience, func(ctx context.Context) error {
		_, stderr, code := w.Kubectl(ctx, manifest("bad", "{partitions: 0}"), "apply", "--dry-run=server", "-f", "-")
		if code == 0 && !strings.Contains(stderr, "Warning") {
			return errNotYet
		}
		return nil
	})
}

func manifest(name, spec string) string {
	return fmt.Sprintf("apiVersion: topicgate.io/v1alpha1\nkind: KafkaTopic\nmetadata: {name: %s, namespace: default}\nspec: %s\n", name, spec)
}

func TestPolicy(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.StartControllerManager(t.Context(), "validatingadmissionpolicy-status-controller"))
	w.apply(t, "stored", "{clusterRef: {name: prod}, partitions: 6, config: {retention.ms: 7d, cleanup.policy: compact}}")
	w.install(t, "4.4", "Deny")
	t.Run("the API server finds no fault with its types", w.typeChecks)
	t.Run("a good topic passes", func(t *testing.T) {
		w.apply(t, "good", `{clusterRef: {name: prod}, topicName: Orders.v1, partitions: 12, replicas: 3, config: {retention.ms: 604800000,
  cleanup.policy: "compact, delete", min.insync.replicas: "2", segment.bytes: 1.073741824e+9, preallocate: true, flush.ms: "+5",
  min.cleanable.dirty.ratio: 0.5, compression.gzip.level: -1, segment.ms: "１０００"}}`)
	})
	t.Run("a topic without spec passes", func(t *testing.T) { w.apply(t, "bare", "{}") })
	t.Run("every config at once passes, also as a change, within what the API server lets a policy cost", w.everything)
	t.Run("a null is refused where it reaches the API server", w.null)
	t.Run("the API server takes the policy of every version", w.versions)
	for name, c := range refusals() {
		t.Run(name, func(t *testing.T) {
			_, stderr, code := w.Kubectl(t.Context(), manifest(c.object, c.spec), "apply", "--dry-run=server", "-f", "-")
			require.NotZero(t, code)
			for _, says := range c.says {
				assert.Contains(t, stderr, says)
			}
		})
	}
	t.Run("what was wrong before may stay while something else changes", func(t *testing.T) {
		w.apply(t, "stored", "{clusterRef: {name: prod}, partitions: 7, config: {retention.ms: 7d, cleanup.policy: delete}}")
	})
	t.Run("what the status pins binds, and need not be written", w.pinned)
	t.Run("many violations are told as far as there is room, and the others counted", w.cutShort)
}

func (w *world) apply(t *testing.T, name, spec string) {
	t.Helper()
	_, stderr, code := w.Kubectl(t.Context(), manifest(name, spec), "apply", "-f", "-")
	require.Zero(t, code, stderr)
}

func (w *world) typeChecks(t *testing.T) {
	wait.For(t, patience, func(ctx context.Context) error {
		var found admissionv1.ValidatingAdmissionPolicy
		if err := w.api.Get(ctx, client.ObjectKey{Name: builtIn}, &found); err != nil {
			return err
		}
		if found.Status.TypeChecking == nil || found.Status.ObservedGeneration != found.Generation {
			return errNotYet
		}
		assert.Empty(t, found.Status.TypeChecking.ExpressionWarnings)
		return nil
	})
}

// everything declares every config with its default, and the lists of replicas as long as Kafka's protocol allows.
func (w *world) everything(t *testing.T) {
	table, entries := topicconfig.For("4.4"), []string{}
	long := strings.TrimSuffix(strings.Repeat("10000:10000,", 2700), ",")
	for _, key := range table.Keys() {
		def, _ := table.Lookup(key)
		if strings.HasSuffix(key, ".throttled.replicas") {
			def.Default = long
		}
		entries = append(entries, fmt.Sprintf("%s: %q", key, def.Default))
	}
	for _, name := range []string{"full", "stored"} {
		spec := "{clusterRef: {name: prod}, partitions: 6, replicas: 3, config: {" + strings.Join(entries, ", ") + "}}"
		_, stderr, code := w.Kubectl(t.Context(), manifest(name, spec), "apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-")
		assert.Zero(t, code, stderr)
	}
}

func (w *world) pinned(t *testing.T) {
	w.apply(t, "pinned", "{topicName: Pinned, partitions: 6}")
	_, stderr, code := w.Kubectl(t.Context(), "", "patch", "kafkatopics.topicgate.io", "pinned", "--subresource=status", "--type=merge",
		"-p", `{"status":{"topicName":"Pinned","cluster":{"name":"prod"},"partitions":6}}`)
	require.Zero(t, code, stderr)
	w.apply(t, "pinned", "{topicName: Pinned, partitions: 7}")
	for spec, says := range map[string]string{
		"{topicName: Pinned, clusterRef: {name: dev}}": `spec.clusterRef.name: "dev": the cluster cannot change once it is set; limit: "prod" (TopicGate)`,
		"{partitions: 7}":                    `spec.topicName: "pinned": the topic's name cannot change; limit: "Pinned" (TopicGate); fix: write topicName: "Pinned" again`,
		"{topicName: Pinned, partitions: 5}": "5: below the 7 declared before",
	} {
		_, stderr, code := w.Kubectl(t.Context(), manifest("pinned", spec), "apply", "--dry-run=server", "-f", "-")
		assert.NotZero(t, code)
		assert.Contains(t, stderr, says)
	}
}

func (w *world) null(t *testing.T) {
	const object = `{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaTopic","metadata":{"name":"null","namespace":"default"},"spec":{"config":{"retention.ms":null}}}`
	_, stderr, code := w.Kubectl(t.Context(), object, "create", "--dry-run=server", "-f", "-")
	require.NotZero(t, code)
	assert.Contains(t, stderr, "spec.config[retention.ms]: null is no value; leave the key out; limit: a string, a number or a bool (TopicGate)")
}

func (w *world) versions(t *testing.T) {
	for _, release := range topicconfig.Releases() {
		rendered, err := render.VAP(topicconfig.For(release), "other", "Deny")
		require.NoError(t, err)
		_, stderr, code := w.Kubectl(t.Context(), string(rendered), "apply", "--dry-run=server", "-f", "-")
		assert.Zero(t, code, stderr)
	}
}

func (w *world) cutShort(t *testing.T) {
	var keys []string
	for i := range 256 {
		keys = append(keys, fmt.Sprintf("%q: \"%s\"", fmt.Sprint(strings.Repeat("é", 60), i, "\\n"), strings.Repeat("x", 100)))
	}
	_, stderr, code := w.Kubectl(t.Context(), manifest("many", "{partitions: 0, config: {"+strings.Join(keys, ", ")+"}}"), "apply", "--dry-run=server", "-f", "-")
	require.NotZero(t, code)
	assert.Contains(t, stderr, "breaks 257 rules: * spec.partitions: 0: a topic has at least one partition")
	assert.Regexp(t, ` and 2[0-9]{2} more\n`, stderr)
	assert.Greater(t, len(stderr), 2500)
}

type refusal struct {
	object, spec string
	says         []string
}

func refusals() map[string]refusal {
	return map[string]refusal{
		"a name of other characters":    {"a", "{topicName: a b/c}", []string{`breaks 1 rule: * spec.topicName: topic name "a b/c" contains ' ' at position 2 and 1 more illegal characters; limit: only ASCII letters, digits, ".", "_" and "-" (Kafka)`}},
		"an empty name":                 {"a", `{topicName: ""}`, []string{`spec.topicName: "": the topic name is empty; limit: 1 to 249 characters (Kafka)`}},
		"a name that is too long":       {"a", "{topicName: " + strings.Repeat("a", 250) + "}", []string{"the topic name has 250 characters, 1 more than Kafka allows"}},
		"an object name that is":        {strings.Repeat("a", 251), "{}", []string{"metadata.name: ", "the topic name has 251 characters, 2 more than Kafka allows"}},
		"a name of dots":                {"a", `{topicName: ".."}`, []string{`topic name ".." would be a directory of its own on the brokers; limit: not "." or ".."`}},
		"the brokers' own name":         {"a", `{topicName: __consumer_offsets}`, []string{`topic name "__consumer_offsets" belongs to Apache Kafka's brokers`}},
		"a prefix of the brokers":       {"a", `{topicName: __mine}`, []string{`belongs to Kafka's internal topics; limit: names like "__*" are reserved for Kafka's internal topics (TopicGate)`}},
		"a platform's name":             {"a", `{topicName: _schemas}`, []string{"belongs to a schema registry"}},
		"a platform's object name":      {"strimzi.cruisecontrol.x", `{}`, []string{`metadata.name: topic name "strimzi.cruisecontrol.x" belongs to Cruise Control`}},
		"no partition":                  {"a", `{partitions: 0}`, []string{"spec.partitions: 0: a topic has at least one partition; limit: 1 or more (Kafka 4.4); fix: set partitions to 1 or more, or leave it out for the brokers' default"}},
		"more than one creation makes":  {"a", `{partitions: 9999, config: {min.insync.replicas: 1}}`, []string{"spec.partitions: 9999: too many partitions for one creation; limit: 9997 or fewer at creation, which has room for 9999 partitions and configs together (Kafka 4.4)"}},
		"more than Kafka counts":        {"stored", `{clusterRef: {name: prod}, partitions: 2147483648}`, []string{"more partitions than Kafka can count; limit: 2147483647 or fewer (Kafka 4.4)"}},
		"fewer partitions than before":  {"stored", `{clusterRef: {name: prod}, partitions: 5}`, []string{"spec.partitions: 5: below the 6 declared before; Kafka cannot remove partitions; limit: 6 or more (Kafka 4.4); fix: set partitions to 6 or more, or leave it out"}},
		"no replica":                    {"a", `{replicas: 0}`, []string{"spec.replicas: 0: each partition has at least one replica; limit: 1 or more (Kafka 4.4)"}},
		"more replicas than counted":    {"a", `{replicas: 32768}`, []string{"spec.replicas: 32768: more replicas than Kafka can count; limit: 32767 or fewer (Kafka 4.4)"}},
		"another name":                  {"stored", `{clusterRef: {name: prod}, topicName: other}`, []string{`spec.topicName: "other": the topic's name cannot change; limit: "stored" (TopicGate); fix: set topicName to "stored", or declare a new object for the new name`}},
		"another cluster":               {"stored", `{clusterRef: {name: dev}}`, []string{`spec.clusterRef.name: "dev": the cluster cannot change once it is set; limit: "prod" (TopicGate); fix: keep "prod", or declare a new object for the other cluster`}},
		"a cluster taken away":          {"stored", `{partitions: 6}`, []string{`spec.clusterRef.name: "": the cluster cannot change once it is set`}},
		"an array":                      {"a", `{config: {cleanup.policy: [compact]}}`, []string{`spec.config[cleanup.policy]: a config value is one string, number or bool, not an array; write a list as "compact,delete"; limit: a string, a number or a bool (TopicGate); fix: write a value; or drop the line`}},
		"an object":                     {"a", `{config: {cleanup.policy: {a: b}}}`, []string{`a config value is one string, number or bool, not an object`}},
		"a key that nobody has":         {"a", `{config: {retenton: 1}}`, []string{`spec.config[retenton]: "1": Kafka 4.4 has no topic config "retenton"; limit: the topic configs of Kafka 4.4 (Kafka 4.4); fix: remove the line`}},
		"a key of another version":      {"a", `{config: {message.format.version: "3.0"}}`, []string{`Kafka 4.4 has no topic config "message.format.version"; it was removed in 4.0; limit: the topic configs of Kafka 4.4 (Kafka 4.4); fix: remove the line`}},
		"a key of the brokers":          {"a", `{config: {log.retention.ms: 5}}`, []string{`did you mean "retention.ms"?`, "fix: write retention.ms instead"}},
		"a key with a line break":       {"a", `{config: {"a\nb": 5}}`, []string{`spec.config["a\nb"]: "5": Kafka 4.4 has no topic config "a\nb"`}},
		"a field among the configs":     {"a", `{config: {replication.factor: 3}}`, []string{`it is a field of its own: replicas`}},
		"a key for Kafka's tests":       {"a", `{config: {internal.segment.bytes: 3}}`, []string{`spec.config[internal.segment.bytes]: "3": internal.segment.bytes is for Kafka's own tests and can make a topic unwritable; segment.bytes is the config to set; limit: not to be set (TopicGate); fix: remove the line`}},
		"a duration for a number":       {"a", `{config: {retention.ms: 7d}}`, []string{`spec.config[retention.ms]: "7d" is not a whole number; limit: a whole number of at least -1 (milliseconds) (Kafka 4.4)`}},
		"a bool for a number":           {"a", `{config: {retention.ms: true}}`, []string{`"true" is not a whole number`}},
		"a number below its range":      {"a", `{config: {retention.ms: -2}}`, []string{`spec.config[retention.ms]: "-2": -2 is out of range; limit: a whole number of at least -1 (milliseconds) (Kafka 4.4); fix: write "-1"`}},
		"a number above its range":      {"a", `{config: {compression.gzip.level: "10"}}`, []string{`"10": 10 is out of range; limit: a whole number from 1 to 9, or -1 (Kafka 4.4); fix: write "9"`}},
		"an index too small to live":    {"a", `{config: {segment.index.bytes: 8}}`, []string{`"8": Kafka accepts 8, but no broker can make a log with a smaller index, and it then skips other topics too; limit: at least 12 (TopicGate); fix: write "12"`}},
		"a segment too small":           {"a", `{config: {segment.bytes: 1000}}`, []string{`"1000": 1000 is out of range; limit: a whole number from 1048576 to 2147483647 (bytes) (Kafka 4.4); fix: write "1048576"`}},
		"a share as a percentage":       {"a", `{config: {min.cleanable.dirty.ratio: 50%}}`, []string{`"50%" is not a number; limit: a number from 0 to 1 (Kafka 4.4)`}},
		"a share above one":             {"a", `{config: {min.cleanable.dirty.ratio: "1.5"}}`, []string{`"1.5" is out of range; limit: a number from 0 to 1 (Kafka 4.4)`}},
		"a word for a bool":             {"a", `{config: {preallocate: "yes"}}`, []string{`"yes" is neither true nor false; limit: "true" or "false" (Kafka 4.4)`}},
		"a word not in the enumeration": {"a", `{config: {compression.type: LZ4}}`, []string{`"LZ4" is not among the values, whose case counts; limit: one of uncompressed, zstd, lz4, snappy, gzip, producer (Kafka 4.4)`}},
		"a word not among a list's":     {"a", `{config: {cleanup.policy: "compact,retain"}}`, []string{`"compact,retain" has the element "retain", which is not among the values, whose case counts; limit: any of compact, delete, parted by commas (Kafka 4.4)`}},
		"more in sync than replicas":    {"a", `{replicas: 2, config: {min.insync.replicas: 3}}`, []string{`spec.config[min.insync.replicas]: 3: more than the topic's 2 replicas (as declared); limit: 2 or fewer (TopicGate); fix: set min.insync.replicas to 1 or fewer, or raise replicas`}},
		"all at once": {"a", `{topicName: __a b, partitions: 0, replicas: 0, config: {retention.ms: 7d, preallocate: 5, x: y}}`, []string{
			"breaks 7 rules: * spec.topicName: ", " * spec.partitions: 0", " * spec.replicas: 0", " * spec.config[retention.ms]: ", " * spec.config[x]: ", " * spec.config[preallocate]: ",
		}},
	}
}

func TestAWarningOnlyWarns(t *testing.T) {
	w := newWorld(t)
	w.install(t, "3.9", "Warn")
	_, stderr, code := w.Kubectl(t.Context(), manifest("small", `{partitions: 0, config: {segment.bytes: 20, message.format.version: "3.0"}}`), "apply", "-f", "-")
	require.Zero(t, code, stderr)
	assert.Contains(t, stderr, "Warning: ")
	assert.Contains(t, stderr, "breaks 2 rules: * spec.partitions: 0: ")
	assert.Contains(t, stderr, `"20": Kafka accepts 20, but one topic below it keeps every broker from 4.1 on from starting; limit: at least 1048576 (TopicGate)`)
}

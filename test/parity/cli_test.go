package parity

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/test/kube"
)

// TestTheCommandLineDecidesTheCorpus has `kubectl topicgate validate` judge all cases in one go: files of topics and of what
// they were, of policies, and of facts as `facts export` writes them.
func TestTheCommandLineDecidesTheCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED, not tested: -short leaves out what builds programs")
	}
	all := worlds(t, start())
	dir := t.TempDir()
	writeFiles(t, dir, all)
	said := validateFiles(t, dir)
	forEach(t, all, func(t *testing.T, w *world) {
		at := slices.IndexFunc(said.Results, func(r report.Result) bool { return r.Namespace == w.namespace() && r.Operation != "Delete" })
		require.GreaterOrEqual(t, at, 0, "no result")
		result := said.Results[at]
		got, skipped := reported(result)
		// What cannot be judged is skipped, which is neither of the three.
		decided := w.expectation
		for _, tags := range []*[]string{&decided.Refuses, &decided.Warns, &decided.Audits} {
			*tags = slices.DeleteFunc(slices.Clone(*tags), func(tag string) bool {
				return slices.Contains(w.Undecided, tag) && !w.decidesToo(tag)
			})
		}
		w.compare(t, decided, got)
		w.compareTexts(t, got)
		w.compareSet(t, "skipped", w.Undecided, skipped)
		assert.Len(t, result.Policies, len(w.Policies)-len(w.Unmatched), "matched: %v", result.Policies)
	})
}

// decidesToo says that a rule which could not be judged in one respect was broken in another.
func (c *testCase) decidesToo(tag string) bool { return slices.Contains(c.Partly, tag) }

// reported is what a report says of one object, and what was skipped.
func reported(result report.Result) (got verdict, skipped tagSet) {
	got = verdict{refuses: tagSet{}, warns: tagSet{}, audits: tagSet{}, builtin: tagSet{}}
	skipped = tagSet{}
	into := map[report.Level]tagSet{report.Deny: got.refuses, report.Warn: got.warns, report.Audit: got.audits, report.Skip: skipped}
	for _, finding := range result.Findings {
		got.texts = append(got.texts, finding.Message)
		for _, rule := range finding.Rules {
			reason, own := strings.CutPrefix(rule, "builtin/")
			switch {
			case !own:
				into[finding.Level][rule] = true
			case finding.Level == report.Deny:
				got.builtin[reason] = true
			}
		}
	}
	return got, skipped
}

// writeFiles writes everything that the command line is given.
func writeFiles(t *testing.T, dir string, all []world) {
	t.Helper()
	var facts offline.Manifests
	var topics, before, policies []client.Object
	for i := range all {
		w := &all[i]
		facts.Namespaces = append(facts.Namespaces, offline.Found[corev1.Namespace]{Object: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: w.namespace(), Labels: w.namespaceLabels, Annotations: w.NamespaceAnnotations,
		}}})
		for _, other := range w.others {
			facts.Topics = append(facts.Topics, offline.Found[v1alpha1.KafkaTopic]{Object: other})
		}
		for _, object := range w.policies {
			policies = append(policies, named(object))
		}
		for _, object := range w.exceptions {
			policies = append(policies, named(object))
		}
		if w.old != nil {
			facts.Topics = append(facts.Topics, offline.Found[v1alpha1.KafkaTopic]{Object: w.old})
			before = append(before, manifestOf(w.old))
		}
		topics = append(topics, manifestOf(w.topic))
	}
	for _, one := range clusters(t) {
		facts.Clusters = append(facts.Clusters, offline.Found[v1alpha1.KafkaCluster]{Object: one.object(start())})
	}
	for cluster, entries := range brokerTopics(all) {
		shard := &v1alpha1.TopicInventory{ObjectMeta: metav1.ObjectMeta{Name: cluster + "-000"}, Cluster: cluster, ClusterID: "id-" + cluster, Topics: entries}
		facts.Inventories = append(facts.Inventories, offline.Found[v1alpha1.TopicInventory]{Object: shard})
	}
	writeList(t, filepath.Join(dir, "topics", "topics.json"), topics)
	writeList(t, filepath.Join(dir, "before", "topics.json"), before)
	writeList(t, filepath.Join(dir, "policies.json"), policies)
	writeList(t, filepath.Join(dir, "facts.json"), offline.Export(facts))
}

// named is a policy or an exception as a file holds it.
func named(object client.Object) client.Object {
	object, _ = object.DeepCopyObject().(client.Object)
	kind := "TopicPolicy"
	if _, is := object.(*v1alpha1.TopicPolicyException); is {
		kind = "TopicPolicyException"
	}
	object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion().WithKind(kind))
	return object
}

// manifestOf is a KafkaTopic as a file holds it.
func manifestOf(object *v1alpha1.KafkaTopic) client.Object {
	manifest := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{
		Namespace: object.Namespace, Name: object.Name, Labels: object.Labels, Annotations: object.Annotations,
	}, Spec: object.Spec}
	manifest.SetGroupVersionKind(v1alpha1.GroupVersion().WithKind("KafkaTopic"))
	return manifest
}

func writeList[T any](t *testing.T, path string, items []T) {
	t.Helper()
	content, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// validateFiles builds the program as `make build` does, and runs it.
func validateFiles(t *testing.T, dir string) report.Report {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	program := filepath.Join(root, "bin", "kubectl-topicgate")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, "./cmd/kubectl-topicgate")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))

	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), program, "validate", "-o", "json",
		"-f", filepath.Join(dir, "topics"), "--old-dir", filepath.Join(dir, "before"), "--policies", filepath.Join(dir, "policies.json"),
		"--cluster-facts", filepath.Join(dir, "facts.json"), "--now", start().Format(time.RFC3339))
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	ended, failed := errors.AsType[*exec.ExitError](err)
	require.True(t, failed && ended.ExitCode() == 1, "some of it is refused: %v\n%s", err, stderr.String())
	var said report.Report
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &said))
	return said
}

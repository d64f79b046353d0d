// Package docs_test keeps the documents true.
package docs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	topicsync "github.com/topicgate/topicgate/pkg/sync"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate/admission"
	"github.com/topicgate/topicgate/test/kube"
)

func read(t *testing.T, path ...string) string {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	require.NoError(t, err)
	return string(content)
}

func TestTheRunbookHasASectionForEveryReasonAndNoOther(t *testing.T) {
	_, sections, found := strings.Cut(read(t, "docs", "runbook.md"), "\n## By reason\n")
	require.True(t, found)
	var documented []string
	for _, match := range regexp.MustCompile(`(?m)^### (\w+)$`).FindAllStringSubmatch(sections, -1) {
		documented = append(documented, match[1])
	}
	var reasons []string
	for _, meaning := range topic.Reasons() {
		reasons = append(reasons, string(meaning.Reason))
	}
	assert.Equal(t, reasons, documented, "in the order of pkg/topic/reason.go")
}

func TestEveryTestThatTheRulesNameExists(t *testing.T) {
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	existing := map[string]bool{}
	for _, dir := range []string{"pkg", "test"} {
		require.NoError(t, filepath.Walk(filepath.Join(root, dir), func(path string, _ os.FileInfo, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			for _, match := range regexp.MustCompile(`(?m)^func ([Tt]est\w+)\(`).FindAllStringSubmatch(string(content), -1) {
				existing[match[1]] = true
			}
			return err
		}))
	}
	for _, page := range []string{"reconcile.md", "admission.md", "gitops.md", "auto-creation.md"} {
		named := regexp.MustCompile(`\b[Tt]est[A-Z]\w+`).FindAllString(read(t, "docs", page), -1)
		require.NotEmpty(t, named)
		for _, name := range named {
			assert.True(t, existing[name], "docs/%s names %s", page, name)
		}
	}
	rules := read(t, "docs", "reconcile.md")
	for _, rule := range strings.Split(rules, "\n- **R")[1:] {
		assert.Contains(t, rule, "Test", "a rule that no test holds: R%.40s", rule)
	}
}

func TestEveryMetricIsDocumentedAndWellNamed(t *testing.T) {
	registry := prometheus.NewRegistry()
	topicsync.NewMetrics(registry, time.Now)
	_, err := admission.NewMetrics(registry)
	require.NoError(t, err)
	descriptions := make(chan *prometheus.Desc, 100)
	registry.Describe(descriptions)
	close(descriptions)
	page := read(t, "docs", "metrics.md")
	names := map[string]bool{}
	for description := range descriptions {
		name := regexp.MustCompile(`fqName: "(\w+)"`).FindStringSubmatch(description.String())[1]
		names[name] = true
		assert.Contains(t, page, "`"+name+"`")
	}
	for _, match := range regexp.MustCompile("`(topicgate_\\w+)`").FindAllStringSubmatch(page, -1) {
		assert.True(t, names[match[1]], "docs/metrics.md has %s, and no program does", match[1])
	}
	alerts := regexp.MustCompile(`topicgate_\w+`).FindAllString(read(t, "manifests", "components", "alerts", "rules.yaml"), -1)
	assert.NotEmpty(t, alerts)
	for _, name := range alerts {
		assert.True(t, names[name], "an alert watches %s, and no program has it", name)
	}
	problems, err := testutil.GatherAndLint(registry)
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestEveryFieldAndAnnotationIsDocumented(t *testing.T) {
	page := read(t, "docs", "api.md")
	for _, kind := range []any{
		v1alpha1.KafkaTopicSpec{},
		v1alpha1.KafkaTopicStatus{},
		v1alpha1.KafkaClusterSpec{},
		v1alpha1.KafkaClusterStatus{},
		v1alpha1.TopicInventory{},
		v1alpha1.TopicPolicySpec{},
		v1alpha1.TopicPolicyStatus{},
		v1alpha1.TopicPolicyExceptionSpec{},
		v1alpha1.TopicPolicyExceptionStatus{},
	} {
		for _, field := range fields(reflect.TypeOf(kind)) {
			assert.Regexp(t, `\b`+regexp.QuoteMeta(field)+`\b`, page)
		}
	}
	for _, annotation := range []string{
		v1alpha1.DefaultClusterAnnotation, v1alpha1.PausedAnnotation, v1alpha1.AdoptAnnotation, v1alpha1.AllowDeleteUntilAnnotation,
		v1alpha1.ReleaseDeletionsAnnotation, v1alpha1.AcceptClusterIDAnnotation, v1alpha1.AcceptLostTopicsAnnotation,
		v1alpha1.ClusterLabel, v1alpha1.TopicFinalizer,
	} {
		assert.Contains(t, page, annotation)
	}
}

// fields are the JSON names of a type of ours, and of those within it.
func fields(kind reflect.Type) []string {
	for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
		kind = kind.Elem()
	}
	if kind.Kind() != reflect.Struct || !strings.Contains(kind.PkgPath(), "topicgate") {
		return nil
	}
	var names []string
	for field := range kind.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "metadata" {
			names = append(names, name)
			names = append(names, fields(field.Type)...)
		}
	}
	return names
}

func TestLinksBetweenDocumentsLeadSomewhere(t *testing.T) {
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	pages = append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"))
	for _, page := range pages {
		content, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, match := range regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`).FindAllStringSubmatch(string(content), -1) {
			if !strings.Contains(match[1], "://") {
				assert.FileExists(t, filepath.Join(filepath.Dir(page), match[1]), "linked from %s", page)
			}
		}
	}
}

// TestDocumentedCommandsNameOurKinds: beside Strimzi's and Koperator's CRDs a bare `kafkatopics` means theirs. That tgt, tgc,
// tgi and the full names mean ours then is tried in test/manifests on a real API server.
func TestDocumentedCommandsNameOurKinds(t *testing.T) {
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	command := regexp.MustCompile("kubectl [^`\\n]*")
	bare := regexp.MustCompile(`\b(kt|kafkatopics?|kafkaclusters?|topicinventor(y|ies))\b(\.topicgate\.io|\.kafka\.(strimzi|banzaicloud)\.io)?`)
	found := 0
	for _, pattern := range []string{"README.md", "docs/*.md", "pkg/*/*.go", "pkg/*/*/*.go", "test/demo/tour/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, path := range paths {
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, line := range command.FindAllString(string(content), -1) {
				found++
				for _, name := range bare.FindAllStringSubmatch(line, -1) {
					assert.NotEmpty(t, name[3], "%s: %s", path, line)
				}
			}
		}
	}
	assert.Greater(t, found, 20, "the commands were found")
}

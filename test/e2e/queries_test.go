package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// TestEveryQueryOfDashboardAndAlertsAnswers has Prometheus' own engine answer them over what both programs serve.
func TestEveryQueryOfDashboardAndAlertsAnswers(t *testing.T) {
	w := newGatedWorld(t, kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true"}})
	w.namespace("team")
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 1s}"))
	w.apply(policyYAML("shared", "enforcement: Deny", "rules: [{name: few, partitions: {max: 6}}]"))
	w.apply(`
apiVersion: topicgate.io/v1alpha1
kind: TopicPolicyException
metadata: {name: big}
spec: {policies: [{name: shared}], match: {topicNames: [big]}, reason: migration, expiresAt: "2099-01-01T00:00:00Z"}
`)
	w.policy("shared", "Ready", "True", "PolicyCompiled")
	w.apply(topicYAML("orders", "partitions: 1"))
	w.ready("orders")
	_, _, code := w.Apply(t, topicYAML("huge", "partitions: 7"))
	require.NotZero(t, code, "the policy denies it")
	kafkatest.AutoCreate(t, w.kafka.Internal(), "surprise")
	w.class("surprise", "Orphan")

	queries := append(dashboardQueries(t), alertQueries(t)...)
	require.Greater(t, len(queries), 30)
	var answers []promAnswer
	wait.For(t, Patience, func(ctx context.Context) error { // the metrics follow the inventory
		answers = w.ask(ctx, queries)
		for _, answer := range answers {
			if len(answer.Silent) > 0 || answer.Error != "" {
				return fmt.Errorf("%+v", answer)
			}
		}
		return nil
	})
	for _, answer := range answers[:len(dashboardQueries(t))] {
		assert.Positive(t, answer.Series, "the dashboard would show nothing: %s", answer.Query)
	}
	firing := []string{}
	for _, answer := range answers[len(dashboardQueries(t)):] {
		if answer.Series > 0 {
			firing = append(firing, answer.Query)
		}
	}
	assert.Equal(t, []string{
		`max by (cluster, broker) (topicgate_auto_create_enabled) == 1`,
		`sum by (cluster) (topicgate_audit_findings{kind="Orphan",severity!="info"}) > 0`,
	}, firing, "the alerts that this world deserves")
}

type promAnswer struct {
	Query, Error string
	Series       int
	Silent       []string
}

// ask scrapes both programs and asks what the queries say.
func (w *world) ask(ctx context.Context, queries []string) []promAnswer {
	w.t.Helper()
	type scrape struct {
		Job  string `json:"job"`
		At   int64  `json:"at"`
		Text string `json:"text"`
	}
	var scrapes []scrape
	now := time.Now().Unix()
	for _, at := range []int64{now - 30, now} { // rates need two
		for job, program := range map[string]*Program{"webhook": w.Webhook, "syncer": w.syncer} {
			scrapes = append(scrapes, scrape{job, at, served(w.t, program)})
		}
	}
	request, err := json.Marshal(map[string]any{"scrapes": scrapes, "queries": queries})
	require.NoError(w.t, err)
	root, err := kube.RepositoryRoot()
	require.NoError(w.t, err)
	command := exec.CommandContext(ctx, filepath.Join(root, "bin", "promql"))
	var stderr bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(request), &stderr
	output, err := command.Output()
	require.NoError(w.t, err, "`make bin/promql` builds it: %s", stderr.String())
	var answers []promAnswer
	require.NoError(w.t, json.Unmarshal(output, &answers))
	return answers
}

// served is what a program's metrics say.
func served(t testing.TB, program *Program) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, program.Metrics+"/metrics", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return string(content)
}

// dashboardQueries are those of all panels and variables, with Grafana's variables filled in.
func dashboardQueries(t *testing.T) []string {
	t.Helper()
	objects, err := manifests.Render("test/manifests/testdata/dashboard")
	require.NoError(t, err)
	at := slices.IndexFunc(objects, func(object *unstructured.Unstructured) bool { return object.GetName() == "topicgate-dashboard" })
	require.GreaterOrEqual(t, at, 0)
	content, _, err := unstructured.NestedString(objects[at].Object, "data", "topicgate.json")
	require.NoError(t, err)
	var dashboard struct {
		Panels []struct {
			Type    string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(content), &dashboard))
	var queries []string
	for _, panel := range dashboard.Panels {
		require.True(t, panel.Type == "row" || len(panel.Targets) > 0)
		for _, target := range panel.Targets {
			queries = append(queries, strings.NewReplacer("$cluster", ".*", "$__rate_interval", "2m").Replace(target.Expr))
		}
	}
	return queries
}

func alertQueries(t *testing.T) []string {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(root, "manifests", "components", "alerts", "rules.yaml"))
	require.NoError(t, err)
	objects, err := manifests.Decode(content)
	require.NoError(t, err)
	groups, _, err := unstructured.NestedSlice(objects[0].Object, "spec", "groups")
	require.NoError(t, err)
	var queries []string
	for _, group := range groups {
		rules, _, err := unstructured.NestedSlice(group.(map[string]any), "rules")
		require.NoError(t, err)
		for _, rule := range rules {
			queries = append(queries, rule.(map[string]any)["expr"].(string))
		}
	}
	return queries
}

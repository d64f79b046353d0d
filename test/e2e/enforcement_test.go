package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/wait"
)

func TestAnOpenOrADeadGateShowsOnTheKafkaCluster(t *testing.T) {
	w := newGatedWorld(t, kafkatest.Options{})
	w.syncer.Kill()
	w.startSyncer("--leader-elect=false", "--admission-probe-interval=1s")
	w.apply(w.cluster())
	w.clusterCondition("AdmissionEnforced", "True", "Enforced")
	w.enforced("1")

	// Break-glass, as the runbook has it.
	taken := w.kubectl("get", "validatingwebhookconfiguration", "topicgate", "-o", "yaml")
	w.kubectl("delete", "validatingwebhookconfiguration", "topicgate")
	message := w.clusterCondition("AdmissionEnforced", "False", "NotEnforced")
	assert.Contains(t, message, "ValidatingWebhookConfiguration")
	w.enforced("0")

	_, stderr, code := w.Plane.Kubectl(t.Context(), taken, "create", "-f", "-")
	assert.Zero(t, code, stderr)
	w.clusterCondition("AdmissionEnforced", "True", "Enforced")

	w.quiet()
	probes := w.api.CountWrites(func(write kube.Write) bool { return write.DryRun })
	assert.NotZero(t, probes, "it went on probing")
	assert.Empty(t, strings.TrimSpace(w.kubectl("get", "tgt", "-A", "-o", "name")), "and none of it was stored")

	w.Webhook.Kill()
	w.clusterCondition("AdmissionEnforced", "False", "WebhookUnreachable")
}

// enforced waits for the value of the metric.
func (w *world) enforced(value string) {
	w.t.Helper()
	wait.For(w.t, Patience, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.syncer.Metrics+"/metrics", http.NoBody)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		if !strings.Contains(string(text), "\ntopicgate_admission_enforced "+value+"\n") {
			return fmt.Errorf("topicgate_admission_enforced is not %s", value)
		}
		return nil
	})
}

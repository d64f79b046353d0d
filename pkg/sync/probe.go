package sync

import (
	"context"
	"strings"
	gosync "sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/sync/status"
	"github.com/topicgate/topicgate/pkg/topic"
)

// admission asks the API server again and again for a KafkaTopic that the webhook must refuse, as a dry run. That proves
// configuration, service, certificates, network and rules in one step, and nothing less does: a deleted configuration, or
// one that ignores failures, looks healthy from everywhere else.
type admission struct {
	deps     Deps
	interval time.Duration
	changed  func()
	// object names a cluster of a random name. Whether a cluster exists no policy in the API server can say, so it is
	// the webhook that refuses.
	object *v1alpha1.KafkaTopic

	mu   gosync.Mutex
	last status.Admission
}

// probeTimeout is longer than the webhook's own, so that its failure is told apart from the API server's.
const probeTimeout = 20 * time.Second

func newAdmission(deps Deps, interval time.Duration, changed func()) *admission {
	object := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: deps.SecretsNamespace, Name: "topicgate-admission-probe"}}
	object.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "none-" + uuid.NewString()}
	return &admission{deps: deps, interval: interval, changed: changed, object: object}
}

// Start probes until ctx ends; only the leader does.
func (a *admission) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, a.probe, a.interval)
	return nil
}

func (a *admission) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := a.deps.Client.Create(ctx, a.object.DeepCopy(), client.DryRunAll)
	found := judgeProbe(err)
	a.deps.Metrics.enforced(found.Reason == topic.Enforced)
	if !a.note(found) {
		return
	}
	a.deps.Log.Info("admission probed", zap.String("reason", string(found.Reason)), zap.NamedError("answer", err))
	a.changed()
}

// note says whether the finding is a new one.
func (a *admission) note(found status.Admission) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	changed := a.last != found
	a.last = found
	return changed
}

// state is the last finding; its reason is empty before the first.
func (a *admission) state() status.Admission {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last
}

// judgeProbe reads the answer to the dry run. Messages hold nothing of the answer's own text, which differs from call to
// call: a status that changes every minute is a write every minute.
func judgeProbe(err error) status.Admission {
	switch {
	case err == nil:
		return status.Admission{Reason: topic.NotEnforced, Message: "the API server took a KafkaTopic that the webhook refuses (as a dry run): " +
			"the ValidatingWebhookConfiguration is gone, was changed, or ignores that the webhook cannot be reached"}
	case refusedByUs(err):
		return status.Admission{Reason: topic.Enforced, Message: "the API server asks the webhook, and refuses what it refuses"}
	case apierrors.IsInternalError(err) && strings.Contains(err.Error(), "failed calling webhook"):
		return status.Admission{Reason: topic.WebhookUnreachable, Message: "the API server cannot reach the webhook: KafkaTopics can be " +
			"neither created nor changed until it can"}
	default:
		return status.Admission{Reason: topic.ProbeFailed, Message: "the API server answered neither like one that asks the webhook nor like one " +
			"that does not; the syncer's log has its words"}
	}
}

// refusedByUs tells the webhook's own refusal by its cause.
func refusedByUs(err error) bool {
	_, found := apierrors.StatusCause(err, metav1.CauseType(topic.ClusterNotFound))
	return found
}

package parity

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/e2e"
)

// TestTheWebhookDecidesTheCorpus puts every case to the webhook process through a real API server, by dry runs: one
// installation with the policies of all cases at once, each about its own namespace.
func TestTheWebhookDecidesTheCorpus(t *testing.T) {
	e := e2e.New(t)
	s := stage{Env: e, admin: newClient(t, e)}
	now := time.Now()
	all := worlds(t, now)
	e.SyncerSeen(t, now)
	s.furnish(t, all, now)
	objects := s.govern(t, all)
	t.Logf("%d cases, %d policies and exceptions", len(all), objects)
	said := make([]verdict, len(all))
	inParallel(t, len(all), func(ctx context.Context, i int) error {
		var err error
		said[i], err = s.ask(ctx, &all[i])
		return err
	})
	forEach(t, all, func(t *testing.T, w *world) {
		got := said[slices.IndexFunc(all, func(other world) bool { return other.number == w.number })]
		w.compare(t, w.expectation, got)
		w.compareTexts(t, got)
	})
}

// told is the key of what takes in a request's warnings.
type told struct{}

// warnings are those of one request.
type warnings struct{ texts []string }

// byRequest hands each warning to the request that it answers.
type byRequest struct{}

func (byRequest) HandleWarningHeaderWithContext(ctx context.Context, code int, _, text string) {
	if heard, ok := ctx.Value(told{}).(*warnings); ok && code == 299 {
		heard.texts = append(heard.texts, text)
	}
}

func newClient(t *testing.T, e *e2e.Env) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	require.NoError(t, v1alpha1.AddToScheme(scheme))
	require.NoError(t, corev1.AddToScheme(scheme))
	config := rest.CopyConfig(e.Plane.Config())
	config.WarningHandlerWithContext = byRequest{}
	config.QPS = -1
	made, err := client.New(config, client.Options{Scheme: scheme})
	require.NoError(t, err)
	return made
}

// ask puts a case to the webhook, by a dry run. An error means that it did not get an answer.
func (s *stage) ask(ctx context.Context, w *world) (verdict, error) {
	heard := &warnings{}
	ctx = context.WithValue(ctx, told{}, heard)
	object := w.topic.DeepCopy()
	var err error
	if w.old == nil {
		object.ObjectMeta = metav1.ObjectMeta{
			Namespace: object.Namespace, Name: object.Name, Labels: object.Labels, Annotations: object.Annotations,
		}
		err = s.admin.Create(ctx, object, client.DryRunAll)
	} else {
		object.ObjectMeta = *w.old.ObjectMeta.DeepCopy()
		object.Labels, object.Annotations = w.topic.Labels, w.topic.Annotations
		err = s.admin.Update(ctx, object, client.DryRunAll)
	}
	got := verdict{refuses: tagSet{}, warns: tagSet{}, builtin: tagSet{}}
	for _, text := range heard.texts {
		got.texts = append(got.texts, text)
		maps.Copy(got.warns, setOf(tagsOf(text)...))
	}
	var refusal apierrors.APIStatus
	switch {
	case err == nil:
		return got, nil
	case !apierrors.IsInvalid(err) || !errors.As(err, &refusal) || refusal.Status().Details == nil:
		return got, fmt.Errorf("asking about case %s, %q: %w", w.number, w.It, err)
	}
	for _, cause := range refusal.Status().Details.Causes {
		got.texts = append(got.texts, cause.Message)
		if tags := tagsOf(cause.Message); tags != nil {
			maps.Copy(got.refuses, setOf(tags...))
		} else {
			got.builtin[string(cause.Type)] = true
		}
	}
	return got, nil
}

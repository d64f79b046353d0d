package parity

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/e2e"
	"github.com/topicgate/topicgate/test/wait"
)

var errNotYet = errors.New("not yet as wanted")

// soon is how far ahead the end of an exception is that is to have passed: the webhook takes none that ended before.
const soon = 3 * time.Second

// atOnce is how many requests are under way at a time.
const atOnce = 16

// stage is an installation.
type stage struct {
	*e2e.Env
	admin client.Client
}

// inParallel does something for each number below n, a few at a time, and fails the test when any fails.
func inParallel(t *testing.T, n int, do func(context.Context, int) error) {
	t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	failures := make([]error, n)
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			failures[i] = do(t.Context(), i)
		})
	}
	group.Wait()
	require.NoError(t, errors.Join(failures...))
}

// furnish makes everything that is there before any policy: namespaces, clusters, objects, and what is on the brokers.
func (s *stage) furnish(t *testing.T, all []world, now time.Time) {
	t.Helper()
	inParallel(t, len(all), func(ctx context.Context, i int) error {
		return s.create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: all[i].namespace(), Labels: all[i].namespaceLabels, Annotations: all[i].NamespaceAnnotations,
		}})
	})
	for _, one := range clusters(t) {
		object := one.object(now)
		status := object.Status
		require.NoError(t, s.create(t.Context(), object))
		s.SetStatus(t, one.name, status)
	}
	s.awaitClusters(t, all[0])
	inParallel(t, len(all), func(ctx context.Context, i int) error { return s.before(ctx, &all[i]) })
	s.inventories(t, all)
}

// awaitClusters waits until the webhook knows the clusters well enough to refuse by what their status says.
func (s *stage) awaitClusters(t *testing.T, w world) {
	t.Helper()
	for _, one := range clusters(t) {
		if one.unseen() || one.Stale {
			continue
		}
		wait.For(t, e2e.Patience, func(ctx context.Context) error {
			probe := w.object(kafkaTopic{Name: "probe"}, time.Time{})
			probe.Spec.ClusterRef.Name, probe.Spec.Replicas = one.name, new(int64(mostBrokers+1))
			probe.ObjectMeta = metav1.ObjectMeta{Namespace: probe.Namespace, Name: probe.Name}
			if err := s.admin.Create(ctx, probe, client.DryRunAll); !apierrors.IsInvalid(err) {
				return fmt.Errorf("%w: %s: %w", errNotYet, one.name, err)
			}
			return nil
		})
	}
}

// create creates what the API server is to give a UID and a creation time of its own.
func (s *stage) create(ctx context.Context, object client.Object) error {
	object.SetUID("")
	object.SetCreationTimestamp(metav1.Time{})
	object.SetGeneration(0)
	if err := s.admin.Create(ctx, object); err != nil {
		return fmt.Errorf("creating %T %s/%s: %w", object, object.GetNamespace(), object.GetName(), err)
	}
	return nil
}

// before makes the objects that a case has before it.
func (s *stage) before(ctx context.Context, w *world) error {
	for _, other := range w.others {
		if err := s.create(ctx, other.DeepCopy()); err != nil {
			return err
		}
	}
	if w.old == nil {
		return nil
	}
	old := w.old.DeepCopy()
	status := old.Status
	if err := s.create(ctx, old); err != nil {
		return err
	}
	old.Status = status
	if w.Live != nil {
		if err := s.admin.Status().Update(ctx, old); err != nil {
			return fmt.Errorf("writing the status of %s/%s: %w", old.Namespace, old.Name, err)
		}
	}
	w.old = old // with what the API server gave it
	return nil
}

// inventories are what is on the brokers of each cluster.
func (s *stage) inventories(t *testing.T, all []world) {
	t.Helper()
	for cluster, topics := range brokerTopics(all) {
		s.SetInventory(t, cluster, "id-"+cluster, topics...)
	}
}

// govern applies every policy and exception, and returns when the webhook judges by the last of them. It says how many.
func (s *stage) govern(t *testing.T, all []world) int {
	t.Helper()
	canary := newWorld(t, testCase{
		number:     "000",
		Policies:   map[string]v1alpha1.TopicPolicySpec{"canary": {Enforcement: "Deny", Rules: []v1alpha1.PolicyRule{{Name: "none", Partitions: &v1alpha1.PartitionsRule{Max: new(int64(1))}}}}},
		Exceptions: map[string]exception{"canary": {ExpiresIn: "1h", TopicPolicyExceptionSpec: v1alpha1.TopicPolicyExceptionSpec{Reason: "a canary", Policies: []v1alpha1.ExceptedPolicy{{Name: "canary"}}, Match: v1alpha1.ExceptionMatch{TopicNames: []string{"*-excepted"}}}}},
		Topic:      kafkaTopic{KafkaTopicSpec: v1alpha1.KafkaTopicSpec{Partitions: new(int64(2000))}}, // far off: a canary is no case
	}, clusters(t)["prod"], time.Now())
	require.NoError(t, s.create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: canary.namespace(), Labels: canary.namespaceLabels}}))

	began := time.Now()
	var objects []client.Object
	ends := time.Now()
	for i := range all {
		for _, policy := range all[i].policies {
			objects = append(objects, policy)
		}
		for _, one := range all[i].exceptions {
			if one.Spec.ExpiresAt.Before(new(metav1.NewTime(time.Now().Add(time.Minute)))) {
				ends = time.Now().Add(soon).Truncate(time.Second)
				one.Spec.ExpiresAt = metav1.NewTime(ends)
				require.NoError(t, s.create(t.Context(), one))
				continue
			}
			objects = append(objects, one)
		}
	}
	inParallel(t, len(objects), func(ctx context.Context, i int) error { return s.create(ctx, objects[i]) })
	applied := time.Since(began)
	require.NoError(t, s.create(t.Context(), canary.policies[0]))
	require.NoError(t, s.create(t.Context(), canary.exceptions[0]))
	s.awaitCanary(t, &canary)
	t.Logf("all policies applied in %s, counting %s after the first was", applied, time.Since(began))
	wait.For(t, e2e.Patience, func(context.Context) error {
		if left := time.Until(ends); left >= 0 {
			return fmt.Errorf("%w: exceptions end in %s", errNotYet, left)
		}
		return nil
	})
	return len(objects)
}

// awaitCanary waits until the last policy and the last exception count.
func (s *stage) awaitCanary(t *testing.T, canary *world) {
	t.Helper()
	wait.For(t, e2e.Patience, func(ctx context.Context) error {
		refused, err := s.ask(ctx, canary)
		if err != nil {
			return err
		}
		excepted := *canary
		excepted.topic = canary.topic.DeepCopy()
		excepted.topic.Name = "canary-excepted"
		warned, err := s.ask(ctx, &excepted)
		if err == nil && (!refused.refuses["canary-000/none"] || !warned.warns["canary-000/none"]) {
			return fmt.Errorf("%w: the canary lives", errNotYet)
		}
		return err
	})
}

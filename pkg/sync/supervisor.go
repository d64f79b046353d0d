package sync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	gosync "sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/predicate"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
)

// Supervisor runs one loop for each KafkaCluster.
type Supervisor struct {
	deps   Deps
	topics informer
	// admission is nil where nobody probes.
	admission *admission
	policies  *policies

	mu    gosync.Mutex
	loops map[string]*running
	tasks gosync.WaitGroup
	base  context.Context
	ready chan struct{}
}

// informer is the part of a shared informer that loops use.
type informer interface {
	AddEventHandler(handler cache.ResourceEventHandler) (cache.ResourceEventHandlerRegistration, error)
	RemoveEventHandler(handle cache.ResourceEventHandlerRegistration) error
}

type running struct {
	loop         *Loop
	cancel       context.CancelFunc
	registration cache.ResourceEventHandlerRegistration
}

// Register adds the syncer to a manager: the supervisor, and the reconciler of topics without a cluster.
func Register(ctx context.Context, mgr ctrl.Manager, deps Deps) error {
	topics, err := mgr.GetCache().GetInformer(ctx, &v1alpha1.KafkaTopic{})
	if err != nil {
		return fmt.Errorf("watching KafkaTopics: %w", err)
	}
	if deps.Foreign, err = dynamic.NewForConfigAndClient(mgr.GetConfig(), mgr.GetHTTPClient()); err != nil {
		return fmt.Errorf("preparing to read the objects of other products: %w", err)
	}
	s := &Supervisor{deps: deps, topics: topics, loops: map[string]*running{}, ready: make(chan struct{})}
	if err := mgr.Add(s); err != nil {
		return fmt.Errorf("adding the supervisor: %w", err)
	}
	if err := s.probeAdmission(mgr); err != nil {
		return err
	}
	if s.policies, err = newPolicies(ctx, mgr, deps, s.nudgeAll, s.running); err != nil {
		return err
	}
	warm := true
	err = ctrl.NewControllerManagedBy(mgr).Named("kafkacluster").
		For(&v1alpha1.KafkaCluster{}, builder.WithPredicates(predicate.Or(
			predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}))).
		WithOptions(controller.Options{EnableWarmup: &warm}).
		Complete(s)
	if err != nil {
		return fmt.Errorf("watching KafkaClusters: %w", err)
	}
	if err := s.watchNamespaces(ctx, mgr); err != nil {
		return err
	}
	return registerStrays(mgr, s)
}

// probeAdmission has it found out, again and again, whether the API server asks the webhook.
func (s *Supervisor) probeAdmission(mgr ctrl.Manager) error {
	if s.deps.ProbeInterval == 0 {
		return nil
	}
	s.admission = newAdmission(s.deps, s.deps.ProbeInterval, s.tellAdmission)
	if err := mgr.Add(s.admission); err != nil {
		return fmt.Errorf("adding the probe of admission: %w", err)
	}
	return nil
}

// tellAdmission has every cluster's status written again.
func (s *Supervisor) tellAdmission() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, existing := range s.loops {
		existing.loop.queue.Add(inventoryOnly)
	}
}

// Start lends the loops a context that ends with the lease, and waits for them.
func (s *Supervisor) Start(ctx context.Context) error {
	s.mu.Lock()
	s.base = ctx
	s.mu.Unlock()
	close(s.ready)
	<-ctx.Done()
	s.tasks.Wait()
	return nil
}

// Reconcile starts, nudges or stops the loop of one KafkaCluster.
func (s *Supervisor) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return ctrl.Result{}, nil
	}
	var cluster v1alpha1.KafkaCluster
	err := s.deps.Client.Get(ctx, request.NamespacedName, &cluster)
	switch {
	case apierrors.IsNotFound(err):
		s.stop(request.Name)
		return ctrl.Result{}, nil
	case err != nil:
		return ctrl.Result{}, fmt.Errorf("reading KafkaCluster %q: %w", request.Name, err)
	}
	if err := s.ensure(request.Name); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, s.assignUnnamed(ctx)
}

func (s *Supervisor) ensure(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if existing, ok := s.loops[name]; ok {
		existing.loop.nudge()
		return nil
	}
	ctx, cancel := context.WithCancel(s.base)
	loop := newLoop(s.deps, name, s.admission, s.policies)
	registration, err := s.topics.AddEventHandler(s.handler(loop))
	if err != nil {
		cancel()
		return fmt.Errorf("watching the topics of KafkaCluster %q: %w", name, err)
	}
	s.loops[name] = &running{loop: loop, cancel: cancel, registration: registration}
	s.tasks.Go(func() {
		// What the informer holds comes first: a plan made without some objects would misjudge who is oldest.
		// Without the policies it would make what they forbid.
		if cache.WaitForCacheSync(ctx.Done(), append(s.policies.synced, registration.HasSynced)...) {
			loop.run(ctx)
		}
	})
	return nil
}

func (s *Supervisor) stop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	existing, ok := s.loops[name]
	if !ok {
		return
	}
	existing.cancel()
	if err := s.topics.RemoveEventHandler(existing.registration); err != nil {
		s.deps.Log.Sugar().Warnw("detaching a stopped loop", "cluster", name, "error", err)
	}
	s.deps.Metrics.forget(name)
	s.policies.forget(name)
	delete(s.loops, name)
}

// assignUnnamed gives the objects that name no cluster to the loop of the one that is default now.
func (s *Supervisor) assignUnnamed(ctx context.Context) error {
	var list v1alpha1.KafkaTopicList
	if err := s.deps.Client.List(ctx, &list); err != nil {
		return fmt.Errorf("listing KafkaTopics: %w", err)
	}
	for i := range list.Items {
		object := &list.Items[i]
		if dialect.ClusterName(object) != "" {
			continue
		}
		cluster := s.clusterOf(object)
		s.mu.Lock()
		for name, existing := range s.loops {
			if name == cluster {
				existing.loop.seen(object)
			} else {
				existing.loop.gone(object)
			}
		}
		s.mu.Unlock()
	}
	return nil
}

// nudgeAll asks every loop to look at everything.
func (s *Supervisor) nudgeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, existing := range s.loops {
		existing.loop.nudge()
	}
}

// running names the clusters that have a loop.
func (s *Supervisor) running() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.loops))
}

// clusterOf is the cluster whose loop an object belongs to: the one that it names or is pinned to, else the single
// default one; empty when there is none.
func (s *Supervisor) clusterOf(object *v1alpha1.KafkaTopic) string {
	if name := dialect.ClusterName(object); name != "" {
		return name
	}
	var clusters v1alpha1.KafkaClusterList
	if err := s.deps.Client.List(context.Background(), &clusters, client.UnsafeDisableDeepCopy); err != nil {
		return ""
	}
	return dialect.DefaultCluster(clusters.Items)
}

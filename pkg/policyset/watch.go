package policyset

import (
	"context"
	"fmt"

	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// Watch has the store follow a cache, before or after it is started. Until every one of what it returns says true, the store
// does not hold everything yet, and nothing may be concluded from what it lacks.
func (s *Store) Watch(ctx context.Context, shared cache.Cache) (synced []func() bool, err error) {
	for _, watched := range []struct {
		kind    client.Object
		handler toolscache.ResourceEventHandler
	}{
		{&v1alpha1.TopicPolicy{}, Following(s.Policies.Put, s.Policies.Drop)},
		{&v1alpha1.TopicPolicyException{}, Following(s.Exceptions.Put, s.Exceptions.Drop)},
	} {
		follow, err := Follow(ctx, shared, watched.kind, watched.handler)
		if err != nil {
			return nil, err
		}
		synced = append(synced, follow)
	}
	return synced, nil
}

// Follow feeds a handler with the objects of a kind. What it returns says whether all that there was at first has come.
func Follow(ctx context.Context, shared cache.Cache, kind client.Object, handler toolscache.ResourceEventHandler) (synced func() bool, err error) {
	informer, err := shared.GetInformer(ctx, kind, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, fmt.Errorf("watching %T: %w", kind, err)
	}
	registration, err := informer.AddEventHandler(handler)
	if err != nil {
		return nil, fmt.Errorf("following %T: %w", kind, err)
	}
	return registration.HasSynced, nil
}

// Following calls put with each object that is new or changed, and drop with each that is gone.
func Following[T client.Object](put, drop func(T)) toolscache.ResourceEventHandler {
	given := func(call func(T)) func(any) {
		return func(object any) {
			if gone, ok := object.(toolscache.DeletedFinalStateUnknown); ok {
				object = gone.Obj // a deletion that the watch has missed
			}
			if known, ok := object.(T); ok {
				call(known)
			}
		}
	}
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc: given(put), UpdateFunc: func(_, object any) { given(put)(object) }, DeleteFunc: given(drop),
	}
}

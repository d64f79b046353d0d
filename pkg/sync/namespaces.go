package sync

import (
	"context"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
)

// watchNamespaces has every loop look again when a namespace's labels change: selectors decide by them.
func (s *Supervisor) watchNamespaces(ctx context.Context, mgr ctrl.Manager) error {
	namespaces, err := mgr.GetCache().GetInformer(ctx, &corev1.Namespace{})
	if err != nil {
		return fmt.Errorf("watching namespaces: %w", err)
	}
	_, err = namespaces.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { s.nudgeAll() },
		UpdateFunc: func(before, after any) {
			old, wasNamespace := before.(*corev1.Namespace)
			changed, isNamespace := after.(*corev1.Namespace)
			if wasNamespace && isNamespace && !maps.Equal(old.Labels, changed.Labels) {
				s.nudgeAll()
			}
		},
	})
	if err != nil {
		return fmt.Errorf("watching namespaces: %w", err)
	}
	return nil
}

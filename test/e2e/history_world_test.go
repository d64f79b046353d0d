package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/testutil/history"
	"github.com/topicgate/topicgate/test/wait"
)

// realWorld plays histories on real parts.
type realWorld struct {
	*world
	flags map[string]bool
}

// Do carries out a step. What the API server or Kafka refuses did not happen, as in life.
func (r *realWorld) Do(ctx context.Context, step history.Step) error {
	for _, mid := range step.Mid {
		if err := r.Do(ctx, mid); err != nil {
			return err
		}
	}
	switch step.Kind { //nolint:exhaustive // the rest is told apart below
	case history.Round:
		return r.look(ctx)
	case history.Restart, history.CrashLater:
		r.crash(step)
	case history.CreateNamespace, history.DeleteNamespace, history.Admit, history.MayAdopt, history.PauseCluster, history.DeleteCRD:
		return r.parent(ctx, step)
	case history.MakeTopic, history.DropTopic, history.RemakeTopic, history.AlterTopic, history.Produce, history.Drain:
		return r.outside(ctx, step)
	case history.Hide: // takes ACLs; the model plays it
	default:
		return r.object(ctx, step)
	}
	return nil
}

// look waits until the syncer has looked again, and starts it where it was killed.
func (r *realWorld) look(ctx context.Context) error {
	select {
	case <-r.syncer.Exited():
		r.startSyncer()
	default:
	}
	before := r.kafka.Requests()[metadataRequest]
	return wait.Until(ctx, Patience, func(context.Context) error {
		select {
		case <-r.syncer.Exited():
			return nil
		default:
		}
		if r.kafka.Requests()[metadataRequest] == before {
			return fmt.Errorf("the syncer does not look")
		}
		return nil
	})
}

func (r *realWorld) crash(step history.Step) {
	if step.Kind == history.Restart {
		r.syncer.Kill()
		return
	}
	keys := []int16{createTopics, 20, 37, 44}
	r.kafka.OnRequest(keys[step.N%len(keys)], 1, r.syncer.Kill)
}

func (r *realWorld) parent(ctx context.Context, step history.Step) error {
	namespace := step.Namespace
	switch step.Kind { //nolint:exhaustive // the caller sends only these
	case history.CreateNamespace:
		_, _, code := r.Plane.Kubectl(ctx, "", "create", "namespace", namespace)
		if code == 0 {
			r.label(ctx, namespace, "admitted", true)
			r.label(ctx, namespace, "adopts", namespace == "trusted")
		}
	case history.DeleteNamespace:
		r.Plane.Kubectl(ctx, "", "delete", "namespace", namespace, "--wait=false")
	case history.Admit:
		r.label(ctx, namespace, "admitted", !r.flags[namespace+"admitted"])
	case history.MayAdopt:
		r.label(ctx, namespace, "adopts", !r.flags[namespace+"adopts"])
	case history.PauseCluster:
		r.flags["paused"] = !r.flags["paused"]
		r.Plane.Kubectl(ctx, "", "patch", "tgc", "prod", "--type=merge", "-p", fmt.Sprintf(`{"spec":{"paused":%t}}`, r.flags["paused"]))
	case history.DeleteCRD:
		return r.remakeCRD(ctx)
	}
	return nil
}

func (r *realWorld) label(ctx context.Context, namespace, label string, on bool) {
	r.flags[namespace+label] = on
	r.Plane.Kubectl(ctx, "", "label", "--overwrite", "namespace", namespace, fmt.Sprintf("%s=%t", label, on))
}

// remakeCRD deletes the definition, waits until it is gone, and installs it again.
func (r *realWorld) remakeCRD(ctx context.Context) error {
	if err := r.look(ctx); err != nil { // a syncer must be there to let go
		return err
	}
	if _, stderr, code := r.Plane.Kubectl(ctx, "", "delete", "crd", "kafkatopics.topicgate.io", "--timeout=60s"); code != 0 {
		return fmt.Errorf("deleting the CRD: %s", stderr)
	}
	crds, err := manifests.Render(manifests.CRDs)
	if err != nil {
		return err
	}
	return manifests.Apply(ctx, r.Plane.Config(), crds)
}

// object carries out what people do to one object.
func (r *realWorld) object(ctx context.Context, step history.Step) error {
	namespace, name, _ := strings.Cut(step.Object, "/")
	object := &v1alpha1.KafkaTopic{}
	object.Namespace, object.Name = namespace, name
	var err error
	switch step.Kind { //nolint:exhaustive // the caller sends only these
	case history.CreateObject:
		object.Spec = v1alpha1.KafkaTopicSpec{
			ClusterRef: &v1alpha1.ClusterRef{Name: "prod"}, TopicName: &step.Topic, DeletionPolicy: v1alpha1.DeletionPolicy(step.Policy),
		}
		if step.Partitions > 0 {
			object.Spec.Partitions = &step.Partitions
		}
		err = r.Client.Create(ctx, object)
	case history.DeleteObject:
		err = r.Client.Delete(ctx, object)
	default:
		patch, encodeErr := json.Marshal(objectPatch(step))
		if encodeErr != nil {
			return encodeErr
		}
		err = r.Client.Patch(ctx, object, client.RawPatch("application/merge-patch+json", patch))
	}
	if refused(err) {
		return nil
	}
	return err
}

// refused says that the API server did not let it happen.
func refused(err error) bool {
	return apierrors.IsNotFound(err) || apierrors.IsAlreadyExists(err) || apierrors.IsForbidden(err) ||
		apierrors.IsInvalid(err) || apierrors.IsConflict(err)
}

func objectPatch(step history.Step) map[string]any {
	metadata := func(key string, value any) map[string]any {
		return map[string]any{"metadata": map[string]any{key: value}}
	}
	annotation := func(key, value string) map[string]any { return metadata("annotations", map[string]string{key: value}) }
	switch step.Kind { //nolint:exhaustive // the caller sends only these
	case history.EditPartitions:
		return map[string]any{"spec": map[string]any{"partitions": step.Partitions}}
	case history.Rename:
		return map[string]any{"spec": map[string]any{"topicName": step.Topic}}
	case history.SetPolicy:
		var policy any
		if step.Policy != "" {
			policy = step.Policy
		}
		return map[string]any{"spec": map[string]any{"deletionPolicy": policy}}
	case history.Finalize:
		return metadata("finalizers", []string{v1alpha1.TopicFinalizer})
	case history.AllowDelete:
		return annotation(v1alpha1.AllowDeleteUntilAnnotation, time.Now().Add(time.Hour).Format(time.RFC3339))
	case history.PermitAdoption:
		return annotation(v1alpha1.AdoptAnnotation, "true")
	case history.PauseObject:
		return annotation(v1alpha1.PausedAnnotation, strconv.FormatBool(step.N%2 == 0))
	}
	return map[string]any{}
}

// outside carries out what other hands do to the brokers, and waits until the brokers show it.
func (r *realWorld) outside(ctx context.Context, step history.Step) error {
	topics, err := r.Topics(ctx)
	if err != nil {
		return err
	}
	id, exists := topics[step.Topic]
	admin := r.admin()
	switch step.Kind { //nolint:exhaustive // the caller sends only these
	case history.MakeTopic:
		_, _ = admin.CreateTopic(ctx, int32(max(step.Partitions, 1)), -1, nil, step.Topic) // it may exist, or collide
		return nil
	case history.DropTopic, history.RemakeTopic:
		if !exists {
			return nil
		}
		_, _ = admin.DeleteTopic(ctx, step.Topic) // the syncer may have been faster
		if step.Kind == history.RemakeTopic {
			_, _ = admin.CreateTopic(ctx, int32(max(step.Partitions, 1)), -1, nil, step.Topic)
		}
		return wait.Until(ctx, Patience, func(ctx context.Context) error {
			if now, err := r.Topics(ctx); err != nil || now[step.Topic] == id {
				return fmt.Errorf("topic %s is still there: %w", step.Topic, err)
			}
			return nil
		})
	}
	if !exists {
		return nil
	}
	return r.touch(ctx, admin, step)
}

func (r *realWorld) touch(ctx context.Context, admin *kadm.Client, step history.Step) error {
	switch step.Kind { //nolint:exhaustive // the caller sends only these
	case history.AlterTopic:
		value := "1000"
		_, err := admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: &value}}, step.Topic)
		return err
	case history.Produce:
		kafkatest.Produce(r.t, r.kafka.Internal(), step.Topic, "a record")
	case history.Drain:
		ends, err := admin.ListEndOffsets(ctx, step.Topic)
		if err != nil {
			return err
		}
		_, err = admin.DeleteRecords(ctx, ends.Offsets())
		return err
	}
	return nil
}

// Topics are the topics on the brokers.
func (r *realWorld) Topics(ctx context.Context) (map[string]string, error) {
	facts, err := kafkatest.ReadTopics(ctx, r.kafka.Internal())
	if err != nil {
		return nil, err
	}
	topics := map[string]string{}
	for name, fact := range facts {
		topics[name] = fact.ID
	}
	return topics, nil
}

// Objects are the KafkaTopics in the API server.
func (r *realWorld) Objects(ctx context.Context) ([]history.Object, error) {
	var list v1alpha1.KafkaTopicList
	if err := r.Client.List(ctx, &list); err != nil {
		return nil, err
	}
	objects := make([]history.Object, len(list.Items))
	for i := range list.Items {
		object := &list.Items[i]
		objects[i] = history.Object{
			Name: object.Namespace + "/" + object.Name, UID: string(object.UID), Topic: object.Name,
			TopicID: object.Status.TopicID, Deletes: object.Spec.DeletionPolicy == v1alpha1.DeletionDelete,
		}
		if object.Spec.TopicName != nil {
			objects[i].Topic = *object.Spec.TopicName
		}
	}
	return objects, nil
}

// Settle lets the syncer work until it changes nothing more.
func (r *realWorld) Settle(ctx context.Context) error {
	r.flags["paused"] = true
	if err := r.parent(ctx, history.Step{Kind: history.PauseCluster}); err != nil {
		return err
	}
	return wait.Until(ctx, Patience, func(ctx context.Context) error {
		r.kafka.ResetCounts()
		for range 3 {
			if err := r.look(ctx); err != nil {
				return err
			}
		}
		if left := r.kafka.Mutations(); len(left) > 0 {
			return fmt.Errorf("still changing: %v", left)
		}
		return nil
	})
}

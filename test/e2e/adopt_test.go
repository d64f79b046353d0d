package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

// plugin runs the shipped `kubectl topicgate` as an administrator.
func (w *world) plugin(args ...string) (stdout, stderr string, code int) {
	w.t.Helper()
	var out, problems strings.Builder
	command := exec.CommandContext(w.t.Context(), build(w.t, "kubectl-topicgate"), append(args, "--kubeconfig", w.Plane.Kubeconfig())...)
	command.Stdout, command.Stderr = &out, &problems
	err := command.Run()
	if command.ProcessState == nil {
		require.NoError(w.t, err)
	}
	return out.String(), problems.String(), command.ProcessState.ExitCode()
}

// adoptable are configs of every type as tools leave them on topics.
func adoptable(i int) map[string]string {
	return []map[string]string{
		nil,
		{"retention.ms": "604800000", "segment.bytes": "10485760"},
		{"cleanup.policy": "compact,delete", "min.cleanable.dirty.ratio": "0.25"},
		{"cleanup.policy": "compact", "compression.type": "zstd", "unclean.leader.election.enable": "false"},
		{"retention.ms": "-1", "retention.bytes": "1073741824", "message.timestamp.type": "LogAppendTime"},
		{"min.insync.replicas": "1", "max.message.bytes": "2097152", "preallocate": "false"},
		{"min.insync.replicas": "3"}, // more than some of them have replicas: nobody can write there, and that is for its owner to mend
	}[i%7]
}

func adoptableName(i int) string {
	return []string{"shop.orders-%03d", "Shop_Payments.%03d", "LEGACY__Feed-%03d", "audit_log_%03d", "-odd.name.%03d-"}[i%5]
}

func TestTwoHundredTopicsAreAdoptedWithoutAWriteToTheBrokers(t *testing.T) {
	w := newGatedWorld(t, kafkatest.Options{Nodes: 3})
	const topics = 200
	admin := w.admin()
	for i := range topics {
		values := map[string]*string{}
		for key, value := range adoptable(i) {
			values[key] = &value
		}
		_, err := admin.CreateTopic(t.Context(), int32(1+2*(i%4)), int16(1+i%3), values, fmt.Sprintf(adoptableName(i), i))
		require.NoError(t, err)
	}
	w.Namespace(t, "team", "adopts", "yes")
	w.Namespace(t, "tenant")
	w.apply(w.cluster("adoption: {namespaceSelector: {matchLabels: {adopts: 'yes'}}}", "audit: {interval: 1s, gracePeriod: 1s}", "sync: {resyncInterval: 5s}"))
	w.clusterCondition("AuditComplete", "True", "ScanComplete")
	w.class(fmt.Sprintf(adoptableName(topics-1), topics-1), "Orphan", "Candidate")
	before := kafkatest.Topics(t, w.kafka.Internal())

	_, warned, code := w.plugin("adopt", fmt.Sprintf(adoptableName(0), 0), "-n", "tenant")
	assert.Zero(t, code, warned)
	assert.Contains(t, warned, "spec.adoption.namespaceSelector of KafkaCluster prod does not select it")
	_, refused, code := w.plugin("adopt", "__consumer_offsets", "nowhere", "-n", "team")
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "left out: nowhere: there is no such topic")

	manifests, problems, code := w.plugin("adopt", "--all", "-n", "team")
	require.Zero(t, code, problems)
	assert.Empty(t, problems)
	live, problems, code := w.plugin("adopt", "--all", "-n", "team", "--bootstrap", strings.Join(w.kafka.Internal(), ","))
	require.Zero(t, code, problems)
	assert.Equal(t, manifests, live, "the inventory holds what the brokers say")
	w.kafka.ResetCounts()
	w.MustApply(t, manifests)
	adopted := w.adoptedReady(topics)
	assert.Empty(t, w.kafka.Mutations(), "applying what adopt prints must not touch the brokers")
	assert.Equal(t, before, kafkatest.Topics(t, w.kafka.Internal()))
	for _, object := range adopted {
		assert.Nil(t, meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionDrifted), object.Name)
		assert.Equal(t, v1alpha1.DeletionRetain, object.Spec.DeletionPolicy)
	}
	assert.NotContains(t, w.MustApply(t, manifests), "configured", "a second time changes nothing")
	left, problems, code := w.plugin("adopt", "--all", "-n", "team")
	require.Zero(t, code, problems)
	assert.Empty(t, left, "all is adopted")
	w.quiet()
}

// adoptedReady waits until that many objects of namespace team are Ready.
func (w *world) adoptedReady(count int) []v1alpha1.KafkaTopic {
	w.t.Helper()
	var list v1alpha1.KafkaTopicList
	wait.For(w.t, Patience, func(ctx context.Context) error {
		if err := w.Client.List(ctx, &list); err != nil {
			return err
		}
		ready, example := 0, ""
		for _, object := range list.Items {
			if meta.IsStatusConditionTrue(object.Status.Conditions, v1alpha1.ConditionReady) {
				ready++
			} else {
				example = fmt.Sprintf("%s: %+v", object.Name, object.Status)
			}
		}
		if ready != count {
			return fmt.Errorf("%d of %d are Ready; %s", ready, count, example)
		}
		return nil
	})
	return list.Items
}

package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func TestAnAutoCreatedTopicIsACandidateAndThenAnOrphan(t *testing.T) {
	w := newWorld(t, kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true"}})
	w.apply(w.cluster("audit: {interval: 1s, gracePeriod: 4s}"))
	message := w.clusterCondition("AutoCreateDisabled", "False", "EnabledOnBrokers")
	assert.Contains(t, message, "broker 1 ")
	assert.Contains(t, message, "auto.create.topics.enable=false")
	w.clusterCondition("AuditComplete", "True", "ScanComplete")

	kafkatest.AutoCreate(t, w.kafka.Internal(), "surprise")
	entry := w.class("surprise", "Candidate")
	assert.False(t, entry.Baseline)
	w.class("surprise", "Orphan")
	wait.For(t, Patience, func(context.Context) error {
		events := w.kubectl("get", "events", "-A", "-o", `jsonpath={range .items[*]}{.reason}: {.message}{"\n"}{end}`)
		if strings.Count(events, "OrphanFound: topic surprise ") != 1 {
			return fmt.Errorf("events: %s", events)
		}
		return nil
	})
	require.NoError(t, w.kafka.Restart(t.Context(), map[string]string{"auto.create.topics.enable": "false"}))
	w.clusterCondition("AutoCreateDisabled", "True", "DisabledEverywhere")
}

func TestAutoCreationIsReadFromEachBrokerByItself(t *testing.T) {
	w := newWorld(t, kafkatest.Options{Nodes: 3, NodeProperties: func(id int) map[string]string {
		return map[string]string{"auto.create.topics.enable": fmt.Sprint(id == 2), "broker.rack": fmt.Sprintf("rack-%d", id)}
	}})
	w.apply(w.cluster("audit: {interval: 1s}"))
	message := w.clusterCondition("AutoCreateDisabled", "False", "EnabledOnBrokers")
	assert.Contains(t, message, "on broker 2 (STATIC_BROKER_CONFIG)")
	brokers := w.clusterObject().Status.Brokers
	require.Len(t, brokers, 3)
	assert.Equal(t, "rack-3", brokers[2].Rack)
	require.NoError(t, w.kafka.StopNode(2))
	assert.Contains(t, w.clusterCondition("AutoCreateDisabled", "Unknown", "NotReadable"), "2 (fenced: it cannot be asked)",
		"what a broker that is away would say is not known")
	require.NoError(t, w.kafka.StartNode(t.Context(), 2, map[string]string{"auto.create.topics.enable": "false"}))
	w.clusterCondition("AutoCreateDisabled", "True", "DisabledEverywhere")
}

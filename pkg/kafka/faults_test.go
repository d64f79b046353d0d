package kafka_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

const tooLarge = "Unable to perform excessively large batch operation."

// counted passes requests of one kind on and keeps their sizes.
func counted[R kmsg.Request](cluster *kfake.Cluster, size func(R) int) *[]int {
	var sizes []int
	var kind R
	cluster.ControlKey(keyOf(kind), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		sizes = append(sizes, size(req.(R)))
		return nil, nil, false //nolint:nilnil // kfake's way of saying: not handled here
	})
	return &sizes
}

func keyOf(req kmsg.Request) int16 { return req.Key() }

// refuse answers one kind of request for as long as answer gives an answer.
func refuse[R kmsg.Request](cluster *kfake.Cluster, answer func(R) kmsg.Response) {
	var kind R
	cluster.ControlKey(keyOf(kind), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := answer(req.(R))
		return resp, nil, resp != nil
	})
}

// refused is an answer to CreateTopics that gives every topic one error.
func refused(req *kmsg.CreateTopicsRequest, code *kerr.Error, text string) *kmsg.CreateTopicsResponse {
	resp := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	for _, t := range req.Topics {
		item := kmsg.NewCreateTopicsResponseTopic()
		item.Topic, item.ErrorCode, item.ErrorMessage = t.Topic, code.Code, &text
		resp.Topics = append(resp.Topics, item)
	}
	return resp
}

func creations(n int, partitions int64) []topic.Creation {
	out := make([]topic.Creation, n)
	for i := range out {
		out[i] = topic.Creation{Name: fmt.Sprintf("t-%05d", i), Partitions: partitions, Replicas: 1}
	}
	return out
}

func createSize(r *kmsg.CreateTopicsRequest) int { return len(r.Topics) }

func TestATooLargeRequestIsSplit(t *testing.T) {
	for name, text := range map[string]string{
		"by its records":    tooLarge,
		"by its partitions": "Excessively large number of partitions per request.",
	} {
		t.Run(name, func(t *testing.T) {
			cluster, client := fake(t)
			sizes := counted(cluster, createSize)
			refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
				if len(r.Topics) > 2 {
					return refused(r, kerr.PolicyViolation, text)
				}
				return nil
			})
			got := done(t, client.Create(t.Context(), creations(7, 1)))
			assert.Equal(t, []int{7, 3, 1, 2, 4, 2, 2}, *sizes)
			assert.Equal(t, "t-00006", got[6].Name)
			assert.Len(t, observe(t, client).Topics, 7)
		})
	}
	t.Run("a single topic that is too large is refused", func(t *testing.T) {
		cluster, client := fake(t)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response { return refused(r, kerr.PolicyViolation, tooLarge) })
		got := client.Create(t.Context(), creations(3, 1))
		for _, outcome := range got {
			assert.Equal(t, &topic.Failure{Reason: topic.KafkaRefused, Message: "POLICY_VIOLATION: " + tooLarge}, outcome.Failure)
		}
	})
	t.Run("a policy's refusal is final", func(t *testing.T) {
		cluster, client := fake(t)
		sizes := counted(cluster, createSize)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
			return refused(r, kerr.PolicyViolation, "not on Fridays")
		})
		got := client.Create(t.Context(), creations(2, 1))
		assert.Equal(t, &topic.Failure{Reason: topic.KafkaRefused, Message: "POLICY_VIOLATION: not on Fridays"}, got[1].Failure)
		assert.Equal(t, []int{2}, *sizes)
	})
}

func TestThrottling(t *testing.T) {
	t.Run("only what was throttled is sent again", func(t *testing.T) {
		cluster, client := fake(t)
		sizes := counted(cluster, createSize)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
			if len(r.Topics) == 1 {
				return nil
			}
			resp := refused(r, kerr.ThrottlingQuotaExceeded, "")
			resp.ThrottleMillis = 10
			resp.Topics[0].ErrorCode = 0
			return resp
		})
		done(t, client.Create(t.Context(), creations(4, 1)))
		assert.Equal(t, []int{4, 3, 2, 1}, *sizes)
	})
	t.Run("what would take too long is left to the next round", func(t *testing.T) {
		cluster, client := fake(t, kfake.SeedTopics(1, "there"))
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
			resp := refused(r, kerr.ThrottlingQuotaExceeded, "")
			resp.ThrottleMillis = 60_000
			return resp
		})
		for _, outcome := range client.Create(t.Context(), creations(1200, 1)) {
			require.NotNil(t, outcome.Failure)
			assert.Equal(t, topic.Throttled, outcome.Failure.Reason)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err := client.Observe(ctx, nil)
		require.NoError(t, err, "reads must not wait for the quota for changes")
	})
	t.Run("the end of the caller's patience ends the wait", func(t *testing.T) {
		cluster, client := fake(t)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
			resp := refused(r, kerr.ThrottlingQuotaExceeded, "")
			resp.ThrottleMillis = 20_000
			return resp
		})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		got := client.Create(ctx, creations(2, 1))
		require.NotNil(t, got[0].Failure)
		assert.Equal(t, topic.Throttled, got[0].Failure.Reason)
	})
}

func TestWhatKafkaLeavesOpen(t *testing.T) {
	for name, code := range map[string]*kerr.Error{
		"an unknown error": kerr.UnknownServerError, "a timeout": kerr.RequestTimedOut,
	} {
		t.Run(name, func(t *testing.T) {
			cluster, client := fake(t)
			refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
				return refused(r, code, "java.lang.Exception at 10.0.0.1:9092")
			})
			got := client.Create(t.Context(), creations(1, 1))
			assert.Equal(t, &topic.Failure{
				Reason: topic.Pending, Message: "Kafka did not say what became of it: the change may have happened; looking again",
			}, got[0].Failure)
		})
	}
	t.Run("an answer that leaves a topic out", func(t *testing.T) {
		cluster, client := fake(t)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response {
			resp := refused(r, kerr.TopicAlreadyExists, "")
			resp.Topics = resp.Topics[:1]
			return resp
		})
		got := client.Create(t.Context(), creations(2, 1))
		assert.Equal(t, "exists already; looking again", got[0].Failure.Message)
		assert.Equal(t, "Kafka's answer leaves it out: the change may have happened; looking again", got[1].Failure.Message)
	})
	t.Run("a connection that breaks", func(t *testing.T) {
		cluster, client := fake(t)
		cluster.ControlKey(int16(kmsg.CreateTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			return nil, net.ErrClosed, true
		})
		got := client.Create(t.Context(), creations(1001, 1))
		const hungUp = "the brokers hung up at once: they are restarting, or want TLS or another login at this address"
		assert.Equal(t, &topic.Failure{
			Reason: topic.KafkaUnreachable, Message: hungUp + ": the change may have happened; looking again",
		}, got[0].Failure)
		assert.Equal(t, &topic.Failure{Reason: topic.KafkaUnreachable, Message: "not sent: " + hungUp}, got[1000].Failure)
	})
	t.Run("a connection that breaks once", func(t *testing.T) {
		cluster, client := fake(t)
		cluster.ControlKey(int16(kmsg.CreateTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
			return nil, net.ErrClosed, true
		})
		done(t, client.Create(t.Context(), creations(1, 1)))
	})
	t.Run("a controller that is one no more", func(t *testing.T) {
		cluster, client := fake(t)
		refuse(cluster, func(r *kmsg.CreateTopicsRequest) kmsg.Response { return refused(r, kerr.NotController, "") })
		got := client.Create(t.Context(), creations(1, 1))
		require.NotNil(t, got[0].Failure)
		assert.Equal(t, topic.Pending, got[0].Failure.Reason)
	})
}

func TestOneTopicAskedForTwiceAtOnce(t *testing.T) {
	_, client := fake(t)
	got := client.Create(t.Context(), append(creations(1, 1), creations(1, 2)...))
	done(t, got[:1])
	assert.Equal(t, &topic.Failure{Reason: topic.Pending, Message: "asked for twice at once; looking again"}, got[1].Failure)
	assert.EqualValues(t, 1, observe(t, client).Topics["t-00000"].Partitions)
}

func TestNothingAskedIsNothingSent(t *testing.T) {
	cluster, client := fake(t)
	requests := 0
	cluster.Control(func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		requests++
		return nil, nil, false //nolint:nilnil // kfake's way of saying: not handled here
	})
	assert.Empty(t, client.Create(t.Context(), nil))
	assert.Empty(t, client.Grow(t.Context(), nil))
	assert.Empty(t, client.Alter(t.Context(), nil))
	assert.Empty(t, client.Delete(t.Context(), nil))
	assert.Empty(t, client.Usage(t.Context(), nil))
	assert.Empty(t, client.Ends(t.Context(), nil))
	assert.Empty(t, client.Evidence(t.Context(), nil, topic.Groups{}))
	snap, err := client.Observe(t.Context(), []string{})
	require.NoError(t, err)
	assert.Empty(t, snap.Topics)
	assert.Zero(t, requests)
}

func TestNoLookEverAllowsAutoCreation(t *testing.T) {
	cluster, client := fake(t, kfake.AllowAutoTopicCreation())
	looks := 0
	cluster.ControlKey(int16(kmsg.Metadata), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		looks++
		assert.False(t, req.(*kmsg.MetadataRequest).AllowAutoTopicCreation)
		return nil, nil, false //nolint:nilnil // kfake's way of saying: not handled here
	})
	observe(t, client)
	observe(t, client, "a", "b")
	client.Usage(t.Context(), []topic.Observed{{Name: "c", Partitions: 1}})
	client.Evidence(t.Context(), []topic.Observed{{Name: "c", Partitions: 1}}, topic.Groups{List: []topic.Group{{Name: "g", Type: "classic"}}})
	client.Ends(t.Context(), []topic.Observed{{Name: "c", Partitions: 1}})
	client.Grow(t.Context(), []topic.Growth{{Name: "d", Partitions: 3}})
	client.Alter(t.Context(), []topic.ConfigChange{{Name: "e", Set: map[string]string{"retention.ms": "1"}}})
	_, err := client.DescribeCluster(t.Context())
	require.NoError(t, err)
	assert.Positive(t, looks)
	assert.Empty(t, observe(t, client).Topics)
}

func TestBrokersTooOld(t *testing.T) {
	versions := kversion.V2_7_0()
	_, client := fake(t, kfake.MaxVersions(versions))
	made := done(t, client.Create(t.Context(), creations(1, 1)))
	snap := observe(t, client)
	assert.True(t, snap.Complete, snap.Incomplete)
	assert.Empty(t, made[0].ID)
	assert.Empty(t, snap.Topics["t-00000"].ID)
	got := client.Delete(t.Context(), []topic.Removal{{Name: "t-00000", ID: "AAAAAAAAAAAAAAAAAAAAAQ"}})
	require.NotNil(t, got[0].Failure)
	assert.Equal(t, topic.KafkaRefused, got[0].Failure.Reason, got[0].Failure.Message)
	assert.Contains(t, observe(t, client).Topics, "t-00000")
}

func TestALookThatFailsLearnsNothing(t *testing.T) {
	for name, key := range map[string]kmsg.Key{
		"no metadata": kmsg.Metadata, "no configs": kmsg.DescribeConfigs, "no reassignments": kmsg.ListPartitionReassignments,
	} {
		t.Run(name, func(t *testing.T) {
			cluster, client := fake(t, kfake.SeedTopics(1, "a"))
			cluster.ControlKey(int16(key), func(kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				return nil, net.ErrClosed, true
			})
			snap, err := client.Observe(t.Context(), nil)
			require.Error(t, err)
			assert.Zero(t, snap)
			assert.Equal(t, topic.KafkaUnreachable, kafka.Classify(err).Reason)
		})
	}
}

package kafka_test

import (
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

// hangUp breaks the connection at every request of one kind that which picks.
func hangUp[R kmsg.Request](cluster *kfake.Cluster, which func(R) bool) {
	var kind R
	cluster.ControlKey(keyOf(kind), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if !which(req.(R)) {
			return nil, nil, false //nolint:nilnil // kfake's way of saying: not handled here
		}
		return nil, net.ErrClosed, true
	})
}

func always[R kmsg.Request](R) bool { return true }

func write(t *testing.T, cluster *kfake.Cluster, records ...*kgo.Record) {
	t.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	require.NoError(t, err)
	defer producer.Close()
	require.NoError(t, producer.ProduceSync(t.Context(), records...).FirstErr())
}

func asksFor(at int64) func(*kmsg.ListOffsetsRequest) bool {
	return func(r *kmsg.ListOffsetsRequest) bool { return r.Topics[0].Partitions[0].Timestamp == at }
}

func TestEachKindOfEvidenceFailsByItself(t *testing.T) {
	last := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	groups := topic.Groups{Known: true, List: []topic.Group{{Name: "g", Type: "classic", State: "Empty"}}}
	all := topic.Evidence{Records: 1, LastRecord: last, GroupsKnown: true, PrincipalsKnown: true}
	for name, c := range map[string]struct {
		fault func(*kfake.Cluster)
		want  func(*topic.Evidence)
	}{
		"nothing fails":    {func(*kfake.Cluster) {}, func(*topic.Evidence) {}},
		"no first offsets": {func(k *kfake.Cluster) { hangUp(k, asksFor(-2)) }, func(e *topic.Evidence) { e.Records = -1 }},
		"no last record":   {func(k *kfake.Cluster) { hangUp(k, asksFor(-3)) }, func(e *topic.Evidence) { e.LastRecord = time.Time{} }},
		"no offsets of groups": {
			func(k *kfake.Cluster) { hangUp(k, always[*kmsg.OffsetFetchRequest]) },
			func(e *topic.Evidence) { e.GroupsKnown = false },
		},
		"no ACLs": {
			func(k *kfake.Cluster) { hangUp(k, always[*kmsg.DescribeACLsRequest]) },
			func(e *topic.Evidence) { e.PrincipalsKnown = false },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, client := fake(t, kfake.SeedTopics(1, "a"))
			write(t, cluster, &kgo.Record{Topic: "a", Value: []byte("x"), Timestamp: last})
			c.fault(cluster)
			want := all
			c.want(&want)
			got := client.Evidence(t.Context(), []topic.Observed{{Name: "a", Partitions: 1}}, groups)["a"]
			assert.Equal(t, want, got)
		})
	}
	t.Run("groups that the listing missed", func(t *testing.T) {
		_, client := fake(t, kfake.SeedTopics(1, "a"))
		got := client.Evidence(t.Context(), []topic.Observed{{Name: "a", Partitions: 1}}, topic.Groups{})["a"]
		assert.False(t, got.GroupsKnown)
	})
	t.Run("a broker from before there were such questions", func(t *testing.T) {
		cluster, client := fake(t, kfake.SeedTopics(1, "a"), kfake.MaxVersions(kversion.V2_7_0()))
		write(t, cluster, &kgo.Record{Topic: "a", Value: []byte("x"), Timestamp: last})
		got := client.Evidence(t.Context(), []topic.Observed{{Name: "a", Partitions: 1}}, groups)["a"]
		want := all
		want.LastRecord = time.Time{}
		assert.Equal(t, want, got)
	})
}

func TestEndsLeaveOutWhatDidNotAnswer(t *testing.T) {
	cluster, client := fake(t, kfake.NumBrokers(2), kfake.SeedTopics(4, "wide"), kfake.SeedTopics(1, "narrow"))
	require.NoError(t, cluster.MoveTopicPartition("narrow", 0, 0))
	for id := range int32(4) {
		require.NoError(t, cluster.MoveTopicPartition("wide", id, id%2))
	}
	write(t, cluster, &kgo.Record{Topic: "narrow", Value: []byte("x")}, &kgo.Record{Topic: "wide", Partition: 1, Value: []byte("x")})
	topics := []topic.Observed{{Name: "wide", Partitions: 4}, {Name: "narrow", Partitions: 1}}
	assert.Equal(t, map[string]int64{"wide": 1, "narrow": 1}, client.Ends(t.Context(), topics))
	hangUp(cluster, func(*kmsg.ListOffsetsRequest) bool { return cluster.CurrentNode() == 1 })
	assert.Equal(t, map[string]int64{"narrow": 1}, client.Ends(t.Context(), topics))
}

func TestSizesLeaveOutWhatOneBrokerDidNotTell(t *testing.T) {
	cluster, client := fake(t, kfake.NumBrokers(2), kfake.SeedTopics(1, "there", "gone"))
	require.NoError(t, cluster.MoveTopicPartition("there", 0, 0))
	require.NoError(t, cluster.MoveTopicPartition("gone", 0, 1))
	refuse(cluster, func(req *kmsg.DescribeLogDirsRequest) kmsg.Response {
		resp := req.ResponseKind().(*kmsg.DescribeLogDirsResponse)
		if cluster.CurrentNode() == 1 {
			resp.ErrorCode = kerr.ClusterAuthorizationFailed.Code
			return resp
		}
		dir := kmsg.NewDescribeLogDirsResponseDir()
		held := kmsg.NewDescribeLogDirsResponseDirTopic()
		held.Topic = "there"
		held.Partitions = []kmsg.DescribeLogDirsResponseDirTopicPartition{{Partition: 0, Size: 7}}
		dir.Topics = append(dir.Topics, held)
		resp.Dirs = append(resp.Dirs, dir)
		return resp
	})
	topics := []topic.Observed{{Name: "there", Partitions: 1}, {Name: "gone", Partitions: 1}}
	got := client.Sizes(t.Context(), topics)
	assert.EqualValues(t, 7, got["there"].Bytes)
	assert.NotContains(t, got, "gone")
}

func TestTenThousandGroupsTakeAHundredRequests(t *testing.T) {
	cluster, client := fake(t, kfake.SeedTopics(1, "a"))
	groups := topic.Groups{Known: true}
	for i := range 10_000 {
		groups.List = append(groups.List, topic.Group{Name: fmt.Sprintf("g-%05d", i), Type: "classic", State: "Stable"})
	}
	requests := 0
	cluster.Control(func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		requests++
		return nil, nil, false //nolint:nilnil // kfake's way of saying: not handled here
	})
	client.Evidence(t.Context(), []topic.Observed{{Name: "a", Partitions: 1}}, groups)
	assert.Less(t, requests, 150)
	assert.Greater(t, requests, 50, "fifty descriptions, ten questions for offsets")
}

// says answers DescribeConfigs of brokers with the given configs.
func says(cluster *kfake.Cluster, configs map[string]*string) {
	refuse(cluster, func(req *kmsg.DescribeConfigsRequest) kmsg.Response {
		if req.Resources[0].ResourceType != kmsg.ConfigResourceTypeBroker {
			return nil
		}
		resp := req.ResponseKind().(*kmsg.DescribeConfigsResponse)
		resource := kmsg.NewDescribeConfigsResponseResource()
		resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeBroker, req.Resources[0].ResourceName
		for name, value := range configs {
			config := kmsg.NewDescribeConfigsResponseResourceConfig()
			config.Name, config.Value, config.IsSensitive = name, value, value == nil
			resource.Configs = append(resource.Configs, config)
		}
		resp.Resources = append(resp.Resources, resource)
		return resp
	})
}

func TestWhatDecidesWhoMayCreateTopics(t *testing.T) {
	const (
		class    = "authorizer.class.name"
		everyone = "allow.everyone.if.no.acl.found"
		standard = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
		always   = "super users may too, and are never listed; ACLs that deny are not subtracted; " +
			"the syncer's own principal is the brokers' to say, so that it may be among them"
	)
	for name, c := range map[string]struct {
		configs map[string]*string
		answer  topic.CreatorsAnswer
		message string
	}{
		"Kafka's own authorizer": {map[string]*string{class: new(standard)}, topic.CreatorsListed, always},
		"another authorizer": {
			map[string]*string{class: new("com.example.Ranger")},
			topic.CreatorsUnknown,
			"the brokers authorize with com.example.Ranger, which need not go by their ACLs",
		},
		"brokers that do not say": {
			map[string]*string{"num.partitions": new("1")},
			topic.CreatorsUnknown,
			"the brokers do not say what authorizes (on Apache Kafka that takes DESCRIBE_CONFIGS on the cluster), so that their ACLs may not be what decides",
		},
		"what no ACL mentions is everybody's": {
			map[string]*string{class: new(standard), everyone: new("true")},
			topic.CreatorsEveryone,
			everyone + " is true: any client may create topics that no ACL mentions; " + always,
		},
		"what no ACL mentions may be everybody's": {
			map[string]*string{class: new(standard), everyone: nil},
			topic.CreatorsListed,
			everyone + " is set and the brokers hide its value: if it is true, any client may create topics that no ACL mentions; " + always,
		},
		"super users that are shown": {
			map[string]*string{class: new(standard), "super.users": new("User:b;User:a")},
			topic.CreatorsListed,
			"super users may too, and are never listed: User:a, User:b" + always[len("super users may too, and are never listed"):],
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster, client := fake(t)
			says(cluster, c.configs)
			refuse(cluster, func(req *kmsg.DescribeACLsRequest) kmsg.Response { return req.ResponseKind() })
			assert.Equal(t, topic.Creators{Answer: c.answer, Message: c.message}, client.Creators(t.Context()))
		})
	}
}

func TestRedpandaIsSwitchedOff(t *testing.T) {
	for name, c := range map[string]struct {
		code   int16
		reason topic.Reason
	}{
		"done":                 {0, ""},
		"no right to":          {kerr.ClusterAuthorizationFailed.Code, topic.KafkaUnauthorized},
		"an unknown property":  {kerr.InvalidConfig.Code, topic.KafkaRefused},
		"a cluster of others'": {-100, topic.KafkaRefused},
	} {
		t.Run(name, func(t *testing.T) {
			id := "redpanda.1c9f" + strconv.Itoa(int(max(c.code, 0)))
			if c.code == -100 {
				id = "kafka"
			}
			cluster, client := fake(t, kfake.ClusterID(id))
			var asked []*kmsg.IncrementalAlterConfigsRequest
			refuse(cluster, func(req *kmsg.IncrementalAlterConfigsRequest) kmsg.Response {
				asked = append(asked, req)
				resp := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
				resource := kmsg.NewIncrementalAlterConfigsResponseResource()
				resource.ResourceType, resource.ErrorCode = kmsg.ConfigResourceTypeBroker, c.code
				resp.Resources = append(resp.Resources, resource)
				return resp
			})
			err := client.SwitchOffRedpandaAutoCreate(t.Context())
			assert.Equal(t, c.reason, kafka.Classify(err).Reason)
			if c.code == -100 {
				require.ErrorIs(t, err, kafka.ErrNotRedpanda)
				assert.Empty(t, asked)
				return
			}
			require.Len(t, asked, 1)
			require.Len(t, asked[0].Resources, 1)
			assert.False(t, asked[0].ValidateOnly)
			assert.Equal(t, kmsg.ConfigResourceTypeBroker, asked[0].Resources[0].ResourceType)
			assert.Empty(t, asked[0].Resources[0].ResourceName)
			config := asked[0].Resources[0].Configs[0]
			assert.Equal(t, "auto_create_topics_enabled", config.Name)
			assert.Equal(t, kmsg.IncrementalAlterConfigOpSet, config.Op)
			assert.Equal(t, "false", *config.Value)
		})
	}
}

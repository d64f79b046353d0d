package kafka_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

func TestWhoMayCreateTopics(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "3.9.2"} {
		t.Run(version, func(t *testing.T) { creators(t, version) })
	}
	t.Run("without an authorizer", func(t *testing.T) {
		client := dial(t, kafka.Config{Bootstrap: kafkatest.ForTest(t, kafkatest.Options{}).Bootstrap()})
		assert.Equal(t, topic.Creators{
			Answer: topic.CreatorsEveryone, Message: "the brokers have no authorizer: any client may create topics",
		}, client.Creators(t.Context()))
	})
}

func creators(t *testing.T, version string) {
	var users []kafkatest.User
	for _, name := range []string{"syncer", "tenant", "viewer"} {
		users = append(users, kafkatest.User{Name: name, Password: name + "-secret"})
	}
	cluster := kafkatest.ForTest(t, kafkatest.Options{
		Version: version, ScramUsers: users, ACLs: true, SuperUsers: []string{"User:root"},
		Properties: map[string]string{"allow.everyone.if.no.acl.found": "false"},
	})
	const literal, prefixed = kadm.ACLPatternLiteral, kadm.ACLPatternPrefixed
	for _, acl := range []*kadm.ACLBuilder{
		kadm.NewACLs().Allow("User:syncer").AllowHosts().Topics("*").ResourcePatternType(literal).Operations(kadm.OpCreate, kadm.OpDescribe),
		kadm.NewACLs().Allow("User:syncer").AllowHosts().Clusters().ResourcePatternType(literal).Operations(kadm.OpDescribe, kadm.OpDescribeConfigs),
		kadm.NewACLs().Allow("User:syncer").AllowHosts().Groups("*").ResourcePatternType(literal).Operations(kadm.OpDescribe),
		kadm.NewACLs().Allow("User:viewer").AllowHosts().Clusters().ResourcePatternType(literal).Operations(kadm.OpDescribe),
		kadm.NewACLs().Allow("User:viewer").AllowHosts().Topics("*").ResourcePatternType(literal).Operations(kadm.OpDescribe),
		kadm.NewACLs().Allow("User:mirror").AllowHosts("10.0.0.9").Clusters().ResourcePatternType(literal).Operations(kadm.OpCreate),
		kadm.NewACLs().Allow("User:tenant").AllowHosts().Topics("orders-").ResourcePatternType(prefixed).Operations(kadm.OpAll),
		kadm.NewACLs().Allow("User:app").AllowHosts().Topics("orders-eu").ResourcePatternType(literal).Operations(kadm.OpCreate, kadm.OpWrite),
		kadm.NewACLs().Deny("User:app").DenyHosts().Topics("orders-eu").ResourcePatternType(literal).Operations(kadm.OpCreate),
		kadm.NewACLs().Allow("User:reader").AllowHosts().Topics("orders-eu").ResourcePatternType(literal).Operations(kadm.OpRead),
	} {
		results, err := admin(t, cluster).CreateACLs(t.Context(), acl)
		require.NoError(t, err)
		for _, result := range results {
			require.NoError(t, result.Err)
		}
	}
	login := func(user string) *kafka.Client {
		return dial(t, kafka.Config{
			Bootstrap: cluster.Bootstrap(), SASL: &kafka.SASL{Mechanism: kafka.MechanismScramSHA256, Username: user, Password: user + "-secret"},
		})
	}
	syncer, tenant := login("syncer"), login("tenant")
	var got topic.Creators
	require.Eventually(t, func() bool { // ACLs show as late as topics do
		got = syncer.Creators(context.WithoutCancel(t.Context()))
		return got.Answer == topic.CreatorsListed && len(got.Grants) == 3
	}, soon, pause, "%v", got)
	assert.Equal(t, topic.Creators{
		Answer: topic.CreatorsListed,
		Message: "allow.everyone.if.no.acl.found is set and opens nothing: ACLs mention the cluster, and all topics; " +
			"super users may too, and are never listed; ACLs that deny are not subtracted",
		Grants: []topic.Grant{
			{Principal: "User:app", Operation: "Create", Pattern: "orders-eu"},
			{Principal: "User:mirror", Host: "10.0.0.9", Operation: "Create", Cluster: true},
			{Principal: "User:tenant", Operation: "All", Pattern: "orders-", Prefixed: true},
		},
	}, got)
	t.Run("who may not read ACLs does not say that nobody may", func(t *testing.T) {
		assert.Equal(t, topic.Creators{
			Answer: topic.CreatorsUnknown, Message: "the ACLs cannot be read: the syncer's principal lacks DESCRIBE on the cluster",
		}, tenant.Creators(t.Context()))
	})
	done(t, syncer.Create(t.Context(), []topic.Creation{{Name: "orders-eu", Partitions: 1, Replicas: 1}, {Name: "bills", Partitions: 1, Replicas: 1}}))
	seen(t, syncer, "orders-eu", func(o topic.Observed) bool { return o.Leaderless == 0 })
	seen(t, syncer, "bills", func(o topic.Observed) bool { return o.Leaderless == 0 })
	produce(t, cluster, "orders-eu", 3)
	asked := []topic.Observed{{Name: "orders-eu", Partitions: 1}, {Name: "bills", Partitions: 1}}
	t.Run("whom ACLs name a topic to", func(t *testing.T) {
		groups := syncer.Groups(t.Context())
		assert.True(t, groups.Known)
		found := syncer.Evidence(t.Context(), asked, groups)
		assert.Equal(t, []string{"User:app", "User:reader", "User:tenant"}, found["orders-eu"].Principals)
		assert.True(t, found["bills"].PrincipalsKnown)
		assert.Empty(t, found["bills"].Principals, "the syncer's own are not evidence")
	})
	t.Run("what a tenant may not find out is unknown", func(t *testing.T) {
		groups := tenant.Groups(t.Context())
		assert.False(t, groups.Known)
		found := tenant.Evidence(t.Context(), asked, groups)
		assert.EqualValues(t, 3, found["orders-eu"].Records)
		assert.False(t, found["orders-eu"].LastRecord.IsZero())
		assert.False(t, found["orders-eu"].GroupsKnown)
		assert.False(t, found["orders-eu"].PrincipalsKnown)
		assert.EqualValues(t, -1, found["bills"].Records)
		assert.Equal(t, map[string]int64{"orders-eu": 3}, tenant.Ends(t.Context(), asked))
	})
	t.Run("a group that may be listed and not described", func(t *testing.T) {
		offsets := kadm.Offsets{}
		offsets.AddOffset("orders-eu", 0, 1, -1)
		require.Eventually(t, func() bool {
			committed, err := admin(t, cluster).CommitOffsets(context.WithoutCancel(t.Context()), "billing", offsets)
			return err == nil && committed.Ok()
		}, soon, pause)
		viewer := login("viewer")
		groups := viewer.Groups(t.Context())
		require.Equal(t, topic.Groups{Known: true, List: []topic.Group{{Name: "billing", Type: "classic", State: "Empty"}}}, groups)
		found := viewer.Evidence(t.Context(), asked, groups)["orders-eu"]
		assert.False(t, found.GroupsKnown)
		assert.Empty(t, found.Groups)
		assert.True(t, found.PrincipalsKnown)
		assert.Equal(t, []topic.GroupUse{{Name: "billing", Lag: 2}}, syncer.Evidence(t.Context(), asked, groups)["orders-eu"].Groups)
		got := viewer.Creators(t.Context())
		assert.Equal(t, topic.CreatorsUnknown, got.Answer, "without DESCRIBE_CONFIGS nobody says that the ACLs decide")
		assert.Len(t, got.Grants, 4)
	})
	t.Run("sizes that may not be seen are not zero", func(t *testing.T) {
		assert.Empty(t, tenant.Sizes(t.Context(), asked))
		assert.Positive(t, syncer.Sizes(t.Context(), asked)["orders-eu"].Bytes)
		assert.True(t, syncer.Sizes(t.Context(), asked)["bills"].Known)
	})
}

package naming

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhoseNameItIs(t *testing.T) {
	tests := map[string]struct {
		class    Class
		product  string
		reserved bool
	}{
		"__consumer_offsets":                        {ClassInternal, "Apache Kafka's brokers", true},
		"__cluster_metadata":                        {ClassInternal, "Apache Kafka's brokers", true},
		"__anything":                                {ClassInternal, "Kafka's internal topics", true},
		"__strimzi_store_topic":                     {ClassPlatform, "Strimzi", true},
		"__CruiseControlMetrics":                    {ClassPlatform, "Cruise Control", true},
		"__KafkaCruiseControlModelTrainingSamples":  {ClassPlatform, "Cruise Control", true},
		"strimzi.cruisecontrol.metrics":             {ClassPlatform, "Cruise Control", true},
		"__amazon_msk_canary_state":                 {ClassPlatform, "Amazon MSK", true},
		"_schemas":                                  {ClassPlatform, "a schema registry", true},
		"_confluent-metrics":                        {ClassPlatform, "Confluent Platform", true},
		"__confluent.support.metrics":               {ClassPlatform, "Confluent Platform", true},
		"_redpanda.audit_log":                       {ClassPlatform, "Redpanda", true},
		"_internal_connectors_status":               {ClassPlatform, "Redpanda", true},
		"mm2-offset-syncs.west.internal":            {ClassMirrorMaker, "MirrorMaker 2", false},
		"west.checkpoints.internal":                 {ClassMirrorMaker, "MirrorMaker 2", false},
		"heartbeats":                                {ClassMirrorMaker, "MirrorMaker 2", false},
		"connect-offsets":                           {ClassConnect, "Kafka Connect", false},
		"payments-connect-status":                   {ClassConnect, "Kafka Connect", false},
		"app-KSTREAM-AGGREGATE-3-changelog":         {ClassStreams, "Kafka Streams", false},
		"app-by-user-repartition":                   {ClassStreams, "Kafka Streams", false},
		"a-KTABLE-FK-JOIN-SUBSCRIPTION-X-006-topic": {ClassStreams, "Kafka Streams", false},
		"dlq.payments":                              {ClassDeadLetter, "a share group", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			pattern, known := Classify(name)
			require.True(t, known)
			assert.Equal(t, test.class, pattern.Class)
			assert.Equal(t, test.product, pattern.Product)
			_, reserved := Reservations{}.Match(name)
			assert.Equal(t, test.reserved, reserved)
			problem := Reservations{}.Check(name)
			require.Equal(t, test.reserved, problem != nil)
			if problem != nil {
				assert.Equal(t, ReasonReserved, problem.Reason)
				assert.Nil(t, Reservations{}.Check(problem.Fix), "the fix passes")
			}
		})
	}
	for _, name := range []string{"orders", "_orders", "_schemas_backup", "schemas", "confluent", "mm2", "changelog", "Heartbeats"} {
		_, known := Classify(name)
		assert.False(t, known, name)
	}
}

func TestGlob(t *testing.T) {
	tests := map[string]struct {
		glob, name string
		want       bool
	}{
		"an exact name":                        {"a", "a", true},
		"no prefix of an exact name":           {"a", "ab", false},
		"the empty rest":                       {"a*", "a", true},
		"a suffix":                             {"*a", "bba", true},
		"prefix and suffix share no character": {"ab*ba", "aba", false},
		"the middle in its place":              {"a*b*c", "a-b-c", true},
		"the middle is missing":                {"a*b*c", "a-c", false},
		"the middle is not the suffix":         {"a*c*c", "a-c", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, Pattern{Glob: test.glob}.Matches(test.name))
		})
	}
}

func TestCollisions(t *testing.T) {
	assert.True(t, Collides("a.b", "a_b"))
	assert.True(t, Collides("a.b_c", "a_b.c"))
	assert.False(t, Collides("a.b", "a.b"), "one topic claimed twice is no collision")
	assert.False(t, Collides("a.b", "a-b"))
	assert.False(t, Collides("A.b", "a_b"), "names are case-sensitive")
	assert.Equal(t, "a_b_c", CollisionKey("a.b_c"))
}

func TestAClusterMayReserveMoreNamesAndFewer(t *testing.T) {
	own := Reservations{Add: []string{"platform.*", "audit"}, Except: []string{"_schemas*", "strimzi.*", "__consumer*", "*"}}
	only := Reservations{Except: []string{"_schemas"}}
	tests := map[string]struct {
		reservations Reservations
		name         string
		reserved     bool
	}{
		"added":                                {own, "platform.logs", true},
		"added by its whole name":              {own, "audit", true},
		"like an added one":                    {own, "audits", false},
		"excepted":                             {only, "_schemas", false},
		"not excepted":                         {only, "_confluent-metrics", true},
		"the brokers' own stay":                {own, "__consumer_offsets", true},
		"so does whatever begins like theirs":  {own, "__mine", true},
		"everything else may be excepted":      {own, "_confluent-metrics", false},
		"what is added wins over an exception": {Reservations{Add: []string{"_schemas"}, Except: []string{"_schemas"}}, "_schemas", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problem := test.reservations.Check(test.name)
			assert.Equal(t, test.reserved, problem != nil)
			if problem != nil && problem.Fix != "" {
				assert.Nil(t, test.reservations.Check(problem.Fix), "the fix passes")
			}
		})
	}
	assert.Empty(t, own.Check("platform.logs").Fix, "no name near it is free")
}

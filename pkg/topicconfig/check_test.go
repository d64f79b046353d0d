package topicconfig

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plain is a config of "key", "value", "key", "value".
func plain(pairs ...string) map[string]string { return shown(pairs...) }

// tiered is a config with remote storage on, and more.
func tiered(pairs ...string) map[string]string { return shown(append(pairs, remoteStorage, "true")...) }

func TestRulesAcrossKeys(t *testing.T) {
	on := Broker{Tiering: TieringOn, Defaults: map[string]string{}}
	off := Broker{Tiering: TieringOff, Defaults: map[string]string{}}
	keepsForever := Broker{Tiering: TieringOn, Defaults: map[string]string{"retention.ms": "-1"}}
	compacts := Broker{Tiering: TieringOn, Defaults: map[string]string{cleanupPolicy: "compact"}}
	localHour := Broker{Tiering: TieringOn, Defaults: map[string]string{"local.retention.ms": "3600000"}}
	tests := map[string]struct {
		config map[string]string
		broker Broker
		key    string // empty: no problem
		fix    string
	}{
		"nothing is set":                     {nil, on, "", ""},
		"the least lag is the most":          {plain(minCompactionLag, "2", maxCompactionLag, " 2 "), on, "", ""},
		"the least lag above the most":       {plain(minCompactionLag, "10", maxCompactionLag, "9"), on, minCompactionLag, "9"},
		"the most lag is Kafka's default":    {plain(minCompactionLag, "9223372036854775807"), on, "", ""},
		"one lag cannot be read":             {plain(minCompactionLag, "7d", maxCompactionLag, "1"), on, "", ""},
		"one lag is out of its range":        {plain(minCompactionLag, "5", maxCompactionLag, "0"), on, "", ""},
		"the brokers' own least lag is more": {plain(maxCompactionLag, "5"), Broker{Defaults: map[string]string{minCompactionLag: "6"}}, maxCompactionLag, "6"},
		"the brokers contradict themselves":  {nil, Broker{Defaults: map[string]string{minCompactionLag: "6", maxCompactionLag: "5"}}, "", ""},

		"tiered where the cluster is":               {tiered(), on, "", ""},
		"tiered where the cluster is not":           {tiered(), off, remoteStorage, "false"},
		"tiered, and nobody knows of the cluster":   {tiered(), Broker{}, "", ""},
		"tiered off where the cluster is not":       {plain(remoteStorage, "false"), off, "", ""},
		"tiered and compacted":                      {tiered(cleanupPolicy, "compact, delete"), on, cleanupPolicy, "delete"},
		"tiered and kept whatever":                  {tiered(cleanupPolicy, ""), on, "", ""},
		"tiered and compacted by the brokers":       {tiered(), compacts, remoteStorage, "false"},
		"local as long as all":                      {tiered("local.retention.ms", "1000", "retention.ms", "1000"), on, "", ""},
		"local longer than all":                     {tiered("local.retention.ms", "2000", "retention.ms", "1000"), on, "local.retention.ms", "1000"},
		"local longer than Kafka's default":         {tiered("local.retention.ms", "604800001"), on, "local.retention.ms", "604800000"},
		"local for ever, all for a second":          {tiered("local.retention.ms", "-1", "retention.ms", "1000"), on, "local.retention.ms", "1000"},
		"local for ever, all too":                   {tiered("local.retention.ms", "-1", "retention.ms", "-1"), on, "", ""},
		"local for ever, all too by the brokers":    {tiered("local.retention.ms", "-1"), keepsForever, "", ""},
		"all shorter than the brokers' local":       {tiered("retention.ms", "1000"), localHour, "retention.ms", "3600000"},
		"local bytes above all":                     {tiered("local.retention.bytes", "2000", "retention.bytes", "1000"), on, "local.retention.bytes", "1000"},
		"local bytes, and all without limit":        {tiered("local.retention.bytes", "2000", "retention.bytes", "-2"), on, "", ""},
		"untiered, local longer than all":           {plain("local.retention.ms", "2000", "retention.ms", "1000"), on, "", ""},
		"longer, and nobody knows of the cluster":   {tiered("local.retention.ms", "2000", "retention.ms", "1000"), Broker{}, "local.retention.ms", "1000"},
		"no more copies, local follows":             {tiered(copyDisable, "true", "local.retention.ms", "-2"), on, "", ""},
		"no more copies, local differs":             {tiered(copyDisable, "true", "local.retention.bytes", "1000", "retention.bytes", "2000"), on, "local.retention.bytes", "-2"},
		"copied later than kept":                    {tiered("remote.copy.lag.ms", "2000", "retention.ms", "1000"), on, "remote.copy.lag.ms", "-1"},
		"copied later than kept locally":            {tiered("remote.copy.lag.ms", "700", "retention.ms", "1000", "local.retention.ms", "500"), on, "remote.copy.lag.ms", "-1"},
		"copied as soon as that":                    {tiered("remote.copy.lag.ms", "500", "retention.ms", "1000"), on, "", ""},
		"copied by more bytes than kept":            {tiered("remote.copy.lag.bytes", "2000", "retention.bytes", "1000"), on, "remote.copy.lag.bytes", "-1"},
		"copied at any time, kept for ever":         {tiered("remote.copy.lag.ms", "2000", "retention.ms", "-1"), on, "", ""},
		"a value that cannot be read is left alone": {tiered("local.retention.ms", "7d", "retention.ms", "1000"), on, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problems := Check(For("4.4"), test.config, test.broker)
			if test.key == "" {
				assert.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			assert.Equal(t, test.key, problems[0].Key)
			assert.Equal(t, ReasonConflict, problems[0].Reason)
			assert.Equal(t, test.fix, problems[0].Fix)
			assert.NotEmpty(t, problems[0].Message)
			assert.NotEmpty(t, problems[0].Limit)
		})
	}
}

func TestVersionsWithoutAKeyHaveNoRuleAboutIt(t *testing.T) {
	late := tiered("remote.copy.lag.ms", "2000", "retention.ms", "1000")
	assert.Len(t, Check(For("4.4"), late, Broker{}), 1)
	assert.Empty(t, Check(For("4.3"), late, Broker{}))
}

func TestAProblemSaysWhatItRestsOn(t *testing.T) {
	both := Check(For("4.4"), tiered("local.retention.ms", "2000", "retention.ms", "1000"), Broker{})
	require.Len(t, both, 1)
	assert.False(t, both[0].AssumesDefaults, "the topic itself declares both")
	one := Check(For("4.4"), tiered("local.retention.ms", "604800001"), Broker{})
	require.Len(t, one, 1)
	assert.True(t, one[0].AssumesDefaults, "the brokers may keep data for longer than Kafka's default")
	lag := Check(For("4.4"), tiered("remote.copy.lag.ms", "604800001"), Broker{})
	require.Len(t, lag, 1)
	assert.True(t, lag[0].AssumesDefaults, "it is longer than Kafka's default")
	cluster := Check(For("4.4"), tiered(), Broker{Tiering: TieringOff})
	require.Len(t, cluster, 1)
	assert.True(t, cluster[0].AssumesTiering)
}

// Whoever follows the fixes, one at a time, ends with a config that passes.
func TestTheFixesOfConflictsLeadToAConfigThatPasses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	table := For("4.4")
	keys := []string{
		minCompactionLag, maxCompactionLag, "retention.ms", "retention.bytes", "local.retention.ms", "local.retention.bytes",
		"remote.copy.lag.ms", "remote.copy.lag.bytes",
	}
	values := []string{"-2", "-1", "0", "1", "999", "1000", "1001", "604800001"}
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	conflicts := 0
	for range 20_000 {
		config := tiered(cleanupPolicy, pick("delete", "compact"), copyDisable, pick("true", "false"))
		for range random.IntN(len(keys)) {
			config[pick(keys...)] = pick(values...)
		}
		broker := Broker{Tiering: Tiering(pick("On", "Off", "")), Defaults: plain(pick(keys...), pick(values...))}
		before := maps.Clone(config)
		for round := 0; ; round++ {
			problems := Check(table, config, broker)
			if len(problems) == 0 {
				break
			}
			conflicts++
			require.Less(t, round, 12, "%v with %+v became %v", before, broker, config)
			_, problem := table.Parse(problems[0].Key, problems[0].Fix)
			require.Nil(t, problem, "%+v", problems[0])
			config[problems[0].Key] = problems[0].Fix
		}
	}
	assert.Greater(t, conflicts, 10_000)
}

func TestRemoteStorageIsTurnedOffOnlyWithWhatIsInIt(t *testing.T) {
	tests := map[string]struct {
		from, to map[string]string
		refused  bool
	}{
		"it was not on":                  {plain(), plain(remoteStorage, "false"), false},
		"it stays on":                    {tiered(), tiered(copyDisable, "true"), false},
		"turned off":                     {tiered(), plain(remoteStorage, "FALSE"), true},
		"the key is removed":             {tiered(), plain(), true},
		"turned off with what is there":  {tiered(), plain(remoteStorage, "false", deleteOnDisable, "true"), false},
		"removed with what is there":     {tiered(deleteOnDisable, "true"), plain(deleteOnDisable, "true"), false},
		"what cannot be read is no turn": {tiered(), plain(remoteStorage, "no"), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problem := CheckTurnOff(For("4.4"), test.from, test.to)
			require.Equal(t, test.refused, problem != nil)
			if problem != nil {
				assert.Equal(t, remoteStorage, problem.Key)
				assert.Equal(t, "true", problem.Fix)
			}
		})
	}
	assert.NotNil(t, CheckTurnOff(For("3.9"), tiered(), plain()))
	assert.Nil(t, CheckTurnOff(For("3.8"), tiered(), plain()), "Kafka knew no such rule")
}

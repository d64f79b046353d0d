package validate_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/testutil"
)

// TestLaws judges random inputs, good and absurd, and holds every verdict to what a user may rely on.
func TestLaws(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4000) {
		in := randomInput(rand.New(rand.NewPCG(seed, 3)))
		lawful(t, in)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func lawful(t *testing.T, in validate.Input) {
	verdict := validate.Evaluate(in)
	for _, violation := range verdict.Violations {
		complete(t, violation)
		require.NotEmpty(t, violation.Limit, "%+v", violation)
		require.NotEmpty(t, violation.Fix, "%+v", violation)
		require.Equal(t, topic.Stall, topic.ConsequenceOf(violation.Reason), "%s", violation.Reason)
	}
	for _, warning := range verdict.Warnings {
		complete(t, warning)
		require.Contains(t, []topic.Consequence{topic.Stall, topic.Notice}, topic.ConsequenceOf(warning.Reason), "%s", warning.Reason)
	}
	mended(t, in, verdict)
	require.Equal(t, verdict, validate.Evaluate(in), "the same question has the same answer")
	if in.Op == validate.Update {
		unchangedPasses(t, in)
	}
}

// complete is what holds for all that is told.
func complete(t *testing.T, v topic.Violation) {
	require.NotEmpty(t, v.Field.Kind(), "%+v", v)
	require.NotEmpty(t, v.Reason, "%+v", v)
	require.NotEmpty(t, v.Problem, "%+v", v)
	require.NotContains(t, v.Text(), "\n", "kubectl shows one line for each")
	require.NotContains(t, v.Text(), "\r")
	require.Less(t, len(v.Text()), 3000, "an absurd value must not fill the answer")
}

// mended writes the value that a fix names, and expects that complaint to be gone.
func mended(t *testing.T, in validate.Input, verdict validate.Verdict) {
	for _, v := range verdict.Violations {
		fixed := in
		switch v.Reason { //nolint:exhaustive // the other reasons' fixes name no value
		case topic.ConfigValueInvalid, topic.ConfigValueHarmful, topic.ConfigConflict:
			quoted, named := strings.CutPrefix(v.Fix, "write ")
			value, err := strconv.Unquote(quoted)
			if !named || err != nil {
				continue
			}
			fixed.New.Config = map[string]topic.Value{}
			maps.Copy(fixed.New.Config, in.New.Config)
			fixed.New.Config[v.Field.Key()] = topic.Value{Text: value}
		case topic.TopicNameIllegal, topic.TopicNameReserved:
			value, err := strconv.Unquote(strings.TrimPrefix(v.Fix, "use "))
			require.NoError(t, err, "%s", v.Fix)
			fixed.New.TopicName = value
		default:
			continue
		}
		for _, left := range validate.Evaluate(fixed).Violations {
			require.False(t, left.Reason == v.Reason && left.Field == v.Field, "%s did not help: %+v", v.Fix, left)
		}
	}
}

// unchangedPasses is ratcheting: writing what is there already is refused only for what others changed meanwhile.
func unchangedPasses(t *testing.T, in validate.Input) {
	old := in.New
	in.Old = &old
	for _, v := range validate.Evaluate(in).Violations {
		require.Contains(t, []topic.Reason{
			topic.ImmutableChanged, topic.PartitionsDecreased, topic.AdoptionNotPermitted, topic.AdoptionDiffers,
		}, v.Reason, "%+v", v)
	}
}

// FuzzEvaluate looks for input that makes the engine panic or talk nonsense.
func FuzzEvaluate(f *testing.F) {
	f.Add(uint64(0), "orders", "retention.ms", "7d", int64(1), int64(1))
	f.Add(uint64(1), "..", "", "\n", int64(-1), int64(1<<40))
	f.Fuzz(func(t *testing.T, seed uint64, name, key, value string, partitions, replicas int64) {
		in := randomInput(rand.New(rand.NewPCG(seed, 4)))
		in.New.TopicName = name
		in.New.Config = map[string]topic.Value{key: {Text: value}}
		in.New.Partitions, in.New.Replicas = &partitions, &replicas
		verdict := validate.Evaluate(in)
		for _, v := range slices.Concat(verdict.Violations, verdict.Warnings) {
			require.NotContains(t, v.Text(), "\n")
		}
	})
}

func randomInput(rng *rand.Rand) validate.Input {
	in := validate.Input{Op: oneOf(rng, validate.Create, validate.Update, validate.Delete, validate.Sync), New: randomDeclared(rng)}
	if in.Op == validate.Update {
		old := randomDeclared(rng)
		in.Old = &old
	}
	in.Facts = testutil.Facts()
	switch rng.IntN(8) {
	case 0:
		in.Facts.Cluster, in.Facts.Clusters = nil, oneOf(rng, nil, []string{"prod"})
		return in
	case 1:
		in.Facts.Cluster.Stale = "facts 3 h old"
	}
	cluster := in.Facts.Cluster
	cluster.Version = oneOf(rng, "", "3.9", "4.3", "4.4")
	cluster.Configs = topicconfig.For(cluster.Version)
	cluster.Naming = oneOf(rng, naming.Explicit, naming.Strict, naming.Derived, "", "Loose")
	cluster.AdmitsNamespace, cluster.MayAdopt = rng.IntN(6) > 0, rng.IntN(2) == 0
	cluster.MaxBrokers = rng.Int64N(4)
	cluster.LiveBrokers = rng.Int64N(cluster.MaxBrokers + 1)
	cluster.Protection = oneOf(rng, validate.ProtectNone, validate.ProtectInUse, validate.ProtectAlways)
	cluster.ConfigKeys = oneOf(rng, nil, []string{"retention.ms", "vendor.key"})
	if rng.IntN(2) == 0 {
		seen := testutil.Live(in.New.TopicName, 1+rng.Int64N(9), 1+rng.Int64N(3), "retention.ms", oneOf(rng, values()...))
		in.Facts.Live = &validate.Live{Observed: seen, Owned: rng.IntN(2) == 0, TakeBack: rng.IntN(4) == 0}
	}
	if rng.IntN(4) == 0 {
		in.Facts.Claims = []validate.Claim{{Ref: testutil.Topic("x").Object("team-b/x").Declared().Ref, TopicName: oneOf(rng, in.New.TopicName, "a_b")}}
	}
	if rng.IntN(4) == 0 {
		in.Facts.Colliding = []string{"a_b"}
	}
	return in
}

func values() []string {
	return []string{
		"", " ", "1", "-1", "-2", "7d", "1e400", "NaN", "true", "compact,delete", "compact,,delete", "none", "0:1,0:2", "0:1, 0:2", "*",
		"\n", "line\nline", "\x00", "日本", strings.Repeat("x", 500), strings.Repeat("9", 100), "3.9-IV0", "0x10", "1_000", "50%", "100",
	}
}

func randomDeclared(rng *rand.Rand) topic.Declared {
	b := testutil.Topic(oneOf(rng, "orders", "a.b", "a/b", "", ".", "__consumer_offsets", "_schemas", "Orders_v1", "a\nb", strings.Repeat("é", 300))).
		Object(oneOf(rng, "team-a/orders", "team-a/a.b")).Cluster(oneOf(rng, "prod", "prod", "", "dev")).
		Deletion(oneOf(rng, "", topic.Retain, topic.Delete))
	if rng.IntN(2) == 0 {
		b.Partitions(oneOf[int64](rng, 1, 3, 0, -1, 10_000, 1<<40))
	}
	if rng.IntN(2) == 0 {
		b.Replicas(oneOf[int64](rng, 1, 2, 3, 0, -1, 1<<20))
	}
	keys := append(topicconfig.For("4.4").Keys(), "retention_ms", "partitions", "vendor.key", "no\nkey", "message.format.version", "internal.segment.bytes", "")
	for range rng.IntN(4) {
		b.Config(oneOf(rng, keys...), oneOf(rng, values()...))
	}
	if rng.IntN(6) == 0 {
		b.BadConfig("segment.ms", "null is no value; leave the key out")
	}
	if rng.IntN(4) == 0 {
		b.Unmanaged(oneOf(rng, keys...))
	}
	if rng.IntN(3) == 0 {
		b.Synced("id-orders")
	}
	return b.Declared()
}

func oneOf[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

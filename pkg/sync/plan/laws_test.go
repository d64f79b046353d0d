package plan_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// laws are the promises of the package's documentation, each over random inputs.
func laws() map[string]func(*testing.T, *rand.Rand, plan.Input) {
	return map[string]func(*testing.T, *rand.Rand, plan.Input){
		"every object in scope ends in exactly one place": accountedFor,
		"once carried out, a plan leaves nothing to do":   quiet,
		"shuffled input gives the same plan":              deterministic,
		"no plan destroys what nobody asked to destroy":   safe,
		"a topic has one owner":                           oneOwner,
		"nobody is given more than a quota grants":        withinQuotas,
	}
}

func TestLaws(t *testing.T) {
	t.Parallel()
	for name, law := range laws() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(2000) {
				rng := rand.New(rand.NewPCG(seed, 1))
				law(t, rng, randomInput(rng))
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func FuzzLaws(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, law := range laws() {
			rng := rand.New(rand.NewPCG(seed, 2))
			law(t, rng, randomInput(rng))
		}
	})
}

func accountedFor(t *testing.T, _ *rand.Rand, in plan.Input) {
	decided := plan.Compute(in)
	ends := map[topic.Ref]map[string]bool{}
	note := func(ref topic.Ref, where string) {
		if ends[ref] == nil {
			ends[ref] = map[string]bool{}
		}
		ends[ref][where] = true
	}
	for _, action := range decided.Actions {
		note(action.Object(), "acted on")
	}
	for _, refusal := range decided.Refusals {
		require.NotEmpty(t, refusal.Reason)
		require.NotEmpty(t, refusal.Message)
		note(refusal.Ref, "refused")
	}
	for _, settled := range decided.Settled {
		note(settled.Ref, "settled")
	}
	for _, object := range in.Objects {
		want := 1
		if in.Scope != nil && !in.Scope[object.TopicName] {
			want = 0
		}
		require.Len(t, ends[object.Ref], want, "%s: %v", object.Ref, ends[object.Ref])
	}
	require.LessOrEqual(t, len(decided.Refusals)+len(decided.Settled), len(in.Objects))
}

// quiet carries plans out on a model of brokers and objects until nothing is left, which must be soon.
func quiet(t *testing.T, _ *rand.Rand, in plan.Input) {
	in.Scope, in.Guards.DeletionsLeft = nil, 100
	for range 6 { // finalizer, creation, deletion, the next object's creation and its settling follow one another
		decided := plan.Compute(in)
		if len(decided.Actions) == 0 {
			return
		}
		in = carriedOut(in, decided)
	}
	require.Empty(t, plan.Compute(in).Actions)
}

func carriedOut(in plan.Input, decided plan.Plan) plan.Input {
	in.Snapshot.Topics, in.Ledger = maps.Clone(in.Snapshot.Topics), maps.Clone(in.Ledger)
	in.Objects = slices.Clone(in.Objects)
	for _, action := range decided.Actions {
		i := slices.IndexFunc(in.Objects, func(o plan.Object) bool { return o.Ref == action.Object() })
		switch a := action.(type) {
		case plan.AddFinalizer:
			in.Objects[i].Finalized = true
		case plan.Create:
			in.Snapshot.Topics[a.Name] = topic.Observed{
				Name: a.Name, ID: "made-" + a.Name + a.Ref.UID, Partitions: max(a.Partitions, 1), Replicas: max(a.Replicas, 1),
				Config: maps.Clone(a.Config), ConfigKnown: true,
			}
			in.Ledger[a.Name] = topic.Entry{Name: a.Name, TopicID: "made-" + a.Name + a.Ref.UID, Owner: a.Ref, FirstSeen: in.Guards.Now}
		case plan.Grow:
			live := in.Snapshot.Topics[a.Name]
			live.Partitions = a.Partitions
			in.Snapshot.Topics[a.Name] = live
		case plan.Alter:
			live := in.Snapshot.Topics[a.Name].Clone()
			maps.Copy(live.Config, a.Set)
			for _, key := range a.Reset {
				delete(live.Config, key)
			}
			in.Snapshot.Topics[a.Name] = live
		case plan.Delete:
			delete(in.Snapshot.Topics, a.Name)
		case plan.Release:
			in.Objects[i].Finalized = false
		}
	}
	in.Objects = slices.DeleteFunc(in.Objects, func(o plan.Object) bool { return o.Deleting && !o.Finalized })
	for _, settled := range decided.Settled {
		if i := slices.IndexFunc(in.Objects, func(o plan.Object) bool { return o.Ref == settled.Ref }); i >= 0 && settled.Live.ID != "" {
			in.Objects[i].Recorded = topic.Recorded{
				TopicName: settled.Live.Name, TopicID: settled.Live.ID, ManagedConfig: settled.Managed, ClusterID: testutil.ClusterID,
			}
			in.Objects[i].Adopt = false
		}
	}
	return in
}

func deterministic(t *testing.T, rng *rand.Rand, in plan.Input) {
	want := plan.Compute(in)
	in.Objects = slices.Clone(in.Objects)
	rng.Shuffle(len(in.Objects), func(i, j int) { in.Objects[i], in.Objects[j] = in.Objects[j], in.Objects[i] })
	require.Equal(t, want, plan.Compute(in))
	require.True(t, ordered(want.Actions), "%v", want.Actions)
}

// ordered says that nothing follows a deletion.
func ordered(actions []plan.Action) bool {
	deleting := false
	for _, action := range actions {
		_, is := action.(plan.Delete)
		if deleting && !is {
			return false
		}
		deleting = deleting || is
	}
	return true
}

func safe(t *testing.T, _ *rand.Rand, in plan.Input) {
	for _, action := range plan.Compute(in).Actions {
		object := in.Objects[slices.IndexFunc(in.Objects, func(o plan.Object) bool { return o.Ref == action.Object() })]
		live := in.Snapshot.Topics[object.TopicName]
		paused := in.Guards.Paused || object.Paused
		switch a := action.(type) {
		case plan.Grow:
			require.Greater(t, a.Partitions, live.Partitions)
			require.False(t, paused)
		case plan.Alter:
			require.False(t, paused)
			for key := range a.Set {
				require.NotContains(t, object.Unmanaged, key)
			}
		case plan.Create:
			require.Empty(t, live.ID)
			require.False(t, paused)
			require.False(t, object.Deleting)
		case plan.Delete:
			require.True(t, object.Deleting && object.Finalized && object.Parent == plan.ParentAlive && !paused)
			require.Equal(t, topic.Delete, object.EffectiveDeletion(in.Cluster.DefaultDeletion))
			require.Equal(t, live.ID, a.ID)
			require.True(t, object.Recorded.TopicID == a.ID || in.Ledger[a.Name].Owner.UID == object.Ref.UID)
			idle := object.Usage.Known && object.Usage.Records == 0 && len(object.Usage.Groups) == 0
			require.True(t, idle || object.AllowDeleteUntil.After(in.Guards.Now))
		case plan.AddFinalizer, plan.Release:
		}
	}
}

func oneOwner(t *testing.T, _ *rand.Rand, in plan.Input) {
	decided := plan.Compute(in)
	served := map[string]topic.Ref{}
	serve := func(name string, ref topic.Ref) {
		if former, ok := served[name]; ok {
			require.Equal(t, former, ref, "two objects are served by topic %s", name)
		}
		served[name] = ref
	}
	for _, action := range decided.Actions {
		switch a := action.(type) {
		case plan.Create:
			serve(a.Name, a.Ref)
		case plan.Grow:
			serve(a.Name, a.Ref)
		case plan.Alter:
			serve(a.Name, a.Ref)
		case plan.Delete:
			serve(a.Name, a.Ref)
		case plan.AddFinalizer, plan.Release:
		}
	}
	for _, settled := range decided.Settled {
		if settled.Live.ID != "" {
			serve(settled.Live.Name, settled.Ref)
		}
	}
	for _, refusal := range decided.Refusals {
		if refusal.Live != nil {
			require.Equal(t, decided.Owners[refusal.Topic], refusal.Ref, "only the owner is told of a topic")
		}
	}
}

// randomInput has few names, so that objects meet, and every guard in some state.
func randomInput(rng *rand.Rand) plan.Input {
	in := plan.Input{
		Cluster: testutil.Cluster(), Snapshot: testutil.Snapshot(), Ledger: map[string]topic.Entry{},
		Guards: plan.Guards{Now: testutil.Start(), Paused: rng.IntN(8) == 0, DeletionsLeft: rng.IntN(4), ReleaseDeletions: rng.IntN(3)},
	}
	in.Cluster.DefaultDeletion = oneOf(rng, topic.Retain, topic.Delete)
	names := []string{"orders", "a.b", "a_b", "logs"}
	for _, name := range names {
		if rng.IntN(2) == 0 {
			live := testutil.Live(name, 1+rng.Int64N(4), 1)
			if rng.IntN(2) == 0 {
				live.Config["retention.ms"] = oneOf(rng, "1000", "60000")
			}
			live.Leaderless, live.Reassigning = rng.Int64N(20)/19, rng.IntN(10) == 0
			in.Snapshot.Topics[name] = live
		}
	}
	delete(in.Snapshot.Topics, oneOf(rng, "a.b", "a_b")) // Kafka holds one of the two at most
	if rng.IntN(2) == 0 {
		in.Cluster.DefaultPartitions, in.Cluster.ConfigDefaults = 1, map[string]string{}
		in.Policies = randomPolicies(rng)
	}
	for i := range 6 {
		in.Objects = append(in.Objects, randomObject(rng, fmt.Sprintf("team-%c/o%d", 'a'+rune(rng.IntN(3)), i), oneOf(rng, names...)))
	}
	for name, live := range in.Snapshot.Topics {
		entry := topic.Entry{Name: name, TopicID: live.ID, FirstSeen: testutil.Start().Add(-time.Duration(rng.IntN(120)) * time.Minute)}
		entry.Baseline = rng.IntN(4) == 0
		if rng.IntN(2) == 0 {
			entry.Owner = in.Objects[rng.IntN(len(in.Objects))].Ref
		}
		in.Ledger[name] = entry
	}
	return in
}

func randomObject(rng *rand.Rand, object, name string) plan.Object {
	b := testutil.Topic(name).Object(object).Age(time.Duration(rng.IntN(120)) * time.Minute).
		Deletion(oneOf(rng, "", topic.Retain, topic.Delete))
	if rng.IntN(2) == 0 {
		b.Partitions(rng.Int64N(5))
	}
	if rng.IntN(2) == 0 {
		b.Config("retention.ms", "60000")
	}
	if rng.IntN(3) == 0 {
		b.Synced(oneOf(rng, "id-"+name, "id-former"), "retention.ms")
	}
	if rng.IntN(3) == 0 {
		b.Deleting().Usage(topic.Usage{Known: rng.IntN(4) > 0, Records: rng.Int64N(2)}).
			Parent(oneOf(rng, plan.ParentAlive, plan.ParentAlive, plan.ParentTerminating, ""))
	}
	if rng.IntN(4) == 0 {
		b.AllowDeleteUntil(time.Hour)
	}
	made := b.Planned()
	made.Finalized, made.Paused, made.Adopt = rng.IntN(2) == 0, rng.IntN(10) == 0, rng.IntN(4) == 0
	made.MayAdopt, made.AdmitsNamespace = rng.IntN(3) == 0, rng.IntN(8) > 0
	return made
}

func oneOf[T any](rng *rand.Rand, values ...T) T { return values[rng.IntN(len(values))] }

package history

import "math/rand/v2"

// Namespaces are where objects live, few, so that they meet.
func Namespaces() []string { return []string{"plain", "other", "trusted"} }

// Topics are the names fought over. Two of them collide in Kafka.
func Topics() []string { return []string{"orders", "a.b", "a_b", "late"} }

// Generate is a history of n steps; the same seed gives the same one.
func Generate(seed uint64, n int) []Step {
	g := generator{rand.New(rand.NewPCG(seed, 0x70b1c6a7e))} //nolint:gosec // a history must come again, not be secret
	steps := make([]Step, n)
	for i := range steps {
		steps[i] = g.step()
	}
	return steps
}

type generator struct{ *rand.Rand }

// weighted pairs a kind with how often it comes.
type weighted struct {
	kind   Kind
	weight int
}

func weights() []weighted {
	return []weighted{
		{Round, 45},
		{CreateObject, 12},
		{EditPartitions, 4},
		{Rename, 1},
		{SetPolicy, 4},
		{DeleteObject, 7},
		{Finalize, 1},
		{AllowDelete, 2},
		{PermitAdoption, 2},
		{PauseObject, 1},
		{PauseCluster, 1},
		{DeleteNamespace, 1},
		{CreateNamespace, 3},
		{DeleteCRD, 1},
		{Admit, 2},
		{MayAdopt, 2},
		{MakeTopic, 4},
		{DropTopic, 2},
		{RemakeTopic, 3},
		{AlterTopic, 2},
		{Produce, 2},
		{Drain, 3},
		{Hide, 1},
		{Restart, 2},
		{CrashLater, 3},
	}
}

func (g generator) kind() Kind {
	sum := 0
	for _, w := range weights() {
		sum += w.weight
	}
	at := g.IntN(sum)
	for _, w := range weights() {
		if at -= w.weight; at < 0 {
			return w.kind
		}
	}
	return Round
}

func (g generator) step() Step {
	step := g.fill(g.kind())
	step.Millis = g.millis()
	if step.Kind == Round && g.IntN(5) == 0 {
		if mid := g.fill(g.kind()); mid.Kind != Round && mid.Kind != Restart {
			step.Mid = []Step{mid}
		}
	}
	return step
}

// millis are mostly well below the second that creation times are kept to, sometimes long enough for memory to lapse.
func (g generator) millis() int64 {
	if g.IntN(40) == 0 {
		return 31_000
	}
	return int64(g.IntN(1500))
}

func (g generator) fill(kind Kind) Step {
	step := Step{Kind: kind}
	step.Namespace = pick(g, Namespaces())
	step.Object = step.Namespace + "/" + pick(g, []string{"x", "y"})
	step.Topic = pick(g, Topics())
	step.Partitions = int64(g.IntN(4))
	step.Policy = pick(g, []string{"Retain", "Delete", "Delete", ""})
	step.N = g.IntN(8)
	if kind == Round && g.IntN(2) == 0 {
		step.Topic = ""
	}
	return step
}

func pick[T any](g generator, from []T) T { return from[g.IntN(len(from))] }

package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// mostBits is how large a count may be to be judged.
	mostBits = 53
	// fewer and more are what the webhook says of counts.
	fewer = "fewer than the policy allows"
	more  = "more than the policy allows"
)

// powers are all powers of two that a count may be.
func powers() string {
	all := make([]string, mostBits+1)
	for i := range all {
		all[i] = strconv.FormatInt(1<<i, 10)
	}
	return listOf(all)
}

// partitions renders a rule about the number of partitions, where it is declared, also before.
func (r *ruled) partitions(spec *v1alpha1.PartitionsRule) {
	field := topic.Of(topic.KindPartitions)
	for _, limit := range r.compiled.StaticLimits(r.place, field) {
		r.count(field, limit, "variables.partitions", "variables.oldPartitions")
	}
	// The webhook counts from what is on the brokers; the status knows that nearly as well, and more than the spec may be there.
	from := "(has(variables.status.partitions) ? [int(variables.status.partitions)] : []) + variables.oldPartitions"
	grown := func(over, limit string, amount int64) {
		said := r.says(field, topic.Violation{Value: valueHole, Problem: "more than one change may add", Limit: limit}, "string(n)", "string(o)")
		r.add(check{field: field, list: "[" + from + "].filter(l, l.size() > 0).map(l, l.max()).map(o, variables.partitions.filter(n, o > 0 && n > o && " +
			fmt.Sprintf(over, amount) + ").map(n, " + said + ")).filter(l, l.size() > 0).map(l, l[0])"})
	}
	if percent := spec.MaxGrowthPercent; percent != nil {
		grown("double(n - o) * 100.0 > double(o) * double(%d)", fmt.Sprintf("at most %d %% more than the %s that there are", *percent, hole), *percent)
	}
	if added := spec.MaxGrowth; added != nil {
		grown("n - o > %d", fmt.Sprintf("at most %d more than the %s that there are", *added, hole), *added)
	}
}

// count adds a check of a whole number that is declared. Where it was not before, nobody here knows what it was.
func (r *ruled) count(field topic.Field, limit policy.StaticLimit, now, old string) {
	if slices.ContainsFunc(limit.Set, func(n int64) bool { return n > math.MaxInt32 }) {
		r.leave(limit.Words)
		return
	}
	broken, worse := compared(limit)
	said := r.says(field, topic.Violation{Value: valueHole, Problem: limit.Problem, Limit: limit.Words}, "string(n)")
	r.add(check{field: field, list: now + ".filter(n, " + broken + " && " + r.old(old+".exists(o, o != n && !("+worse+"))") + ").map(n, " + said + ")"})
}

// compared is whether a number n breaks a limit, and whether another one o is further off.
func compared(limit policy.StaticLimit) (broken, further string) {
	switch limit.Kind {
	case policy.StaticLeast:
		return fmt.Sprintf("n < %d", limit.N), "o < n"
	case policy.StaticMost:
		return fmt.Sprintf("n > %d", limit.N), "o > n"
	case policy.StaticMultiple:
		rest := fmt.Sprintf("(x %% %[1]d < 0 ? x %% %[1]d + %[1]d : x %% %[1]d)", limit.N)
		return fmt.Sprintf("n %% %d != 0", limit.N), both(rest)
	case policy.StaticPower:
		return "!(n in variables.powers)", both("(x < 1 ? 1 : x - variables.powers.filter(p, p <= x).max())")
	case policy.StaticAmong:
	}
	set := make([]string, len(limit.Set))
	for i, one := range limit.Set {
		set[i] = strconv.FormatInt(one, 10)
	}
	return "!(n in " + listOf(set) + ")", both(listOf(set) + ".map(c, c > x ? c - x : x - c).min()")
}

// both compares how far off two numbers are.
func both(distance string) string {
	of := func(n string) string { return "[" + n + "].map(x, " + distance + ")[0]" }
	return of("o") + " > " + of("n")
}

// replication renders a rule about replicas and min.insync.replicas, where they are declared, also before.
func (r *ruled) replication(spec *v1alpha1.ReplicationRule) {
	field := topic.Of(topic.KindReplicas)
	for _, limit := range r.compiled.StaticLimits(r.place, field) {
		r.count(field, limit, "variables.replicas", "variables.oldReplicas")
	}
	for name, asked := range map[string]bool{"atMostBrokers": spec.AtMostBrokers, "atMostRacks": spec.AtMostRacks, "racks of the brokers (minRacks)": spec.MinRacks != nil} {
		if asked {
			r.leave(name)
		}
	}
	if insync := spec.MinInsyncReplicas; insync != nil {
		key := r.key(minInsync)
		for _, limit := range r.compiled.StaticLimits(r.place, topic.ConfigField(minInsync)) {
			r.number(key, limit, unlimitedNever)
		}
		r.relative(key, insync.MinRelativeToReplicas, "at least ", fewer, "<")
		r.relative(key, insync.MaxRelativeToReplicas, "at most ", more, ">")
	}
}

// relative adds a check of min.insync.replicas against the replicas. What it was before counts by what the limit was then.
func (r *ruled) relative(key configKey, offset *int64, words, problem, broken string) {
	if offset == nil {
		return
	}
	if *offset > math.MaxInt32 || *offset < math.MinInt32 {
		r.leave("minInsyncReplicas relative to replicas")
		return
	}
	limit := fmt.Sprintf("(x + %[1]d < 1 ? 1 : x + %[1]d)", *offset)
	of := func(replicas string) string { return replicas + ".map(x, " + limit + ")" }
	field := topic.ConfigField(minInsync)
	said := r.says(field, topic.Violation{Value: valueHole, Problem: problem, Limit: words + hole + ", which is " + relativeTo(*offset)}, "string(n)", "string(l)")
	was := key.oldWhole() + ".exists(o, " + of("variables.oldReplicas") + ".exists(p, p != l || o != n && !(o " + broken + " n)))"
	r.add(check{field: field, needs: key.variables, list: key.whole() + ".map(n, " + of("variables.replicas") + ".filter(l, n " + broken + " l && " + r.old(was) +
		").map(l, " + said + ")).filter(s, s.size() > 0).map(s, s[0])"})
}

// relativeTo is an offset from the replicas in words.
func relativeTo(offset int64) string {
	switch {
	case offset < 0:
		return fmt.Sprintf("replicas - %d", -offset)
	case offset > 0:
		return fmt.Sprintf("replicas + %d", offset)
	default:
		return "replicas"
	}
}

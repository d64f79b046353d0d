package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// limitKind is what a limit asks of a whole number.
type limitKind int

const (
	atLeast limitKind = iota
	atMost
	multipleOf
	powerOfTwo
	among
)

// limit is one thing that a rule asks of a whole number.
type limit struct {
	kind limitKind
	n    int64
	set  []int64
	// text says the limit; two rules that say the same set the same limit. With relative, it is that of replicas plus n's
	// offset, put into words only when it is broken.
	text     string
	relative *int64
	// problem overrides what is said of a number that breaks it.
	problem string
	// change limits are about a change and never ratcheted.
	change bool
}

func least(n int64, u unit) limit { return limit{kind: atLeast, n: n, text: "at least " + u.show(n)} }
func most(n int64, u unit) limit  { return limit{kind: atMost, n: n, text: "at most " + u.show(n)} }

func oneOfCounts(set []int64) limit {
	sorted := slices.Sorted(slices.Values(set))
	texts := make([]string, len(sorted))
	for i, n := range sorted {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return limit{kind: among, set: sorted, text: "one of " + strings.Join(texts, ", ")}
}

// over is how far a number is beyond the limit; zero when it keeps it.
func (l limit) over(n int64) int64 {
	switch l.kind {
	case atLeast:
		return max(l.n-n, 0)
	case atMost:
		return max(n-l.n, 0)
	case multipleOf:
		return (n%l.n + l.n) % l.n
	case powerOfTwo:
		return n - floorPower(n)
	case among:
		if slices.Contains(l.set, n) {
			return 0
		}
		return nearest(l.set, n)
	}
	return 0
}

// words is what the limit allows.
func (l limit) words() string {
	switch {
	case l.relative == nil:
		return l.text
	case l.kind == atLeast:
		return fmt.Sprintf("at least %d, which is %s", l.n, relative(*l.relative))
	default:
		return fmt.Sprintf("at most %d, which is %s", l.n, relative(*l.relative))
	}
}

func (l limit) says() string {
	if l.problem != "" {
		return l.problem
	}
	switch l.kind {
	case atLeast:
		return "fewer than the policy allows"
	case atMost:
		return "more than the policy allows"
	case multipleOf:
		return fmt.Sprintf("no multiple of %d", l.n)
	case powerOfTwo:
		return "no power of two"
	case among:
	}
	return "not among what the policy allows"
}

// floorPower is the largest power of two that is at most n; n itself below 1, so that it counts as far off by nothing.
func floorPower(n int64) int64 {
	if n < 1 {
		return n - 1
	}
	power := int64(1)
	for power <= n/2 {
		power *= 2
	}
	return power
}

func nearest(set []int64, n int64) int64 {
	best := int64(-1)
	for _, candidate := range set {
		if distance := max(candidate-n, n-candidate); best < 0 || distance < best {
			best = distance
		}
	}
	return best
}

// keeps says whether a number keeps every limit.
func keeps(limits []limit, n int64) bool {
	return !slices.ContainsFunc(limits, func(l limit) bool { return l.over(n) > 0 })
}

// mostTried bounds the search for a number that keeps all limits.
const mostTried = 4096

// fit is the number nearest to n that keeps all limits and lies within 1 and ceiling; false where there is none.
func fit(limits []limit, n, floor, ceiling int64) (int64, bool) {
	low, high, step := floor, ceiling, int64(1)
	for _, l := range limits {
		switch l.kind {
		case atLeast:
			low = max(low, l.n)
		case atMost:
			high = min(high, l.n)
		case multipleOf:
			step = lcm(step, l.n)
		case among:
			return fitAmong(limits, l.set, n)
		case powerOfTwo:
		}
	}
	if low > high || step <= 0 {
		return 0, false
	}
	return walk(limits, min(max(n, low), high), low, high, step)
}

// walk tries numbers outward from n, in steps.
func walk(limits []limit, n, low, high, step int64) (int64, bool) {
	if slices.ContainsFunc(limits, func(l limit) bool { return l.kind == powerOfTwo }) {
		return walkPowers(limits, n, low, high)
	}
	down := n - ((n%step)+step)%step
	for i := range int64(mostTried) {
		for _, candidate := range []int64{down - i*step, down + (i+1)*step} {
			if candidate >= low && candidate <= high && keeps(limits, candidate) {
				return candidate, true
			}
		}
		if down-i*step < low && down+(i+1)*step > high {
			break
		}
	}
	return 0, false
}

func walkPowers(limits []limit, n, low, high int64) (best int64, found bool) {
	for power := int64(1); power > 0 && power <= high; power *= 2 {
		if power >= low && keeps(limits, power) && (!found || max(power-n, n-power) < max(best-n, n-best)) {
			best, found = power, true
		}
	}
	return best, found
}

func fitAmong(limits []limit, set []int64, n int64) (best int64, found bool) {
	for _, candidate := range set {
		if keeps(limits, candidate) && (!found || max(candidate-n, n-candidate) < max(best-n, n-best)) {
			best, found = candidate, true
		}
	}
	return best, found
}

func lcm(a, b int64) int64 {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	if x == 0 {
		return 0
	}
	return product(a/x, b)
}

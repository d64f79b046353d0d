package policy

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mayMeet says whether two policies can be about the same topic, as far as their globs and labels tell.
func mayMeet(a, b *Policy) bool {
	return globsMeet(a.match.clusters, b.match.clusters) && globsMeet(a.match.topicNames, b.match.topicNames) &&
		labelsMeet(a.selectors.namespaces, b.selectors.namespaces) && labelsMeet(a.selectors.topics, b.selectors.topics)
}

// globsMeet says whether some name may match a glob of each list; an absent list matches all. Of two globs with stars it
// compares what stands before the first and behind the last star.
func globsMeet(a, b []string) bool {
	if a == nil || b == nil {
		return true
	}
	for _, one := range a {
		for _, other := range b {
			if globMeet(one, other) {
				return true
			}
		}
	}
	return false
}

func globMeet(a, b string) bool {
	prefixA, _, starA := strings.Cut(a, "*")
	prefixB, _, starB := strings.Cut(b, "*")
	switch {
	case !starA:
		return glob(b, a)
	case !starB:
		return glob(a, b)
	}
	suffixA, suffixB := a[strings.LastIndex(a, "*")+1:], b[strings.LastIndex(b, "*")+1:]
	return (strings.HasPrefix(prefixA, prefixB) || strings.HasPrefix(prefixB, prefixA)) &&
		(strings.HasSuffix(suffixA, suffixB) || strings.HasSuffix(suffixB, suffixA))
}

// labelsMeet says whether something may carry labels that both selectors select: not where they want different values of
// one label.
func labelsMeet(a, b *metav1.LabelSelector) bool {
	if a == nil || b == nil {
		return true
	}
	wantA, wantB := values(a), values(b)
	for key, allowed := range wantA {
		other, also := wantB[key]
		if also && !slices.ContainsFunc(allowed, func(value string) bool { return slices.Contains(other, value) }) {
			return false
		}
	}
	return true
}

// values are the values that a selector wants of labels.
func values(selector *metav1.LabelSelector) map[string][]string {
	wanted := map[string][]string{}
	for key, value := range selector.MatchLabels {
		wanted[key] = []string{value}
	}
	for _, expression := range selector.MatchExpressions {
		if _, known := wanted[expression.Key]; expression.Operator == metav1.LabelSelectorOpIn && !known {
			wanted[expression.Key] = expression.Values
		}
	}
	return wanted
}

package adopt

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/topicgate/topicgate/pkg/naming"
)

var notInNames = regexp.MustCompile(`[^a-z0-9.]+`)

// names gives objects names that are free in their namespaces.
type names struct {
	mode naming.Mode
	// taken and exact are namespace/name: those of objects, and those of topics that are to have objects of their own name.
	taken, exact map[string]bool
}

// mostAlike is how many topics of one readable name are told apart by numbers.
const mostAlike = 1000

// of is the metadata.name of a topic's object: the topic's own name where an object may have it, else one that reads alike and
// is no other topic's own, else the exact encoding, else one with a number.
func (n names) of(namespace, topicName string) (name, why string) {
	free := func(candidate string) bool {
		key := namespace + "/" + candidate
		return naming.DNS1123(candidate) && !n.taken[key] && (candidate == topicName || !n.exact[key])
	}
	for _, candidate := range n.candidates(topicName) {
		if free(candidate) {
			n.taken[namespace+"/"+candidate] = true
			return candidate, ""
		}
	}
	if n.mode == naming.Strict && !naming.DNS1123(topicName) {
		return "", "the cluster's naming is Strict, and no object can be called so"
	}
	return "", fmt.Sprintf("the name that its object must have is taken in namespace %s", namespace)
}

func (n names) candidates(topicName string) []string {
	switch n.mode {
	case naming.Strict:
		return []string{topicName}
	case naming.Derived:
		return []string{naming.Encode(topicName)}
	case naming.Explicit:
	}
	alike := readable(topicName)
	list := []string{topicName, alike, naming.Encode(topicName)}
	for i := 2; i < mostAlike; i++ {
		list = append(list, fmt.Sprintf("%s-%d", alike, i))
	}
	return list
}

// readable is the nearest name that an object may have.
func readable(topicName string) string {
	parts := strings.FieldsFunc(notInNames.ReplaceAllString(strings.ToLower(topicName), "-"), func(r rune) bool { return r == '.' })
	kept := parts[:0]
	for _, part := range parts {
		if part = strings.Trim(part, "-"); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}

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
	// taken are namespace/name.
	taken map[string]bool
}

// of is the metadata.name of a topic's object. Where readable names meet, the later one gets the exact encoding.
func (n names) of(namespace, topicName string) (name, why string) {
	for _, candidate := range n.candidates(topicName) {
		if naming.DNS1123(candidate) && !n.taken[namespace+"/"+candidate] {
			n.taken[namespace+"/"+candidate] = true
			return candidate, ""
		}
	}
	if n.mode == naming.Strict && !naming.DNS1123(topicName) {
		return "", "the cluster's naming is Strict, and no object can be called so"
	}
	return "", fmt.Sprintf("the names for its object are taken in namespace %s", namespace)
}

func (n names) candidates(topicName string) []string {
	switch n.mode {
	case naming.Strict:
		return []string{topicName}
	case naming.Derived:
		return []string{naming.Encode(topicName)}
	case naming.Explicit:
	}
	return []string{topicName, readable(topicName), naming.Encode(topicName)}
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

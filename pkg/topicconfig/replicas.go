package topicconfig

import (
	"regexp"
	"strconv"
	"strings"
)

var replica = regexp.MustCompile(`^(?:[0-9]+:[0-9]+)?$`)

// parseReplicas reads a list of throttled replicas. Brokers validate it element by element, as lenient as all lists, but
// apply it to the log from the text as it was sent, which knows no whitespace, no empty element and no number beyond 32
// bits: the topic's other new configs are then ignored with it. So only the clean form passes.
func (d Def) parseReplicas(raw string, elements []string) (string, *Problem) {
	const limit = `"*", or replicas as partition:broker parted by commas`
	if strings.Join(elements, "") == "*" {
		return d.cleanReplicas(raw, limit, []string{"*"})
	}
	var wanted []string
	for _, element := range elements {
		element = trim(element)
		if !replica.MatchString(element) {
			return "", invalid(limit, d.Default, "%s has the element %s", quote(raw), quote(element))
		}
		if !fits(element) {
			return "", harmful(limit+", each a number of 32 bits", d.Default,
				"Kafka accepts %s, but no broker can apply the element %s", quote(raw), quote(element))
		}
		if element != "" {
			wanted = append(wanted, element)
		}
	}
	return d.cleanReplicas(raw, limit, wanted)
}

func (d Def) cleanReplicas(raw, limit string, wanted []string) (string, *Problem) {
	clean := strings.Join(d.unique(wanted), ",")
	if trim(raw) != strings.Join(wanted, ",") {
		return "", harmful(limit+", without spaces", clean,
			"Kafka accepts %s, but brokers then ignore the topic's new configs", quote(raw))
	}
	return clean, nil
}

// fits reports whether both numbers of a replica are ones a broker can hold.
func fits(element string) bool {
	partition, broker, _ := strings.Cut(element, ":")
	for _, number := range []string{partition, broker} {
		if _, err := strconv.ParseInt(number, 10, 32); number != "" && err != nil {
			return false
		}
	}
	return true
}

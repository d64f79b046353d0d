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
	wanted, bad := replicasOf(elements)
	if bad != "" {
		return "", invalid(limit, d.Default, "%s has the element %s", quote(raw), quote(bad))
	}
	for _, element := range wanted {
		if !fits(element) {
			return "", harmful(limit+", each a number of 32 bits", d.Default,
				"Kafka accepts %s, but no broker can apply the element %s", quote(raw), quote(element))
		}
	}
	clean := strings.Join(wanted, ",")
	if trim(raw) != clean {
		return "", harmful(limit+", without spaces", clean,
			"Kafka accepts %s, but brokers then ignore the topic's new configs", quote(raw))
	}
	return clean, nil
}

// replicasOf returns the elements that say something, or the first one that Kafka refuses.
func replicasOf(elements []string) (wanted []string, bad string) {
	if strings.Join(elements, "") == "*" {
		return []string{"*"}, ""
	}
	for _, element := range elements {
		if element = trim(element); !replica.MatchString(element) {
			return nil, element
		}
		if element != "" {
			wanted = append(wanted, element)
		}
	}
	return wanted, ""
}

// fits reports whether both numbers of a replica are ones a broker can hold.
func fits(element string) bool {
	if element == "*" {
		return true
	}
	partition, broker, _ := strings.Cut(element, ":")
	_, partitionErr := strconv.ParseInt(partition, 10, 32)
	_, brokerErr := strconv.ParseInt(broker, 10, 32)
	return partitionErr == nil && brokerErr == nil
}

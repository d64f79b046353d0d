package differential

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

// spec is a topic as somebody might declare it. The counts are nil where they are left to the brokers.
type spec struct {
	// change says that nothing but configs is in question, and that an existing topic's are asked about.
	change     bool
	name       string
	partitions *int32
	replicas   *int16
	config     map[string]string
	// stored is what the topic has already, and removed are keys of it that go back to the brokers' default.
	stored  map[string]string
	removed []string
}

// declared is the topic as an object declares it.
func (s spec) declared() topic.Declared {
	name := s.name
	if s.change {
		name = "orders"
	}
	declared := testutil.Topic(name).Declared()
	declared.Ref.Name = "orders"
	if s.partitions != nil {
		count := int64(*s.partitions)
		declared.Partitions = &count
	}
	if s.replicas != nil {
		count := int64(*s.replicas)
		declared.Replicas = &count
	}
	config := maps.Clone(s.stored)
	for _, key := range s.removed {
		delete(config, key)
	}
	for _, from := range []map[string]string{config, s.config} {
		for key, value := range from {
			declared.Config[key] = topic.Value{Text: value}
		}
	}
	declared.Recorded.ManagedConfig = s.removed
	return declared
}

// records is how much of a request's limit (10,000 records and as many partitions) the creation takes.
func (s spec) records() int {
	records := 1 + len(s.config)
	if s.partitions == nil {
		return records + 1
	}
	return records + max(int(*s.partitions), 0)
}

func (s spec) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "name %s partitions %s replicas %s", short(s.name), count(s.partitions), count(s.replicas))
	for _, key := range slices.Sorted(maps.Keys(s.config)) {
		fmt.Fprintf(&out, " %q=%s", key, short(s.config[key]))
	}
	if s.stored != nil {
		fmt.Fprintf(&out, " removing %q of the stored %q", s.removed, s.stored)
	}
	return out.String()
}

func count[T int16 | int32](number *T) string {
	if number == nil {
		return "-"
	}
	return fmt.Sprint(*number)
}

func short(text string) string {
	const most = 300
	if len(text) > most {
		return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
	}
	return fmt.Sprintf("%q", text)
}

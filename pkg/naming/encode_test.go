package naming

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEncodingOfTheDesign(t *testing.T) {
	tests := map[string]string{
		"orders.v1": "orders.v1",
		"Orders_V1": "kt--z1ordersz2z1v1",
		"_schemas":  "kt--z2schemas",
		"a..b":      "kt--az4z4b",
		"-x-":       "kt--z3xz3",
		"kt--foo":   "kt--ktz3z3foo",
		"zoo":       "zoo",
		"zoo_1":     "kt--z0ooz21",
		"kth--foo":  "kt--kthz3z3foo",
		"a-b.C":     "kt--a-b.z1c",
		"...":       "kt--z4z4z4",
		"A.-b":      "kt--z1az4z3b",
	}
	for topic, name := range tests {
		t.Run(topic, func(t *testing.T) {
			assert.Equal(t, name, Encode(topic))
			decoded, ok := Decode(name)
			assert.True(t, ok)
			assert.Equal(t, topic, decoded)
		})
	}
}

func TestALongTopicNameIsHashed(t *testing.T) {
	longest := "A" + strings.Repeat("b", 247) // kt--z1a and 247 more: 254
	name := Encode(longest)
	assert.Len(t, name, 57)
	assert.True(t, strings.HasPrefix(name, prefixHashed))
	_, ok := Decode(name)
	assert.False(t, ok, "a hash cannot be read back")
	assert.Len(t, Encode(longest[:247]), maxObjectName)
}

func TestNamesThatNoTopicEncodesToAreNotDecoded(t *testing.T) {
	tests := map[string]string{
		"a bare prefix":                    "kt--",
		"an escape that ends early":        "kt--az",
		"an upper case escape cut short":   "kt--z1",
		"an unknown escape":                "kt--z5",
		"a name that needs no encoding":    "kt--orders",
		"an escaped dot that may stand":    "kt--z1az4b",
		"a dash that may not stand":        "kt---z1a",
		"the topic '.'":                    "kt--z4",
		"upper case":                       "Orders",
		"a hash":                           Encode(strings.Repeat("A", 249)),
		"no DNS name":                      "a_b",
		"a DNS name too long for a topic":  strings.Repeat("a", 250),
		"an upper case escape of no ASCII": "kt--z1é",
		"empty":                            "",
	}
	for why, name := range tests {
		t.Run(why, func(t *testing.T) {
			_, ok := Decode(name)
			assert.False(t, ok)
		})
	}
}

// Every name of up to five of the characters that matter, and all pairs of them.
func TestEncodingIsInjectiveOnAllShortNames(t *testing.T) {
	const alphabet = "a1zA_-.kth"
	seen := map[string]string{}
	var walk func(topic string)
	walk = func(topic string) {
		if len(Legal(topic)) == 0 {
			name := Encode(topic)
			// Plain comparisons: an assertion walks the whole map, a hundred thousand times.
			other, taken := seen[name]
			decoded, ok := Decode(name)
			if taken || !ok || decoded != topic || !DNS1123(name) {
				require.FailNow(t, "encoding is wrong", "%q → %q → %q, which %q has", topic, name, decoded, other)
			}
			seen[name] = topic
		}
		if len(topic) < 5 {
			for _, char := range alphabet {
				walk(topic + string(char))
			}
		}
	}
	walk("")
	assert.Greater(t, len(seen), 100_000)
}

func FuzzEncode(f *testing.F) {
	for _, seed := range []string{"", "orders", "Orders_V1", "kt--foo", "kth--x", "a..b", "-.-", "é", strings.Repeat("Z", 249)} {
		f.Add(seed, seed+"_")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		name := Encode(a)
		require.True(t, DNS1123(name), "%q", name)
		require.Equal(t, a == b, name == Encode(b), "%q and %q", a, b)
		if len(Legal(a)) == 0 && !strings.HasPrefix(name, prefixHashed) {
			decoded, ok := Decode(name)
			require.True(t, ok)
			require.Equal(t, a, decoded)
		}
		if topic, ok := Decode(a); ok {
			require.Equal(t, a, Encode(topic))
		}
	})
}

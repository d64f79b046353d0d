package naming

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The verdicts are those of real brokers (3.9, 4.3 and 4.4 agree).
func TestKafkaAcceptsExactlyTheLegalNames(t *testing.T) {
	tests := map[string]struct {
		name  string
		legal bool
	}{
		"one character":           {"a", true},
		"249 characters":          {strings.Repeat("a", 249), true},
		"250 characters":          {strings.Repeat("a", 250), false},
		"empty":                   {"", false},
		"a dot":                   {".", false},
		"two dots":                {"..", false},
		"three dots":              {"...", true},
		"a letter beyond ASCII":   {"é", false},
		"a space":                 {"a b", false},
		"a slash":                 {"a/b", false},
		"a colon":                 {"a:b", false},
		"a leading dash":          {"-a", true},
		"a leading dot":           {".a", true},
		"a trailing dot":          {"a.", true},
		"a leading underscore":    {"_a", true},
		"two leading underscores": {"__a", true},
		"upper case":              {"ORDERS", true},
		"a newline":               {"a\nb", false},
		"a NUL":                   {"a\x00b", false},
		"no UTF-8":                {"a\xffb", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			problems := Legal(test.name)
			assert.Equal(t, test.legal, len(problems) == 0, "%+v", problems)
		})
	}
}

func TestEveryFaultOfANameIsListedWithItsPlaceLimitAndFix(t *testing.T) {
	problems := Legal("Bestellungen für Käufer!? " + strings.Repeat("x", 300))
	require.Len(t, problems, 2)
	assert.Equal(t, limitLength, problems[0].Limit)
	assert.Contains(t, problems[0].Message, "has 326 characters, 77 more")
	assert.Equal(t, limitCharacters, problems[1].Limit)
	assert.Contains(t, problems[1].Message,
		`' ' at position 13, 'ü' at position 15, ' ' at position 17 and 4 more illegal characters`)
	for _, problem := range problems {
		assert.Equal(t, ReasonIllegal, problem.Reason)
		assert.Equal(t, FieldTopicName, problem.Field)
		assert.Empty(t, Legal(problem.Fix))
	}
	assert.Equal(t, `topic name "a b" contains ' ' at position 2`, Legal("a b")[0].Message)
	assert.Equal(t, "the topic name is empty", Legal("")[0].Message)
	assert.Equal(t, limitDots, Legal("..")[0].Limit)
}

func TestSuggestionIsNearTheNameAndPasses(t *testing.T) {
	tests := map[string]struct{ name, want string }{
		"a good name stays":                    {"Orders.v1_x-", "Orders.v1_x-"},
		"a space becomes a dash":               {"orders v1", "orders-v1"},
		"a run of bad characters is one dash":  {"orders >> v1", "orders-v1"},
		"bad characters at the ends disappear": {" orders! ", "orders"},
		"a path":                               {"/team/orders", "team-orders"},
		"nothing legal is left":                {"заказы", fallbackName},
		"empty":                                {"", fallbackName},
		"a dot":                                {".", fallbackName},
		"an internal name is freed":            {"__consumer_offsets", "consumer_offsets"},
		"a platform name is freed":             {"_confluent-metrics", "confluent-metrics"},
		"a platform name without underscores":  {"strimzi.cruisecontrol.metrics", "my-strimzi.cruisecontrol.metrics"},
		"only underscores":                     {"__", fallbackName},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, Suggest(test.name))
		})
	}
	long := strings.Repeat("a", 249)
	assert.Len(t, Suggest(long+"b"), MaxLength)
	assert.NotEqual(t, Suggest(long+"b"), Suggest(long+"c"), "two long names stay two")
}

func FuzzLegal(f *testing.F) {
	for _, seed := range []string{"", ".", "..", "a b", "__x", "_schemas", "strimzi.cruisecontrol.x", "é", strings.Repeat("Z", 260)} {
		f.Add(seed)
	}
	reference := regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)
	f.Fuzz(func(t *testing.T, name string) {
		legal := reference.MatchString(name) && name != "." && name != ".."
		require.Equal(t, legal, len(Legal(name)) == 0)
		fix := Suggest(name)
		require.Empty(t, Legal(fix), "%q", fix)
		require.Nil(t, Reservations{}.Check(fix), "%q", fix)
		require.Equal(t, fix, Suggest(fix), "a suggestion needs no further one")
		if legal && (Reservations{}).Check(name) == nil {
			require.Equal(t, name, fix)
		}
	})
}

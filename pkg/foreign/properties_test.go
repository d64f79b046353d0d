package foreign_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/foreign"
)

const key = foreign.AutoCreateKey

func TestAPropertyIsReadAsJavaReadsIt(t *testing.T) {
	for name, c := range map[string]struct {
		text, value string
		set         bool
	}{
		"nothing":                            {"", "", false},
		"with an equals sign":                {key + "=false", "false", true},
		"with a colon":                       {key + ":false\n", "false", true},
		"with a blank":                       {key + " false", "false", true},
		"with a tab":                         {key + "\tfalse", "false", true},
		"with blanks around":                 {"  " + key + " = false", "false", true},
		"with a colon after blanks":          {key + "  :  false", "false", true},
		"without a value":                    {key, "", true},
		"a value that begins with a sign":    {key + "==false", "=false", true},
		"blanks behind belong to the value":  {key + "=false  ", "false  ", true},
		"a comment":                          {"#" + key + "=false\n!" + key + "=false\n  # " + key + "=false", "", false},
		"a comment does not go on":           {"# a comment \\\n" + key + "=false", "false", true},
		"the last one wins":                  {key + "=true\na=b\n" + key + "=false\n", "false", true},
		"a value in the next line":           {key + "=\\\n   false\n", "false", true},
		"a key in two lines":                 {"auto.create.\\\n  topics.enable=false", "false", true},
		"part of another setting":            {"a=b\\\n" + key + "=false", "", false},
		"after a backslash that is none":     {"a=b\\\\\n" + key + "=false", "false", true},
		"another key that begins the same":   {key + ".not=false", "", false},
		"another key that ends the same":     {"not." + key + "=false", "", false},
		"lines of Windows":                   {"a=b\r\n" + key + "=false\r\nc=d", "false", true},
		"lines of old Macs":                  {"a=b\r" + key + "=false\rc=d", "false", true},
		"an escaped dot":                     {`auto\.create.topics.enable=false`, "false", true},
		"a letter by its number":             {`auto\u002ecreate.topics.enable=false`, "false", true},
		"an escaped separator":               {`auto.create.topics.enable\=false`, "", false},
		"a setting that the end cuts off":    {key + "=fal\\", "fal", true},
		"a continuation with nothing behind": {key + "=false\\\n", "false", true},
	} {
		t.Run(name, func(t *testing.T) {
			value, set := foreign.Property(c.text, key)
			assert.Equal(t, c.set, set)
			assert.Equal(t, c.value, value)
		})
	}
}

func TestSettingAPropertyChangesThatLineOnly(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"nothing":                         {"", key + "=false\n"},
		"behind others":                   {"a=b\n", "a=b\n" + key + "=false\n"},
		"behind others without an end":    {"a=b", "a=b\n" + key + "=false"},
		"in its place":                    {"# why\na=b\n" + key + "=true\nc=d\n", "# why\na=b\n" + key + "=false\nc=d\n"},
		"in the place of the last":        {key + "=true\na=b\n" + key + " : true\n", "a=b\n" + key + "=false\n"},
		"one of several lines":            {"a=b\n" + key + "=\\\n  true\r\nc=d", "a=b\n" + key + "=false\r\nc=d"},
		"before a line that goes nowhere": {"a=b\\", key + "=false\na=b\\"},
		"a comment is left alone":         {"#" + key + "=true", "#" + key + "=true\n" + key + "=false"},
	} {
		t.Run(name, func(t *testing.T) {
			after := foreign.SetProperty(c.before, key, "false")
			assert.Equal(t, c.after, after)
			assert.Equal(t, after, foreign.SetProperty(after, key, "false"), "once more changes nothing")
		})
	}
}

func FuzzSettingAPropertySetsItAndLeavesOthers(f *testing.F) {
	for _, seed := range []string{"", key + "=true", "a=b\\\n" + key + "=true\n", "#\\\n" + key, "a\\", "\\\n\\\n", "a=b\r\n\r\n!x\n" + key + ":\\\r\n \\\n x\\", "\\\n#", "a\\\n\\"} {
		f.Add(seed, "a")
	}
	f.Fuzz(func(t *testing.T, text, other string) {
		after := foreign.SetProperty(text, key, "false")
		value, set := foreign.Property(after, key)
		if !set || value != "false" {
			t.Fatalf("%q became %q, which says %q", text, after, value)
		}
		was, wasSet := foreign.Property(text, other)
		is, isSet := foreign.Property(after, other)
		if other != key && (was != is || wasSet != isSet) {
			t.Fatalf("%q became %q: %q was %q (%t) and is %q (%t)", text, after, other, was, wasSet, is, isSet)
		}
		if again := foreign.SetProperty(after, key, "false"); strings.Count(after, key) == 1 && again != after {
			t.Fatalf("%q became %q, and then %q", text, after, again)
		}
	})
}

package parity

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/topic"
)

// verdict is what an entry point said, in a form that all of them can be brought into. What it cannot tell is nil.
type verdict struct {
	refuses, warns, audits tagSet
	// builtin are the reasons of TopicGate's own rules that refuse.
	builtin tagSet
	// texts are what it said.
	texts []string
}

// tagSet are names, each once; a nil one is not known.
type tagSet map[string]bool

func setOf(names ...string) tagSet {
	set := tagSet{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

func (s tagSet) sorted() []string {
	names := []string{}
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// add takes in violations; those without a rule's tag are TopicGate's own.
func (v *verdict) add(into tagSet, violations []topic.Violation) {
	for _, violation := range violations {
		v.texts = append(v.texts, violation.Text())
		for _, rule := range violation.Rules {
			into[rule] = true
		}
	}
}

// tagsOf are the rules that a text names at its end: [a/x, b/y].
func tagsOf(text string) []string {
	found := regexp.MustCompile(` \[([^\[\]]+/[^\[\]]+)\]$`).FindStringSubmatch(text)
	if found == nil {
		return nil
	}
	return strings.Split(found[1], ", ")
}

// compare wants what was said to be what the case expects.
func (c *testCase) compare(t *testing.T, want expectation, got verdict) {
	t.Helper()
	c.compareSet(t, "refuses", want.Refuses, got.refuses)
	c.compareSet(t, "warns", want.Warns, got.warns)
	c.compareSet(t, "audits", want.Audits, got.audits)
	c.compareSet(t, "TopicGate's own refusals", c.Builtin, got.builtin)
	if t.Failed() {
		t.Logf("said:\n%s", strings.Join(got.texts, "\n"))
	}
}

func (c *testCase) compareSet(t *testing.T, what string, want []string, got tagSet) {
	t.Helper()
	if got == nil {
		return
	}
	bare := tagSet{}
	for name := range got {
		bare[c.bare(name)] = true
	}
	assert.Equal(t, setOf(want...).sorted(), bare.sorted(), what)
}

// compareTexts wants everything to be said that the case says is said.
func (c *testCase) compareTexts(t *testing.T, got verdict) {
	t.Helper()
	said := c.bare(strings.Join(got.texts, "\n"))
	for _, want := range c.Says {
		assert.Contains(t, said, want)
	}
}

// forEach runs a test for every case that is not known to fail.
func forEach(t *testing.T, all []world, test func(*testing.T, *world)) {
	t.Helper()
	for i := range all {
		w := &all[i]
		t.Run(w.theme+"/"+w.number+" "+w.It, func(t *testing.T) {
			if w.Known != "" {
				t.Skipf("SKIPPED, known: %s", w.Known)
			}
			test(t, w)
		})
	}
}

// atSync is what the syncer is to say.
func (c *testCase) atSync() expectation {
	if c.Syncer == nil {
		return c.expectation
	}
	return c.Syncer.expectation
}

// TestTagsAreReadFromTexts keeps the comparison above honest.
func TestTagsAreReadFromTexts(t *testing.T) {
	for text, want := range map[string][]string{
		"61: more; limit: at most 60 [a/x]":           {"a/x"},
		"61: more; limit: at most 60 [a/x, b/y]":      {"a/x", "b/y"},
		"spec.config[retention.ms]: no [a/x] in here": nil,
		"see spec.config[retention.ms]":               nil,
	} {
		assert.Equal(t, want, tagsOf(text), text)
	}
}

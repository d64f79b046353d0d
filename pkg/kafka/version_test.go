package kafka

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReleaseOfAGuess(t *testing.T) {
	for guess, want := range map[string]string{
		"v4.4":                               "4.4",
		"at least v4.4":                      "4.4",
		"between v3.9 and v4.0":              "3.9",
		"unknown custom version at least v3": "",
		"unknown custom version":             "",
		"not even v0.8.0":                    "",
	} {
		assert.Equal(t, want, release(guess), guess)
	}
}

func TestTheLowestReleaseCounts(t *testing.T) {
	for name, c := range map[string]struct {
		facts []brokerFacts
		want  string
	}{
		"mixed":                       {[]brokerFacts{{version: "4.4", asked: true}, {version: "3.9", asked: true}, {version: "4.10", asked: true}}, "3.9"},
		"ten is more than nine":       {[]brokerFacts{{version: "4.10", asked: true}, {version: "4.9", asked: true}}, "4.9"},
		"a fenced broker says none":   {[]brokerFacts{{}, {version: "4.4", asked: true}}, "4.4"},
		"one that cannot be told":     {[]brokerFacts{{version: "4.4", asked: true}, {asked: true}}, ""},
		"nobody could be asked":       {[]brokerFacts{{}}, ""},
		"an empty list has no lowest": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, lowestVersion(c.facts)) })
	}
}

package policy

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
)

// mostStates bounds a compiled expression: RE2 takes time in proportion to it for each character, and memory once.
const mostStates = 10_000

var errPatternLarge = errors.New("it is too large: its repetitions multiply")

// pattern compiles a regular expression that must match a whole text. Its size is known before it is compiled.
func pattern(text string) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if states(tree) > mostStates {
		return nil, errPatternLarge
	}
	return regexp.Compile(`^(?:` + text + `)$`)
}

// states is about how many instructions an expression becomes, saturating.
func states(tree *syntax.Regexp) int {
	sum := 1 + len(tree.Rune)
	for _, sub := range tree.Sub {
		sum = min(sum+states(sub), mostStates+1)
	}
	if tree.Op == syntax.OpRepeat {
		times := max(tree.Max, tree.Min, 1)
		if sum > mostStates/times {
			return mostStates + 1
		}
		return sum * times
	}
	return sum
}

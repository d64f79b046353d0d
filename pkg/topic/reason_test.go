package topic_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/topic"
)

// TestReasonsAreClosedAndUnique reads the constants from the source, so that none can be left out of the list.
func TestReasonsAreClosedAndUnique(t *testing.T) {
	t.Parallel()
	declared := declaredReasons(t)
	require.NotEmpty(t, declared)
	var listed []string
	seen := map[topic.Reason]bool{}
	for _, meaning := range topic.Reasons() {
		assert.False(t, seen[meaning.Reason], "%s is listed twice", meaning.Reason)
		seen[meaning.Reason] = true
		listed = append(listed, string(meaning.Reason))
		assert.Contains(t, []topic.Consequence{topic.Settled, topic.Retry, topic.Stall, topic.Notice}, meaning.Consequence)
		assert.Equal(t, meaning.Consequence, topic.ConsequenceOf(meaning.Reason))
	}
	assert.ElementsMatch(t, declared, listed)
}

func TestAnUnknownReasonStalls(t *testing.T) {
	t.Parallel()
	assert.Equal(t, topic.Stall, topic.ConsequenceOf("NoSuchReason"), "whoever waits must not wait for nothing")
}

// declaredReasons are the values of the constants of type Reason; each must have a comment and be spelled as it is named.
func declaredReasons(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.ParseComments)
	require.NoError(t, err)
	var values []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Reason" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		assert.Equal(t, spec.Names[0].Name, value, "a reason is spelled the same everywhere")
		assert.Regexp(t, "^[A-Z][A-Za-z]+$", value, "a condition's reason is CamelCase")
		assert.NotNil(t, spec.Doc, "%s has no comment", value)
		values = append(values, value)
		return true
	})
	return values
}

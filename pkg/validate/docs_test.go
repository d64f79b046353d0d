package validate_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type documented struct{ name, file, reasons, refuses, ratcheted string }

// TestRulesAreDocumented keeps docs/rules.md as the code is: every rule, in order, with its file, reasons and ratcheting.
func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	rows := documentedRules(t)
	var names []string
	perFile := map[string]string{}
	for _, row := range rows {
		names = append(names, row.name+" "+row.ratcheted)
		perFile[row.file] += row.reasons + " " + row.refuses + " "
		source := read(t, row.file)
		assert.Contains(t, source, "func "+row.name+"(in Input) finding", "%s is not in %s", row.name, row.file)
		assert.FileExists(t, strings.TrimSuffix(row.file, ".go")+"_test.go", "a rule has a test")
		for reason := range strings.SplitSeq(row.reasons, ", ") {
			assert.Contains(t, source, "topic."+reason, "%s gives %s", row.name, reason)
		}
	}
	assert.Equal(t, append(listedRules(t), "deletionProtected transition"), names)
	for file, reasons := range perFile {
		for _, found := range regexp.MustCompile(`Reason(?:: +| = |\(in, )topic\.([A-Za-z]+)[,)\n]`).FindAllStringSubmatch(read(t, file), -1) {
			assert.Contains(t, reasons, found[1], "%s gives a reason that docs/rules.md does not name", file)
		}
	}
}

// TestEveryRuleIsListed finds rules that somebody wrote and did not list.
func TestEveryRuleIsListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	listed := strings.Join(append(listedRules(t), "deletionProtected transition"), " ")
	for _, file := range files {
		for _, found := range regexp.MustCompile(`(?m)^func ([a-z]\w*)\(in Input\) finding`).FindAllStringSubmatch(read(t, file), -1) {
			assert.Contains(t, listed, found[1], "%s is in no list", found[1])
		}
	}
}

// listedRules are the rules of rules.go, each with its kind in the words of the page.
func listedRules(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, found := range regexp.MustCompile(`\{(\w+), (\w+)\},`).FindAllStringSubmatch(read(t, "rules.go"), -1) {
		list = append(list, found[2]+" "+strings.ToLower(strings.TrimPrefix(found[1], "about")))
	}
	require.NotEmpty(t, list)
	return list
}

func documentedRules(t *testing.T) []documented {
	t.Helper()
	var rows []documented
	for line := range strings.Lines(read(t, "../../docs/rules.md")) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 7 || slices.Contains([]string{" Rule ", "---"}, cells[1]) {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, documented{strings.TrimSuffix(cells[1], " °"), cells[2], cells[3], cells[4], cells[5]})
	}
	return rows
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

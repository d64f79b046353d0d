package report_test

import (
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/topic"
)

func TestNoFormatPrintsWhatTerminalsActOn(t *testing.T) {
	for _, format := range report.AuditFormats() {
		t.Run(format, func(t *testing.T) {
			got := written(t, format, document(report.AuditSelection{}, full(), strange()))
			at := strings.IndexFunc(got, func(r rune) bool {
				return r == unicode.ReplacementChar || r != '\n' && r != '\r' && r != '\t' && !unicode.IsPrint(r)
			})
			assert.Negative(t, at, "at %d", at)
		})
	}
}

func TestJSONHoldsNamesExactly(t *testing.T) {
	var back report.AuditReport
	made := document(report.AuditSelection{}, strange())
	require.NoError(t, json.Unmarshal([]byte(written(t, "json", made)), &back))
	assert.Equal(t, strings.ToValidUTF8(hostile, "\ufffd"), back.Clusters[0].Topics[0].Groups[0].Name)
}

func TestASpreadsheetFindsNoFormula(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", document(report.AuditSelection{}, full(), strange())))).ReadAll()
	require.NoError(t, err)
	for _, row := range rows {
		for _, cell := range row {
			assert.NotContains(t, "=+-@", cell[:min(1, len(cell))]+"\x00")
		}
	}
	assert.Contains(t, written(t, "csv", document(report.AuditSelection{}, strange())), ",'-orders,")
}

// TestACommandIsPrintedOnlyWhereNothingSpeaksForATopic takes one reason after another away.
func TestACommandIsPrintedOnlyWhereNothingSpeaksForATopic(t *testing.T) {
	cases := map[string]struct {
		change func(*audit.Topic)
		wants  bool
	}{
		"all reasons":                         {func(*audit.Topic) {}, true},
		"it is within the grace period":       {func(a *audit.Topic) { a.Class = topic.ClassCandidate }, false},
		"it was released":                     {func(a *audit.Topic) { a.Class = topic.ClassReleased }, false},
		"somebody made it":                    {func(a *audit.Topic) { a.Origin.Kind = topic.OriginPlain }, false},
		"nobody knows where it comes from":    {func(a *audit.Topic) { a.Origin = topic.Origin{} }, false},
		"it holds a record":                   {func(a *audit.Topic) { a.Findings.Records = 1 }, false},
		"it was not examined":                 {func(a *audit.Topic) { a.Findings = topic.Findings{} }, false},
		"records could not be counted":        {func(a *audit.Topic) { a.Findings.Records = -1 }, false},
		"records were not seen":               {func(a *audit.Topic) { a.Findings.Unseen = []string{"records"} }, false},
		"groups were not seen":                {func(a *audit.Topic) { a.Findings.Unseen = []string{"groups"} }, false},
		"a group left offsets":                {func(a *audit.Topic) { a.Findings.Groups = []topic.GroupUse{{Name: "g"}} }, false},
		"its ID is not known":                 {func(a *audit.Topic) { a.TopicID = "" }, false},
		"its name is reserved":                {func(a *audit.Topic) { a.Name = "_schemas" }, false},
		"its name is reserved on the cluster": {func(a *audit.Topic) { a.Name = "ours.x" }, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			made := orphans()[1]
			c.change(&made)
			a := document(report.AuditSelection{}, audit.Report{Topics: []audit.Topic{made}})
			a.Clusters[0].Reserved.Add = []string{"ours.*"}
			assert.Equal(t, c.wants, strings.Contains(written(t, "commands", a), "\nkubectl topicgate delete-topic --topic-id="))
		})
	}
}

// TestAShellReadsTheCommandsAsTheyAreMeant asks a real shell.
func TestAShellReadsTheCommandsAsTheyAreMeant(t *testing.T) {
	script := strings.ReplaceAll(written(t, "commands", document(report.AuditSelection{}, full())), "\nkubectl ", "\nprintf '<%s>' ")
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	require.NoError(t, err)
	assert.Equal(t, "<topicgate><delete-topic><--topic-id=-dash_AAAAAAAAAAAAAAAA><--bootstrap=kafka.example:9093>"+
		"<--password-file=/run/my secrets/'kafka'><--><ordres>", string(out))
}

func TestFailOn(t *testing.T) {
	a := document(report.AuditSelection{}, full())
	for name, c := range map[string]struct {
		words []string
		found bool
	}{
		"a kind that was found":        {[]string{"Missing", "Orphan"}, true},
		"a kind that was not":          {[]string{"Missing"}, false},
		"a severity that was found":    {[]string{"high"}, true},
		"nothing is failed on":         {nil, false},
		"a severity and what is worse": {report.AtLeast("medium"), true},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.found, a.Found(c.words)) })
	}
	assert.Equal(t, []string{"high", "medium"}, report.AtLeast("medium"))
	assert.Empty(t, report.AtLeast("Orphan"))
}

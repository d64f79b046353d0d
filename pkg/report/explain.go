package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Explanation is what a topic will be, and what made it so.
type Explanation struct {
	Result
	Settings   []Setting   `json:"settings"`
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Setting is an effective value and whose it is.
type Setting struct {
	Name string `json:"name"`
	// Value is empty where nobody knows it; Source then says so.
	Value  string `json:"value"`
	Source string `json:"source"`
}

// Exception is a TopicPolicyException that a topic rests on.
type Exception struct {
	Name   string `json:"name"`
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
	// ExpiresAt is in RFC 3339, DaysLeft are whole days, rounded down.
	ExpiresAt string `json:"expiresAt"`
	DaysLeft  int    `json:"daysLeft"`
}

// Explanations is the JSON form of several.
type Explanations struct {
	APIVersion string        `json:"apiVersion"`
	Kind       string        `json:"kind"`
	Topics     []Explanation `json:"topics"`
}

// WriteExplanations writes as text or json.
func WriteExplanations(w io.Writer, format string, topics []Explanation) error {
	if format == "json" {
		return writeJSON(w, Explanations{APIVersion, "Explanation", topics})
	}
	for i, topic := range topics {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if err := topic.write(w); err != nil {
			return err
		}
	}
	return nil
}

func (e Explanation) write(w io.Writer) error {
	var out strings.Builder
	out.WriteString(prefix(e.Place) + e.Namespace + "/" + e.Name + "\n")
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "SETTING\tVALUE\tSOURCE") // a Builder never fails
	for _, setting := range e.Settings {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", setting.Name, orDash(setting.Value), setting.Source)
	}
	_ = table.Flush()
	out.WriteString("Policies that match: " + orDash(strings.Join(e.Policies, ", ")) + "\n")
	for _, exception := range e.Exceptions {
		fmt.Fprintf(&out, "Exception in use: %s for %s, %s left (%s)\n", exception.Name, exception.Rule, count(exception.DaysLeft, "day"), exception.Reason)
	}
	verdict := Report{Results: []Result{e.Result}}.findings()
	if verdict == "" {
		verdict = e.Namespace + "/" + e.Name + " breaks no rule\n"
	}
	out.WriteString(verdict)
	_, err := io.WriteString(w, out.String())
	return err
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

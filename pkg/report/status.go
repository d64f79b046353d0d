package report

import (
	"fmt"
	"io"
	"strings"
)

// TopicStatus is everything about one topic.
type TopicStatus struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Topic      string `json:"topic"`
	TopicID    string `json:"topicID,omitempty"`
	Cluster    string `json:"cluster,omitempty"`
	// Reachable says since when the brokers have not answered, and why; empty while they do.
	Unreachable string `json:"unreachable,omitempty"`
	// Object is the KafkaTopic that this is about; absent where none declares the topic.
	Object     *AuditObject      `json:"object,omitempty"`
	Conditions []StatusCondition `json:"conditions,omitempty"`
	// Owner says whose the topic is; Claims are other KafkaTopics that declare it.
	Owner  string        `json:"owner"`
	Claims []AuditObject `json:"claims,omitempty"`
	Values []TopicValue  `json:"values,omitempty"`
	Live   string        `json:"live,omitempty"`
	// Deletion says what deleting the object does, or why its deletion waits.
	Deletion    string       `json:"deletion,omitempty"`
	Explanation *Explanation `json:"policies,omitempty"`
	Inventory   *AuditTopic  `json:"inventory,omitempty"`
	Notes       []string     `json:"notes,omitempty"`
}

// StatusCondition is a condition with what it means for whoever waits.
type StatusCondition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message,omitempty"`
	Since   string `json:"since,omitempty"`
	Means   string `json:"means,omitempty"`
}

// WriteTopicStatus writes it in one of the StatusFormats.
func WriteTopicStatus(w io.Writer, format string, status TopicStatus) error {
	if format != "text" {
		return writeData(w, format, status)
	}
	_, err := io.WriteString(w, status.text())
	return err
}

func (s TopicStatus) text() string {
	var out strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&out, "%-11s %s\n", label+":", clean(text))
		}
	}
	line("Topic", strings.TrimSpace(s.Topic+" "+parenthesis(s.TopicID)))
	line("Cluster", s.Cluster)
	line("Brokers", s.Unreachable)
	if s.Object != nil {
		line("Object", "KafkaTopic "+s.Object.String())
	} else {
		line("Object", "none: no KafkaTopic declares it")
	}
	line("Owner", s.Owner)
	for _, claim := range s.Claims {
		line("Also", "KafkaTopic "+claim.String()+" declares it")
	}
	line("Deletion", s.Deletion)
	s.writeConditions(&out)
	if len(s.Values) > 0 {
		out.WriteString("\nValues (live: " + s.Live + ")\n")
		table(&out, s.marked())
	}
	s.writePolicies(&out)
	s.writeInventory(&out)
	for _, note := range s.Notes {
		out.WriteString("note: " + clean(note) + "\n")
	}
	return out.String()
}

func parenthesis(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func (s TopicStatus) writeConditions(out *strings.Builder) {
	if len(s.Conditions) == 0 {
		return
	}
	out.WriteString("\nConditions\n")
	said := map[string]bool{}
	for _, c := range s.Conditions {
		if said[c.Message] { // Stalled and Reconciling repeat what Ready says
			fmt.Fprintf(out, "  %s=%s (%s)%s\n", clean(c.Type), clean(c.Status), clean(c.Reason), since(c.Since))
			continue
		}
		said[c.Message] = true
		fmt.Fprintf(out, "  %s=%s (%s)%s: %s\n", clean(c.Type), clean(c.Status), clean(c.Reason), since(c.Since), clean(c.Message))
		if c.Means != "" {
			out.WriteString("    " + c.Means + "\n")
		}
	}
}

func since(at string) string {
	if at == "" {
		return ""
	}
	return " since " + at
}

// marked are the values with a word on those that differ.
func (s TopicStatus) marked() [][]string {
	rows := valueRows(s.Values)
	rows[0] = append(rows[0], "")
	for i, value := range s.Values {
		mark := ""
		if value.State != ValueSame {
			mark = string(value.State)
		}
		rows[i+1] = append(rows[i+1], mark)
	}
	return rows
}

func (s TopicStatus) writePolicies(out *strings.Builder) {
	if s.Explanation == nil {
		return
	}
	out.WriteString("\nPolicies that match: " + clean(orDash(strings.Join(s.Explanation.Policies, ", "))) + "\n")
	for _, exception := range s.Explanation.Exceptions {
		fmt.Fprintf(out, "  exception in use: %s for %s, %s left (%s)\n", clean(exception.Name), clean(exception.Rule), count(exception.DaysLeft, "day"), clean(exception.Reason))
	}
	for _, finding := range s.Explanation.Findings {
		fmt.Fprintf(out, "  • (%s) %s\n", finding.Level, clean(line(finding)))
	}
}

func (s TopicStatus) writeInventory(out *strings.Builder) {
	t := s.Inventory
	if t == nil {
		out.WriteString("\nInventory: the last look at the brokers did not show it\n")
		return
	}
	out.WriteString("\nInventory: " + t.Class)
	if t.Origin != nil {
		out.WriteString(", " + t.origin())
	}
	out.WriteString("\n  " + t.amounts() + "\n")
	if t.Groups != nil {
		out.WriteString("  groups: " + list(t.groupNames(), !t.unseen("groups")) + "\n")
	}
	if t.Recommendation != "" {
		out.WriteString("  " + clean(t.Recommendation+": "+strings.Join(t.Reasons, "; ")) + "\n")
	}
}

package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unknown stands for what nobody knows, which is never zero and never none.
const unknown = "?"

// clean makes a text safe to print on a terminal: names of groups and applications, labels and messages may hold anything.
// What does not print, or changes the direction or place of what does, is written as \uXXXX.
func clean(text string) string {
	if !strings.ContainsFunc(text, unsafe) {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		switch {
		case !unsafe(r):
			out.WriteRune(r)
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&out, `\x%02x`, text[i])
		case r > 0xffff:
			fmt.Fprintf(&out, `\U%08x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

// unsafe says that a character does more than show: controls, directions, separators of lines, halves of nothing.
func unsafe(r rune) bool {
	return r == utf8.RuneError || r != ' ' && !unicode.IsPrint(r)
}

func cleanAll(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = clean(text)
	}
	return all
}

// number is a count, or that nobody knows it.
func number(n *int64) string {
	if n == nil {
		return unknown
	}
	return strconv.FormatInt(*n, 10)
}

// short is a count for people: what is an upper bound needs no nine digits.
func short(n *int64) string {
	if n == nil || *n < 10_000 {
		return number(n)
	}
	return scaled(*n, 1000, []string{"", "k", "M", "G", "T", "P", "E"})
}

// size is a number of bytes for people.
func size(bytes *int64) string {
	switch {
	case bytes == nil:
		return unknown
	case *bytes == 0:
		return "0"
	default:
		return scaled(*bytes, 1024, []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"})
	}
}

func scaled(n int64, step float64, units []string) string {
	amount, unit := float64(n), 0
	for amount >= step && unit < len(units)-1 {
		amount /= step
		unit++
	}
	return strings.TrimSuffix(strconv.FormatFloat(amount, 'f', decimals(amount), 64), ".0") + units[unit]
}

// decimals is one for what is small and not whole.
func decimals(amount float64) int {
	if amount < 10 && amount != float64(int64(amount)) {
		return 1
	}
	return 0
}

func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return text
}

// groupCount is how many groups there are, and how many of them have members.
func (t AuditTopic) groupCount() string {
	if t.Groups == nil {
		return unknown
	}
	active := 0
	for _, group := range t.Groups {
		if group.Active {
			active++
		}
	}
	text := strconv.Itoa(len(t.Groups))
	if t.unseen("groups") {
		text = "≥" + text
	}
	if active > 0 {
		text += fmt.Sprintf(" (%d active)", active)
	}
	return text
}

func (t AuditTopic) unseen(what string) bool {
	return slices.Contains(t.Unseen, what)
}

// groupNames are the groups with what is known of them.
func (t AuditTopic) groupNames() []string {
	names := make([]string, len(t.Groups))
	for i, group := range t.Groups {
		names[i] = clean(group.Name)
		switch {
		case group.Active:
			names[i] += " (active, lag " + number(group.Lag) + ")"
		default:
			names[i] += " (no members, lag " + number(group.Lag) + ")"
		}
	}
	return names
}

// list is a list that may be unknown.
func list(items []string, known bool) string {
	switch {
	case len(items) > 0:
		return strings.Join(items, ", ")
	case known:
		return "-"
	default:
		return unknown
	}
}

// seen is the day of the first sighting; ≤ marks what was there before us.
func (t AuditTopic) seen() string {
	day, _, _ := strings.Cut(t.FirstSeen, "T")
	if day != "" && t.Baseline {
		return "≤" + day
	}
	return orUnknown(day)
}

func (t AuditTopic) origin() string {
	switch {
	case t.Origin == nil:
		return "-"
	case t.Origin.Of != "":
		return t.Origin.Kind + " (" + clean(t.Origin.Of) + ")"
	default:
		return t.Origin.Kind
	}
}

func (t AuditTopic) owner() string {
	if t.CandidateOwner == nil {
		return "-"
	}
	return clean(t.CandidateOwner.Name)
}

// about is what a finding is about, in a few words.
func (f AuditFinding) about() string {
	var parts []string
	if f.Topic != "" {
		parts = append(parts, clean(f.Topic))
	}
	if f.Object != nil {
		parts = append(parts, clean(f.Object.String()))
	}
	if f.Subject != "" {
		parts = append(parts, clean(f.Subject))
	}
	return strings.Join(parts, ", ")
}

// title is what a cluster is called.
func (c AuditCluster) title() string {
	switch {
	case c.Name == "":
		return "Kafka cluster " + orUnknown(clean(c.ID))
	case c.ID == "":
		return "KafkaCluster " + clean(c.Name)
	default:
		return "KafkaCluster " + clean(c.Name) + " (" + clean(c.ID) + ")"
	}
}

// summary is the counts in sentences.
func (c AuditCluster) summary() []string {
	n := c.Counts
	first := fmt.Sprintf("%s: %d managed, %d declared by other products, %d without an object", count(int(n.Total), "topic"), n.Managed, n.Elsewhere, n.Orphan)
	if n.Orphan > 0 {
		first += " (" + c.orphans() + ")"
	}
	lines := []string{first + fmt.Sprintf(", %d ignored, %d unknown", n.Ignored, n.Unknown)}
	if len(c.Ignored) > 0 {
		const most = 12
		var parts []string
		for _, group := range c.Ignored[:min(len(c.Ignored), most)] {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", group.Topics, group.Class, clean(group.Why)))
		}
		if len(c.Ignored) > most {
			parts = append(parts, "…")
		}
		lines = append(lines, "not listed unless asked for: "+strings.Join(parts, ", "))
	}
	return append(lines, c.limits()...)
}

// orphans are the classes of what no object declares, and what it holds.
func (c AuditCluster) orphans() string {
	var parts []string
	for _, class := range []string{"Orphan", "Candidate", "Released"} {
		if n := c.Counts.Classes[class]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, class))
		}
	}
	held := "at most " + size(&c.Counts.OrphanBytes)
	if n := c.Counts.OrphansUnmeasured; n > 0 {
		held += fmt.Sprintf(" and what %d hold that nobody measured", n)
	}
	return strings.Join(append(parts, held), ", ")
}

// limits say what the report does not cover.
func (c AuditCluster) limits() []string {
	var lines []string
	if c.Incomplete != "" {
		lines = append(lines, "INCOMPLETE: "+clean(c.Incomplete)+"; there may be more orphans than are listed")
	}
	for _, note := range c.Notes {
		lines = append(lines, "note: "+clean(note))
	}
	return lines
}

package report

import (
	"crypto/sha256"
	_ "embed" // the page is compiled in
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed auditpage/page.html
var auditPage string

//go:embed auditpage/page.css
var auditStyle string

//go:embed auditpage/page.js
var auditScript string

// Bounds of the page. Rows beyond mostStatic are in the page but not in its document until somebody looks for them: browsers
// take their time over tables of thousands of rows. Rows beyond mostRows are not in the page.
const (
	mostStatic = 500
	mostRows   = 10_000
)

// htmlPage is what the template shows.
type htmlPage struct {
	Policy     string
	Day, Taken string
	CSS        template.CSS
	JS         template.JS
	Selection  []string
	Clusters   []htmlCluster
}

type htmlCluster struct {
	Anchor, Title, Incomplete string
	Notes                     []string
	Tiles                     []htmlTile
	Plots                     []plot
	Topics                    htmlRows[htmlTopic]
	Findings                  htmlRows[htmlFinding]
	// Tabled counts the findings that say no more than the table of topics does.
	Tabled  int
	Ignored []AuditIgnored
}

type htmlTile struct {
	Name, Value, More string
	Alarm             bool
}

// htmlRows are the rows of a table: those in the document, those that wait, and how many those are and those that are left out.
type htmlRows[T any] struct {
	Rows, Rest  []T
	Later, Left int
	Choices     []string
}

func rowsOf[T any](all []T, choice func(T) string) htmlRows[T] {
	rows := htmlRows[T]{Left: max(len(all)-mostRows, 0)}
	all = all[:min(len(all), mostRows)]
	rows.Rows, rows.Rest = all[:min(len(all), mostStatic)], all[min(len(all), mostStatic):]
	rows.Later = len(rows.Rest)
	for _, row := range all {
		rows.Choices = append(rows.Choices, choice(row))
	}
	slices.Sort(rows.Choices)
	rows.Choices = slices.Compact(rows.Choices)
	return rows
}

// htmlCell is a text with the number that it is sorted by, which is empty where nobody knows it.
type htmlCell struct {
	Name, Value, Sort string
	Unknown           bool
}

type htmlTopic struct {
	Name, Class, Origin, Owner, Recommendation, Reasons string
	Numbers                                             []htmlCell
	LastWrite, Groups, FirstSeen                        htmlCell
	More                                                []htmlCell
}

type htmlFinding struct {
	Severity, Kind, Namespace, About, Message, Fix string
	Rank                                           int
}

// writeAuditHTML writes one page that loads nothing: its policy allows its own style and script only, by their hashes.
func writeAuditHTML(w io.Writer, a AuditReport) error {
	page := htmlPage{
		Policy: "default-src 'none'; style-src " + hash(auditStyle) + "; script-src " + hash(auditScript) + "; base-uri 'none'; form-action 'none'",
		Day:    strings.Split(a.Taken, "T")[0], Taken: a.Taken, Selection: cleanAll(a.Selection),
		CSS: template.CSS(auditStyle), //nolint:gosec // compiled in, not anybody's input
		JS:  template.JS(auditScript), //nolint:gosec // compiled in, not anybody's input
	}
	for i, c := range a.Clusters {
		page.Clusters = append(page.Clusters, htmlOf(c, fmt.Sprintf("cluster-%d", i+1), a.Taken))
	}
	parsed, err := template.New("audit").Parse(auditPage)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	if err := parsed.Execute(w, page); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

// hash is how a content security policy names a text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func htmlOf(c AuditCluster, anchor, taken string) htmlCluster {
	made := htmlCluster{
		Anchor: anchor, Title: c.title(), Incomplete: clean(c.Incomplete), Notes: cleanAll(c.Notes), Tiles: c.tiles(),
		Plots: c.plots(taken), Ignored: slices.Clone(c.Ignored),
	}
	for i := range made.Ignored {
		made.Ignored[i].Why = clean(made.Ignored[i].Why)
	}
	topics, listed := make([]htmlTopic, len(c.Topics)), map[string]bool{}
	for i, t := range c.Topics {
		topics[i], listed[t.Name] = t.html(), true
	}
	made.Topics = rowsOf(topics, func(t htmlTopic) string { return t.Class })
	var findings []htmlFinding
	for _, f := range c.Findings {
		if tabled(f.Kind) && listed[f.Topic] {
			made.Tabled++
			continue
		}
		findings = append(findings, f.html())
	}
	made.Findings = rowsOf(findings, func(f htmlFinding) string { return f.Kind })
	return made
}

func (c AuditCluster) tiles() []htmlTile {
	n := c.Counts
	severities := map[string]int{}
	for _, f := range c.Findings {
		severities[f.Severity]++
	}
	held := "at most " + size(&n.OrphanBytes)
	if n.OrphansUnmeasured > 0 {
		held += fmt.Sprintf(", %d not measured", n.OrphansUnmeasured)
	}
	grave := severities["high"] + severities["medium"]
	share := ""
	if n.Total > 0 {
		share = fmt.Sprintf("%d %% of all", n.Managed*100/n.Total)
	}
	return []htmlTile{
		{Name: "Topics on the brokers", Value: fmt.Sprint(n.Total)},
		{Name: "Managed", Value: fmt.Sprint(n.Managed), More: share},
		{Name: "Without an object", Value: fmt.Sprint(n.Orphan), More: held},
		{Name: "Somebody else's", Value: fmt.Sprint(n.Elsewhere + n.Ignored), More: fmt.Sprintf("%d declared elsewhere, %d ignored", n.Elsewhere, n.Ignored)},
		{Name: "Could not be described", Value: fmt.Sprint(n.Unknown), More: "never called orphans"},
		{Name: "Grave findings", Value: fmt.Sprint(grave), More: fmt.Sprintf("%d high, %d medium", severities["high"], severities["medium"]), Alarm: severities["high"] > 0},
	}
}

func (t AuditTopic) html() htmlTopic {
	made := htmlTopic{
		Name: clean(t.Name), Class: t.Class, Origin: t.origin(), Owner: t.owner(), Recommendation: t.Recommendation,
		Reasons: strings.Join(cleanAll(t.Reasons), "; "), More: t.more(),
		Numbers: []htmlCell{
			counted("Parts", t.Partitions, number), counted("RF", t.Replicas, number), counted("Size", t.Bytes, size), counted("Records", t.Records, short),
		},
		LastWrite: dated(t.LastWrite, orUnknown(t.LastWrite)), FirstSeen: dated(t.FirstSeen, t.seen()),
		Groups: htmlCell{Value: t.groupCount(), Unknown: t.Groups == nil},
	}
	if t.Groups != nil {
		made.Groups.Sort = fmt.Sprint(len(t.Groups))
	}
	return made
}

func counted(name string, n *int64, text func(*int64) string) htmlCell {
	cell := htmlCell{Name: name, Value: text(n), Unknown: n == nil}
	if n != nil {
		cell.Sort = fmt.Sprint(*n)
	}
	return cell
}

// dated sorts by the day, written as a number.
func dated(stamp, text string) htmlCell {
	day, _, _ := strings.Cut(stamp, "T")
	return htmlCell{Value: text, Sort: strings.ReplaceAll(day, "-", ""), Unknown: day == ""}
}

// more is what a row unfolds.
func (t AuditTopic) more() []htmlCell {
	var cells []htmlCell
	add := func(name, value string) {
		if value != "" {
			cells = append(cells, htmlCell{Name: name, Value: clean(value)})
		}
	}
	add("Topic ID", t.TopicID)
	if t.Object != nil {
		add("Object", t.Object.String())
	}
	if t.Origin != nil {
		add("Origin, because", t.Origin.Evidence)
	}
	if t.CandidateOwner != nil {
		add("Owner?, because", t.CandidateOwner.Evidence)
	}
	add("Groups", strings.Join(t.groupNames(), ", "))
	add("Principals", strings.Join(t.Principals, ", "))
	add("Configs", strings.Join(t.configs(), ", "))
	add("Oldest record", t.OldestRecord)
	add("Examined", t.Examined)
	add("Not found out", strings.Join(t.Unseen, ", "))
	return cells
}

func (f AuditFinding) html() htmlFinding {
	made := htmlFinding{
		Severity: f.Severity, Kind: f.Kind, About: f.about(), Message: clean(f.Message), Fix: clean(f.Fix),
		Rank: len(AuditSeverities()) - slices.Index(AuditSeverities(), f.Severity),
	}
	if f.Object != nil {
		made.Namespace = clean(f.Object.Namespace)
	}
	return made
}

package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/topicgate/topicgate/pkg/topic"
)

// plot is a drawing of 360 units' width; the page's style colours it, so that it fits light, dark and paper.
type plot struct {
	Title, Unit string
	// Spoken is all of it in words, for who does not see it.
	Spoken string
	Height float64
	Lines  []plotLine
	Bars   []plotBar
	Texts  []plotText
	Keys   []plotText
}

type plotLine struct{ X, Y, X2, Y2 float64 }

type plotBar struct {
	Class      string
	X, Y, W, H float64
	Says       string
}

type plotText struct {
	X, Y         float64
	Anchor, Text string
	Faint        bool
	Class        string
}

// series is what is plotted: counts by label and, within a label, by part. Labels and parts are drawn in their order.
type series struct {
	labels, parts []string
	colors        map[string]string
	counts        map[string]map[string]int
}

func newSeries(parts []string, colors ...string) *series {
	s := &series{parts: parts, colors: map[string]string{}, counts: map[string]map[string]int{}}
	for i, part := range parts {
		s.colors[part] = colors[i]
	}
	return s
}

func (s *series) add(label, part string) {
	if s.counts[label] == nil {
		s.counts[label] = map[string]int{}
		if !slices.Contains(s.labels, label) {
			s.labels = append(s.labels, label)
		}
	}
	s.counts[label][part]++
}

func (s *series) total(label string) int {
	n := 0
	for _, count := range s.counts[label] {
		n += count
	}
	return n
}

// largest sorts the labels by their counts and joins those behind the first few.
func (s *series) largest(most int) {
	slices.SortFunc(s.labels, func(a, b string) int { return cmp.Or(cmp.Compare(s.total(b), s.total(a)), cmp.Compare(a, b)) })
	if len(s.labels) <= most {
		return
	}
	others := map[string]int{}
	for _, label := range s.labels[most-1:] {
		for part, n := range s.counts[label] {
			others[part] += n
		}
	}
	rest := fmt.Sprintf("%d others", len(s.labels)-most+1)
	s.labels = append(slices.Clone(s.labels[:most-1]), rest)
	s.counts[rest] = others
}

func (s *series) most() int {
	most := 1
	for _, label := range s.labels {
		most = max(most, s.total(label))
	}
	return most
}

// spoken is the whole series in words.
func (s *series) spoken(title string) string {
	var parts []string
	for _, label := range s.labels {
		parts = append(parts, fmt.Sprintf("%s: %d", label, s.total(label)))
	}
	return title + ". " + strings.Join(parts, ", ")
}

// keys name the parts that occur, where there is more than one.
func (s *series) keys() []plotText {
	used := map[string]bool{}
	for _, counts := range s.counts {
		for part := range maps.Keys(counts) {
			used[part] = true
		}
	}
	var keys []plotText
	for _, part := range s.parts {
		if used[part] {
			keys = append(keys, plotText{Text: part, Class: s.colors[part]})
		}
	}
	return keys
}

// rows draws horizontal bars, a label a line: for names.
func (s *series) rows(title, unit string) plot {
	const pitch, thick, left, room, longest = 26.0, 16.0, 138.0, 176.0, 17
	p := plot{Title: title, Unit: unit, Spoken: s.spoken(title), Height: pitch*float64(len(s.labels)) + 4, Keys: s.keys()}
	scale := room / float64(s.most())
	for i, label := range s.labels {
		y, x := pitch*float64(i)+4, left
		shown := []rune(label)
		if len(shown) > longest {
			shown = append(shown[:longest-1], '…')
		}
		p.Texts = append(p.Texts, plotText{X: left - 8, Y: y + thick - 4, Anchor: "end", Text: string(shown)})
		for _, part := range s.parts {
			if n := s.counts[label][part]; n > 0 {
				w := max(scale*float64(n), 2)
				p.Bars = append(p.Bars, plotBar{s.colors[part], x, y, w, thick, fmt.Sprintf("%s, %s: %d", label, part, n)})
				x += w
			}
		}
		p.Texts = append(p.Texts, plotText{X: x + 6, Y: y + thick - 4, Anchor: "start", Text: fmt.Sprint(s.total(label)), Faint: true})
	}
	return p
}

// columns draws vertical bars, a label beneath each: for ranges, in their order.
func (s *series) columns(title, unit string) plot {
	const width, floor, room, top = 360.0, 150.0, 122.0, 22.0
	p := plot{Title: title, Unit: unit, Spoken: s.spoken(title), Height: floor + 22, Keys: s.keys()}
	p.Lines = []plotLine{{0, floor + .5, width, floor + .5}}
	pitch, scale := width/float64(len(s.labels)), room/float64(s.most())
	for i, label := range s.labels {
		middle, y := pitch*(float64(i)+.5), floor
		for _, part := range s.parts {
			if n := s.counts[label][part]; n > 0 {
				h := max(scale*float64(n), 2)
				y -= h
				p.Bars = append(p.Bars, plotBar{s.colors[part], middle - pitch*.32, max(y, top), pitch * .64, h, fmt.Sprintf("%s, %s: %d", label, part, n)})
			}
		}
		p.Texts = append(p.Texts,
			plotText{X: middle, Y: max(y, top) - 6, Anchor: "middle", Text: fmt.Sprint(s.total(label))},
			plotText{X: middle, Y: floor + 17, Anchor: "middle", Text: label, Faint: true})
	}
	return p
}

// ranged is a series with fixed labels, an unknown one at the end.
func ranged(labels ...string) *series {
	s := newSeries([]string{string(topic.ClassOrphan), string(topic.ClassCandidate), string(topic.ClassReleased)}, "a", "b", "c")
	s.labels = slices.Concat(labels, []string{unknown})
	return s
}

// plots are about the topics that no object declares, and about findings; none where there is nothing to draw.
func (c AuditCluster) plots(taken string) []plot {
	origins, advice := ranged(), ranged()
	origins.labels, advice.labels = nil, nil
	sizes := ranged("0", "≤1MiB", "≤1GiB", "≤100GiB", "more")
	ages, idle := ranged("1 day", "1 week", "60 days", "1 year", "longer"), ranged("1 day", "1 week", "60 days", "1 year", "longer")
	drawn := false
	for _, t := range c.Topics {
		if !orphaned(topic.Class(t.Class)) {
			continue
		}
		drawn = true
		origin := "origin unknown"
		if t.Origin != nil {
			origin = t.Origin.Kind
		}
		origins.add(origin, t.Class)
		advice.add(cmp.Or(t.Recommendation, unknown), t.Class)
		sizes.add(sizeRange(t.Bytes), t.Class)
		ages.add(timeRange(t.FirstSeen, taken), t.Class)
		idle.add(timeRange(t.LastWrite, taken), t.Class)
	}
	var plots []plot
	if drawn {
		origins.largest(7)
		advice.largest(7)
		plots = append(plots, origins.rows("Without an object, by origin", "topics"), advice.rows("What to do about them", "topics"), sizes.columns("How large they are", "topics, at most"),
			ages.columns("Since when they are known", "topics, first seen within"), idle.columns("When they were last written to", "topics, within"))
	}
	if len(c.Findings) > 0 {
		plots = append(plots, c.byNamespace())
	}
	return plots
}

func (c AuditCluster) byNamespace() plot {
	s := newSeries(AuditSeverities(), AuditSeverities()...)
	for _, f := range c.Findings {
		namespace := "(no namespace)"
		if f.Object != nil && f.Object.Namespace != "" {
			namespace = clean(f.Object.Namespace)
		}
		s.add(namespace, f.Severity)
	}
	s.largest(8)
	return s.rows("Findings by namespace", "by severity")
}

func sizeRange(bytes *int64) string {
	switch {
	case bytes == nil:
		return unknown
	case *bytes == 0:
		return "0"
	case *bytes <= 1<<20:
		return "≤1MiB"
	case *bytes <= 1<<30:
		return "≤1GiB"
	case *bytes <= 100<<30:
		return "≤100GiB"
	default:
		return "more"
	}
}

// timeRange says how long before the report something was; days are given, so today is within one day.
func timeRange(stamp, taken string) string {
	day, _, _ := strings.Cut(stamp, "T")
	at, err := time.Parse(time.DateOnly, day)
	now, wrong := time.Parse(time.RFC3339, taken)
	if err != nil || wrong != nil {
		return unknown
	}
	const days = 24 * time.Hour
	for _, within := range []struct {
		most  time.Duration
		label string
	}{{2 * days, "1 day"}, {8 * days, "1 week"}, {61 * days, "60 days"}, {366 * days, "1 year"}} {
		if now.Sub(at) < within.most {
			return within.label
		}
	}
	return "longer"
}

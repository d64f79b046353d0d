package policy

import (
	"errors"
	"fmt"
	"strings"
)

var errTemplate = errors.New("bad template")

// partKind is what one part of a name template stands for.
type partKind int

const (
	literal partKind = iota
	variable
	whole
	word
)

type part struct {
	kind partKind
	// text is the literal, the variable's source or the placeholder's name.
	text string
	// key is the label's or annotation's.
	key string
}

// template is a compiled name template. At most mostParts parts, so matching is bounded.
type template struct {
	source string
	parts  []part
}

const mostParts = 32

// parseTemplate reads "{{namespace}}.<entity>.v<int>".
func parseTemplate(source string) (*template, error) {
	t := &template{source: source}
	for rest := source; rest != ""; {
		if len(t.parts) == mostParts {
			return nil, fmt.Errorf("%w: more than %d parts", errTemplate, mostParts)
		}
		parsed, remaining, err := nextPart(rest)
		if err != nil {
			return nil, err
		}
		t.parts, rest = append(t.parts, parsed), remaining
	}
	return t, nil
}

func nextPart(rest string) (part, string, error) {
	switch {
	case strings.HasPrefix(rest, "{{"):
		inner, after, closed := strings.Cut(rest[2:], "}}")
		if !closed {
			return part{}, "", fmt.Errorf("%w: {{ without }}", errTemplate)
		}
		parsed, err := variableOf(strings.TrimSpace(inner))
		return parsed, after, err
	case rest[0] == '<':
		return placeholder(rest[1:])
	}
	end := strings.IndexAny(rest, "{<>}")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return part{}, "", fmt.Errorf("%w: want {{ for a variable and < for a placeholder, not %q", errTemplate, rest[:1])
	}
	if at := strings.IndexFunc(rest[:end], illegalInName); at >= 0 {
		return part{}, "", fmt.Errorf("%w: %q is in no topic name", errTemplate, rest[at:at+1])
	}
	return part{kind: literal, text: rest[:end]}, rest[end:], nil
}

func placeholder(rest string) (part, string, error) {
	name, after, closed := strings.Cut(rest, ">")
	if !closed || name == "" || strings.ContainsAny(name, "<{}") {
		return part{}, "", fmt.Errorf("%w: want <int> or <word>", errTemplate)
	}
	if name == "int" {
		return part{kind: whole, text: name}, after, nil
	}
	return part{kind: word, text: name}, after, nil
}

func illegalInName(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && r != '.' && r != '_' && r != '-'
}

func variableOf(inner string) (part, error) {
	kind, key, keyed := strings.Cut(inner, ":")
	switch kind {
	case "namespace", "cluster":
		if !keyed {
			return part{kind: variable, text: kind}, nil
		}
	case "label", "annotation", "namespaceLabel":
		if key != "" {
			return part{kind: variable, text: kind, key: key}, nil
		}
	}
	return part{}, fmt.Errorf("%w: {{%s}}: want namespace, cluster, label:KEY, annotation:KEY or namespaceLabel:KEY", errTemplate, inner)
}

// filled is a template with its variables replaced for one object; missing names the variable that has no value.
func (t *template) filled(value func(part) (text string, known, present bool)) (parts []part, missing part, unknown bool) {
	parts = make([]part, len(t.parts))
	for i, p := range t.parts {
		parts[i] = p
		if p.kind != variable {
			continue
		}
		text, known, present := value(p)
		if !known || !present {
			return nil, p, !known
		}
		parts[i] = part{kind: literal, text: text}
	}
	return parts, part{}, false
}

// longestName is how long a topic's name can be; a longer one fits no template.
const longestName = 249

// offsets are places in a name.
type offsets [longestName + 1]bool

// fits says whether a name is what the parts stand for. It tries every end of every placeholder at most once.
func fits(parts []part, name string) bool {
	if len(name) > longestName {
		return false
	}
	reached := offsets{0: true}
	for _, p := range parts {
		var next offsets
		for at := 0; at <= len(name); at++ {
			if reached[at] {
				p.reach(name, at, &next)
			}
		}
		reached = next
	}
	return reached[len(name)]
}

// reach marks where a part that begins at an offset may end.
func (p part) reach(name string, at int, next *offsets) {
	if p.kind == literal {
		if strings.HasPrefix(name[at:], p.text) {
			next[at+len(p.text)] = true
		}
		return
	}
	for i := at; i < len(name) && mayHold(p.kind, name[i], i == at); i++ {
		next[i+1] = true
	}
}

func mayHold(kind partKind, c byte, first bool) bool {
	digit := c >= '0' && c <= '9'
	if kind == whole {
		return digit
	}
	return c >= 'a' && c <= 'z' || !first && (digit || c == '-')
}

// wanted is what the parts want, in words: payments.<entity>.v<int>.
func wanted(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.kind {
		case literal:
			b.WriteString(p.text)
		case variable:
			b.WriteString("{{" + p.text + "}}")
		case whole, word:
			b.WriteString("<" + p.text + ">")
		}
	}
	return b.String()
}

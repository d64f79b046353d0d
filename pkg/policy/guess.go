package policy

import (
	"regexp"
	"strings"
)

var (
	notInWord    = regexp.MustCompile(`[^a-z0-9]+`)
	wordsOfName  = regexp.MustCompile(`[a-z0-9]+`)
	lastNumber   = regexp.MustCompile(`^(.*?)[._-]?v?([0-9]+)$`)
	camelHump    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	startsLetter = regexp.MustCompile(`^[a-z]`)
)

// guess is the name that the parts want and that is nearest to what was written; empty where nothing can be told. It is a
// proposal only: whoever shows it checks it by every rule.
func guess(parts []part, name string) string {
	slug := strings.ToLower(camelHump.ReplaceAllString(name, "$1-$2"))
	number, words := "1", 0
	for _, p := range parts {
		switch p.kind {
		case whole:
			if found := lastNumber.FindStringSubmatch(slug); found != nil {
				slug, number = found[1], found[2]
			}
		case word:
			words++
		case literal, variable:
		}
	}
	tokens := wordsOfName.FindAllString(withoutLiterals(parts, slug), -1)
	if len(tokens) < words {
		return ""
	}
	return assemble(parts, tokens, words, number)
}

// withoutLiterals takes out of a name what the template says by itself: its namespace, its fixed words.
func withoutLiterals(parts []part, slug string) string {
	padded := "-" + notInWord.ReplaceAllString(slug, "-") + "-"
	for _, p := range parts {
		if own := strings.Trim(notInWord.ReplaceAllString(strings.ToLower(p.text), "-"), "-"); p.kind == literal && own != "" {
			padded = strings.Replace(padded, "-"+own+"-", "-", 1)
		}
	}
	return padded
}

// assemble gives each placeholder one of the words, and the first one what is left over.
func assemble(parts []part, tokens []string, words int, number string) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.kind {
		case literal:
			b.WriteString(p.text)
		case whole:
			b.WriteString(number)
		case word:
			take := len(tokens) - words + 1
			text := strings.Join(tokens[:take], "-")
			if !startsLetter.MatchString(text) {
				return ""
			}
			b.WriteString(text)
			tokens, words = tokens[take:], words-1
		case variable:
			return ""
		}
	}
	return b.String()
}

package topic

import (
	"strings"
	"unicode"
)

// mostRunes is how long one text may read: a key or a value of a whole megabyte must not fill an answer or a report.
const mostRunes = 1000

// Plain keeps a text printable, on one line and of bounded length (1,000 characters): terminals and build logs read it, and
// HTTP headers carry it.
func Plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > mostRunes {
		return string(runes[:mostRunes]) + "…"
	}
	return text
}

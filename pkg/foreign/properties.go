package foreign

import (
	"strconv"
	"strings"
)

// Property is the value of a key in the text of a Java properties file, and whether the text sets it: comments and blank
// lines count for nothing, a line that ends in a backslash goes on in the next, and of several settings the last one wins.
func Property(text, key string) (value string, set bool) {
	for _, line := range logicalLines(text) {
		if line.key == key {
			value, set = line.value, true
		}
	}
	return value, set
}

// SetProperty is the text with the key set to a value, which must need no escaping, and all else as it was. The line
// takes the place of the last one of that key; others of the key go.
func SetProperty(text, key, value string) string {
	lines := logicalLines(text)
	last := -1
	for i, line := range lines {
		if line.key == key {
			last = i
		}
	}
	made := key + "=" + value
	if last < 0 {
		return addLine(text, made, lines)
	}
	var b strings.Builder
	at := 0
	for i, line := range lines {
		if line.key != key {
			continue
		}
		b.WriteString(text[at:line.start])
		at = line.end
		if i == last {
			b.WriteString(made)
			at = line.stop // what ended the line stays
		}
	}
	b.WriteString(text[at:])
	return b.String()
}

// addLine puts a line behind the others; or before them where the last one ends in a backslash, and would swallow it.
func addLine(text, made string, lines []logicalLine) string {
	switch {
	case text == "":
		return made + "\n"
	case len(lines) > 0 && lines[len(lines)-1].dangling:
		return made + "\n" + text
	case strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\r"):
		return text + made + "\n"
	default:
		return text + "\n" + made
	}
}

// logicalLine is one setting. Its text begins at start, stops at stop, and ends, with what separates it from the next, at end.
type logicalLine struct {
	key, value       string
	start, stop, end int
	// dangling says that the text ends in the middle of the line.
	dangling bool
}

const blanks = " \t\f"

// logicalLines are the settings in a text, in order.
func logicalLines(text string) []logicalLine {
	var lines []logicalLine
	for at := 0; at < len(text); {
		content, stop, end := naturalLine(text, at)
		trimmed := strings.TrimLeft(content, blanks)
		if trimmed == "" || trimmed[0] == '#' || trimmed[0] == '!' {
			at = end
			continue
		}
		line := logicalLine{start: at}
		var joined strings.Builder
		for continues(trimmed) {
			joined.WriteString(trimmed[:len(trimmed)-1])
			trimmed = ""
			if end == len(text) {
				line.dangling = true
				break
			}
			content, stop, end = naturalLine(text, end)
			trimmed = strings.TrimLeft(content, blanks)
		}
		joined.WriteString(trimmed)
		line.stop, line.end = stop, end
		line.key, line.value = split(joined.String())
		lines = append(lines, line)
		at = end
	}
	return lines
}

// naturalLine is the line that begins at an index, where it stops, and where the next one begins.
func naturalLine(text string, at int) (content string, stop, next int) {
	length := strings.IndexAny(text[at:], "\r\n")
	if length < 0 {
		return text[at:], len(text), len(text)
	}
	stop = at + length
	next = stop + 1
	if text[stop] == '\r' && next < len(text) && text[next] == '\n' {
		next++
	}
	return text[at:stop], stop, next
}

// continues says whether a line ends in a backslash that no other one escapes.
func continues(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

// split parts a setting at its first "=", ":" or blank that nothing escapes.
func split(line string) (key, value string) {
	end, escaped := len(line), false
	for i := range len(line) {
		if !escaped && strings.IndexByte(blanks+"=:", line[i]) >= 0 {
			end = i
			break
		}
		escaped = line[i] == '\\' && !escaped
	}
	rest := strings.TrimLeft(line[end:], blanks)
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		rest = strings.TrimLeft(rest[1:], blanks)
	}
	return unescape(line[:end]), unescape(rest)
}

// unescape undoes backslashes as Java does.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		if text[i] == 'u' && i+4 < len(text) {
			if code, err := strconv.ParseUint(text[i+1:i+5], 16, 16); err == nil {
				b.WriteRune(rune(code))
				i += 4
				continue
			}
		}
		b.WriteByte(unescaped(text[i]))
	}
	return b.String()
}

func unescaped(letter byte) byte {
	switch letter {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	default:
		return letter
	}
}

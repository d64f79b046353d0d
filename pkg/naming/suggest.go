package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// fallbackName stands for a name of which nothing legal is left.
const fallbackName = "my-topic"

// Suggest returns a name that Kafka accepts and that nobody reserves, as near to name as can be: runs of illegal
// characters become one "-", reserved prefixes lose their underscores, and what is too long is cut and ended with a hash
// of the whole, so that two long names do not end as one. A good name comes back as it is. Two bad names may share a
// suggestion: it is a hint for a person, not a mapping (Encode is one).
func Suggest(name string) string {
	return shorten(release(clean(name)), name)
}

// clean replaces each run of illegal characters by one "-", except at the ends, where nothing needs separating.
func clean(name string) string {
	if len(illegalCharacters(name)) == 0 && name != "" && name != "." && name != ".." {
		return name
	}
	runs := strings.FieldsFunc(name, func(char rune) bool { return !legalCharacter(char) })
	cleaned := strings.Join(runs, "-")
	if strings.Trim(cleaned, ".-") == "" {
		return fallbackName
	}
	return cleaned
}

// release takes a name out of the reserved ones.
func release(name string) string {
	if _, reserved := (Reservations{}).Match(name); !reserved {
		return name
	}
	released := strings.TrimLeft(name, "_")
	if strings.Trim(released, ".-") == "" {
		return fallbackName
	}
	if _, reserved := (Reservations{}).Match(released); reserved {
		return "my-" + released
	}
	return released
}

// shorten cuts to Kafka's length; original feeds the hash, because cleaning may have made two names equal already.
func shorten(name, original string) string {
	if len(name) <= MaxLength {
		return name
	}
	const hashBytes = 4
	sum := sha256.Sum256([]byte(original))
	tail := "-" + hex.EncodeToString(sum[:hashBytes])
	return name[:MaxLength-len(tail)] + tail
}

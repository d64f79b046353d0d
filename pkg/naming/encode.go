package naming

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

const (
	// maxObjectName is the length of a DNS-1123 subdomain, which metadata.name must be.
	maxObjectName = 253
	// prefixEncoded marks a name made by Encode that Decode can read back.
	prefixEncoded = "kt--"
	// prefixHashed marks a name made by Encode from a topic whose encoding would be too long: there are more topic names
	// than object names, so some must be hashed, and those cannot be read back.
	prefixHashed = "kth--"
)

// Encode returns the metadata.name of the object that declares topic in mode Derived. It is injective (as far as SHA-256
// is) and always a DNS-1123 name: a topic name that is one already stays as it is, any other becomes
//
//	kt-- and: z→z0, A…Z→z1a…z1z, _→z2, and "-" → z3 and "." → z4 where they may not stand in a DNS name
//
// or, where that exceeds 253 characters, kth-- and the SHA-256 of the name. An illegal topic name, which no object can
// declare, is encoded too, so that the function is total: as it is or hashed.
func Encode(topic string) string {
	if DNS1123(topic) && !derived(topic) {
		return topic
	}
	if topic != "" && len(illegalCharacters(topic)) == 0 {
		if encoded := prefixEncoded + encodeBody(topic); len(encoded) <= maxObjectName {
			return encoded
		}
	}
	sum := sha256.Sum256([]byte(topic))
	return prefixHashed + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))
}

// Decode returns the legal topic name that Encode maps to name. It answers false where there is none, and for hashed
// names, which only a comparison with Encode can check.
func Decode(name string) (string, bool) {
	topic := name
	if body, ok := strings.CutPrefix(name, prefixEncoded); ok {
		if topic, ok = decodeBody(body); !ok {
			return "", false
		}
	}
	// Encoding again refuses every spelling but the one that Encode writes: else two objects could mean one topic.
	if len(Legal(topic)) > 0 || Encode(topic) != name {
		return "", false
	}
	return topic, true
}

func derived(name string) bool {
	return strings.HasPrefix(name, prefixEncoded) || strings.HasPrefix(name, prefixHashed)
}

func encodeBody(topic string) string {
	var body strings.Builder
	for i := range len(topic) {
		switch char := topic[i]; {
		case char == 'z':
			body.WriteString("z0")
		case char >= 'A' && char <= 'Z':
			body.WriteString("z1")
			body.WriteByte(char - 'A' + 'a')
		case char == '_':
			body.WriteString("z2")
		case separator(char) && !standsAlone(topic, i):
			body.WriteString(escapeSeparator(char))
		default:
			body.WriteByte(char)
		}
	}
	return body.String()
}

func escapeSeparator(char byte) string {
	if char == '-' {
		return "z3"
	}
	return "z4"
}

func separator(char byte) bool { return char == '-' || char == '.' }

// standsAlone reports whether the separator at i has a neighbour on each side that is none: DNS allows it only there.
func standsAlone(topic string, i int) bool {
	return i > 0 && i < len(topic)-1 && !separator(topic[i-1]) && !separator(topic[i+1])
}

// decodeBody undoes encodeBody for everything that encodeBody can write, and for some that it cannot.
func decodeBody(body string) (string, bool) {
	var topic strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] != 'z' {
			topic.WriteByte(body[i])
			continue
		}
		char, used := unescape(body[i+1:])
		if used == 0 {
			return "", false
		}
		topic.WriteByte(char)
		i += used
	}
	return topic.String(), true
}

// unescape reads what follows a "z": the character meant and how many bytes said so, 0 if none does.
func unescape(rest string) (char byte, used int) {
	switch {
	case rest == "":
		return 0, 0
	case rest[0] == '0':
		return 'z', 1
	case rest[0] == '1' && len(rest) > 1 && rest[1] >= 'a' && rest[1] <= 'z':
		return rest[1] - 'a' + 'A', 2
	case rest[0] == '2':
		return '_', 1
	case rest[0] == '3':
		return '-', 1
	case rest[0] == '4':
		return '.', 1
	default:
		return 0, 0
	}
}

package kafka

import (
	"encoding/base64"
	"errors"
	"fmt"
)

var errTopicID = errors.New("not a topic ID as Kafka writes it")

// idText is a topic ID in Kafka's own spelling, base64url without padding; empty for the zero ID, by which brokers say
// that there is none.
func idText(id [16]byte) string {
	if id == ([16]byte{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// parseID is the reverse of idText. It refuses the zero ID: in a deletion it would mean "by name".
func parseID(text string) ([16]byte, error) {
	var id [16]byte
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != len(id) {
		return id, fmt.Errorf("%w: %q", errTopicID, text)
	}
	copy(id[:], raw)
	if id == ([16]byte{}) {
		return id, fmt.Errorf("%w: %q", errTopicID, text)
	}
	return id, nil
}

package topicconfig

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var (
	// ErrNull is what FromScalar answers to null, which kubectl's merge patches drop silently.
	ErrNull = errors.New("null is no value; leave the key out")
	// ErrNotScalar is what FromScalar answers to an array or an object.
	ErrNotScalar = errors.New("a config value is one string, number or bool")
	// errNotJSON means that the token did not come from an API server.
	errNotJSON = errors.New("not one JSON value")
)

// FromScalar returns the text of a config value from its JSON token in a Kubernetes object: a string as it is, a bool as a
// word, a number without exponent and without loss, however many digits it has (6.048e+08 is "604800000"). Null, arrays
// and objects are errors that name what was given: ErrNull, ErrNotScalar.
func FromScalar(token []byte) (string, error) {
	if !json.Valid(token) {
		return "", errNotJSON
	}
	text := strings.TrimSpace(string(token))
	switch text[0] {
	case 'n':
		return "", ErrNull
	case '[':
		return "", fmt.Errorf("%w, not an array; write a list as %q", ErrNotScalar, "compact,delete")
	case '{':
		return "", fmt.Errorf("%w, not an object", ErrNotScalar)
	case 't', 'f':
		return text, nil
	case '"':
		var value string
		if err := json.Unmarshal(token, &value); err != nil {
			return "", fmt.Errorf("reading a string: %w", err)
		}
		return value, nil
	}
	return plainNumber(text), nil
}

// maxPlainExponent bounds how many zeros an exponent may write out: beyond, nothing is an integer to Kafka, and a few
// bytes must not become a gigabyte.
const maxPlainExponent = 40

// plainNumber writes a JSON number without its exponent, exactly, by moving the point among its digits.
func plainNumber(token string) string {
	mantissa, exponentText, _ := strings.Cut(strings.ToLower(token), "e")
	exponent := 0
	if exponentText != "" {
		var err error
		if exponent, err = strconv.Atoi(exponentText); err != nil || exponent > maxPlainExponent || exponent < -maxPlainExponent {
			return token
		}
	}
	unsigned, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	number := movePoint(whole+fraction, len(whole)+exponent)
	if negative && number != "0" {
		return "-" + number
	}
	return number
}

// movePoint puts the decimal point before digits[point] and drops the zeros that say nothing.
func movePoint(digits string, point int) string {
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if missing := point - len(digits); missing > 0 {
		digits += strings.Repeat("0", missing)
	}
	whole := strings.TrimLeft(digits[:point], "0")
	if whole == "" {
		whole = "0"
	}
	if fraction := strings.TrimRight(digits[point:], "0"); fraction != "" {
		return whole + "." + fraction
	}
	return whole
}

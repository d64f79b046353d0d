package topicconfig

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// trim is Java's String.trim, which every type of value passes first: it removes what is at most U+0020 from both ends,
// control characters included and U+00A0 not.
func trim(text string) string {
	return strings.TrimFunc(text, func(char rune) bool { return char <= ' ' })
}

// javaInteger is Java's Integer.parseInt (32 bits) and Long.parseLong (64): an optional sign and decimal digits of any
// script. Digits beyond U+FFFF are two chars to Java and so none. The error is strconv.ErrSyntax or strconv.ErrRange.
func javaInteger(text string, bits int) (int64, error) {
	var digits strings.Builder
	for i, char := range text {
		switch value, ok := decimalDigit(char); {
		case ok:
			digits.WriteByte('0' + value)
		case i == 0 && (char == '+' || char == '-'):
			digits.WriteRune(char)
		default:
			return 0, strconv.ErrSyntax
		}
	}
	return strconv.ParseInt(digits.String(), 10, bits)
}

// decimalDigit returns the value of a decimal digit of any script. Unicode keeps the ten digits of a script together and
// in order, so the distance to the start of their range tells the value; a test walks all of them.
func decimalDigit(char rune) (byte, bool) {
	for _, digits := range unicode.Nd.R16 {
		if char >= rune(digits.Lo) && char <= rune(digits.Hi) {
			return byte((char - rune(digits.Lo)) % 10), true
		}
	}
	return 0, false
}

var (
	decimalDouble = regexp.MustCompile(`^[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?)$`)
	hexDouble     = regexp.MustCompile(`^[+-]?0[xX](?:[0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[fFdD]?$`)
	listComma     = regexp.MustCompile(`[ \t\n\v\f\r]*,[ \t\n\v\f\r]*`)
)

// javaDouble is Java's Double.parseDouble on trimmed text: a type suffix and hexadecimal floats are read, underscores and
// Go's other spellings of infinity are not. Too large is Infinity and too small is zero, neither is an error.
func javaDouble(text string) (float64, bool) {
	if !decimalDouble.MatchString(text) && !hexDouble.MatchString(text) {
		return 0, false
	}
	if unsigned := strings.TrimLeft(text, "+-"); unsigned == "NaN" {
		return math.NaN(), true
	}
	// The pattern allows a final f or d only as the suffix: a hexadecimal number ends with its decimal exponent.
	number, err := strconv.ParseFloat(strings.TrimRight(text, "fFdD"), 64)
	return number, err == nil || math.IsInf(number, 0)
}

// formatDouble is Java's Double.toString: always a point, and an exponent below 10^-3 and from 10^7 on.
func formatDouble(number float64) string {
	size := math.Abs(number)
	switch {
	case math.IsNaN(number):
		return "NaN"
	case math.IsInf(number, 0):
		return strings.Replace(strconv.FormatFloat(number, 'f', -1, 64), "Inf", "Infinity", 1)
	case size == 0 || size >= 1e-3 && size < 1e7:
		return withPoint(strconv.FormatFloat(number, 'f', -1, 64))
	}
	scientific := strconv.FormatFloat(number, 'E', -1, 64)
	if !strings.Contains(scientific, ".") { // Java writes two digits at least, and then the nearest two: 4.9E-324
		scientific = strconv.FormatFloat(number, 'E', 1, 64)
	}
	mantissa, exponent, _ := strings.Cut(scientific, "E")
	sign := strings.TrimLeft(exponent[:1], "+")
	return withPoint(mantissa) + "E" + sign + strings.TrimLeft(exponent[1:], "0")
}

func withPoint(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}

// javaList is how Kafka parts a list: at commas and the whitespace around them. Nothing is no element; a comma too many is
// an empty one.
func javaList(text string) []string {
	if text == "" {
		return nil
	}
	return listComma.Split(text, -1)
}

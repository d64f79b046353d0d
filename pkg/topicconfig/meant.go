package topicconfig

import (
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// unit is what a whole number counts, told by the end of its key.
type unit string

const (
	unitMillis unit = ".ms"
	unitBytes  unit = ".bytes"
	unitNone   unit = ""
)

func unitOf(key string) unit {
	switch {
	case strings.HasSuffix(key, string(unitMillis)):
		return unitMillis
	case strings.HasSuffix(key, string(unitBytes)):
		return unitBytes
	}
	return unitNone
}

func (u unit) inWords() string {
	switch u {
	case unitMillis:
		return " (milliseconds)"
	case unitBytes:
		return " (bytes)"
	case unitNone:
		return ""
	}
	return ""
}

// factors returns what the suffixes people write are worth, in lower case. "m" is a minute or a megabyte, never a milli.
func (u unit) factors() map[string]int64 {
	const kilo, mega, giga, tera = 1e3, 1e6, 1e9, 1e12
	const kibi, mebi, gibi, tebi = 1 << 10, 1 << 20, 1 << 30, 1 << 40
	const second, minute, hour, day = 1000, 60 * 1000, 60 * 60 * 1000, 24 * 60 * 60 * 1000
	switch u {
	case unitMillis:
		return map[string]int64{
			"": 1, "ms": 1, "s": second, "sec": second, "second": second, "seconds": second, "m": minute, "min": minute,
			"minute": minute, "minutes": minute, "h": hour, "hour": hour, "hours": hour, "d": day, "day": day, "days": day,
			"w": 7 * day, "week": 7 * day, "weeks": 7 * day,
		}
	case unitBytes:
		return map[string]int64{
			"": 1, "b": 1, "byte": 1, "bytes": 1, "k": kilo, "kb": kilo, "ki": kibi, "kib": kibi, "m": mega, "mb": mega,
			"mi": mebi, "mib": mebi, "g": giga, "gb": giga, "gi": gibi, "gib": gibi, "t": tera, "tb": tera, "ti": tebi, "tib": tebi,
		}
	case unitNone:
		return map[string]int64{"": 1, "k": kilo, "m": mega, "g": giga}
	}
	return nil
}

// quantity is a number as people write it, digits grouped or with an exponent, and a unit. Three digits of exponent and a
// short text keep the exact arithmetic small.
var quantity = regexp.MustCompile(`^ *([0-9]+(?:[_,' ][0-9]{3})*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})? *([A-Za-z]*)`)

const longestQuantity = 60

// meant returns the number that raw, which is none to Kafka, was probably meant to be ("7d" is 604800000 for a key in
// milliseconds), bent into the allowed range; the default where nothing can be made of it.
func (d Def) meant(raw string) string {
	text := strings.TrimSpace(raw)
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(text, "+-")
	number, ok := readQuantity(text, unitOf(d.Key))
	if !ok {
		return d.Default
	}
	if negative {
		number.Neg(number)
	}
	return strconv.FormatInt(d.nearest(saturate(number)), 10)
}

// readQuantity adds up quantities such as "1h30m"; false unless all of text is read and the sum is whole.
func readQuantity(text string, in unit) (*big.Int, bool) {
	if text == "" || len(text) > longestQuantity {
		return nil, false
	}
	if digits, ok := strings.CutPrefix(strings.ToLower(text), "0x"); ok {
		return new(big.Int).SetString(digits, 16)
	}
	sum := new(big.Rat)
	for rest := text; rest != ""; {
		part := quantity.FindStringSubmatch(rest)
		// "1h30": a number without a unit beside others could be anything.
		if part == nil || part[4] == "" && part[0] != text {
			return nil, false
		}
		value, ok := in.worth(part[1], part[2]+part[3], part[4])
		if !ok {
			return nil, false
		}
		sum.Add(sum, value)
		rest = rest[len(part[0]):]
	}
	return sum.Num(), sum.IsInt()
}

// worth is one quantity in the unit's own measure; false if nobody knows the suffix.
func (u unit) worth(whole, rest, suffix string) (*big.Rat, bool) {
	factor, known := u.factors()[strings.ToLower(suffix)]
	if !known {
		return nil, false
	}
	digits := strings.NewReplacer("_", "", ",", "", "'", "", " ", "").Replace(whole)
	number, ok := new(big.Rat).SetString(digits + rest)
	if !ok {
		return nil, false
	}
	return number.Mul(number, new(big.Rat).SetInt64(factor)), true
}

// saturate is the 64-bit number next to an exact one.
func saturate(number *big.Int) int64 {
	switch {
	case number.IsInt64():
		return number.Int64()
	case number.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// meantDouble knows a decimal comma and percent; what is out of range is bent into it.
func (d Def) meantDouble(raw string) string {
	text, percent := strings.CutSuffix(strings.TrimSpace(raw), "%")
	number, ok := javaDouble(strings.TrimSpace(strings.Replace(text, ",", ".", 1)))
	if !ok {
		return d.Default
	}
	if percent {
		number /= 100
	}
	return formatDouble(min(max(number, float64(d.Range.Min)), float64(d.Range.Max)))
}

func (d Def) meantBool(text string) string {
	switch strings.ToLower(text) {
	case "t", "yes", "y", "on", "1", "enabled", "enable":
		return "true"
	case "f", "no", "n", "off", "0", "disabled", "disable":
		return "false"
	}
	return d.Default
}

// meantText returns the one of the config's values that text is a spelling of, the default if it is of none.
func (d Def) meantText(text string) string {
	if value, ok := nearestOf(text, d.Values); ok {
		return value
	}
	return d.Default
}

// meantList is meantText for every word of a list, whatever parts the words; the default if one of them means nothing.
func (d Def) meantList(raw string) string {
	var wanted []string
	for _, word := range strings.FieldsFunc(raw, func(char rune) bool { return !unicode.IsLetter(char) }) {
		value, ok := nearestOf(word, d.Values)
		if !ok {
			return d.Default
		}
		if !slices.Contains(wanted, value) {
			wanted = append(wanted, value)
		}
	}
	if len(wanted) == 0 {
		return d.Default
	}
	return strings.Join(wanted, ",")
}

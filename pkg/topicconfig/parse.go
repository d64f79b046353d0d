package topicconfig

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// longestValue is the most bytes of one string in Kafka's protocol. A broker closes the connection on a longer one, and
// with it goes everything else that was asked.
const longestValue = math.MaxInt16

// Parse reads raw as a broker of this version would and returns the value in the form in which the broker shows it
// afterwards. A Problem says why the broker, or TopicGate, refuses it; then there is no value.
func (d Def) Parse(raw string) (canonical string, problem *Problem) {
	if d.refused != "" {
		return "", &Problem{
			Reason: ReasonHarmful, Source: SourceTopicGate,
			Limit: "not to be set", Message: fmt.Sprintf("%s %s", d.Key, d.refused),
		}
	}
	if len(raw) > longestValue {
		return "", invalid(fmt.Sprintf("at most %d bytes", longestValue), d.Default, "%d bytes are more than a request to Kafka can carry", len(raw))
	}
	switch d.Type {
	case TypeInt, TypeLong:
		return d.parseWhole(raw)
	case TypeDouble:
		return d.parseDouble(raw)
	case TypeBool:
		return d.parseBool(raw)
	case TypeList:
		return d.parseList(raw)
	case TypeString:
		return d.parseText(raw)
	}
	return trim(raw), nil // a key nobody knows: the caller decides about it
}

// invalid is a refusal of a value by Kafka.
func invalid(limit, fix, format string, args ...any) *Problem {
	return &Problem{
		Reason: ReasonInvalidValue, Source: SourceKafka, Limit: limit, Fix: fix, Message: fmt.Sprintf(format, args...),
	}
}

// harmful is a refusal by TopicGate of a value that Kafka takes.
func harmful(limit, fix, format string, args ...any) *Problem {
	return &Problem{
		Reason: ReasonHarmful, Source: SourceTopicGate, Limit: limit, Fix: fix, Message: fmt.Sprintf(format, args...),
	}
}

func (d Def) parseWhole(raw string) (string, *Problem) {
	bits, _ := d.bits()
	number, err := javaInteger(trim(raw), bits)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return "", invalid(d.wholeLimit(), d.meant(raw), "%s needs more than %d bits", quote(raw), bits)
	case err != nil:
		return "", invalid(d.wholeLimit(), d.meant(raw), "%s is not a whole number", quote(raw))
	case !d.Range.contains(number):
		return "", invalid(d.wholeLimit(), strconv.FormatInt(d.nearest(number), 10), "%d is out of range", number)
	case d.floor != nil && number < d.floor.min:
		return "", harmful(fmt.Sprintf("at least %d", d.floor.min), strconv.FormatInt(d.floor.min, 10),
			"Kafka accepts %d, but %s", number, d.floor.why)
	}
	return strconv.FormatInt(number, 10), nil
}

func (d Def) wholeLimit() string { return d.Range.limit() + unitOf(d.Key).inWords() }

func (d Def) parseDouble(raw string) (string, *Problem) {
	number, ok := javaDouble(trim(raw))
	if !ok {
		return "", invalid(d.doubleLimit(), d.meantDouble(raw), "%s is not a number", quote(raw))
	}
	// NaN is neither below nor above anything, so it passes, as it does on a broker.
	if number < float64(d.Range.Min) || number > float64(d.Range.Max) {
		return "", invalid(d.doubleLimit(), d.meantDouble(raw), "%s is out of range", quote(raw))
	}
	return formatDouble(number), nil
}

func (d Def) doubleLimit() string {
	return fmt.Sprintf("a number from %d to %d", d.Range.Min, d.Range.Max)
}

func (d Def) parseBool(raw string) (string, *Problem) {
	switch text := trim(raw); {
	case strings.EqualFold(text, "true"):
		return "true", nil
	case strings.EqualFold(text, "false"):
		return "false", nil
	default:
		return "", invalid(`"true" or "false"`, d.meantBool(text), "%s is neither true nor false", quote(raw))
	}
}

func (d Def) parseText(raw string) (string, *Problem) {
	text := trim(raw)
	if d.unreleased != "" && !knownFormatVersion(text, d.unreleased) {
		return "", invalid("a version of Kafka before "+d.unreleased, d.Default, "%s is not a version of Kafka", quote(raw))
	}
	if len(d.Values) > 0 && !slices.Contains(d.Values, text) {
		return "", invalid("one of "+strings.Join(d.Values, ", "), d.meantText(text), "%s is not among the values, whose case counts", quote(raw))
	}
	return text, nil
}

func (d Def) parseList(raw string) (string, *Problem) {
	elements := javaList(trim(raw))
	if d.replicaList {
		return d.parseReplicas(raw, elements)
	}
	for _, element := range elements {
		if len(d.Values) > 0 && !slices.Contains(d.Values, element) {
			return "", invalid("any of "+strings.Join(d.Values, ", ")+", parted by commas", d.meantList(raw),
				"%s has the element %s, which is not among the values, whose case counts", quote(raw), quote(element))
		}
	}
	return strings.Join(d.unique(elements), ","), nil
}

// unique removes what a list says twice, where brokers do.
func (d Def) unique(elements []string) []string {
	if !d.dropsDuplicates {
		return elements
	}
	var kept []string
	for _, element := range elements {
		if !slices.Contains(kept, element) {
			kept = append(kept, element)
		}
	}
	return kept
}

// quote keeps a message readable when the value is absurd: an object may carry a megabyte of it.
func quote(value string) string {
	const shown = 60
	count := 0
	for i := range value {
		if count == shown {
			return fmt.Sprintf("%q…", value[:i])
		}
		count++
	}
	return fmt.Sprintf("%q", value)
}

package policy

import (
	"errors"
	"math/big"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

var (
	errAmount      = errors.New("want a whole number, or one with a unit")
	errAmountUnit  = errors.New("want a whole number; the key takes no unit")
	errAmountRange = errors.New("want a whole number of up to 19 digits")
)

// unit is what the numbers of a config count.
type unit int

const (
	plain unit = iota
	milliseconds
	bytes
)

// unitOf tells by a config's name what its numbers count: Kafka names each after its unit.
func unitOf(key string) unit {
	switch {
	case strings.HasSuffix(key, ".ms"):
		return milliseconds
	case strings.HasSuffix(key, ".bytes"):
		return bytes
	default:
		return plain
	}
}

// step is one written unit and what it stands for.
type step struct {
	suffix string
	size   int64
}

// steps are the units of a kind, the largest first.
func (u unit) steps() []step {
	switch u {
	case milliseconds:
		return []step{{"d", 86_400_000}, {"h", 3_600_000}, {"m", 60_000}, {"s", 1_000}, {"ms", 1}}
	case bytes:
		return []step{{"Ti", 1 << 40}, {"Gi", 1 << 30}, {"Mi", 1 << 20}, {"Ki", 1 << 10}}
	case plain:
	}
	return nil
}

// amount reads a number, which may carry a unit of the kind: 7d, 1.5Gi.
func amount(text v1alpha1.Amount, u unit) (int64, error) {
	digits, size := strings.TrimSpace(string(text)), int64(1)
	if found, ok := u.written(digits); ok {
		digits, size = strings.TrimSuffix(digits, found.suffix), found.size
	}
	if len(digits) == 0 || len(digits) > 32 || strings.ContainsAny(digits, "/eExX_") { // what big.Rat reads beyond decimals
		return 0, u.unreadable()
	}
	number, ok := new(big.Rat).SetString(digits)
	if !ok {
		return 0, u.unreadable()
	}
	number.Mul(number, new(big.Rat).SetInt64(size))
	if !number.IsInt() || !number.Num().IsInt64() {
		return 0, errAmountRange
	}
	return number.Num().Int64(), nil
}

func (u unit) unreadable() error {
	if u == plain {
		return errAmountUnit
	}
	return errAmount
}

// written is the unit that a text ends in; the longest one counts, for ms ends in s.
func (u unit) written(text string) (longest step, found bool) {
	for _, s := range u.steps() {
		if strings.HasSuffix(text, s.suffix) && len(s.suffix) > len(longest.suffix) {
			longest, found = s, true
		}
	}
	return longest, found
}

// show is a number as people read it, with what Kafka wants behind it: 30d (2592000000).
func (u unit) show(n int64) string {
	text := strconv.FormatInt(n, 10)
	for _, s := range u.steps() {
		if s.size > 1 && n >= s.size && n%s.size == 0 {
			return strconv.FormatInt(n/s.size, 10) + s.suffix + " (" + text + ")"
		}
	}
	return text
}

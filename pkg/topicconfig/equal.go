package topicconfig

import (
	"slices"
	"strconv"
	"strings"
)

// Equal reports whether a and b mean the same to a broker: " +010" and "10", "TRUE" and "true", "compact, delete" and
// "delete,compact". Brokers show the value they read, not the one that was sent, so comparing texts would never settle.
// Ranges do not matter here: a stored value that is illegal by now must still be compared. Values that cannot be read,
// and those of an unknown Def, are compared as trimmed text.
func Equal(def Def, a, b string) bool {
	meaningA, okA := def.meaning(a)
	meaningB, okB := def.meaning(b)
	if okA && okB {
		return meaningA == meaningB
	}
	return trim(a) == trim(b)
}

// meaning returns the one text that all spellings of a value share.
func (d Def) meaning(raw string) (string, bool) {
	text := trim(raw)
	switch d.Type {
	case TypeInt, TypeLong:
		number, ok := d.Whole(raw)
		return strconv.FormatInt(number, 10), ok
	case TypeDouble:
		number, ok := javaDouble(text)
		return formatDouble(number + 0), ok // -0 + 0 is 0
	case TypeBool:
		value, problem := d.parseBool(text)
		return value, problem == nil
	case TypeList:
		elements := javaList(text)
		slices.Sort(elements)
		return strings.Join(slices.Compact(elements), ","), true
	case TypeString:
		return text, true
	}
	return text, true
}

// Same is Equal for a key of the table; the values of a key that it does not have are compared as trimmed text.
func (t Table) Same(key, a, b string) bool {
	def, _ := t.Lookup(key)
	return Equal(def, a, b)
}

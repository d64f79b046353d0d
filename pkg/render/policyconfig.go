package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

const (
	// printable are texts that CEL trims as Java does, short enough to be shown whole.
	printable = `.matches('^[ -~]{0,249}$')`
	// decimal are numbers with or without a fraction that CEL and Java read alike.
	decimal = `.matches('^-?[0-9]{1,9}([.][0-9]{1,15})?$')`
)

// configKey is a topic config with the variables that hold its value now and before, as lists of one or none: as it is
// written, and as the whole number that it is.
type configKey struct {
	key       string
	def       topicconfig.Def
	known     bool
	name      string
	variables []variable
}

func (k configKey) written() string    { return "variables." + k.name }
func (k configKey) oldWritten() string { return "variables.old_" + k.name }
func (k configKey) whole() string      { return "variables." + k.name + "_whole" }
func (k configKey) oldWhole() string   { return "variables.old_" + k.name + "_whole" }

// key makes the variables of a topic config. What CEL reads as a number with a fraction counts only for configs that may have
// one: it and Kafka do not write others alike.
func (r *ruled) key(key string) configKey {
	k := configKey{key: key, name: "config_" + identifier(key)}
	k.def, k.known = r.table.Lookup(key)
	fraction := " && type(v) != double"
	if k.def.Type == topicconfig.TypeDouble {
		fraction = ""
	}
	held := func(config string) string {
		return "(" + quoted(key) + " in " + config + " ? [dyn(" + config + "[" + quoted(key) + "])] : []).filter(v, " + scalar("v") + fraction + ").map(v, string(v))"
	}
	numbers := func(texts, within string) string {
		return texts + ".filter(t, t" + plain + within + ").map(t, int(t))"
	}
	k.variables = []variable{
		{k.name, held("variables.config")},
		{"old_" + k.name, held("variables.oldConfig")},
		{k.name + "_whole", numbers(k.written(), " && "+k.within("t"))},
		{"old_" + k.name + "_whole", numbers(k.oldWritten(), "")},
	}
	return k
}

// identifier is a name for a variable, which no other text has.
func identifier(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == '.':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "_%02x_", c)
		}
	}
	return b.String()
}

// within is true of a plain number that Kafka and TopicGate take for the config.
func (k configKey) within(text string) string {
	if k.def.Type != topicconfig.TypeInt && k.def.Type != topicconfig.TypeLong {
		return "true"
	}
	low := k.def.Range.Min
	if _, problem := k.def.Parse(strconv.FormatInt(low, 10)); problem != nil && problem.Reason == topicconfig.ReasonHarmful {
		if floor, err := strconv.ParseInt(problem.Fix, 10, 64); err == nil {
			low = floor
		}
	}
	either := []string{fmt.Sprintf("int(%[1]s) >= %[2]s && int(%[1]s) <= %[3]d", text, integer(low), k.def.Range.Max)}
	for _, also := range k.def.Range.Also {
		either = append(either, fmt.Sprintf("int(%s) == %s", text, integer(also)))
	}
	return "(" + strings.Join(either, " || ") + ")"
}

func integer(n int64) string { return strconv.FormatInt(n, 10) }

// config renders a rule about one topic config, where it is declared.
func (r *ruled) config(spec *v1alpha1.ConfigRule) {
	field, key := topic.ConfigField(spec.Key), r.key(spec.Key)
	if spec.Required {
		r.required(field, spec.Key)
	}
	if key.def.Type == topicconfig.TypeDouble {
		r.fraction(key, spec.Min, "<", "at least ")
		r.fraction(key, spec.Max, ">", "at most ")
	} else {
		for _, limit := range r.compiled.StaticLimits(r.place, field) {
			r.number(key, limit, minusOne(spec))
		}
	}
	if len(spec.OneOf) > 0 {
		r.oneOf(key, spec.OneOf)
	}
	if spec.Pattern != "" {
		r.pattern(key, spec.Pattern)
	}
}

// required renders that the key must be set, unless some policy fills it in.
func (r *ruled) required(field topic.Field, key string) {
	if r.filled[key] {
		r.leave(key + " is required, and some policy may fill it in")
		return
	}
	r.add(check{field: field, list: "!(" + quoted(key) + " in variables.config) && " + r.old(quoted(key)+" in variables.oldConfig") + " ? [" +
		r.says(field, topic.Violation{Problem: "must be set", Limit: "a value of its own"}) + "] : []"})
}

// unlimited is what -1 means for a config under a rule.
type unlimited int

const (
	unlimitedNever unlimited = iota
	unlimitedAllowed
	unlimitedRefused
)

// minusOne is what -1 means under a rule: allowed unless the rule says otherwise or sets a maximum.
func minusOne(spec *v1alpha1.ConfigRule) unlimited {
	allowed := spec.Max == nil
	if spec.AllowUnlimited != nil {
		allowed = *spec.AllowUnlimited
	}
	switch {
	case !policy.MayBeUnlimited(spec.Key):
		return unlimitedNever
	case allowed:
		return unlimitedAllowed
	default:
		return unlimitedRefused
	}
}

// number adds a check of a config that is a whole number.
func (r *ruled) number(key configKey, limit policy.StaticLimit, unlimited unlimited) {
	broken, worse := compared(limit)
	now, old := key.whole(), key.oldWhole()
	field := topic.ConfigField(key.key)
	said := r.says(field, topic.Violation{Value: valueHole, Problem: limit.Problem, Limit: limit.Words}, "string(n)")
	changed := "o != n && !(" + worse + ")"
	switch unlimited {
	case unlimitedAllowed:
		broken, changed = "n != -1 && "+broken, "o == -1 || "+changed // it kept all limits
	case unlimitedRefused:
		infinite := fmt.Sprintf(".map(n, n == -1 ? %d : n)", int64(math.MaxInt64))
		now, old = now+infinite, old+infinite
		without := r.says(field, topic.Violation{Value: "-1", Problem: "unlimited, which the policy does not allow", Limit: limit.Words})
		said = fmt.Sprintf("n == %d ? %s : %s", int64(math.MaxInt64), without, said)
	case unlimitedNever:
	}
	r.add(check{field: field, needs: key.variables, list: now + ".filter(n, " + broken + " && " + r.old(old+".exists(o, "+changed+")") + ").map(n, " + said + ")"})
}

// value adds a check of a config as text: of what Kafka can read, what is broken. What is written as before passes, and so does what
// may have been so before: by a default, or written in a way that CEL does not read.
func (r *ruled) value(key configKey, readable, broken, problem, limit string) {
	field := topic.ConfigField(key.key)
	was := key.oldWritten() + ".exists(o, o != t)"
	r.add(check{field: field, needs: key.variables, list: key.written() + ".filter(t, " + readable + " && " + broken + " && " + r.old(was) + ").map(t, " +
		r.says(field, topic.Violation{Value: valueHole, Problem: problem, Limit: limit}, "strings.quote(t)") + ")"})
}

// fraction adds a bound of a config that is a fraction.
func (r *ruled) fraction(key configKey, bound *v1alpha1.Amount, broken, words string) {
	if bound == nil {
		return
	}
	n, err := strconv.ParseFloat(string(*bound), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		r.leave(key.key + ": " + string(*bound))
		return
	}
	r.value(key, key.readableFraction(), "double(t) "+broken+" "+float(n), "beyond what the policy allows", words+string(*bound))
}

func (k configKey) readableFraction() string {
	return fmt.Sprintf("t%s && double(t) >= %d.0 && double(t) <= %d.0", decimal, k.def.Range.Min, k.def.Range.Max)
}

// float is a literal that CEL does not take for a whole number.
func float(n float64) string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// elements of a list that is written in t.
const elements = "(t.trim() == '' ? [] : t.split(',').map(w, w.trim()))"

// oneOf renders the only values that a config may have, compared by their meaning.
func (r *ruled) oneOf(key configKey, values []string) {
	readable, canonical, ok := key.read()
	among := canonical + " in " + quotedList(canonicals(key.def, values))
	switch key.def.Type {
	case topicconfig.TypeDouble:
		readable, ok = key.readableFraction(), !slices.Contains(values, "NaN")
		numbers := make([]string, 0, len(values))
		for _, value := range canonicals(key.def, values) {
			n, err := strconv.ParseFloat(value, 64)
			numbers, ok = append(numbers, float(n)), ok && err == nil
		}
		among = "double(t) in " + listOf(numbers)
	case topicconfig.TypeList:
		readable = "t" + printable + " && " + elements + ".all(w, w in " + quotedList(key.def.Values) + ")"
		lists := make([]string, len(values))
		for i, value := range canonicals(key.def, values) {
			lists[i] = "dyn(" + quotedList(strings.FieldsFunc(value, func(c rune) bool { return c == ',' })) + ")"
		}
		among = listOf(lists) + ".exists(l, l.all(w, w in " + elements + ") && " + elements + ".all(w, w in l))"
	case topicconfig.TypeBool, topicconfig.TypeInt, topicconfig.TypeLong, topicconfig.TypeString:
	}
	if !ok {
		r.leave(key.key + ": oneOf")
		return
	}
	r.value(key, readable, "!("+among+")", "not among what the policy allows", "one of "+sortedQuoted(values))
}

// canonicals are values in the form in which brokers show them.
func canonicals(def topicconfig.Def, values []string) []string {
	shown := make([]string, len(values))
	for i, value := range values {
		shown[i] = value
		if canonical, problem := def.Parse(value); problem == nil {
			shown[i] = canonical
		}
	}
	return shown
}

// pattern renders what a config must look like in the form in which brokers show it.
func (r *ruled) pattern(key configKey, pattern string) {
	readable, canonical, ok := key.read()
	if !key.known {
		canonical = "t" // as it is written
	}
	if !ok || key.def.Type == topicconfig.TypeDouble {
		r.leave(key.key + ": pattern")
		return
	}
	r.value(key, readable, "!"+canonical+".matches("+quoted(whole(pattern))+")", "does not match", "the pattern "+pattern)
}

// read is when CEL reads a text t as Kafka does, and what brokers show it as; false where it never does.
func (k configKey) read() (readable, canonical string, ok bool) {
	switch k.def.Type {
	case topicconfig.TypeInt, topicconfig.TypeLong:
		return "t" + plain + " && " + k.within("t"), "string(int(t))", true
	case topicconfig.TypeBool:
		return "t" + printable + " && t.trim().lowerAscii() in ['true', 'false']", "t.trim().lowerAscii()", true
	case topicconfig.TypeString:
		return "t" + printable + " && t.trim() in " + quotedList(k.def.Values), "t.trim()", len(k.def.Values) > 0
	case topicconfig.TypeList:
		// Of an element that is there twice brokers of some versions show one.
		return "t" + printable + " && " + elements + ".all(w, w in " + quotedList(k.def.Values) + " && " + elements + ".exists_one(x, x == w))",
			elements + ".join(',')", len(k.def.Values) > 0
	case topicconfig.TypeDouble:
		return k.readableFraction(), "t", true
	}
	return "t" + printable, "t.trim()", !k.known
}

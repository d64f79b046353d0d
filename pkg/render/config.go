package render

import (
	"fmt"
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	minInsync = "min.insync.replicas"
	// readable are texts that CEL trims as Java does; printable ASCII, short enough to be quoted whole.
	readable = `.matches('^[ -~]{0,60}$')`
	// plain are numbers that CEL reads exactly as Java does.
	plain = `.matches('^-?[0-9]{1,18}$')`
)

// config says which keys there are and which values they take. An entry that reads as before is not judged again.
func config(t tables) []variable {
	return slices.Concat([]variable{
		{"known", quotedList(t.keys)},
		{"changed", "variables.config.filter(k, !(k in variables.oldConfig) || (\n" +
			"  type(variables.config[k]) == double || type(variables.oldConfig[k]) == double ?\n" +
			"  type(variables.config[k]) == type(variables.oldConfig[k]) && variables.config[k] != variables.oldConfig[k] :\n" +
			"  " + textOf("variables.config[k]") + " != " + textOf("variables.oldConfig[k]") + ")).map(k, string(k))"},
		{"texts", "variables.known.filter(k, k in variables.changed && " + scalar("variables.config[k]") + " && type(variables.config[k]) != double)" +
			".map(k, [k, string(variables.config[k])])"},
		{"configScalar", "variables.changed.filter(k, !" + scalar("variables.config[k]") + ").map(k, " + at("k") + " + (\n" +
			"  type(variables.config[k]) == list ? " + quoted(t.array) + " :\n" +
			"  type(variables.config[k]) == map ? " + quoted(t.object) + " : " + quoted(t.null) + "))"},
		{"unknown", textMap(t.unknown)},
		{"configUnknown", "variables.changed.filter(k, !(k in variables.known) && " + scalar("variables.config[k]") + ").map(k, " + at("k") + " + " +
			shown("string(variables.config[k])") + " + ': ' +\n  (k in variables.unknown ? variables.unknown[k] : " +
			quoted("Kafka "+t.line+" has no topic config ") + " + " + shown("k") + " + " +
			quoted(topic.Violation{Limit: "the topic configs of Kafka " + t.line, Source: t.source, Fix: "remove the line"}.Text()) + "))"},
		{"refused", textMap(t.refused)},
		{"configRefused", "variables.changed.filter(k, k in variables.refused && " + scalar("variables.config[k]") + ").map(k, " + at("k") + " + " +
			shown("string(variables.config[k])") + " + ': ' + variables.refused[k])"},
	}, numbers(t), words(t), []variable{inSync()})
}

// numbers says the rules about whole numbers and the one fraction.
func numbers(t tables) []variable {
	return []variable{
		{"lowest", numberMap(t.lowest)},
		{"highest", numberMap(t.highest)},
		{"also", mapOf(t.also, []int64{0}, func(all []int64) string {
			texts := make([]string, len(all))
			for i, one := range all {
				texts[i] = fmt.Sprint(one)
			}
			return listOf(texts)
		})},
		{"narrow", quotedList(t.narrow)},
		{"limits", textMap(t.limits)},
		{"floors", numberMap(t.floors)},
		{"whys", textMap(t.whys)},
		{"configWhole", "variables.texts.filter(e, e[0] in variables.lowest && e[1]" + readable + " && !e[1].matches('^ *[+-]?[0-9]+ *$')).map(e,\n  " +
			at("e[0]") + " + strings.quote(e[1]) + ' is not a whole number; limit: ' + variables.limits[e[0]])"},
		{"plain", "variables.texts.filter(e, e[0] in variables.lowest && e[1]" + plain + ")"},
		{"configRange", "variables.plain.filter(e, (int(e[1]) < variables.lowest[e[0]] || int(e[1]) > variables.highest[e[0]]) &&\n" +
			"  !(e[0] in variables.also && int(e[1]) in variables.also[e[0]])).map(e,\n  " + at("e[0]") +
			" + strings.quote(e[1]) +\n  (e[0] in variables.narrow && (int(e[1]) < -2147483648 || int(e[1]) > 2147483647) ? ' needs more than 32 bits' : ': ' + string(int(e[1])) + ' is out of range') + '; limit: ' + variables.limits[e[0]] + '; fix: write \"' + string(\n" +
			"  int(e[1]) > variables.highest[e[0]] ? variables.highest[e[0]] : e[0] in variables.floors ? variables.floors[e[0]] : variables.lowest[e[0]]) + '\"')"},
		{"configFloor", "variables.plain.filter(e, e[0] in variables.floors && int(e[1]) >= variables.lowest[e[0]] && int(e[1]) < variables.floors[e[0]]).map(e,\n  " +
			at("e[0]") + " + strings.quote(e[1]) + ': Kafka accepts ' + string(int(e[1])) + ', but ' + variables.whys[e[0]])"},
		{"fractions", textMap(t.fractions)},
		{"configFraction", "variables.texts.filter(e, e[0] in variables.fractions && e[1]" + readable + ").map(e,\n" +
			"  e[1].matches('[%,_]') || !e[1].matches('[0-9]|NaN|Infinity') ? " + at("e[0]") + " + strings.quote(e[1]) + ' is not a number' + variables.fractions[e[0]] :\n" +
			"  e[1].matches('^-?[0-9]{1,9}([.][0-9]{1,15})?$') && (double(e[1]) < 0.0 || double(e[1]) > 1.0) ? " + at("e[0]") +
			" + strings.quote(e[1]) + ' is out of range' + variables.fractions[e[0]] : '').filter(s, s != '')"},
	}
}

// words says the rules about bools and enumerations.
func words(t tables) []variable {
	quotedLists := func(lists map[string][]string) string { return mapOf(lists, []string{""}, quotedList) }
	return []variable{
		{"bools", quotedList(t.bools)},
		{"configBool", "variables.texts.filter(e, e[0] in variables.bools && e[1]" + readable + " && !(e[1].trim().lowerAscii() in ['true', 'false'])).map(e,\n  " +
			at("e[0]") + " + strings.quote(e[1]) + " + quoted(` is neither true nor false; limit: "true" or "false" (`+t.source+")") + ")"},
		{"enums", quotedLists(t.enums)},
		{"configEnum", "variables.texts.filter(e, e[0] in variables.enums && e[1]" + readable + " && !(e[1].trim() in variables.enums[e[0]])).map(e,\n  " +
			at("e[0]") + " + strings.quote(e[1]) + ' is not among the values, whose case counts; limit: one of ' + variables.enums[e[0]].join(', ') + " +
			quoted(" ("+t.source+")") + ")"},
		{"lists", quotedLists(t.lists)},
		{"configList", "variables.texts.filter(e, e[0] in variables.lists && e[1]" + readable + " && e[1].trim() != '').map(e,\n" +
			"  e[1].split(',').filter(w, !(w.trim() in variables.lists[e[0]])).map(w, " + at("e[0]") + " + strings.quote(e[1]) + ' has the element ' + strings.quote(w.trim()) +\n" +
			"  ', which is not among the values, whose case counts; limit: any of ' + variables.lists[e[0]].join(', ') + " +
			quoted(", parted by commas ("+t.source+")") + ")).filter(l, l.size() > 0).map(l, l[0])"},
	}
}

// inSync says that min.insync.replicas is not above the replicas, where both are declared. What was so before, or may
// have been by the brokers' count, is left to the webhook.
func inSync() variable {
	const key = "variables.oldConfig['" + minInsync + "']"
	return variable{"configInSync", "!('" + minInsync + "' in variables.config) || !" + textOf("variables.config['"+minInsync+"']") + plain + " ? [] :\n" +
		"  [int(string(variables.config['" + minInsync + "']))].map(w, variables.replicas.filter(r, r >= 1 && w > r && (!('" + minInsync + "' in variables.oldConfig) ||\n" +
		"  " + textOf(key) + plain + " && (int(string(" + key + ")) != w || variables.oldReplicas.exists(o, o >= w)))).map(r,\n" +
		"  'spec.config[" + minInsync + "]: ' + string(w) + \": more than the topic's \" + string(r) + ' replicas (as declared); limit: ' + string(r) +\n" +
		"  ' or fewer (TopicGate); fix: set " + minInsync + " to ' + string(r > 1 ? r - 1 : 1) + ' or fewer, or raise replicas')).filter(l, l.size() > 0).map(l, l[0])"}
}

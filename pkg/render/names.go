package render

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// name says the rules about the effective topic name. One that is as before is not judged again.
func name() []variable {
	return []variable{
		{"name", "has(variables.spec.topicName) ? string(variables.spec.topicName) : has(object.metadata.name) ? string(object.metadata.name) : ''"},
		{"oldName", "has(variables.old.topicName) ? string(variables.old.topicName) : variables.update && has(oldObject.metadata.name) ? string(oldObject.metadata.name) : ''"},
		{"newName", "!variables.update || variables.name != variables.oldName"},
		{"namePath", "has(variables.spec.topicName) ? 'spec.topicName: ' : 'metadata.name: '"},
		{"illegal", fmt.Sprintf("variables.name.findAll(%s)", quoted(illegalCharacter))},
		{"nameLength", "!variables.newName || variables.name.size() >= 1 && variables.name.size() <= 249 ? [] : [variables.namePath + (variables.name == '' ?\n" +
			`  '"": the topic name is empty' :` + "\n  " +
			shown("variables.name") + " + ': the topic name has ' + string(variables.name.size()) + ' characters, ' + string(variables.name.size() - 249) + ' more than Kafka allows') +\n" +
			"  '; limit: 1 to 249 characters (Kafka)']"},
		{"nameCharacters", "!variables.newName || variables.illegal.size() == 0 ? [] : [variables.namePath + 'topic name ' + " + shown("variables.name") +
			" +\n  ' contains ' + \"'\" + strings.quote(variables.illegal[0]).substring(1, strings.quote(variables.illegal[0]).size() - 1) + \"'\" + ' at position ' + string(variables.name.indexOf(variables.illegal[0]) + 1) +\n" +
			"  (variables.illegal.size() > 1 ? ' and ' + string(variables.illegal.size() - 1) + ' more illegal characters' : '') +\n" +
			`  '; limit: only ASCII letters, digits, ".", "_" and "-" (Kafka)']`},
		{"nameDots", "!variables.newName || !(variables.name in ['.', '..']) ? [] : [variables.namePath + 'topic name ' + strings.quote(variables.name) +\n" +
			`  ' would be a directory of its own on the brokers; limit: not "." or ".." (Kafka)']`},
		{"reserved", reserved()},
		{"reservedBy", "variables.reserved.filter(p, variables.name.matches(p[0]))"},
		{"nameReserved", "!variables.newName || variables.reservedBy.size() == 0 ? [] : [variables.namePath + 'topic name ' + " +
			shown("variables.name") + " + variables.reservedBy[0][1]]"},
	}
}

const illegalCharacter = `[^a-zA-Z0-9._-]`

// reserved lists what is reserved as pairs of a pattern and the words about it. The first that matches is told.
func reserved() string {
	var pairs []string
	for _, pattern := range naming.Patterns() {
		if !pattern.Reserved {
			continue
		}
		pairs = append(pairs, "  "+quotedList([]string{expressionOf(pattern.Glob), fmt.Sprintf(
			" belongs to %s; limit: names like %q are reserved for %s (TopicGate)", pattern.Product, pattern.Glob, pattern.Product)}))
	}
	return "[\n" + strings.Join(pairs, ",\n") + "\n]"
}

// expressionOf is a glob as a regular expression.
func expressionOf(glob string) string {
	return "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, ".*") + "$"
}

// immutable says that neither the effective name nor the cluster changes. What the status pinned counts before what the
// old object said.
func immutable() []variable {
	return []variable{
		{"status", "variables.update && has(object.status) ? dyn(object.status) : dyn({})"},
		{"wasName", "!variables.update ? '' : has(variables.status.topicName) && variables.status.topicName != '' ? string(variables.status.topicName) : variables.oldName"},
		{"statusCluster", "has(variables.status.cluster) && has(variables.status.cluster.name) ? string(variables.status.cluster.name) : ''"},
		{"cluster", "has(variables.spec.clusterRef) ? string(variables.spec.clusterRef.name) : variables.statusCluster"},
		{"wasCluster", "variables.statusCluster != '' ? variables.statusCluster : has(variables.old.clusterRef) ? string(variables.old.clusterRef.name) : ''"},
		{"nameChanged", "variables.wasName in ['', variables.name] ? [] : ['spec.topicName: ' + " + shown("variables.name") +
			" + \": the topic's name cannot change; limit: \" + strings.quote(variables.wasName) + ' (TopicGate); fix: ' +\n" +
			"  (has(variables.spec.topicName) ? 'set topicName to ' + strings.quote(variables.wasName) + ', or declare a new object for the new name' :\n" +
			"  'write topicName: ' + strings.quote(variables.wasName) + ' again')]"},
		{"clusterChanged", "variables.wasCluster in ['', variables.cluster] ? [] : ['spec.clusterRef.name: ' + " + shown("variables.cluster") +
			" + ': the cluster cannot change once it is set; limit: ' + strings.quote(variables.wasCluster) +\n" +
			"  ' (TopicGate); fix: keep ' + strings.quote(variables.wasCluster) + ', or declare a new object for the other cluster']"},
	}
}

// counts says the rules about partitions and replicas. Kafka makes at most 10,000 records for a creation: one is the
// topic, and configs count too.
func counts(source string, twoForMinInsync bool) []variable {
	most := "9999 - variables.config.size()"
	if twoForMinInsync {
		most += " - ('" + minInsync + "' in variables.config ? 1 : 0)"
	}
	return []variable{
		{"partitions", "has(variables.spec.partitions) ? [int(variables.spec.partitions)] : []"},
		{"oldPartitions", "has(variables.old.partitions) ? [int(variables.old.partitions)] : []"},
		{"replicas", "has(variables.spec.replicas) ? [int(variables.spec.replicas)] : []"},
		{"oldReplicas", "has(variables.old.replicas) ? [int(variables.old.replicas)] : []"},
		{"most", most},
		{"partitionsInRange", "variables.partitions.filter(n, !(n in variables.oldPartitions)).map(n,\n" +
			"  n < 1 ? " + count("partitions", source, "a topic has at least one partition", "1 or more", "set partitions to 1 or more, or leave it out for the brokers' default") + " :\n" +
			"  !variables.update && n > (variables.most > 1 ? variables.most : 1) ? 'spec.partitions: ' + string(n) + ': too many partitions for one creation; limit: ' + string(variables.most) +\n" +
			"    ' or fewer at creation, which has room for 9999 partitions and configs together (" + source + "); fix: set partitions to ' + string(variables.most) + ' or fewer and grow the topic later' :\n" +
			"  n > " + strconv.Itoa(math.MaxInt32) + " ? " + count("partitions", source, "more partitions than Kafka can count", strconv.Itoa(math.MaxInt32)+" or fewer", "set the number that was meant") +
			" : '').filter(s, s != '')"},
		{"partitionsGrow", "variables.partitions.filter(n, n >= 1).map(n, variables.oldPartitions.filter(o, n < o).map(o, 'spec.partitions: ' + string(n) + ': below the ' + string(o) +\n" +
			"  (has(variables.status.partitions) && variables.status.partitions == o ? ' on the brokers' : ' declared before') + '; Kafka cannot remove partitions; limit: ' + string(o) +\n" +
			"  ' or more (" + source + "); fix: set partitions to ' + string(o) + ' or more, or leave it out')).filter(l, l.size() > 0).map(l, l[0])"},
		{"replicasInRange", "variables.replicas.filter(n, !(n in variables.oldReplicas)).map(n,\n" +
			"  n < 1 ? " + count("replicas", source, "each partition has at least one replica", "1 or more", "set replicas to 3, or leave it out for the brokers' default") + " :\n" +
			"  n > " + strconv.Itoa(math.MaxInt16) + " ? " + count("replicas", source, "more replicas than Kafka can count", strconv.Itoa(math.MaxInt16)+" or fewer", "set the number that was meant") +
			" : '').filter(s, s != '')"},
	}
}

// count says what is wrong with the number n of a field.
func count(field, source, problem, limit, fix string) string {
	words := topic.Violation{Problem: problem, Limit: limit, Source: source, Fix: fix}.Text()
	return "'spec." + field + ": ' + string(n) + " + quoted(": "+words)
}

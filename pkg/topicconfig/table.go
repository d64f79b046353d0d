package topicconfig

import (
	"embed"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// answers holds what brokers answered to DescribeConfigs of a topic without configs, one file a version.
//
//go:embed data/*.csv
var answers embed.FS

// Table is the topic configs of one line of Kafka versions.
type Table struct {
	release release
	keys    []string // of listed, sorted
	listed  map[string]Def
	hidden  map[string]Def
	others  map[string][]string // keys of the other lines, each with the names of those lines
}

// line is a minor version of Kafka that has a table.
type line struct {
	release
	asked string // the release that was asked
}

func (l line) file() string { return "data/topic-configs-" + l.asked + ".csv" }

// lines are the versions with a table, oldest first.
func lines() []line {
	return []line{
		{release{name: "3.7", major: 3, minor: 7}, "3.7.2"},
		{release{name: "3.8", major: 3, minor: 8}, "3.8.1"},
		{release{name: "3.9", major: 3, minor: 9}, "3.9.2"},
		{release{name: "4.0", major: 4, minor: 0}, "4.0.2"},
		{release{name: "4.1", major: 4, minor: 1}, "4.1.2"},
		{release{name: "4.2", major: 4, minor: 2}, "4.2.1"},
		{release{name: "4.3", major: 4, minor: 3}, "4.3.1"},
		{release{name: "4.4", major: 4, minor: 4}, "4.4.0"},
	}
}

// Releases returns the releases of Kafka whose brokers were asked for the tables, oldest first: the newest of each line.
func Releases() []string {
	var releases []string
	for _, known := range lines() {
		releases = append(releases, known.asked)
	}
	return releases
}

// For returns the table that judges topics of a cluster of the given version ("4.3", "4.3.1", "4.3-IV0"). A version older
// than all tables gets the oldest; one newer than all, and one that cannot be read, gets the newest. A table costs some
// hundred microseconds to build and never changes: keep it.
func For(version string) Table {
	known := lines()
	newest := known[len(known)-1]
	major, minor, ok := parseVersion(version)
	if !ok {
		return build(newest)
	}
	for _, candidate := range known {
		if major < candidate.major || major == candidate.major && minor <= candidate.minor {
			return build(candidate)
		}
	}
	return build(newest)
}

// parseVersion reads the first two numbers of a version.
func parseVersion(version string) (major, minor int, ok bool) {
	parts := strings.FieldsFunc(strings.TrimPrefix(trim(version), "v"), func(char rune) bool { return char == '.' || char == '-' })
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, majorErr := strconv.Atoi(parts[0])
	minor, minorErr := strconv.Atoi(parts[1])
	return major, minor, majorErr == nil && minorErr == nil
}

func build(from line) Table {
	table := Table{release: from.release, listed: map[string]Def{}, hidden: map[string]Def{}, others: map[string][]string{}}
	for _, row := range rows(from) {
		def := define(row, from.release)
		table.listed[def.Key] = def
	}
	table.keys = slices.Sorted(maps.Keys(table.listed))
	for _, def := range hidden(from.release) {
		table.hidden[def.Key] = def
	}
	for _, other := range lines() {
		if other.name == from.name {
			continue
		}
		for _, row := range rows(other) {
			table.others[row[columnName]] = append(table.others[row[columnName]], other.name)
		}
	}
	return table
}

// The columns of a file: name, type, default, source, sensitive, read_only, documentation_length, synonyms. The synonyms
// are "name=value@source" parted by spaces, the effective one first.
const columnName, columnType, columnDefault, columnSynonyms = 0, 1, 2, 7

// rows returns a file without its heading. It is part of the binary and no value in it holds a comma; a test reads every
// row, so nothing here can fail.
func rows(from line) [][]string {
	content, err := answers.ReadFile(from.file())
	if err != nil {
		return nil
	}
	var all [][]string
	for row := range strings.Lines(string(content)) {
		all = append(all, strings.Split(strings.TrimSpace(row), ","))
	}
	return all[1:]
}

// define makes a Def of a row.
func define(row []string, in release) Def {
	def := Def{Key: row[columnName], Type: Type(row[columnType]), Default: row[columnDefault]}
	def.Synonym, _, _ = strings.Cut(row[columnSynonyms], "=")
	if def.Synonym == "" {
		def.Synonym = brokerName(def.Key)
	}
	if def.Type == TypeInt || def.Type == TypeLong || def.Type == TypeDouble {
		def.Range = bound(def.Key, def.Type, in)
	}
	def.Values = texts(def.Key)
	def.floor = floorOf(def.Key)
	def.replicaList = strings.HasSuffix(def.Key, ".replication.throttled.replicas")
	if def.Key == "message.format.version" {
		def.unreleased = following(in)
	}
	def.dropsDuplicates = def.Key == "cleanup.policy" && !in.before4(2)
	return def
}

// Line returns the line of versions the table is of, such as "4.4".
func (t Table) Line() string { return t.release.name }

// Keys returns the configs that brokers of this version list, sorted.
func (t Table) Keys() []string { return slices.Clone(t.keys) }

// Lookup returns what is known about key, exactly as written: brokers do not trim keys. It also knows the configs that
// brokers accept without listing them; each of their values is refused.
func (t Table) Lookup(key string) (Def, bool) {
	if def, ok := t.listed[key]; ok {
		return def, true
	}
	def, ok := t.hidden[key]
	return def, ok
}

// Parse judges one config of a topic: that this version has the key, and what Def.Parse says about the value. It returns
// the value in canonical form.
func (t Table) Parse(key, raw string) (string, *Problem) {
	def, ok := t.Lookup(key)
	if !ok {
		problem := t.Unknown(key)
		return "", &problem
	}
	return def.Parse(raw)
}

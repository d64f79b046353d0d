package topicconfig

import (
	"strconv"
	"strings"
)

// knownFormatVersion reports whether a release of Kafka knows text as a version of its message format: a release ("2.8",
// "2.8.1") or one of the internal steps towards one ("3.0-IV1"), up to those towards the next, which is not released yet.
// The config has no effect since 3.0 and is gone in 4.0, but is still read.
func knownFormatVersion(text, unreleased string) bool {
	significant := 2
	if strings.HasPrefix(text, "0.") {
		significant = 3
	}
	// Java's split drops what is empty at the end, and the text counts as a whole unless more than enough is left.
	version := text
	if parts := strings.Split(strings.TrimRight(text, "."), "."); len(parts) > significant {
		version = strings.Join(parts[:significant], ".")
	}
	short, step, hasStep := strings.Cut(version, "-IV")
	last, known := lastStep()[short]
	known = known && !newer(short, unreleased)
	if !hasStep {
		return known && short != unreleased
	}
	number, err := strconv.Atoi(step)
	return known && err == nil && number >= 0 && number <= last && step == strconv.Itoa(number)
}

// newer compares two versions by their first two numbers, which is what parts those with a step.
func newer(version, than string) bool {
	major, minor, _ := parseVersion(version)
	thanMajor, thanMinor, _ := parseVersion(than)
	return major > thanMajor || major == thanMajor && minor > thanMinor
}

// following is the line after a release that still reads versions of the message format.
func following(in release) string {
	if in.minor == 9 {
		return "4.0"
	}
	return "3." + strconv.Itoa(in.minor+1)
}

// lastStep returns the versions Kafka 3.9 knows, each with its last internal step; -1 where it had none.
func lastStep() map[string]int {
	return map[string]int{
		"0.8.0": -1, "0.8.1": -1, "0.8.2": -1, "0.9.0": -1, "0.10.0": 1, "0.10.1": 2, "0.10.2": 0, "0.11.0": 2,
		"1.0": 0, "1.1": 0, "2.0": 1, "2.1": 2, "2.2": 1, "2.3": 1, "2.4": 1, "2.5": 0, "2.6": 0, "2.7": 2, "2.8": 1,
		"3.0": 1, "3.1": 0, "3.2": 0, "3.3": 3, "3.4": 0, "3.5": 2, "3.6": 2, "3.7": 4, "3.8": 0, "3.9": 0, "4.0": 1,
	}
}

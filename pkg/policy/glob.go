package policy

import "strings"

// glob says whether a pattern, in which * stands for any characters, matches a whole name. It never takes longer than
// pattern times name.
func glob(pattern, name string) bool {
	first, rest, starred := strings.Cut(pattern, "*")
	if !starred {
		return pattern == name
	}
	if !strings.HasPrefix(name, first) {
		return false
	}
	name = name[len(first):]
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again {
			return strings.HasSuffix(name, part)
		}
		at := strings.Index(name, part) // the first place is as good as any: what follows has the most room
		if at < 0 {
			return false
		}
		name, rest = name[at+len(part):], more
	}
}

func anyGlob(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if glob(pattern, name) {
			return true
		}
	}
	return false
}

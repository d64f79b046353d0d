package audit

import (
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
)

// mirrors are the clusters that MirrorMaker 2 copies from, by the alias that begins the copies' names.
type mirrors struct {
	// running says that any of its bookkeeping is there.
	running bool
	aliases map[string]bool
}

// mirrorsOf reads MirrorMaker's bookkeeping by its names (DefaultReplicationPolicy): <alias>.checkpoints.internal is made at
// the target of a copy from alias, mm2-*.<alias>.internal holds its offsets and Connect's storage.
func mirrorsOf(topics map[string]topic.Observed) mirrors {
	found := mirrors{aliases: map[string]bool{}}
	for name := range topics {
		if alias, is := strings.CutSuffix(name, ".checkpoints.internal"); is && alias != "" {
			found.running, found.aliases[alias] = true, true
		}
		if bookkeeping(name) {
			found.running = true
		}
	}
	return found
}

func bookkeeping(name string) bool {
	return strings.HasPrefix(name, "mm2-") && strings.HasSuffix(name, ".internal")
}

// origin is MirrorMaker where a topic is its bookkeeping or a copy. A name like heartbeats counts only beside bookkeeping.
func (m mirrors) origin(name string) (topic.Origin, bool) {
	if !m.running {
		return topic.Origin{}, false
	}
	alias, rest, dotted := strings.Cut(name, ".")
	switch {
	case bookkeeping(name), name == "heartbeats", strings.HasSuffix(name, ".checkpoints.internal"):
		return topic.Origin{Kind: topic.OriginMirrorMaker, Evidence: "named like its bookkeeping, more of which is there"}, true
	case dotted && rest != "" && m.aliases[alias]:
		return topic.Origin{Kind: topic.OriginMirrorMaker, Of: alias, Evidence: "its name begins with " + alias + ", from which MirrorMaker copies: there is " +
			alias + ".checkpoints.internal"}, true
	}
	return topic.Origin{}, false
}

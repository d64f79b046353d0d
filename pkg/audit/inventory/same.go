package inventory

import (
	"maps"
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Same says whether two entries are written alike, without writing them: of a hundred thousand that nobody changed, none has
// to be translated to find that out.
func Same(a, b topic.Entry) bool {
	return plainOf(a) == plainOf(b) && a.FirstSeen.Equal(b.FirstSeen) && sameObject(a, b) && sameMeasures(a, b) &&
		sameFindings(a.Findings, b.Findings) && maps.Equal(a.Config, b.Config)
}

// plain is what of an entry can be compared as it is.
type plain struct {
	name, id, former     string
	partitions, replicas int64
	class                topic.Class
	baseline             bool
	origin               topic.Origin
}

func plainOf(e topic.Entry) plain {
	return plain{e.Name, e.TopicID, e.FormerID, e.Partitions, e.Replicas, e.Class, e.Baseline, e.Origin}
}

func sameObject(a, b topic.Entry) bool {
	if a.Class == topic.ClassElsewhere { // then so is b
		return named(a.Elsewhere) == named(b.Elsewhere) && a.Elsewhere.Group == b.Elsewhere.Group
	}
	return named(a.Owner) == named(b.Owner)
}

// named is what of a reference is written.
func named(ref topic.Ref) topic.Ref {
	return topic.Ref{Namespace: ref.Namespace, Name: ref.Name, UID: ref.UID}
}

func sameMeasures(a, b topic.Entry) bool {
	return a.Size.Known == b.Size.Known && (!a.Size.Known || a.Size.Bytes == b.Size.Bytes) &&
		a.Size.Oldest.Equal(b.Size.Oldest) && a.LastWrite.Equal(b.LastWrite)
}

func sameFindings(a, b topic.Findings) bool {
	if !a.Examined.Equal(b.Examined) || !slices.Equal(a.Principals, b.Principals) || !slices.Equal(a.Unseen, b.Unseen) {
		return false
	}
	sameUse := func(a, b topic.GroupUse) bool {
		return a.Name == b.Name && (a.Members > 0) == (b.Members > 0) && max(a.Lag, -1) == max(b.Lag, -1)
	}
	sameRecords := a.Examined.IsZero() || max(a.Records, -1) == max(b.Records, -1)
	return sameRecords && slices.EqualFunc(a.Groups, b.Groups, sameUse)
}

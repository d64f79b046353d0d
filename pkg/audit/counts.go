package audit

import "github.com/topicgate/topicgate/pkg/topic"

// Counts sums an inventory up. Candidates and released topics are orphans here: no object declares them.
type Counts struct {
	Total, Managed, Elsewhere, Orphan, Ignored, Unknown int64
}

// Count sums an inventory up.
func Count(entries map[string]topic.Entry) Counts {
	var counts Counts
	for _, entry := range entries {
		counts.Total++
		switch entry.Class {
		case topic.ClassManaged:
			counts.Managed++
		case topic.ClassElsewhere:
			counts.Elsewhere++
		case topic.ClassCandidate, topic.ClassOrphan, topic.ClassReleased:
			counts.Orphan++
		case topic.ClassInternal, topic.ClassPlatform, topic.ClassIgnored:
			counts.Ignored++
		case topic.ClassUnknown:
			counts.Unknown++
		}
	}
	return counts
}

package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/topic"
)

// candidateOwner guesses who could know more of a topic: the object that owned it, the application that made it, the only
// principal that an ACL names it to, the only group that reads it. Two of a kind hint at nobody in particular.
func candidateOwner(entry topic.Entry) CandidateOwner {
	switch {
	case entry.Elsewhere != (topic.Ref{}):
		return CandidateOwner{entry.Elsewhere.Namespace, fmt.Sprintf("%s %s declares it", kindOf(entry.Elsewhere), entry.Elsewhere)}
	case entry.Owner != (topic.Ref{}):
		return CandidateOwner{entry.Owner.Namespace, fmt.Sprintf("KafkaTopic %s owned it", entry.Owner)}
	case entry.Origin.Of != "":
		return CandidateOwner{entry.Origin.Of, entry.Origin.Evidence}
	}
	found := entry.Findings
	if len(found.Principals) == 1 && !unseen(entry, "principals") {
		return CandidateOwner{found.Principals[0], "the only principal that an ACL names it to"}
	}
	if len(found.Groups) == 1 && !unseen(entry, "groups") {
		return CandidateOwner{"group " + found.Groups[0].Name, "the only consumer group that reads it, or did"}
	}
	return CandidateOwner{}
}

// kindOf is another product's kind as kubectl knows it.
func kindOf(ref topic.Ref) string {
	return strings.TrimSuffix("kafkatopic."+ref.Group, ".")
}

// unseen says that something could not be found out, or was not looked for yet.
func unseen(entry topic.Entry, what string) bool {
	if entry.Findings.Examined.IsZero() {
		return true
	}
	return slices.Contains(entry.Findings.Unseen, what)
}

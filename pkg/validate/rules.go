package validate

// ruleKind says against what a rule's violations are ratcheted.
type ruleKind int

const (
	// transition rules compare old and new themselves and are never ratcheted.
	transition ruleKind = iota
	// aboutGate rules say whether the object may declare anything here; only an Update of the same object ratchets them.
	aboutGate
	// aboutObject rules speak of names; an Update ratchets them, and so does owning the topic already.
	aboutObject
	// advice rules only warn, and not again of what the old object of an update had already.
	advice
	// aboutTopic rules speak of what is on the brokers; taking over a topic that is so already ratchets them too.
	aboutTopic
)

type rule struct {
	kind  ruleKind
	check func(Input) finding
}

// rules is every rule, in the order in which a refusal lists them.
func rules() []rule {
	return []rule{
		{aboutGate, clusterExists},
		{aboutGate, namespaceAdmitted},
		{transition, immutable},
		{aboutObject, nameLegal},
		{aboutObject, nameReserved},
		{aboutObject, nameMode},
		{aboutTopic, nameCollision},
		{aboutGate, duplicateClaim},
		{aboutGate, managedElsewhere},
		{transition, adoption},
		{aboutTopic, partitionsInRange},
		{transition, partitionsGrow},
		{aboutTopic, replicasInRange},
		{aboutTopic, replicasWithinBrokers},
		{transition, replicasStay},
		{aboutTopic, configValues},
		{aboutTopic, configConflicts},
		{aboutTopic, minInsync},
		{advice, oneReplica},
		{advice, insyncHeadroom},
		{advice, uncleanElection},
		{transition, growthMovesKeys},
		{transition, retentionCut},
		{transition, cleanupChange},
		{advice, segmentOutlivesRetention},
		{advice, writable},
		{transition, factsFresh},
	}
}

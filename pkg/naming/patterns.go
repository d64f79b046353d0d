package naming

// Patterns is the list of names that belong to somebody, first match first: exact names before prefixes, the products
// that hide behind "__" before the catch-all, and what may not be declared before what only looks like somebody's.
// Callers may filter or extend their copy.
func Patterns() []Pattern {
	return append(reservedPatterns(), auditPatterns()...)
}

func reservedPatterns() []Pattern {
	const kafka, cruiseControl, msk, redpanda = "Apache Kafka's brokers", "Cruise Control", "Amazon MSK", "Redpanda"
	const confluent, registry, strimzi = "Confluent Platform", "a schema registry", "Strimzi"
	return []Pattern{
		{Glob: "__consumer_offsets", Class: ClassInternal, Product: kafka, Reserved: true},
		{Glob: "__transaction_state", Class: ClassInternal, Product: kafka, Reserved: true},
		{Glob: "__share_group_state", Class: ClassInternal, Product: kafka, Reserved: true},
		{Glob: "__cluster_metadata", Class: ClassInternal, Product: kafka, Reserved: true},
		{Glob: "__remote_log_metadata", Class: ClassInternal, Product: kafka, Reserved: true},
		{Glob: "__strimzi*", Class: ClassPlatform, Product: strimzi, Reserved: true},
		{Glob: "strimzi.cruisecontrol.*", Class: ClassPlatform, Product: cruiseControl, Reserved: true},
		{Glob: "__CruiseControl*", Class: ClassPlatform, Product: cruiseControl, Reserved: true},
		{Glob: "__KafkaCruiseControl*", Class: ClassPlatform, Product: cruiseControl, Reserved: true},
		{Glob: "__amazon_msk*", Class: ClassPlatform, Product: msk, Reserved: true},
		{Glob: "__msk*", Class: ClassPlatform, Product: msk, Reserved: true},
		{Glob: "__confluent*", Class: ClassPlatform, Product: confluent, Reserved: true},
		{Glob: "__*", Class: ClassInternal, Product: "Kafka's internal topics", Reserved: true},
		{Glob: "_schemas", Class: ClassPlatform, Product: registry, Reserved: true},
		{Glob: "_schema_encoders", Class: ClassPlatform, Product: registry, Reserved: true},
		{Glob: "_confluent*", Class: ClassPlatform, Product: confluent, Reserved: true},
		{Glob: "_redpanda*", Class: ClassPlatform, Product: redpanda, Reserved: true},
		{Glob: "_internal*", Class: ClassPlatform, Product: redpanda, Reserved: true},
	}
}

// auditPatterns only describe: teams declare such topics themselves, and some name theirs so by chance.
func auditPatterns() []Pattern {
	const connect, mirror, streams = "Kafka Connect", "MirrorMaker 2", "Kafka Streams"
	return []Pattern{
		{Glob: "mm2-*.internal", Class: ClassMirrorMaker, Product: mirror},
		{Glob: "*.checkpoints.internal", Class: ClassMirrorMaker, Product: mirror},
		{Glob: "heartbeats", Class: ClassMirrorMaker, Product: mirror},
		{Glob: "*.heartbeats", Class: ClassMirrorMaker, Product: mirror},
		{Glob: "*-changelog", Class: ClassStreams, Product: streams},
		{Glob: "*-repartition", Class: ClassStreams, Product: streams},
		{Glob: "*-KTABLE-FK-JOIN-SUBSCRIPTION-*-topic", Class: ClassStreams, Product: streams},
		{Glob: "connect-*", Class: ClassConnect, Product: connect},
		{Glob: "*-configs", Class: ClassConnect, Product: connect},
		{Glob: "*-offsets", Class: ClassConnect, Product: connect},
		{Glob: "*-status", Class: ClassConnect, Product: connect},
		{Glob: "dlq.*", Class: ClassDeadLetter, Product: "a share group"},
	}
}

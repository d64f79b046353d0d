// Package adopt turns topics that are on the brokers into the KafkaTopics that would declare them exactly as they are. It is
// pure: what is on the brokers comes from an audit, the verdict on each manifest from the engine that the webhook judges by.
//
// # What a manifest holds
//
// Live partitions and replicas, and the configs that the topic itself carries; never a default, for that would set it. A config
// that no KafkaTopic may carry is listed in unmanagedConfig, so that admission accepts the manifest and the topic keeps its
// value. deletionPolicy is Retain: whoever deletes an object that a tool wrote must not lose a topic by it.
package adopt

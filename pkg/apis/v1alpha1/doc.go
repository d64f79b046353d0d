// Package v1alpha1 holds the kinds of topicgate.io: KafkaTopic, KafkaCluster and TopicInventory.
//
// The schema generated from these types says only what a value is: types, structure and generous size bounds. What a
// value may be (ranges, patterns, transitions) is the engine's to say, because the API server answers schema errors
// alone, before any webhook is asked, and would hide every other violation.
//
// +kubebuilder:object:generate=true
// +groupName=topicgate.io
package v1alpha1

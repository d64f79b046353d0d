// Package whocan joins what lets somebody create topics on a Kafka cluster: rights in Kubernetes to create KafkaTopics that the
// cluster admits, ACLs on the brokers, and brokers that create topics by themselves. It is pure: whoever calls it has read the
// roles and asked the brokers, and says what could not be read.
package whocan

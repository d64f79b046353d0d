// Package kafkacluster judges KafkaClusters: whether what the platform team wrote can be used at all. It is pure, and reads
// the kind itself, for no other kind describes a cluster.
package kafkacluster

// Package kafkatest runs real Apache Kafka brokers on this machine, without Docker, for tests and for the demo.
//
// [Start] formats storage and starts one to three combined KRaft nodes (broker and controller in one process) from the
// jars that `make kafka` puts in bin/kafka/<version>/; [ForTest] does the same for the length of one test. Every broker
// listens four times:
//
//	CLIENT      what a user of Kafka sees: SASL, TLS and ACLs as the options ask       Cluster.Bootstrap
//	COUNTED     the same, reached through a proxy that counts requests by kind         Cluster.Counted
//	INTERNAL    plain and all-powerful: between brokers, and for a test's own set-up   Cluster.Internal
//	CONTROLLER  KRaft
//
// A process under test gets the COUNTED addresses, so that a test can say how many requests it made, which of them
// changed something, and what happens when the brokers cannot be reached ([Cluster.Cut]). The brokers advertise the
// proxy's own addresses there, hence no response is ever rewritten.
//
// [StartStreams], [StartConnect] and [ProduceJava] run real client applications against any of these brokers, from the jars
// in bin/kafka-apps/<version>/, to find out what topics and groups such applications make.
//
// [Embedded] is the same for kfake, a Kafka in this process: quick, needs no JDK, and proves nothing about Kafka.
package kafkatest

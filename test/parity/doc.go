// Package parity holds the corpus of policy cases, and has every entry point judge it: the engine, the syncer's plan, the
// counts of the audit, the webhook process behind a real API server, and the command line. What they say must be the same,
// case by case; where one of them differs by design, the case says how and why.
//
// # Format
//
// testdata/clusters.yaml names KafkaClusters with what is known of their brokers. Every other file of testdata is one
// theme, as one or more YAML documents. A document has policies and exceptions (name to spec; an exception's end is
// expiresIn, such as 48h or -1h) and cases. All of them are about every case of the document, and a case may add its own. A
// case reads
//
//	it              a sentence in the user's words
//	topic           a KafkaTopic's spec with name, labels and annotations beside it
//	old             the same before an update; absent for a creation
//	live            what is on the brokers: partitions, replicas, config. Without old, the topic was there before its
//	                object, and its namespace may adopt it
//	others          other topics of the namespace, as topic
//	cluster         a name of clusters.yaml; absent is prod
//	namespaceLabels, namespaceAnnotations
//	refuses, warns, audits  the rules (policy/rule) that refuse, warn or only audit; all of them, in any order
//	excepted        those among warns that rest on an exception
//	undecided       those of the three that could not be judged
//	partly          those of undecided that are broken besides, as far as they could be judged
//	unmatched       policies that are not about the topic; all others are
//	builtin         the reasons why TopicGate's own rules refuse too
//	says            what refusals and warnings say somewhere
//	syncer          what the syncer says instead, by design, with why; or skip: true
//	known           a fault that is known: the case is skipped
//
// $n stands for the case's number, $namespace for its namespace, which is case-$n. An object that is not named is called
// orders-$n. Names of policies and exceptions get -$n behind them, so that all cases can live on one API server; where a
// tag or a text is compared, it is taken off again.
package parity

// Command bench measures TopicGate on real parts (kube-apiserver, etcd, Apache Kafka, kfake, the real binaries), each
// figure beside its floor: what the same work costs when nothing of ours takes part, measured in the same run. It prints
// its progress on stderr and two tables in Markdown on stdout: counts, allocations and memory first, for they are the same
// on every machine, times second. With -write the tables also go into docs/benchmarks.md, between two markers.
//
// Nothing is asserted about times: they depend on the machine and on what else runs there. Wrong answers, topics that do
// not become Ready and writes of an idle system are errors.
//
//	main.go, options.go   flags, sections, children
//	report.go, file.go    rows to Markdown
//	machine.go, proc.go   what the machine is; what a process used
//	handlers.go           1  a review in process
//	admission.go          2  creates through the API server (gate.go, load.go, bare.go, policy.go; rows in creates.go)
//	ready.go              3  apply to Ready (readiness.go, floors.go)
//	idle.go, resync.go    4, 5, 7  requests, writes, idle resyncs, memory (observer.go)
//	policies.go           6  judging by policies, reviews beside them
//	world.go, brokers.go, client.go   what the sections run on
package main

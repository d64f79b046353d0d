// Package parts starts what the demo consists of: a Kafka, a Kubernetes control plane, cert-manager in this process, the
// shipped manifests, and the real webhook and syncer as processes under the identities and rights that ship.
//
// Everything lies in one directory and listens on loopback ports that were free. What was started is ended by Stop, in
// the order of who depends on whom, and on Linux by the kernel where this process is killed.
package parts

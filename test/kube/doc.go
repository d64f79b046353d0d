// Package kube runs a real Kubernetes control plane (kube-apiserver, etcd and, where asked for, kube-controller-manager)
// on this machine, for tests and for the demo, and speaks to it as kubectl does.
//
// Everything lies in one directory and listens on loopback ports that were free. Nothing outlives the caller: the
// processes end with Stop, with the context, and on Linux also when the caller is killed (package process). That last
// promise is why they are not started through controller-runtime's envtest, which cannot give it; what else differs from
// envtest is that the server can be stopped, killed and started again on the same port and data.
//
// The binaries are those of `make controlplane`, or of KUBEBUILDER_ASSETS where that is set.
package kube

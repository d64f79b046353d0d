// Package world gathers what the report on one cluster is made from out of the objects that Kubernetes holds. It is pure:
// syncer and command line hand it the same objects, one from its informers and the other from lists, so both say the same.
package world

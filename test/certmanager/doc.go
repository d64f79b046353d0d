// Package certmanager runs cert-manager itself, its controllers and its CA injector, inside this process: certificates of
// tests and of the demo are issued and injected by the code that does it in production, without a container.
//
// What is left out is what TopicGate's manifests do not need: ACME, Vault and Venafi issuers, ingress and gateway shims,
// and cert-manager's own webhook (its CRDs hold the schema; approval is by its approver, as shipped).
package certmanager

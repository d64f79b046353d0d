package parts

import (
	"context"
	"fmt"
	"time"

	"github.com/topicgate/topicgate/test/certmanager"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

// patience is how long a part may take where seconds are the rule: the machine may be busy.
const patience = 2 * time.Minute

// startPlane runs etcd and kube-apiserver, and kube-controller-manager with what finishes deletions: without it a
// namespace that somebody deletes would stay for ever.
func (p *Parts) startPlane(ctx context.Context) error {
	err := p.terminal.Step("kube-apiserver and etcd ready", func() (err error) {
		p.plane, err = kube.Start(ctx, kube.Options{Dir: p.options.Dir})
		return err
	})
	if err != nil {
		return err
	}
	p.onStop(func() error { p.plane.Stop(); return nil })
	return p.terminal.Step("kube-controller-manager ready: namespaces, garbage, roles", func() error {
		return p.plane.StartControllerManager(ctx,
			"namespace-controller", "garbage-collector-controller", "clusterrole-aggregation-controller")
	})
}

// install applies what ships, with the webhook at the given port of this machine, and gets its certificate.
func (p *Parts) install(ctx context.Context, port int) error {
	config := p.plane.Config()
	err := p.terminal.Step("cert-manager ready, in this process", func() error {
		stop, err := certmanager.Start(ctx, config)
		if err != nil {
			return err
		}
		p.onStop(stop)
		return nil
	})
	if err != nil {
		return err
	}
	err = p.terminal.Step("manifests/default applied: CRDs, RBAC, webhooks, certificates", func() error {
		objects, err := manifests.Render(manifests.Default)
		if err != nil {
			return err
		}
		if err := manifests.ServeFromLocalhost(objects, port); err != nil {
			return err
		}
		return manifests.Apply(ctx, config, objects)
	})
	if err != nil {
		return err
	}
	return p.terminal.Step("certificate issued, its authority injected", func() error {
		return manifests.AwaitCertificates(ctx, config, patience, p.path("tls"))
	})
}

// clusterManifest is a KafkaCluster that lets everybody do everything and audits often: there is to be something to see.
func (p *Parts) clusterManifest() string {
	return fmt.Sprintf(`apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata:
  name: %s
  annotations:
    topicgate.io/default-cluster: "true" # KafkaTopics without clusterRef mean this one
spec:
  bootstrapServers: [%q]
%s  namespaceSelector: {} # every namespace may declare topics
  adoption:
    namespaceSelector: {} # and adopt what is there already
  audit:
    interval: 5s
    gracePeriod: 0s
`, Cluster, p.Bootstrap, p.options.Kafka.versionLine())
}

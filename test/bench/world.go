package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

// patience bounds every wait; what takes longer is broken, however busy the machine.
const patience = 10 * time.Minute

// programs are the shipped ones and the floor of the webhook, built here, so that what is measured is what is in the tree.
type programs struct{ webhook, syncer, bare string }

// build builds as `make build` does or, quickly, as tests do, which finds most of it built.
func build(ctx context.Context, dir string, quick bool) (programs, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return programs{}, err
	}
	command := exec.CommandContext(ctx, "go", "build", "-o", dir+"/", "./cmd/webhook", "./cmd/syncer", "./test/bench/barewebhook")
	command.Dir = root
	if !quick {
		command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath")
	}
	if output, err := command.CombinedOutput(); err != nil {
		return programs{}, fmt.Errorf("building the programs: %w: %s", err, output)
	}
	return programs{webhook: filepath.Join(dir, "webhook"), syncer: filepath.Join(dir, "syncer"), bare: filepath.Join(dir, "barewebhook")}, nil
}

// world is a fresh API server with TopicGate's manifests.
type world struct {
	plane  *kube.ControlPlane
	client client.WithWatch
	dir    string
}

// newWorld starts a world; the end of ctx, which the caller must bring about, ends it. Before the manifests are applied,
// change may change them.
func (b *bench) newWorld(ctx context.Context, change func([]*unstructured.Unstructured) ([]*unstructured.Unstructured, error)) (*world, error) {
	dir, err := os.MkdirTemp(b.dir, "world-")
	if err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	plane, err := kube.Start(ctx, kube.Options{Dir: dir, APIServerArgs: []string{"--delete-collection-workers=16"}})
	if err != nil {
		return nil, err
	}
	w := &world{plane: plane, dir: dir}
	if w.client, err = newClient(plane.Config()); err != nil {
		return nil, err
	}
	objects, err := manifests.Render(manifests.Default)
	if err != nil {
		return nil, err
	}
	if objects, err = change(objects); err != nil {
		return nil, err
	}
	return w, manifests.Apply(ctx, plane.Config(), objects)
}

// withoutWebhook leaves out what sends reviews, and the certificates that nobody issues then.
func withoutWebhook(objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var kept []*unstructured.Unstructured
	for _, object := range objects {
		switch object.GetKind() {
		case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "Issuer", "Certificate":
		default:
			kept = append(kept, object)
		}
	}
	return kept, nil
}

// startWebhook runs the webhook with the rights of its ServiceAccount and the certificate in certDir.
func (b *bench) startWebhook(ctx context.Context, w *world, certDir string, port int) (*process.Process, error) {
	identity, err := w.plane.ServiceAccount(manifests.WebhookNamespace, "topicgate-webhook")
	if err != nil {
		return nil, err
	}
	kubeconfig, err := w.kubeconfig("webhook", identity)
	if err != nil {
		return nil, err
	}
	return process.Start(ctx, process.Command{
		Path: b.programs.webhook, LogFile: filepath.Join(w.dir, "webhook.log"),
		Args: []string{
			"--kubeconfig", kubeconfig, "--host", "127.0.0.1", "--port", strconv.Itoa(port), "--cert-dir", certDir,
			"--metrics-bind-address", "0", "--health-probe-bind-address", "0", "--shutdown-delay", "0s",
			// No syncer renews a lease where creates are measured, and a warning in each answer would be no everyday answer.
			"--syncer-lease", "",
		},
	})
}

// startSyncer runs the syncer with the given way to the API server.
func (b *bench) startSyncer(ctx context.Context, w *world, kubeconfig string) (*process.Process, error) {
	return process.Start(ctx, process.Command{
		Path: b.programs.syncer, LogFile: filepath.Join(w.dir, "syncer.log"),
		Args: []string{
			"--kubeconfig", kubeconfig, "--secrets-namespace", manifests.SyncerNamespace, "--leader-election-namespace", manifests.SyncerNamespace,
			"--metrics-bind-address", "0", "--health-probe-bind-address", "0",
		},
	})
}

// syncerIdentity is what the syncer may do, as shipped.
func (w *world) syncerIdentity() (*rest.Config, error) {
	return w.plane.ServiceAccount(manifests.SyncerNamespace, "topicgate-syncer")
}

func (w *world) kubeconfig(name string, identity *rest.Config) (string, error) {
	path := filepath.Join(w.dir, name+".kubeconfig")
	return path, kube.WriteKubeconfig(identity, path)
}

// addCluster makes the KafkaCluster of the given brokers, which admits every namespace and looks at everything rarely.
func (w *world) addCluster(ctx context.Context, bootstrap []string) error {
	spec := fmt.Sprintf(`{"bootstrapServers":["%s"],"namespaceSelector":{},"sync":{"resyncInterval":"1h"},"audit":{"interval":"1h"}}`, strings.Join(bootstrap, `","`))
	return w.applyYAML(ctx, fmt.Sprintf(`{"apiVersion":"topicgate.io/v1alpha1","kind":"KafkaCluster","metadata":{"name":"prod"},"spec":%s}`, spec))
}

func (w *world) applyYAML(ctx context.Context, text string) error {
	objects, err := manifests.Decode([]byte(text))
	if err != nil {
		return err
	}
	return manifests.Apply(ctx, w.plane.Config(), objects)
}

func (w *world) addNamespace(ctx context.Context, name, label string) error {
	return w.applyYAML(ctx, fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q,"labels":{%q:%q}}}`, name, arrangementLabel, label))
}

var errNotReady = errors.New("not Ready yet")

// awaitCluster waits until the syncer has looked at everything once.
func (w *world) awaitCluster(ctx context.Context, satisfied func(*v1alpha1.KafkaCluster) bool) error {
	return wait.Until(ctx, patience, func(ctx context.Context) error {
		var cluster v1alpha1.KafkaCluster
		if err := w.client.Get(ctx, client.ObjectKey{Name: "prod"}, &cluster); err != nil {
			return err
		}
		if !satisfied(&cluster) {
			return fmt.Errorf("KafkaCluster prod: %w: %+v", errNotReady, cluster.Status.Conditions)
		}
		return nil
	})
}

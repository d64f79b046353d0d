package dependability

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/test/e2e"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/kube/process"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

const (
	namespace, cluster = "shop", "prod"
	// patience bounds each wait: several times what anything takes on a machine that does nothing else.
	patience = 2 * time.Minute
	// period is how late the Service learns of readiness and a kubelet of a Secret; delay how long a replica goes on
	// answering, longer than that as in the shipped manifests (5 s against 10 s).
	period, delay = 500 * time.Millisecond, 3 * time.Second
)

var errNotYet = errors.New("not yet")

// stage is an installation whose API server reaches two webhook processes through one Service.
type stage struct {
	*e2e.Env
	service  *kube.Service
	replicas []*replica
	started  int
	test     *testing.T // with which the replicas end: a part of it may start one that others go on with
}

// replica is a webhook process and the directory that its kubelet keeps its Secret in.
type replica struct {
	*e2e.Program
	name, address, certDir string
	kubelet                context.CancelFunc
}

// setting is a number from the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv("TOPICGATE_STEADY_" + name)
	if text == "" {
		return otherwise
	}
	number, err := strconv.Atoi(text)
	require.NoError(t, err)
	return number
}

func rounds(t *testing.T) int { return setting(t, "ROUNDS", 1) }

func newStage(t *testing.T) *stage {
	t.Helper()
	service, err := kube.NewService(context.WithoutCancel(t.Context()), period)
	require.NoError(t, err)
	t.Cleanup(service.Close)
	s := &stage{Env: e2e.Install(t, service.Port()), service: service, test: t}
	s.replicas = []*replica{s.start(t), s.start(t)}
	s.Namespace(t, namespace, "kafka", cluster)
	s.SyncerSeen(t, time.Now().Add(24*time.Hour))
	s.MustApply(t, e2e.ClusterYAML(cluster))
	s.MustApply(t, "{apiVersion: topicgate.io/v1alpha1, kind: KafkaCluster, metadata: {name: "+cluster+`, annotations: {topicgate.io/default-cluster: "true"}}}`, "--server-side")
	s.SetStatus(t, cluster, e2e.ThreeBrokers("id-"+cluster))
	wait.For(t, patience, func(context.Context) error {
		stdout, stderr, code := s.Apply(t, e2e.TopicYAML(namespace, "probe", "partitions: 1"), "--dry-run=server", "-o=yaml")
		if code != 0 || stderr != "" {
			return fmt.Errorf("%w: %s%s", errNotYet, stdout, stderr)
		}
		return nil
	})
	s.busy(t)
	return s
}

// busy keeps some of the processors busy for as long as the test runs.
func (s *stage) busy(t *testing.T) {
	t.Helper()
	for range setting(t, "BURNERS", max(1, runtime.NumCPU()/2)) {
		burner, err := process.Start(context.WithoutCancel(t.Context()), process.Command{Path: "/bin/sh", Args: []string{"-c", "while :; do :; done"}})
		require.NoError(t, err)
		t.Cleanup(burner.Kill)
	}
}

// load starts the load that everything here is done under, and returns when it flows.
func (s *stage) load(t *testing.T, name string) *load {
	t.Helper()
	l := startLoad(t, s.Plane.Config(), name, setting(t, "RATE", 200))
	l.more(t, 100)
	return l
}

// start starts a replica and returns when the Service sends requests to it.
func (s *stage) start(t *testing.T) *replica {
	t.Helper()
	s.started++
	r := &replica{name: fmt.Sprintf("replica-%d", s.started), certDir: s.test.TempDir()}
	var ctx context.Context
	ctx, r.kubelet = context.WithCancel(context.WithoutCancel(t.Context()))
	s.test.Cleanup(r.kubelet)
	require.NoError(t, manifests.Mount(r.certDir, s.secret(t).Data))
	go s.keepMounted(ctx, r.certDir)
	r.Program, r.address = s.StartReplica(t, r.certDir, "--shutdown-delay="+delay.String())
	s.service.Add(r.name, r.address, r.Ready)
	wait.For(t, patience, func(context.Context) error {
		if !s.service.Stats(r.name).Ready {
			return errNotYet
		}
		return nil
	})
	return r
}

func (s *stage) secret(t *testing.T) *corev1.Secret {
	t.Helper()
	secret := &corev1.Secret{}
	require.NoError(t, s.Client.Get(t.Context(), servingSecret(), secret))
	return secret
}

func servingSecret() client.ObjectKey {
	return client.ObjectKey{Namespace: manifests.WebhookNamespace, Name: "topicgate-webhook-tls"}
}

// keepMounted does what a kubelet does: it looks at the Secret now and then and puts what is new into the directory.
func (s *stage) keepMounted(ctx context.Context, dir string) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	mounted := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		secret := &corev1.Secret{}
		// A kubelet keeps what it has while the Secret is not there.
		if err := s.Client.Get(ctx, servingSecret(), secret); err != nil || secret.ResourceVersion == mounted {
			continue
		}
		if manifests.Mount(dir, secret.Data) == nil {
			mounted = secret.ResourceVersion
		}
	}
}

// served is the certificate that a replica shows.
func (r *replica) served(ctx context.Context) (*x509.Certificate, error) {
	dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
	connection, err := dialer.DialContext(ctx, "tcp", r.address)
	if err != nil {
		return nil, err
	}
	defer connection.Close() //nolint:errcheck // nothing was written
	return connection.(*tls.Conn).ConnectionState().PeerCertificates[0], nil
}

// allServe waits until every replica shows the certificate that lies in the Secret.
func (s *stage) allServe(t *testing.T) {
	t.Helper()
	wait.For(t, patience, func(ctx context.Context) error {
		pair, err := tls.X509KeyPair(s.secret(t).Data[corev1.TLSCertKey], s.secret(t).Data[corev1.TLSPrivateKeyKey])
		if err != nil {
			return err
		}
		for _, r := range s.replicas {
			shown, err := r.served(ctx)
			if err != nil {
				return err
			}
			if !shown.Equal(pair.Leaf) {
				return fmt.Errorf("%s serves the old certificate: %w", r.name, errNotYet)
			}
		}
		return nil
	})
}

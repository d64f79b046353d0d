package certmanager_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/topicgate/topicgate/test/certmanager"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

const patience = 30 * time.Second

func TestCertificatesAreIssuedByWhateverRunIsTheLatest(t *testing.T) {
	c := kube.ForTest(t)
	client, err := kubernetes.NewForConfig(c.Config())
	require.NoError(t, err)
	for _, name := range []string{"first", "second"} {
		stop, err := certmanager.Start(t.Context(), c.Config())
		require.NoError(t, err)
		objects, err := manifests.Decode([]byte(`
{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: self, namespace: default}, spec: {selfSigned: {}}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: ` + name + `, namespace: default}
spec: {secretName: ` + name + `, dnsNames: [example.org], issuerRef: {name: self}}
`))
		require.NoError(t, err)
		require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))
		wait.For(t, patience, func(ctx context.Context) error {
			_, err := client.CoreV1().Secrets("default").Get(ctx, name, metav1.GetOptions{})
			return err
		})
		require.NoError(t, stop())
	}
}

func TestStartSaysThatTheServerIsNotThere(t *testing.T) {
	c := kube.ForTest(t)
	config := c.Config()
	c.Stop()
	_, err := certmanager.Start(t.Context(), config)
	require.ErrorContains(t, err, "installing cert-manager's CRDs")
}

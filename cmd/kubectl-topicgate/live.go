package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// connection is kubectl's own flags about which cluster to speak to, and as whom.
type connection struct {
	flags *genericclioptions.ConfigFlags
}

func newConnection() connection {
	return connection{genericclioptions.NewConfigFlags(true)}
}

func (c connection) addTo(command *cobra.Command) {
	c.flags.AddFlags(command.Flags())
	for flag, names := range map[string]func(api.Config) []string{
		"context": func(config api.Config) []string { return keys(config.Contexts) },
		"cluster": func(config api.Config) []string { return keys(config.Clusters) },
		"user":    func(config api.Config) []string { return keys(config.AuthInfos) },
	} {
		// It fails only where there is no flag of the name.
		_ = command.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			config, err := c.flags.ToRawKubeConfigLoader().RawConfig()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return names(config), cobra.ShellCompDirectiveNoFileComp
		})
	}
}

func keys[T any](of map[string]T) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// namespace is the one that the flags or the kubeconfig name; default where neither does.
func (c connection) namespace() (string, error) {
	name, _, err := c.flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return "", unreachable(fmt.Errorf("reading the kubeconfig: %w", err))
	}
	return name, nil
}

// client speaks to the cluster.
func (c connection) client() (client.Client, error) {
	config, err := c.flags.ToRESTConfig()
	if err != nil {
		return nil, unreachable(fmt.Errorf("reading the kubeconfig: %w", err))
	}
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{} // the API server's own fairness is enough
	scheme, err := admission.Scheme()
	if err != nil {
		return nil, err
	}
	from, err := client.New(config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, unreachable(fmt.Errorf("connecting to the cluster: %w", err))
	}
	return from, nil
}

// pageSize is how many objects are asked for at a time, as kubectl does.
const pageSize = 500

// read reads everything that judging needs. Nothing secret is among it, and nothing is written.
func (c connection) read(ctx context.Context, stderr io.Writer) (offline.Manifests, error) {
	var all offline.Manifests
	from, err := c.client()
	if err != nil {
		return all, err
	}
	l := lister{client: from, progress: progressOf(stderr)}
	all.Clusters = list(ctx, &l, &v1alpha1.KafkaClusterList{}, func(l *v1alpha1.KafkaClusterList) []v1alpha1.KafkaCluster { return l.Items })
	all.Namespaces = list(ctx, &l, &corev1.NamespaceList{}, func(l *corev1.NamespaceList) []corev1.Namespace { return l.Items })
	all.Inventories = list(ctx, &l, &v1alpha1.TopicInventoryList{}, func(l *v1alpha1.TopicInventoryList) []v1alpha1.TopicInventory { return l.Items })
	all.Topics = list(ctx, &l, &v1alpha1.KafkaTopicList{}, func(l *v1alpha1.KafkaTopicList) []v1alpha1.KafkaTopic { return l.Items })
	all.Policies = list(ctx, &l, &v1alpha1.TopicPolicyList{}, func(l *v1alpha1.TopicPolicyList) []v1alpha1.TopicPolicy { return l.Items })
	all.Exceptions = list(ctx, &l, &v1alpha1.TopicPolicyExceptionList{}, func(l *v1alpha1.TopicPolicyExceptionList) []v1alpha1.TopicPolicyException {
		return l.Items
	})
	if l.err != nil {
		return all, unreachable(l.err)
	}
	return all, nil
}

// lister lists kind after kind, until something fails.
type lister struct {
	client   client.Client
	progress io.Writer
	err      error
}

func list[L client.ObjectList, T any](ctx context.Context, l *lister, page L, items func(L) []T) []offline.Found[T] {
	var found []offline.Found[T]
	token := ""
	for l.err == nil {
		err := l.client.List(ctx, page, client.Limit(pageSize), client.Continue(token))
		if meta.IsNoMatchError(err) {
			return nil // an installation from before there was such a kind
		}
		if err != nil {
			l.err = fmt.Errorf("listing %T: %w", page, err)
			break
		}
		for _, item := range slices.Clone(items(page)) {
			found = append(found, offline.Found[T]{Object: &item})
		}
		if token = page.GetContinue(); token == "" {
			break
		}
		_, _ = fmt.Fprintf(l.progress, "read %d of %T\n", len(found), page)
	}
	return found
}

// progressOf is where long work says how far it is: a person's terminal, and nothing else.
func progressOf(stderr io.Writer) io.Writer {
	if file, is := stderr.(*os.File); is && term.IsTerminal(int(file.Fd())) {
		return stderr
	}
	return io.Discard
}

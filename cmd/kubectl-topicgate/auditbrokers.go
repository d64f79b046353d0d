package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/pkg/scan"
)

// loginVariable holds the password where no file does. There is no flag for it: command lines are seen by everybody.
const loginVariable = "TOPICGATE_KAFKA_PASSWORD"

var errNoPassword = errors.New("no password is given: name a --password-file that holds it, or set " + loginVariable)

// brokerFlags are how to reach brokers without Kubernetes.
type brokerFlags struct {
	bootstrap                 []string
	tls                       bool
	caFile, certFile, keyFile string
	mechanism, username       string
	passwordFile              string
}

func (b *brokerFlags) addTo(command *cobra.Command) {
	mechanisms := []string{kafka.MechanismPlain, kafka.MechanismScramSHA256, kafka.MechanismScramSHA512}
	flags := command.Flags()
	flags.StringSliceVar(&b.bootstrap, "bootstrap", nil, "`host:port` of brokers, to ask Kafka itself; any one that answers will do")
	flags.BoolVar(&b.tls, "tls", false, "speak TLS to the brokers; the files below imply it")
	flags.StringVar(&b.caFile, "ca-file", "", "PEM `file` with the authorities that vouch for the brokers; the system's when absent")
	flags.StringVar(&b.certFile, "cert-file", "", "PEM `file` with a client certificate")
	flags.StringVar(&b.keyFile, "key-file", "", "PEM `file` with the key of the client certificate")
	flags.StringVar(&b.mechanism, "sasl-mechanism", "", "`mechanism` to log in by: "+strings.Join(mechanisms, ", "))
	flags.StringVar(&b.username, "username", "", "`name` to log in with")
	flags.StringVar(&b.passwordFile, "password-file", "", "`file` with the password; else the variable "+loginVariable+" has it")
	// It fails only where there is no flag of the name.
	_ = command.RegisterFlagCompletionFunc("sasl-mechanism", cobra.FixedCompletions(mechanisms, cobra.ShellCompDirectiveNoFileComp))
	_ = command.RegisterFlagCompletionFunc("bootstrap", cobra.NoFileCompletions)
	_ = command.RegisterFlagCompletionFunc("username", cobra.NoFileCompletions)
}

func (b *brokerFlags) given() bool { return len(b.bootstrap) > 0 }

// tuned says that something but the addresses is given.
func (b *brokerFlags) tuned() bool {
	return b.tls || b.caFile+b.certFile+b.keyFile+b.mechanism+b.username+b.passwordFile != ""
}

func (b *brokerFlags) check() error {
	var wrong []error
	if (b.certFile == "") != (b.keyFile == "") {
		wrong = append(wrong, cli.BadFlag("cert-file", b.certFile, "--cert-file and --key-file, both or neither"))
	}
	if (b.mechanism == "") != (b.username == "") {
		wrong = append(wrong, cli.BadFlag("sasl-mechanism", b.mechanism, "--sasl-mechanism and --username, both or neither"))
	}
	if b.passwordFile != "" && b.mechanism == "" {
		wrong = append(wrong, cli.BadFlag("password-file", b.passwordFile, "--sasl-mechanism and --username beside it"))
	}
	unauthenticated := kafka.Config{Bootstrap: b.bootstrap}
	if err := unauthenticated.Validate(); err != nil {
		wrong = append(wrong, fmt.Errorf("%w: --bootstrap: %w", cli.ErrBadFlag, err))
	}
	return errors.Join(wrong...)
}

// args are the flags again, for a command that is printed. The password is not among them.
func (b *brokerFlags) args() []string {
	args := []string{"--bootstrap=" + strings.Join(b.bootstrap, ",")}
	if b.tls {
		args = append(args, "--tls")
	}
	for _, flag := range []struct{ name, value string }{
		{"ca-file", b.caFile},
		{"cert-file", b.certFile},
		{"key-file", b.keyFile},
		{"sasl-mechanism", b.mechanism},
		{"username", b.username},
		{"password-file", b.passwordFile},
	} {
		if flag.value != "" {
			args = append(args, "--"+flag.name+"="+flag.value)
		}
	}
	return args
}

// dial makes a client; nothing is asked yet.
func (b *brokerFlags) dial() (*kafka.Client, error) {
	config := kafka.Config{Bootstrap: b.bootstrap, ClientID: "kubectl-topicgate"}
	if err := b.secure(&config); err != nil {
		return nil, badInput(err)
	}
	client, err := kafka.New(config)
	if err != nil {
		return nil, badInput(err)
	}
	return client, nil
}

func (b *brokerFlags) secure(config *kafka.Config) error {
	var pems [3][]byte
	for i, file := range []string{b.caFile, b.certFile, b.keyFile} {
		if file == "" {
			continue
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		pems[i] = content
	}
	if b.tls || b.caFile+b.certFile != "" {
		made, err := kafka.TLSConfig(pems[0], pems[1], pems[2])
		if err != nil {
			return err
		}
		config.TLS = made
	}
	return b.login(config)
}

func (b *brokerFlags) login(config *kafka.Config) error {
	if b.mechanism == "" {
		return nil
	}
	password := os.Getenv(loginVariable)
	if b.passwordFile != "" {
		content, err := os.ReadFile(b.passwordFile)
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		password = strings.TrimRight(string(content), "\r\n") // editors end files so, and no password does
	}
	if password == "" {
		return errNoPassword
	}
	config.SASL = &kafka.SASL{Mechanism: b.mechanism, Username: b.username, Password: password}
	return nil
}

// fromBrokers asks Kafka itself.
func (o *auditOptions) fromBrokers(ctx context.Context, command *cobra.Command, now time.Time) ([]report.AuditCluster, error) {
	declared, err := readManifests(o.files, command.InOrStdin(), metav1.NamespaceDefault)
	if err != nil {
		return nil, err
	}
	client, err := o.brokers.dial()
	if err != nil {
		return nil, err
	}
	defer client.Close()
	cluster := o.declaredCluster(declared)
	in := world.Input{Now: now, Cluster: cluster, DefaultCluster: cluster.Name, Namespaces: map[string]map[string]string{}}
	for _, found := range declared.Topics {
		if len(o.clusters) == 0 && found.Object.Spec.ClusterRef != nil { // no cluster is named, so each that is counts
			found.Object.Spec.ClusterRef.Name = cluster.Name
		}
		in.Topics = append(in.Topics, found.Object)
	}
	for _, found := range declared.Namespaces {
		in.Namespaces[found.Object.Name] = found.Object.Labels
	}
	reserved := naming.Reservations{Add: cluster.Spec.ReservedNames.Add, Except: cluster.Spec.ReservedNames.Except}
	seen, err := scan.Look(ctx, scan.Options{
		Client: client, Now: now, Known: world.Of(in), Reserved: reserved, Progress: progressOf(command.ErrOrStderr()),
	})
	if err != nil {
		if ctx.Err() == nil {
			err = unreachable(fmt.Errorf("asking the brokers: %s", kafka.Classify(err).Message))
		}
		return nil, err
	}
	made := report.AuditOf(audit.Examine(seen))
	made.Connection, made.Reserved = o.brokers.args(), reserved
	made.Notes = append(made.Notes, "asked the brokers themselves: nothing is remembered, so no topic has a first sighting or a grace period")
	return []report.AuditCluster{made}, nil
}

// declaredCluster is the KafkaCluster among the files that is named, for its rules of audit.ignore and names; else an empty one.
func (o *auditOptions) declaredCluster(declared offline.Manifests) *v1alpha1.KafkaCluster {
	made := &v1alpha1.KafkaCluster{}
	if len(o.clusters) == 0 {
		return made
	}
	made.Name = o.clusters[0]
	at := slices.IndexFunc(declared.Clusters, func(f offline.Found[v1alpha1.KafkaCluster]) bool { return f.Object.Name == made.Name })
	if at >= 0 {
		made.Spec = declared.Clusters[at].Object.Spec
	}
	return made
}

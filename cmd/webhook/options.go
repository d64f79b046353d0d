package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/validate/admission"
)

// options are the flags.
type options struct {
	kubeconfig    string
	host          string
	port          int
	certDir       string
	metrics       string
	probes        string
	shutdownDelay time.Duration
	factsMaxAge   time.Duration
	syncerLease   string
	unmatched     string
	maxInFlight   int
	logLevel      string
}

func defaults() options {
	return options{
		port: 9443, metrics: ":8080", probes: ":8081", shutdownDelay: 5 * time.Second, factsMaxAge: 15 * time.Minute,
		syncerLease: "topicgate-syncer/topicgate-syncer", unmatched: string(admission.UnmatchedAllow), maxInFlight: 256, logLevel: "info",
	}
}

func (o *options) register(flags *pflag.FlagSet) {
	flags.SortFlags = false
	flags.StringVar(&o.kubeconfig, "kubeconfig", o.kubeconfig,
		"`file` that tells how to reach the API server; empty means $KUBECONFIG, ~/.kube/config or, within a Pod, its ServiceAccount")
	flags.StringVar(&o.host, "host", o.host, "`address` to listen on for admission requests; empty means all")
	flags.IntVar(&o.port, "port", o.port, "`port` to listen on for admission requests, 1 to 65535")
	flags.StringVar(&o.certDir, "cert-dir", o.certDir,
		"`directory` that holds tls.crt and tls.key, such as a mounted Secret; both are read again when they change")
	flags.StringVar(&o.metrics, "metrics-bind-address", o.metrics, "`address` to serve /metrics on, without TLS; 0 serves none")
	flags.StringVar(&o.probes, "health-probe-bind-address", o.probes, "`address` to serve /healthz and /readyz on; 0 serves none")
	flags.DurationVar(&o.shutdownDelay, "shutdown-delay", o.shutdownDelay,
		"how long to go on answering after SIGTERM, while the API server learns of it; 0s to 10m")
	flags.DurationVar(&o.factsMaxAge, "facts-max-age", o.factsMaxAge,
		"age from which on facts about the brokers only warn, counted from when the brokers or the syncer stopped answering; 10s or more")
	flags.StringVar(&o.syncerLease, "syncer-lease", o.syncerLease,
		"`namespace/name` of the syncer's leader lease, which tells whether a syncer is alive; empty where syncers elect no leader")
	flags.StringVar(&o.unmatched, "unmatched", o.unmatched,
		"`what` becomes of a KafkaTopic that no TopicPolicy matches, where there is any TopicPolicy: allow, warn or deny")
	flags.IntVar(&o.maxInFlight, "max-in-flight", o.maxInFlight,
		"`number` of reviews held in memory at a time, each of 64 KiB (a larger one counts as several); what comes beyond waits; 1 or more")
	flags.StringVar(&o.logLevel, "log-level", o.logLevel, "least `level` of what is logged, as JSON on stderr: "+cli.LogLevels)
}

// validate refuses what cannot work, before anything is started.
func (o *options) validate() error {
	if _, err := cli.NewLogger(o.logLevel, io.Discard); err != nil {
		return err
	}
	if err := cli.CheckPort("port", o.port); err != nil {
		return err
	}
	for name, address := range map[string]string{"metrics-bind-address": o.metrics, "health-probe-bind-address": o.probes} {
		if err := cli.CheckAddress(name, address); err != nil {
			return err
		}
	}
	if err := o.validateFiles(); err != nil {
		return err
	}
	return o.validateLimits()
}

func (o *options) validateFiles() error {
	if o.kubeconfig != "" {
		if info, err := os.Stat(o.kubeconfig); err != nil || info.IsDir() {
			return cli.BadFlag("kubeconfig", o.kubeconfig, "a file that can be read")
		}
	}
	if info, err := os.Stat(o.certDir); err != nil || !info.IsDir() {
		return cli.BadFlag("cert-dir", o.certDir, "a directory with tls.crt and tls.key")
	}
	return nil
}

func (o *options) validateLimits() error {
	const longestDelay = 10 * time.Minute
	if o.shutdownDelay < 0 || o.shutdownDelay > longestDelay {
		return cli.BadFlag("shutdown-delay", o.shutdownDelay, "0s to 10m")
	}
	if err := cli.CheckAtLeast("facts-max-age", o.factsMaxAge, 10*time.Second); err != nil {
		return err
	}
	if o.maxInFlight < 1 {
		return cli.BadFlag("max-in-flight", o.maxInFlight, "1 or more")
	}
	switch admission.Unmatched(o.unmatched) {
	case admission.UnmatchedAllow, admission.UnmatchedWarn, admission.UnmatchedDeny:
	default:
		return cli.BadFlag("unmatched", o.unmatched, "allow, warn or deny")
	}
	return o.validateLease()
}

func (o *options) validateLease() error {
	if o.syncerLease == "" {
		return nil
	}
	namespace, name, _ := strings.Cut(o.syncerLease, "/")
	if len(validation.IsDNS1123Label(namespace)) > 0 || len(validation.IsDNS1123Subdomain(name)) > 0 {
		return cli.BadFlag("syncer-lease", o.syncerLease, "namespace/name, or nothing")
	}
	return nil
}

// lease is the syncer's lease as a key; zero when there is none to look at.
func (o *options) lease() client.ObjectKey {
	namespace, name, _ := strings.Cut(o.syncerLease, "/")
	return client.ObjectKey{Namespace: namespace, Name: name}
}

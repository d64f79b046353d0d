package kafkacluster

import (
	"encoding/pem"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// longestName is the longest name of a cluster: its TopicInventories are called after it, with a number behind.
const longestName = 200

func name(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	if length := len(cluster.Name); length > longestName {
		verdict.refuse("metadata.name", topic.Violation{
			Value:   quoted(cluster.Name),
			Problem: fmt.Sprintf("the name has %d characters, and its TopicInventories are called after it", length),
			Limit:   strconv.Itoa(longestName) + " characters",
			Fix:     "choose a shorter name",
		})
	}
	return verdict
}

var (
	host      = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?$`)
	multiple  = regexp.MustCompile(`[,;\s]+`)
	urlScheme = regexp.MustCompile(`^[A-Za-z_]+://`)
)

// bootstrapServers: each is a host and a port, one an entry.
func bootstrapServers(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	seen := map[string]bool{}
	for i, address := range cluster.Spec.BootstrapServers {
		path := fmt.Sprintf("spec.bootstrapServers[%d]", i)
		if seen[address] {
			verdict.warn(path, topic.Violation{Value: quoted(address), Problem: "the address is listed twice", Fix: "remove one of them"})
		}
		seen[address] = true
		if problem, fix := addressProblem(address); problem != "" {
			verdict.refuse(path, topic.Violation{Value: quoted(address), Problem: problem, Limit: "host:port", Fix: fix})
		}
	}
	return verdict
}

func addressProblem(address string) (problem, fix string) {
	trimmed := strings.TrimSpace(address)
	if scheme := urlScheme.FindString(trimmed); scheme != "" {
		return "an address has no " + scheme, "write " + quoted(strings.TrimPrefix(trimmed, scheme))
	}
	if parts := multiple.Split(trimmed, -1); len(parts) > 1 {
		return "several addresses in one entry", "write each as an entry of its own, such as " + quoted(parts[0])
	}
	name, port, err := net.SplitHostPort(trimmed)
	if err != nil {
		return "it has no port, or more than one colon", "write host:port, such as " + quoted(exampleHost(trimmed)+":9092")
	}
	if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
		return "the port is no number from 1 to 65535", "write host:port, such as " + quoted(exampleHost(name)+":9092")
	}
	if net.ParseIP(name) == nil && !host.MatchString(name) {
		return "the host is no DNS name and no IP address", "write host:port, such as \"kafka-0.example:9092\""
	}
	if trimmed != address {
		return "there are spaces around it", "write " + quoted(trimmed)
	}
	return "", ""
}

func exampleHost(given string) string {
	if host.MatchString(given) {
		return given
	}
	return "kafka-0.example"
}

var version = regexp.MustCompile(`^[0-9]+\.[0-9]+(\.[0-9]+)?([-+].*)?$`)

// kafkaVersion: what cannot be read would be taken for the newest version, silently.
func kafkaVersion(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	given := cluster.Spec.KafkaVersion
	if given != "" && !version.MatchString(given) {
		verdict.refuse("spec.kafkaVersion", topic.Violation{
			Value: quoted(given), Problem: "this is no release of Kafka", Limit: "a release such as 4.4 or 3.9.2",
			Fix: "write " + quoted(topicconfig.For("").Line()) + ", or leave it out to have it asked of the brokers",
		})
	}
	return verdict
}

// tls: one source of authorities, and a bundle that holds some.
func tls(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	given := cluster.Spec.TLS
	if given == nil {
		return verdict
	}
	var sources []string
	if given.CABundle != "" {
		sources = append(sources, "caBundle")
		if block, _ := pem.Decode([]byte(given.CABundle)); block == nil || block.Type != "CERTIFICATE" {
			verdict.refuse("spec.tls.caBundle", topic.Violation{
				Problem: "it holds no certificate", Limit: "certificates in PEM, as they are in a file",
				Fix: "paste them as a block (caBundle: |), from -----BEGIN CERTIFICATE----- on; no base64 around it",
			})
		}
	}
	if given.CASecretRef != nil {
		sources = append(sources, "caSecretRef")
	}
	if given.CAConfigMapRef != nil {
		sources = append(sources, "caConfigMapRef")
	}
	if len(sources) > 1 {
		verdict.refuse("spec.tls", topic.Violation{
			Value: strings.Join(sources, " and "), Problem: "more than one source of authorities",
			Limit: "one of caBundle, caSecretRef and caConfigMapRef", Fix: "keep one; a bundle may hold several certificates",
		})
	}
	return verdict
}

// sasl: a name to log in with, and no password in the clear.
func sasl(cluster *v1alpha1.KafkaCluster) (verdict Verdict) {
	given := cluster.Spec.SASL
	if given == nil {
		return verdict
	}
	if strings.TrimSpace(given.Username) == "" {
		verdict.refuse("spec.sasl.username", topic.Violation{
			Value: quoted(given.Username), Problem: "it is empty", Limit: "the name of a Kafka principal", Fix: "write the name without \"User:\"",
		})
	}
	if given.Mechanism == v1alpha1.SASLPlain && cluster.Spec.TLS == nil {
		verdict.warn("spec.sasl.mechanism", topic.Violation{
			Value: quoted(string(given.Mechanism)), Problem: "without TLS the password crosses the network as it is",
			Fix: "set spec.tls, or use SCRAM-SHA-512",
		})
	}
	return verdict
}

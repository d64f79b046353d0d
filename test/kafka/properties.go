package kafkatest

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The listeners of every node; doc.go says what each is for.
const (
	listenerClient     = "CLIENT"
	listenerCounted    = "COUNTED"
	listenerInternal   = "INTERNAL"
	listenerController = "CONTROLLER"
)

// ports are the loopback ports of one node: proxy is ours, the others are the broker's.
type ports struct{ client, counted, internal, controller, proxy int }

// properties are the server.properties of one node, the caller's own on top.
func (c *Cluster) properties(n *node) (map[string]string, error) {
	props := c.baseProperties(n)
	if c.opts.ACLs {
		props["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
		props["super.users"] = strings.Join(append([]string{"User:ANONYMOUS"}, c.opts.SuperUsers...), ";")
	}
	maps.Copy(props, saslProperties(c.opts))
	if c.opts.TLS != nil {
		tls, err := c.opts.TLS.properties()
		if err != nil {
			return nil, err
		}
		maps.Copy(props, tls)
	}
	maps.Copy(props, c.opts.Properties)
	if c.opts.NodeProperties != nil {
		maps.Copy(props, c.opts.NodeProperties(n.id))
	}
	maps.Copy(props, n.changed)
	return props, nil
}

func (c *Cluster) baseProperties(n *node) map[string]string {
	replicas := strconv.Itoa(c.opts.Nodes)
	return map[string]string{
		"process.roles":                  "broker,controller",
		"node.id":                        strconv.Itoa(n.id),
		"controller.quorum.voters":       c.voters(),
		"controller.listener.names":      listenerController,
		"inter.broker.listener.name":     listenerInternal,
		"listeners":                      n.listeners(n.ports.counted) + "," + listenerController + "://" + address(n.ports.controller),
		"advertised.listeners":           n.listeners(n.ports.proxy),
		"listener.security.protocol.map": c.opts.protocols(),
		"log.dirs":                       filepath.Join(n.dir, "data"),

		"offsets.topic.replication.factor":                 replicas,
		"offsets.topic.num.partitions":                     "1",
		"transaction.state.log.replication.factor":         replicas,
		"transaction.state.log.min.isr":                    "1",
		"transaction.state.log.num.partitions":             "1",
		"share.coordinator.state.topic.replication.factor": replicas,
		"share.coordinator.state.topic.min.isr":            "1",
		"share.coordinator.state.topic.num.partitions":     "1",
		"group.initial.rebalance.delay.ms":                 "0",
		// A deleted topic's files wait this long; a minute, Kafka's default, would fill the memory they lie in.
		"log.segment.delete.delay.ms": "1000",
		// Kafka's default of 128 MiB for the cleaner is a third of what a whole node gets here.
		"log.cleaner.dedupe.buffer.size": strconv.Itoa(4 << 20),
		// A killed node's place is free again, and its partitions get new leaders, once its session has ended; Kafka
		// waits 9 s.
		"broker.session.timeout.ms":    "4000",
		"broker.heartbeat.interval.ms": "500",
		"num.network.threads":          "2",
		"num.io.threads":               "4",
	}
}

func (n *node) listeners(counted int) string {
	return fmt.Sprintf("%s://%s,%s://%s,%s://%s",
		listenerClient, address(n.ports.client), listenerCounted, address(counted), listenerInternal, address(n.ports.internal))
}

func (c *Cluster) voters() string {
	voters := make([]string, len(c.nodes))
	for i, n := range c.nodes {
		voters[i] = fmt.Sprintf("%d@%s", n.id, address(n.ports.controller))
	}
	return strings.Join(voters, ",")
}

// protocols maps listeners to Kafka's security protocols. COUNTED speaks without TLS: its proxy ends TLS, to see the requests.
func (o Options) protocols() string {
	client, counted := "PLAINTEXT", "PLAINTEXT"
	if o.sasl() {
		client, counted = "SASL_PLAINTEXT", "SASL_PLAINTEXT"
	}
	if o.TLS != nil {
		client = map[bool]string{false: "SSL", true: "SASL_SSL"}[o.sasl()]
	}
	return fmt.Sprintf("%s:%s,%s:%s,%s:PLAINTEXT,%s:PLAINTEXT",
		listenerClient, client, listenerCounted, counted, listenerInternal, listenerController)
}

func saslProperties(o Options) map[string]string {
	if !o.sasl() {
		return nil
	}
	var mechanisms []string
	jaas := map[string]string{}
	if len(o.PlainUsers) > 0 {
		mechanisms = append(mechanisms, "PLAIN")
		module := []string{"org.apache.kafka.common.security.plain.PlainLoginModule required"}
		for _, user := range o.PlainUsers {
			module = append(module, fmt.Sprintf("user_%s=%q", user.Name, user.Password))
		}
		jaas["plain"] = strings.Join(module, " ") + ";"
	}
	if len(o.ScramUsers) > 0 {
		mechanisms = append(mechanisms, scramMechanisms()...)
		for _, mechanism := range scramMechanisms() {
			jaas[strings.ToLower(mechanism)] = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
		}
	}
	props := map[string]string{"sasl.enabled.mechanisms": strings.Join(mechanisms, ",")}
	for _, listener := range []string{listenerClient, listenerCounted} {
		for mechanism, module := range jaas {
			props["listener.name."+strings.ToLower(listener)+"."+mechanism+".sasl.jaas.config"] = module
		}
	}
	return props
}

func scramMechanisms() []string { return []string{"SCRAM-SHA-256", "SCRAM-SHA-512"} }

// renderProperties writes the format of java.util.Properties, sorted so that two runs compare.
func renderProperties(props map[string]string) string {
	var out strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
	for _, key := range slices.Sorted(maps.Keys(props)) {
		fmt.Fprintf(&out, "%s=%s\n", key, escape.Replace(props[key]))
	}
	return out.String()
}

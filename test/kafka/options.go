package kafkatest

import (
	"errors"
	"fmt"
	"time"
)

// DefaultVersion is the Apache Kafka release that tests run on unless they ask for another.
const DefaultVersion = "4.4.0"

// Versions lists the releases that `make kafka` fetches, newest first.
func Versions() []string { return []string{DefaultVersion, "4.3.1", "3.9.2"} }

var errOptions = errors.New("kafka options")

// Options say what cluster [Start] brings up. The zero value is one plain node of [DefaultVersion].
type Options struct {
	// Version is a release whose jars are in bin/kafka/<version>/; absent = DefaultVersion.
	Version string
	// Nodes is how many combined broker and controller nodes run, 1 to 3, with the ids 1, 2, 3; absent = 1.
	Nodes int
	// Dir holds configuration, data and logs, and stays after Stop. Absent = a fresh directory, in memory where there is
	// room, that Stop removes.
	Dir string
	// Properties are server properties of every node; they override what the harness sets.
	Properties map[string]string
	// NodeProperties are server properties of one node (broker.rack, auto.create.topics.enable …); they override Properties.
	NodeProperties func(id int) map[string]string
	// ScramUsers may log in with SCRAM-SHA-256 and SCRAM-SHA-512; they exist from the first start on.
	ScramUsers []User
	// PlainUsers may log in with SASL PLAIN.
	PlainUsers []User
	// TLS encrypts the CLIENT and COUNTED listeners; nil = plain text.
	TLS *TLS
	// ACLs switches the authorizer on: nobody but the super users may do anything unless an ACL allows it. It needs
	// users, of SASL or of mutual TLS. The INTERNAL listener stays all-powerful, to make ACLs with.
	ACLs bool
	// SuperUsers are principals, such as "User:admin", that ACLs do not bind.
	SuperUsers []string
	// HeapMiB is the largest heap of one node; absent = 512.
	HeapMiB int
	// StartTimeout is how long the nodes may take until all of them answer; absent = 60 s.
	StartTimeout time.Duration
}

// User is a SASL user. StorageTool, which makes the SCRAM users, takes no comma and no bracket in either.
type User struct{ Name, Password string }

// TLS is the key material of the brokers' CLIENT and COUNTED listeners, all PEM.
type TLS struct {
	// Cert is the brokers' certificate chain; it must be valid for 127.0.0.1.
	Cert []byte
	// Key is the private key of Cert, in any encoding that crypto/tls reads.
	Key []byte
	// ClientCA signs the client certificates; when it is set the brokers ask for one (mutual TLS), and its
	// distinguished name is the principal on the CLIENT listener. On COUNTED, where the proxy ends TLS, the
	// certificate is asked for and checked too, but the principal is that of SASL, or ANONYMOUS.
	ClientCA []byte
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.Nodes == 0 {
		o.Nodes = 1
	}
	if o.HeapMiB == 0 {
		o.HeapMiB = 512
	}
	if o.StartTimeout == 0 {
		o.StartTimeout = time.Minute
	}
	return o
}

func (o Options) validate() error {
	if o.Nodes < 1 || o.Nodes > 3 {
		return fmt.Errorf("%w: %d nodes, want 1 to 3", errOptions, o.Nodes)
	}
	if o.ACLs && !o.sasl() && (o.TLS == nil || o.TLS.ClientCA == nil) {
		return fmt.Errorf("%w: ACLs without users: every client would be ANONYMOUS, which is all-powerful here", errOptions)
	}
	return nil
}

func (o Options) sasl() bool { return len(o.ScramUsers) > 0 || len(o.PlainUsers) > 0 }

package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/client-go/kubernetes/scheme"
)

// Write is a request that would change something in the Kubernetes API.
type Write struct {
	// Verb as RBAC names it: create, update, patch, delete or deletecollection.
	Verb string
	// Group is empty for the core group.
	Group, Resource, Subresource string
	// Namespace is empty for what has none.
	Namespace string
	// Name is empty for a deletecollection and for a create that leaves the name to the server.
	Name string
	// DryRun tells that the server was asked to change nothing.
	DryRun bool
	// Status is the HTTP status of the answer: a write of 400 and above changed nothing, except that 502 stands for an
	// answer that never came, and is unknown.
	Status int
}

// String is a line for the failure message of a test.
func (w Write) String() string {
	return fmt.Sprintf("%s %s %s/%s dryRun=%t: %d", w.Verb, w.qualified(), w.Namespace, w.Name, w.DryRun, w.Status)
}

// Stored is a filter for CountWrites: the writes that did change something, or may have.
func Stored(w Write) bool {
	return !w.DryRun && (w.Status < http.StatusBadRequest || w.Status >= http.StatusInternalServerError)
}

// Writes returns all recorded writes in the order of their answers, dry runs and refused ones included, leases aside.
func (p *CountingProxy) Writes() []Write {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	return slices.Clone(p.ledger.writes)
}

// CountWrites counts the recorded writes, leases aside, for which match is true; nil matches all.
func (p *CountingProxy) CountWrites(match func(Write) bool) int {
	count := 0
	for _, write := range p.Writes() {
		if match == nil || match(write) {
			count++
		}
	}
	return count
}

// CountLeaseWrites counts the writes of leases: the one thing that a leader goes on writing when all is settled.
func (p *CountingProxy) CountLeaseWrites() int {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	return p.ledger.leaseWrites
}

// Reads counts the recorded reads by verb and resource, such as "list kafkatopics.topicgate.io".
func (p *CountingProxy) Reads() map[string]int {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	return maps.Clone(p.ledger.reads)
}

// Reset forgets all records.
func (p *CountingProxy) Reset() {
	p.ledger.mu.Lock()
	defer p.ledger.mu.Unlock()
	p.ledger.writes, p.ledger.leaseWrites, p.ledger.reads = nil, 0, nil
}

// ledger keeps the records of a CountingProxy.
type ledger struct {
	mu          sync.Mutex
	writes      []Write
	leaseWrites int
	reads       map[string]int
}

// writeKey finds the Write that describe attached to a request.
type writeKey struct{}

// describe reads what a request is about, as the API server itself reads it, and attaches that to the request.
func describe(request *http.Request) (*http.Request, error) {
	factory := apirequest.RequestInfoFactory{
		APIPrefixes: sets.NewString("api", "apis"), GrouplessAPIPrefixes: sets.NewString("api"),
	}
	info, err := factory.NewRequestInfo(request)
	if err != nil {
		return nil, fmt.Errorf("reading the request's path: %w", err)
	}
	write := Write{
		Verb: info.Verb, Group: info.APIGroup, Resource: info.Resource, Subresource: info.Subresource,
		Namespace: info.Namespace, Name: info.Name, DryRun: request.URL.Query().Has("dryRun"),
	}
	if info.Resource == "namespaces" {
		write.Namespace = "" // the factory says that a namespace lies in itself
	}
	if request.Method == http.MethodPost || request.Method == http.MethodDelete {
		if err := write.readBody(request); err != nil {
			return nil, err
		}
	}
	return request.WithContext(context.WithValue(request.Context(), writeKey{}, write)), nil
}

// readBody looks for what only the body says: the name of a created object, and the dry run of a deletion.
func (w *Write) readBody(request *http.Request) error {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return fmt.Errorf("reading the request's body: %w", err)
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	name, dryRun := readJSON(body)
	if bytes.HasPrefix(body, []byte("k8s\x00")) {
		name, dryRun = readProtobuf(body)
	}
	if w.Name == "" {
		w.Name = name
	}
	w.DryRun = w.DryRun || (request.Method == http.MethodDelete && dryRun)
	return nil
}

func readJSON(body []byte) (name string, dryRun bool) {
	var content struct {
		Metadata struct{ Name string } // of a created object
		DryRun   json.RawMessage       // of a deletion's options
	}
	if json.Unmarshal(body, &content) != nil {
		return "", false // nothing, or garbage that the API server shall judge
	}
	return content.Metadata.Name, content.DryRun != nil
}

// readProtobuf reads what Go clients send for built-in kinds.
func readProtobuf(body []byte) (name string, dryRun bool) {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	if err != nil {
		return "", false
	}
	if options, ok := object.(*metav1.DeleteOptions); ok {
		return "", len(options.DryRun) > 0
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return "", false
	}
	return accessor.GetName(), false
}

func (l *ledger) record(request *http.Request, status int) {
	write, ok := request.Context().Value(writeKey{}).(Write)
	if !ok {
		return
	}
	write.Status = status
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !write.mutates():
		if l.reads == nil {
			l.reads = map[string]int{}
		}
		l.reads[write.Verb+" "+write.qualified()]++
	case write.Group == "coordination.k8s.io" && write.Resource == "leases":
		l.leaseWrites++
	default:
		l.writes = append(l.writes, write)
	}
}

// mutates tells writes from reads. The review kinds are created only in form: they ask, and nothing is stored.
func (w Write) mutates() bool {
	switch w.Group {
	case "authentication.k8s.io", "authorization.k8s.io":
		return false
	}
	return slices.Contains([]string{"create", "update", "patch", "delete", "deletecollection"}, w.Verb)
}

func (w Write) qualified() string {
	name := w.Resource
	if w.Group != "" {
		name += "." + w.Group
	}
	if w.Subresource != "" {
		name += "/" + w.Subresource
	}
	return name
}

package offline

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
)

// Found is an object and where it stands. What was read from a cluster stands nowhere.
type Found[T any] struct {
	Object   *T
	Document manifest.Document
}

// Manifests are the objects that TopicGate judges, or judges by.
type Manifests struct {
	Topics      []Found[v1alpha1.KafkaTopic]
	Clusters    []Found[v1alpha1.KafkaCluster]
	Inventories []Found[v1alpha1.TopicInventory]
	Policies    []Found[v1alpha1.TopicPolicy]
	Exceptions  []Found[v1alpha1.TopicPolicyException]
	Namespaces  []Found[corev1.Namespace]
	// Ignored counts objects of other kinds.
	Ignored int
}

// Collect decodes documents, strictly where they are of TopicGate's kinds. A KafkaTopic without a namespace is put into
// the given one. The problems are with the documents; what has one is left out.
func Collect(documents []manifest.Document, namespace string) (Manifests, []manifest.Problem) {
	c := collector{seen: map[string]manifest.Position{}}
	for _, document := range documents {
		if document.Kind == "KafkaTopic" && document.Namespace == "" {
			document.Namespace = namespace
		}
		c.collect(document)
	}
	for _, topic := range c.manifests.Topics {
		topic.Object.Namespace = topic.Document.Namespace
		topic.Object.Name = topic.Document.Name
	}
	return c.manifests, c.problems
}

type collector struct {
	manifests Manifests
	problems  []manifest.Problem
	seen      map[string]manifest.Position
}

func (c *collector) collect(document manifest.Document) {
	if document.APIVersion == "v1" && document.Kind == "Namespace" {
		if c.usable(document) {
			c.namespace(document)
		}
		return
	}
	version := v1alpha1.GroupVersion().String()
	ours := len(document.APIVersion) > len(v1alpha1.Group) && document.APIVersion[:len(v1alpha1.Group)+1] == v1alpha1.Group+"/"
	switch {
	case !ours || document.Kind == SuiteKind:
		c.manifests.Ignored++
	case document.APIVersion != version:
		c.problem(document, "apiVersion", fmt.Sprintf("apiVersion %s is none of TopicGate's; want %s", document.APIVersion, version))
	case c.usable(document):
		c.own(document)
	}
}

func (c *collector) own(document manifest.Document) {
	switch document.Kind {
	case "KafkaTopic":
		add(c, &c.manifests.Topics, document)
	case "KafkaCluster":
		add(c, &c.manifests.Clusters, document)
	case "TopicInventory":
		add(c, &c.manifests.Inventories, document)
	case "TopicPolicy":
		add(c, &c.manifests.Policies, document)
	case "TopicPolicyException":
		add(c, &c.manifests.Exceptions, document)
	default:
		c.problem(document, "kind", fmt.Sprintf("there is no kind %q in %s", document.Kind, document.APIVersion))
	}
}

func add[T any](c *collector, to *[]Found[T], document manifest.Document) {
	object, problems := manifest.Decode[T](document)
	if len(problems) > 0 {
		c.problems = append(c.problems, problems...)
		return
	}
	*to = append(*to, Found[T]{object, document})
}

// namespace reads what is asked of a namespace; it may hold whatever else Kubernetes likes.
func (c *collector) namespace(document manifest.Document) {
	object, problems := manifest.Decode[corev1.Namespace](document)
	problems = slices.DeleteFunc(problems, func(p manifest.Problem) bool { return p.Unknown })
	if len(problems) > 0 {
		c.problems = append(c.problems, problems...)
		return
	}
	c.manifests.Namespaces = append(c.manifests.Namespaces, Found[corev1.Namespace]{object, document})
}

// usable refuses what the API server would not store under any circumstances, and what is there twice.
func (c *collector) usable(document manifest.Document) bool {
	if wrong := content.IsDNS1123Subdomain(document.Name); len(wrong) > 0 {
		c.problem(document, "metadata.name", fmt.Sprintf("metadata.name %q is no name of an object; want lower case letters, digits, - and .", document.Name))
		return false
	}
	if wrong := content.IsDNS1123Label(document.Namespace); document.Namespace != "" && len(wrong) > 0 {
		c.problem(document, "metadata.namespace", fmt.Sprintf("metadata.namespace %q is no name of a namespace; want lower case letters, digits and -", document.Namespace))
		return false
	}
	key := document.Kind + " " + document.Namespace + "/" + document.Name
	at := document.At("metadata.name")
	if before, twice := c.seen[key]; twice {
		c.problem(document, "metadata.name", fmt.Sprintf("%s %s is there twice; the other one is at %s", document.Kind, shownName(document.Namespace, document.Name), before))
		return false
	}
	c.seen[key] = at
	return true
}

func (c *collector) problem(document manifest.Document, path, text string) {
	c.problems = append(c.problems, manifest.Problem{Position: document.At(path), Text: text})
}

// shownName is a name as kubectl prints it.
func shownName(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "/" + name
}

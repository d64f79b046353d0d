package policy

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// matcher says which topics a policy, or an exception, is about.
type matcher struct {
	clusters, namespaces, topicNames   []string
	namespaceLabels, topicLabels       labels.Selector
	excludedNamespaces, excludedTopics []string
}

// matched is whether a topic matches: no, yes, or it cannot be told.
type matched int

const (
	no matched = iota
	yes
	untold
)

func (m *matcher) match(in Input) matched {
	name, namespace := in.New.TopicName, in.New.Ref.Namespace
	switch {
	case m.clusters != nil && !anyGlob(m.clusters, in.Facts.Cluster.Name),
		m.namespaces != nil && !anyGlob(m.namespaces, namespace),
		m.topicNames != nil && !anyGlob(m.topicNames, name),
		m.topicLabels != nil && !m.topicLabels.Matches(labels.Set(in.New.Labels)),
		anyGlob(m.excludedNamespaces, namespace), anyGlob(m.excludedTopics, name):
		return no
	case m.namespaceLabels == nil:
		return yes
	case !in.Facts.Namespace.Known:
		return untold
	case m.namespaceLabels.Matches(labels.Set(in.Facts.Namespace.Labels)):
		return yes
	default:
		return no
	}
}

// compileMatch reads which topics a policy is about.
func (c *compiler) compileMatch(path string, spec v1alpha1.PolicyMatch) matcher {
	m := matcher{clusters: spec.Clusters, topicNames: spec.TopicNames}
	m.namespaceLabels = c.selector(path+".namespaceSelector", spec.NamespaceSelector)
	m.topicLabels = c.selector(path+".topicSelector", spec.TopicSelector)
	if spec.Exclude != nil {
		m.excludedNamespaces, m.excludedTopics = spec.Exclude.Namespaces, spec.Exclude.TopicNames
	}
	return m
}

// selector compiles a label selector; nil for an absent one.
func (c *compiler) selector(path string, spec *metav1.LabelSelector) labels.Selector {
	if spec == nil {
		return nil
	}
	selector, err := metav1.LabelSelectorAsSelector(spec)
	if err != nil {
		c.problem(path, "", err.Error(), "a label selector")
		return labels.Nothing()
	}
	return selector
}

// matching are the policies that are about a topic, and those of which it cannot be told.
type matching struct {
	policies []*Policy
	untold   []*Policy
}

func (s *Set) matching(in Input) matching {
	var found matching
	for _, p := range s.policies {
		switch p.match.match(in) {
		case yes:
			found.policies = append(found.policies, p)
		case untold:
			found.untold = append(found.untold, p)
		case no:
		}
	}
	return found
}

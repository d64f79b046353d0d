package whocan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/report"
)

// Rules are the objects of Kubernetes' role-based access control, as far as they could be read.
type Rules struct {
	ClusterRoles        []rbacv1.ClusterRole
	Roles               []rbacv1.Role
	ClusterRoleBindings []rbacv1.ClusterRoleBinding
	RoleBindings        []rbacv1.RoleBinding
	// ClusterRolesRead and RolesRead say that no role is missing: a binding to one that is not there then grants nothing.
	ClusterRolesRead, RolesRead bool
}

// wanted is what creating a KafkaTopic takes. A server-side apply that creates takes it too, beside patch.
func wanted() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{{APIGroups: []string{v1alpha1.Group}, Resources: []string{"kafkatopics"}, Verbs: []string{"create"}}}
}

// role is one role as bindings see it.
type role struct {
	rules      []rbacv1.PolicyRule
	aggregated bool
}

// Kubernetes lists who may create KafkaTopics in the namespaces that a cluster admits, sorted, and the bindings of which that
// cannot be told.
func (r Rules) Kubernetes(admits func(namespace string) bool) (grants []report.TopicMaker, unseen []string) {
	found := finder{roles: r.byName(), rules: r}
	for _, binding := range r.ClusterRoleBindings {
		found.bind("ClusterRoleBinding "+binding.Name, "", binding.RoleRef, binding.Subjects)
	}
	for _, binding := range r.RoleBindings {
		if admits(binding.Namespace) {
			found.bind("RoleBinding "+binding.Namespace+"/"+binding.Name, binding.Namespace, binding.RoleRef, binding.Subjects)
		}
	}
	slices.SortFunc(found.grants, func(a, b report.TopicMaker) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Through, b.Through))
	})
	slices.Sort(found.unseen)
	return found.grants, found.unseen
}

func (r Rules) byName() map[string]role {
	roles := make(map[string]role, len(r.ClusterRoles)+len(r.Roles))
	for _, one := range r.ClusterRoles {
		roles["ClusterRole "+one.Name] = role{one.Rules, one.AggregationRule != nil}
	}
	for _, one := range r.Roles {
		roles["Role "+one.Namespace+"/"+one.Name] = role{one.Rules, false}
	}
	return roles
}

type finder struct {
	roles  map[string]role
	rules  Rules
	grants []report.TopicMaker
	unseen []string
}

func (f *finder) bind(binding, namespace string, ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
	name, complete := "ClusterRole "+ref.Name, f.rules.ClusterRolesRead
	if ref.Kind == "Role" {
		name, complete = "Role "+namespace+"/"+ref.Name, f.rules.RolesRead
	}
	bound, known := f.roles[name]
	if !known && !complete {
		f.unseen = append(f.unseen, fmt.Sprintf("what %s, which %s binds, allows", name, binding))
	}
	if covered, _ := validation.Covers(bound.rules, wanted()); !covered {
		return
	}
	if bound.aggregated {
		name += " (aggregated)"
	}
	for _, subject := range subjects {
		f.grants = append(f.grants, report.TopicMaker{
			Kind: subject.Kind, Name: subjectName(subject, namespace), Means: meaning(subject),
			Namespace: namespace, Through: binding, Role: name, Wildcard: wild(bound.rules),
		})
	}
}

// subjectName is namespace/name of a ServiceAccount, else the name.
func subjectName(subject rbacv1.Subject, namespace string) string {
	if subject.Kind == rbacv1.ServiceAccountKind {
		return cmp.Or(subject.Namespace, namespace) + "/" + subject.Name
	}
	return subject.Name
}

// meaning explains the groups that Kubernetes itself makes.
func meaning(subject rbacv1.Subject) string {
	if namespace, of := strings.CutPrefix(subject.Name, "system:serviceaccounts:"); of && subject.Kind == rbacv1.GroupKind {
		return "every ServiceAccount of namespace " + namespace
	}
	known := map[string]string{
		"Group system:masters":         "whoever holds a certificate of this group; the API server never refuses it anything",
		"Group system:authenticated":   "everybody who can log in, ServiceAccounts included",
		"Group system:unauthenticated": "everybody who reaches the API server, without logging in",
		"Group system:serviceaccounts": "every ServiceAccount of every namespace",
		"User system:anonymous":        "everybody who reaches the API server, without logging in",
	}
	return known[subject.Kind+" "+subject.Name]
}

// wild says that the right comes from a rule with a wildcard, so nobody may have had topics in mind.
func wild(rules []rbacv1.PolicyRule) bool {
	plain := slices.DeleteFunc(slices.Clone(rules), func(rule rbacv1.PolicyRule) bool {
		return slices.Contains(rule.APIGroups, "*") || slices.ContainsFunc(rule.Resources, func(r string) bool { return strings.HasPrefix(r, "*") }) ||
			slices.Contains(rule.Verbs, "*")
	})
	covered, _ := validation.Covers(plain, wanted())
	return !covered
}

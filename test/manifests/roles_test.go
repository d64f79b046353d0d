package manifests_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
	"github.com/topicgate/topicgate/test/wait"
)

const (
	webhook = "system:serviceaccount:topicgate-webhook:topicgate-webhook"
	syncer  = "system:serviceaccount:topicgate-syncer:topicgate-syncer"
	// tenant is the namespace of the users viewer, editor and admin, each of whom has Kubernetes' own role of that name there.
	tenant = "team-a"
)

// asked is one thing that somebody may do or not.
type asked struct{ user, verbs, resource, namespace string }

func testRoles(t *testing.T, c *kube.ControlPlane) {
	client := clientset(t, c.Config())
	// It fills Kubernetes' own view, edit and admin with what ours aggregate to.
	require.NoError(t, c.StartControllerManager(t.Context(), "clusterrole-aggregation-controller"))
	bindUsers(t, client)

	const own = "" // no namespace: cluster-wide
	for name, may := range map[string]asked{
		"the webhook reads topics everywhere":          {webhook, "get list watch", "kafkatopics.topicgate.io", own},
		"the webhook reads clusters":                   {webhook, "get list watch", "kafkaclusters.topicgate.io", own},
		"the webhook reads inventories":                {webhook, "get list watch", "topicinventories.topicgate.io", own},
		"the webhook reads namespaces":                 {webhook, "get list watch", "namespaces", own},
		"the webhook reads the syncer's lease":         {webhook, "get list watch", "leases.coordination.k8s.io", manifests.SyncerNamespace},
		"the webhook reads policies":                   {webhook, "get list watch", "topicpolicies.topicgate.io", own},
		"the webhook reads exceptions":                 {webhook, "get list watch", "topicpolicyexceptions.topicgate.io", own},
		"the syncer reads policies":                    {syncer, "get list watch", "topicpolicies.topicgate.io", own},
		"the syncer reads exceptions":                  {syncer, "get list watch", "topicpolicyexceptions.topicgate.io", own},
		"the syncer writes the status of policies":     {syncer, "get update patch", "topicpolicies.topicgate.io/status", own},
		"the syncer writes the status of exceptions":   {syncer, "get update patch", "topicpolicyexceptions.topicgate.io/status", own},
		"the syncer reads and patches topics":          {syncer, "get list watch update patch", "kafkatopics.topicgate.io", own},
		"the syncer writes the status of topics":       {syncer, "get update patch", "kafkatopics.topicgate.io/status", own},
		"the syncer reads clusters":                    {syncer, "get list watch", "kafkaclusters.topicgate.io", own},
		"the syncer writes the status of clusters":     {syncer, "update patch", "kafkaclusters.topicgate.io/status", own},
		"the syncer keeps inventories":                 {syncer, "get list watch create update patch delete", "topicinventories.topicgate.io", own},
		"the syncer reads namespaces":                  {syncer, "get list watch", "namespaces", own},
		"the syncer reads what Strimzi declares":       {syncer, "get list watch", "kafkatopics.kafka.strimzi.io", tenant},
		"the syncer reads what Koperator declares":     {syncer, "get list watch", "kafkatopics.kafka.banzaicloud.io", tenant},
		"the syncer sends events":                      {syncer, "create patch", "events", tenant},
		"the syncer sends events of the newer kind":    {syncer, "create patch", "events.events.k8s.io", tenant},
		"the syncer keeps its lease":                   {syncer, "get create update", "leases.coordination.k8s.io", manifests.SyncerNamespace},
		"the syncer reads its namespace's Secrets":     {syncer, "get", "secrets", manifests.SyncerNamespace},
		"the syncer reads its namespace's ConfigMaps":  {syncer, "get", "configmaps", manifests.SyncerNamespace},
		"a viewer reads topics":                        {"viewer", "get list watch", "kafkatopics.topicgate.io", tenant},
		"an editor writes topics":                      {"editor", "get list watch create update patch delete deletecollection", "kafkatopics.topicgate.io", tenant},
		"an admin writes topics":                       {"admin", "get list watch create update patch delete deletecollection", "kafkatopics.topicgate.io", tenant},
		"an auditor reads topics everywhere":           {"auditor", "get list watch", "kafkatopics.topicgate.io", own},
		"an auditor reads clusters":                    {"auditor", "get list watch", "kafkaclusters.topicgate.io", own},
		"an auditor reads inventories":                 {"auditor", "get list watch", "topicinventories.topicgate.io", own},
		"an auditor reads policies":                    {"auditor", "get list watch", "topicpolicies.topicgate.io", own},
		"a platform admin writes policies":             {"platform", "get list watch create update patch delete deletecollection", "topicpolicies.topicgate.io", own},
		"a platform admin writes exceptions":           {"platform", "get list watch create update patch delete deletecollection", "topicpolicyexceptions.topicgate.io", own},
		"everybody reads policies: they refuse topics": {"viewer", "get list watch", "topicpolicies.topicgate.io", own},
		"everybody reads exceptions":                   {"viewer", "get list watch", "topicpolicyexceptions.topicgate.io", own},
	} {
		t.Run(name, func(t *testing.T) {
			wait.For(t, patience, func(ctx context.Context) error { return answers(ctx, client, may, true) })
		})
	}
	const write = "create update patch delete deletecollection"
	for name, mayNot := range map[string]asked{
		"the webhook writes no topic":                         {webhook, write, "kafkatopics.topicgate.io", own},
		"the webhook writes no status":                        {webhook, "update patch", "kafkatopics.topicgate.io/status", own},
		"the webhook writes no cluster":                       {webhook, write, "kafkaclusters.topicgate.io", own},
		"the webhook writes no inventory":                     {webhook, write, "topicinventories.topicgate.io", own},
		"the webhook writes no policy":                        {webhook, write, "topicpolicies.topicgate.io", own},
		"the syncer writes no policy's spec":                  {syncer, write, "topicpolicies.topicgate.io", own},
		"the syncer writes no exception's spec":               {syncer, write, "topicpolicyexceptions.topicgate.io", own},
		"an admin of a namespace writes no policy":            {"admin", write, "topicpolicies.topicgate.io", own},
		"an admin of a namespace grants himself no exception": {"admin", write, "topicpolicyexceptions.topicgate.io", own},
		"an auditor writes no policy":                         {"auditor", write, "topicpolicies.topicgate.io", own},
		"a platform admin writes no topics by that role":      {"platform", write, "kafkatopics.topicgate.io", own},
		"a platform admin writes no status":                   {"platform", "update patch", "topicpolicies.topicgate.io/status", own},
		"the webhook reads no Secret of its own namespace":    {webhook, "get list watch", "secrets", manifests.WebhookNamespace},
		"the webhook reads no Kafka credentials":              {webhook, "get list watch", "secrets", manifests.SyncerNamespace},
		"the webhook writes no lease":                         {webhook, write, "leases.coordination.k8s.io", manifests.SyncerNamespace},
		"the webhook edits no webhook configuration":          {webhook, write, "validatingwebhookconfigurations.admissionregistration.k8s.io", own},
		"the syncer creates and deletes no topic":             {syncer, "create delete deletecollection", "kafkatopics.topicgate.io", own},
		"the syncer writes no cluster's spec":                 {syncer, write, "kafkaclusters.topicgate.io", own},
		"the syncer writes nothing of Strimzi's":              {syncer, write, "kafkatopics.kafka.strimzi.io", tenant},
		"the syncer writes nothing of Koperator's":            {syncer, write, "kafkatopics.kafka.banzaicloud.io", tenant},
		"the syncer leaves Strimzi's brokers alone":           {syncer, "get " + write, "kafkas.kafka.strimzi.io", tenant},
		"the syncer leaves Koperator's brokers alone":         {syncer, "get " + write, "kafkaclusters.kafka.banzaicloud.io", tenant},
		"the syncer reads no Secret elsewhere":                {syncer, "get list watch", "secrets", tenant},
		"the syncer reads no ConfigMap elsewhere":             {syncer, "get list watch", "configmaps", tenant},
		"the syncer enumerates no Secrets, even in its own":   {syncer, "list watch", "secrets", manifests.SyncerNamespace},
		"the syncer does not read the webhook's key":          {syncer, "get", "secrets", manifests.WebhookNamespace},
		"the syncer touches no lease elsewhere":               {syncer, "get " + write, "leases.coordination.k8s.io", "kube-system"},
		"the syncer lists no CRDs and deletes none":           {syncer, "list watch " + write, "customresourcedefinitions.apiextensions.k8s.io", own},
		"the syncer deletes no namespace":                     {syncer, write, "namespaces", own},
		"the syncer edits no webhook configuration":           {syncer, write, "validatingwebhookconfigurations.admissionregistration.k8s.io", own},
		"a viewer writes no topic":                            {"viewer", write, "kafkatopics.topicgate.io", tenant},
		"an editor writes no status: ownership rests on it":   {"editor", "update patch", "kafkatopics.topicgate.io/status", tenant},
		"an admin writes no status: ownership rests on it":    {"admin", "update patch", "kafkatopics.topicgate.io/status", tenant},
		"an editor writes no topic of another namespace":      {"editor", write, "kafkatopics.topicgate.io", "default"},
		"an admin of a namespace does not read clusters":      {"admin", "get list watch", "kafkaclusters.topicgate.io", own},
		"an admin of a namespace does not read inventories":   {"admin", "get list watch", "topicinventories.topicgate.io", own},
		"an auditor writes no topic":                          {"auditor", write, "kafkatopics.topicgate.io", own},
		"an auditor writes no cluster":                        {"auditor", write, "kafkaclusters.topicgate.io", own},
		"an auditor writes no inventory":                      {"auditor", write, "topicinventories.topicgate.io", own},
		"an auditor reads no Secret and so no credentials":    {"auditor", "get list watch", "secrets", manifests.SyncerNamespace},
		"an editor does not reach the syncer's namespace":     {"editor", "get", "secrets", manifests.SyncerNamespace},
		"the syncer does not impersonate or raise its rights": {syncer, "bind escalate", "clusterroles.rbac.authorization.k8s.io", own},
	} {
		t.Run(name, func(t *testing.T) { require.NoError(t, answers(t.Context(), client, mayNot, false)) })
	}
	t.Run("the syncer reads its own CRD alone", func(t *testing.T) { testNamedCRD(t, client) })
}

// answers asks the API server about every verb and returns an error that names those whose answer is not as wanted.
func answers(ctx context.Context, client kubernetes.Interface, question asked, want bool) error {
	var wrong []string
	for verb := range strings.FieldsSeq(question.verbs) {
		resource, subresource, _ := strings.Cut(question.resource, "/")
		resource, group, _ := strings.Cut(resource, ".")
		got, err := allowed(ctx, client, question.user, authorizationv1.ResourceAttributes{
			Verb: verb, Group: group, Resource: resource, Subresource: subresource, Namespace: question.namespace,
		})
		if err != nil {
			return err
		}
		if got != want {
			wrong = append(wrong, verb)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s may %v %s in %q: %t, want %t", question.user, wrong, question.resource, question.namespace, !want, want)
	}
	return nil
}

func allowed(ctx context.Context, client kubernetes.Interface, user string, what authorizationv1.ResourceAttributes) (bool, error) {
	review, err := client.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
		// The group is everybody's who is logged in; a review adds none by itself.
		Spec: authorizationv1.SubjectAccessReviewSpec{User: user, Groups: []string{"system:authenticated"}, ResourceAttributes: &what},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, fmt.Errorf("asking what %s may do: %w", user, err)
	}
	return review.Status.Allowed, nil
}

func testNamedCRD(t *testing.T, client kubernetes.Interface) {
	for name, want := range map[string]bool{"kafkatopics.topicgate.io": true, "kafkaclusters.topicgate.io": false, "": false} {
		got, err := allowed(t.Context(), client, syncer, authorizationv1.ResourceAttributes{
			Verb: "get", Group: "apiextensions.k8s.io", Resource: "customresourcedefinitions", Name: name,
		})
		require.NoError(t, err)
		assert.Equal(t, want, got, "CRD %q", name)
	}
}

func bindUsers(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	namespace, err := client.CoreV1().Namespaces().Create(t.Context(), newNamespace(tenant), metav1.CreateOptions{})
	require.NoError(t, err)
	for user, role := range map[string]string{"viewer": "view", "editor": "edit", "admin": "admin"} {
		binding := &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: user},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
		}
		_, err := client.RbacV1().RoleBindings(namespace.Name).Create(t.Context(), binding, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	for user, role := range map[string]string{"auditor": "topicgate-auditor", "platform": "topicgate-policy-admin"} {
		_, err = client.RbacV1().ClusterRoleBindings().Create(t.Context(), &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: user},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
		}, metav1.CreateOptions{})
		require.NoError(t, err)
	}
}

// What a wildcard grants grows with every API that anybody installs later.
func TestNoRoleHasAWildcard(t *testing.T) {
	objects, err := manifests.Render(manifests.Default)
	require.NoError(t, err)
	roles := 0
	for _, object := range objects {
		if !slices.Contains([]string{"Role", "ClusterRole"}, object.GetKind()) {
			continue
		}
		roles++
		for _, rule := range strictly[rbacv1.ClusterRole](t, object).Rules {
			granted := slices.Concat(rule.APIGroups, rule.Resources, rule.Verbs, rule.NonResourceURLs)
			assert.NotContains(t, granted, "*", "%s %s", object.GetKind(), object.GetName())
		}
	}
	assert.Equal(t, 9, roles)
}

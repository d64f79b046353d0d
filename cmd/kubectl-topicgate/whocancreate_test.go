package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/test/kube"
	"github.com/topicgate/topicgate/test/manifests"
)

const creatorsStored = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {kafka: prod}}
---
apiVersion: v1
kind: Namespace
metadata: {name: barred}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec: {bootstrapServers: ["kafka.example:9093"], namespaceSelector: {matchLabels: {kafka: prod}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: makers, namespace: shop}
rules:
- {apiGroups: [topicgate.io], resources: [kafkatopics], verbs: [get, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: one-only, namespace: shop}
rules:
- {apiGroups: [topicgate.io], resources: [kafkatopics], resourceNames: [orders], verbs: [create, update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: makers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: makers}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}
- {kind: ServiceAccount, name: deployer, namespace: ci}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop"}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: one-only, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: one-only}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: bob}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: editors, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: editors, namespace: barred}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: barred-team}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: look-only}
rules:
- {apiGroups: [topicgate.io], resources: [kafkaclusters], verbs: [get, list]}
- {apiGroups: [""], resources: [namespaces], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: look-only}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: look-only}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: looker}]
`

func TestWhoCanCreateOnARealAPIServer(t *testing.T) {
	c := kube.ForTest(t)
	require.NoError(t, c.StartControllerManager(t.Context(), "clusterrole-aggregation-controller"))
	for _, part := range []string{"manifests/namespaces", manifests.CRDs, "manifests/rbac"} {
		objects, err := manifests.Render(part)
		require.NoError(t, err)
		require.NoError(t, manifests.Apply(t.Context(), c.Config(), objects))
	}
	_, problem, code := c.Kubectl(t.Context(), creatorsStored, "apply", "-f", "-")
	require.Zero(t, code, problem)
	_, problem, code = c.Kubectl(t.Context(), "", "patch", "tgc", "prod", "--subresource=status", "--type=merge", "-p", `{"status":{"clusterID":"prod-id",
		"topicCreators":{"answer":"Listed","message":"without super users","total":3,"grants":[
			{"principal":"User:etl","operation":"Create","pattern":"etl.","prefixed":true},{"principal":"User:ops","operation":"All","cluster":true}]},
		"brokers":[{"id":1,"autoCreate":false},{"id":2,"autoCreate":true},{"id":3,"fenced":true}]}}`)
	require.Zero(t, code, problem)
	read := func(kubeconfig string) report.WhoCan {
		got := invoke(t, "", "who-can-create", "-o", "json", "--kubeconfig", kubeconfig)
		require.Zero(t, got.code, got.stderr)
		var who report.WhoCan
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &who))
		return who
	}
	makers := func(who report.WhoCan) map[string]report.TopicMaker {
		found := map[string]report.TopicMaker{}
		for _, maker := range who.Kubernetes {
			found[maker.Kind+" "+maker.Name] = maker
		}
		return found
	}
	require.Eventually(t, func() bool { _, filled := makers(read(c.Kubeconfig()))["Group shop-team"]; return filled }, time.Minute, 100*time.Millisecond,
		"the aggregated role edit")

	t.Run("roles, wildcards, aggregation, groups and service accounts", func(t *testing.T) {
		who := read(c.Kubeconfig())
		found := makers(who)
		assert.Equal(t, []string{"shop"}, who.Namespaces)
		assert.Equal(t, "Role shop/makers", found["User alice"].Role)
		assert.Equal(t, "RoleBinding shop/makers", found["ServiceAccount ci/deployer"].Through)
		assert.Equal(t, "every ServiceAccount of namespace shop", found["Group system:serviceaccounts:shop"].Means)
		assert.Equal(t, "ClusterRole edit (aggregated)", found["Group shop-team"].Role)
		assert.False(t, found["Group shop-team"].Wildcard)
		assert.True(t, found["Group system:masters"].Wildcard)
		assert.Empty(t, found["Group system:masters"].Namespace)
		assert.NotContains(t, found, "User bob", "a rule with resourceNames lets nobody create")
		assert.NotContains(t, found, "Group barred-team", "the cluster does not admit that namespace")
		assert.Equal(t, []string{"whether broker 3 creates topics by itself"}, who.Unseen)
		for _, maker := range []string{"alice", "bob", "nobody"} { // the API server's own answer
			_, _, code := c.Kubectl(t.Context(), "", "auth", "can-i", "create", "kafkatopics.topicgate.io", "-n", "shop", "--as", maker)
			_, told := found["User "+maker]
			assert.Equal(t, told, code == 0, maker)
		}
	})
	t.Run("ACLs and auto-creation, for people", func(t *testing.T) {
		got := invoke(t, "", "who-can-create", "prod", "--kubeconfig", c.Kubeconfig())
		require.Zero(t, got.code, got.stderr)
		assert.Contains(t, got.stdout, "By asking the brokers: Listed: without super users (the first 2 of 3 ACLs)\n")
		assert.Regexp(t, `User:etl +any +Create +etl\.…`, got.stdout)
		assert.Contains(t, got.stdout, "any principal with CREATE on the topic or the cluster, through broker 2")
		assert.Regexp(t, `(?m)^  1 +false +nobody$`, got.stdout)
		assert.Contains(t, got.stdout, "Not covered\n")
	})
	t.Run("every format", func(t *testing.T) {
		for _, format := range report.WhoCanFormats() {
			got := invoke(t, "", "who-can-create", "prod", "-o", format, "--kubeconfig", c.Kubeconfig())
			require.Zero(t, got.code, got.stderr)
			assert.Contains(t, got.stdout, "alice", format)
		}
	})
	t.Run("who may read little is told what is hidden", func(t *testing.T) {
		config, err := c.User("looker")
		require.NoError(t, err)
		path := t.TempDir() + "/looker"
		require.NoError(t, kube.WriteKubeconfig(config, path))
		who := read(path)
		assert.Empty(t, who.Kubernetes)
		assert.Contains(t, who.Unseen, "ClusterRoles")
		assert.Contains(t, who.Unseen, "RoleBindings of namespace shop")
	})
	t.Run("a cluster that there is not", func(t *testing.T) {
		got := invoke(t, "", "who-can-create", "none", "--kubeconfig", c.Kubeconfig())
		assert.Equal(t, exitInput, got.code)
	})
}

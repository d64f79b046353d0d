package adopt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/adopt"
	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/audit/inventory"
	auditworld "github.com/topicgate/topicgate/pkg/audit/world"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
	"github.com/topicgate/topicgate/test/testutil"
)

const around = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {adopts: "yes", prefix: shop, topicgate.io/owner: checkout}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tenant, labels: {prefix: shop.tenant}}
---
apiVersion: topicgate.io/v1alpha1
kind: TopicPolicy
metadata: {name: shared}
spec:
  match: {}
  enforcement: Deny
  rules:
  - {name: labelled, metadata: {labels: [{key: topicgate.io/owner}]}}
  - {name: few, partitions: {max: 3}}
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaCluster
metadata: {name: prod}
spec: {bootstrapServers: ["a:1"], namespaceSelector: {}, adoption: {namespaceSelector: {matchLabels: {adopts: "yes"}}}}
status:
  clusterID: id
  inventoryShards: 1
  maxBrokersSeen: 3
  kafkaVersion: {value: "4.3", source: ApiVersions}
  brokers: [{id: 1}, {id: 2}, {id: 3}]
  conditions: [{type: Reachable, status: "True", reason: Connected, message: "", lastTransitionTime: "2026-01-01T00:00:00Z"}]
---
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata: {name: taken, namespace: shop}
spec: {clusterRef: {name: prod}, topicName: other}
---
apiVersion: topicgate.io/v1alpha1
kind: TopicInventory
metadata: {name: prod-0}
cluster: prod
clusterID: id
shard: 0
topics:
- {name: __consumer_offsets, class: Internal, partitions: 50, replicas: 3, origin: {kind: Kafka}, firstSeen: "2026-10-01T00:00:00Z"}
- {name: Shop_Orders, topicID: a, class: Orphan, baseline: true, partitions: 7, replicas: 3, firstSeen: "2026-10-01T00:00:00Z", origin: {kind: Plain},
   config: {segment.bytes: "1048576", internal.segment.bytes: "1048576", retention.ms: "1", leader.replication.throttled.replicas: "*"}}
- {name: etl.state, topicID: b, class: Platform, partitions: 1, replicas: 3, origin: {kind: Connect, of: etl}, firstSeen: "2026-10-01T00:00:00Z"}
- {name: mirrored, topicID: c, class: ManagedElsewhere, object: {group: kafka.strimzi.io, namespace: k, name: m}, partitions: 1, replicas: 3, firstSeen: "2026-10-01T00:00:00Z"}
- {name: other, topicID: d, class: Managed, object: {namespace: shop, name: taken}, partitions: 1, replicas: 3, firstSeen: "2026-10-01T00:00:00Z"}
- {name: shop-orders, topicID: e, class: Candidate, partitions: 3, replicas: 1, firstSeen: "2026-10-01T00:00:00Z", examined: "2026-10-01T00:00:00Z", unseen: [records],
   groups: [{name: "evil\nkind: Secret\n---", active: true}], principals: ["User:checkout"]}
- {name: shop.tenant.x, topicID: f, class: Released, object: {namespace: tenant, name: gone}, partitions: 1, replicas: 3, origin: {kind: DeletedObject}, firstSeen: "2026-10-01T00:00:00Z"}
- {name: taken, topicID: g, class: Orphan, partitions: 1, replicas: 3, origin: {kind: Plain}, firstSeen: "2026-10-01T00:00:00Z"}
`

// adopted are the manifests and what is left out, for a choice and a placement.
func adopted(t *testing.T, mode naming.Mode, choice adopt.Choice, place adopt.Placement) (made []report.Adoption, left map[string]string, text string) {
	t.Helper()
	documents, problems := manifest.Read("a.yaml", []byte(around), manifest.MostBytes)
	require.Empty(t, problems)
	known, problems := offline.Collect(documents, "shop")
	require.Empty(t, problems)
	cluster := known.Clusters[0].Object
	cluster.Spec.Naming = v1alpha1.NamingMode(mode)
	set, problems, _ := offline.Compile(known)
	require.Empty(t, problems)
	place.OwnerLabel, place.Labels = v1alpha1.OwnerLabel, map[string]map[string]string{}
	for _, found := range known.Namespaces {
		place.Labels[found.Object.Name] = found.Object.Labels
	}
	taken := []*v1alpha1.KafkaTopic{known.Topics[0].Object}
	w := auditworld.Of(auditworld.Input{
		Now: testutil.Start(), Cluster: cluster, Topics: taken,
		Entries: inventory.Entries("prod", []v1alpha1.TopicInventory{*known.Inventories[0].Object}, 1),
	})
	chosen, without := adopt.Choose(w, audit.Examine(w), naming.Reservations{}, choice)
	request := adopt.Request{
		Cluster: cluster, Placement: place, Taken: taken, Now: testutil.Start(),
		World: world.New(offline.Surround(known, offline.Manifests{}), set, testutil.Start()),
	}
	made, more, err := request.Make(chosen)
	require.NoError(t, err)
	left = map[string]string{}
	for _, one := range append(without, more...) {
		left[one.Topic] = one.Why
	}
	var out strings.Builder
	require.NoError(t, report.WriteAdoptions(&out, "yaml", made))
	return made, left, out.String()
}

func namesOf(made []report.Adoption) map[string]string {
	names := map[string]string{}
	for _, one := range made {
		names[one.Topic.Name] = one.Object.Namespace + "/" + one.Object.Name
	}
	return names
}

func TestWhatIsWrittenIsWhatWasThereAndNothingElse(t *testing.T) {
	t.Parallel()
	made, left, text := adopted(t, naming.Explicit, adopt.Choice{}, adopt.Placement{Namespace: "shop"})
	assert.Empty(t, left)
	assert.Equal(t, map[string]string{
		"Shop_Orders": "shop/" + naming.Encode("Shop_Orders"), "shop-orders": "shop/shop-orders", "shop.tenant.x": "shop/shop.tenant.x", "taken": "shop/taken-2",
	}, namesOf(made), "no name of an object is there already, or another topic's own")
	assert.NotContains(t, text, "throttled")
	documents, problems := manifest.Read("made.yaml", []byte(text), manifest.MostBytes)
	require.Empty(t, problems)
	again, problems := offline.Collect(documents, "")
	require.Empty(t, problems, "it reads back strictly")
	require.Len(t, again.Topics, len(made), "nothing that a group is called becomes a document")
	assert.Zero(t, again.Ignored)
	first := again.Topics[0].Object.Spec
	assert.EqualValues(t, 7, *first.Partitions)
	assert.Equal(t, "Shop_Orders", *first.TopicName)
	assert.Equal(t, []string{"internal.segment.bytes"}, first.UnmanagedConfig)
	assert.Len(t, first.Config, 2)
	assert.Equal(t, v1alpha1.DeletionRetain, first.DeletionPolicy)
	assert.Contains(t, text, `# unmanagedConfig: internal.segment.bytes="1048576" stays as it is on the brokers: `)
	assert.Contains(t, text, "# owner: checkout, by the label topicgate.io/owner of namespace shop\n")
	assert.Contains(t, text, `evil\u000akind: Secret`)
}

func TestPoliciesAreAskedAndTheExceptionIsProposed(t *testing.T) {
	t.Parallel()
	made, _, text := adopted(t, naming.Explicit, adopt.Choice{Names: []string{"Shop_Orders"}}, adopt.Placement{Namespace: "tenant"})
	assert.True(t, made[0].MayNotAdopt)
	require.NotNil(t, made[0].Exception, "%v %v %v", made[0].Refused, made[0].Warned, made[0].Skipped)
	assert.Equal(t, []v1alpha1.ExceptedPolicy{{Name: "shared", Rules: []string{"few", "labelled"}}}, made[0].Exception.Spec.Policies)
	assert.Contains(t, text, "# kind: TopicPolicyException\n")
	assert.Contains(t, text, "# TODO: say whose it is: metadata: {labels: {topicgate.io/owner: …}}\n")
	made, _, _ = adopted(t, naming.Explicit, adopt.Choice{Names: []string{"Shop_Orders"}}, adopt.Placement{Namespace: "shop"})
	assert.False(t, made[0].MayNotAdopt)
	assert.Contains(t, strings.Join(made[0].Warned, "\n"), "it was so before", "partitions that were there before only warn")
}

func TestWhatGetsNoManifest(t *testing.T) {
	t.Parallel()
	made, left, _ := adopted(t, naming.Strict, adopt.Choice{Names: []string{
		"__consumer_offsets", "mirrored", "other", "nowhere", "etl.state", "Shop_Orders", "taken",
	}}, adopt.Placement{Namespace: "shop"})
	assert.Empty(t, made)
	for name, why := range map[string]string{
		"__consumer_offsets": "reserved", "mirrored": "kafkatopic.kafka.strimzi.io k/m declares it", "other": "KafkaTopic shop/taken declares it",
		"nowhere": "there is no such topic", "etl.state": "--bootstrap", "Shop_Orders": "naming is Strict", "taken": "is taken in namespace shop",
	} {
		assert.Contains(t, left[name], why)
	}
}

func TestNamespacesAreToldFromTopics(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ from, topic, namespace, why string }{
		"the namespace that owned it":            {"owner", "shop.tenant.x", "tenant", ""},
		"the namespace of the candidate owner":   {"owner", "shop-orders", "shop", ""},
		"nobody could own it":                    {"owner", "Shop_Orders", "", "nothing hints at an owner"},
		"the longest label wins":                 {"label:prefix", "shop.tenant.x", "tenant", ""},
		"a label that the name goes on from":     {"label:prefix", "shop-orders", "shop", ""},
		"no label fits":                          {"label:prefix", "taken", "", "no namespace carries a label prefix"},
		"up to the dot":                          {"prefix", "shop.tenant.x", "shop", ""},
		"up to a separator of one's own":         {"prefix:-", "shop-orders", "shop", ""},
		"without a separator":                    {"prefix", "taken", "", `holds no "."`},
		"what is no name of a namespace":         {"prefix:_", "Shop_Orders", "", "no name of a namespace"},
		"a template":                             {"team-{prefix}", "shop.tenant.x", "team-shop", ""},
		"a template with the candidate's name":   {"{owner}-topics", "shop-orders", "checkout-topics", ""},
		"a template that lacks what it asks for": {"{owner}-topics", "Shop_Orders", "", "nothing hints at an owner"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, adopt.CheckFrom(c.from))
			made, left, _ := adopted(t, naming.Derived, adopt.Choice{Names: []string{c.topic}}, adopt.Placement{From: c.from})
			if c.why != "" {
				assert.Contains(t, left[c.topic], c.why)
				return
			}
			require.Len(t, made, 1, left)
			assert.Equal(t, c.namespace+"/"+naming.Encode(c.topic), namesOf(made)[c.topic])
		})
	}
	for _, wrong := range []string{"", "label:", "prefix:", "shop", "{group}", "owners"} {
		assert.Error(t, adopt.CheckFrom(wrong), wrong)
	}
}

func TestTopicsAreChosenByNameAndOrigin(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		choice adopt.Choice
		want   []string
	}{
		"all that nothing declares and nobody makes by nature": {adopt.Choice{}, []string{"Shop_Orders", "shop-orders", "shop.tenant.x", "taken"}},
		"a glob":       {adopt.Choice{Globs: []string{"shop*"}}, []string{"shop-orders", "shop.tenant.x"}},
		"a class":      {adopt.Choice{Words: []string{"Released"}}, []string{"shop.tenant.x"}},
		"both of them": {adopt.Choice{Globs: []string{"*o*"}, Words: []string{"Plain"}}, []string{"Shop_Orders"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made, _, _ := adopted(t, naming.Explicit, c.choice, adopt.Placement{Namespace: "shop"})
			var names []string
			for _, one := range made {
				names = append(names, one.Topic.Name)
			}
			assert.Equal(t, c.want, names)
		})
	}
}

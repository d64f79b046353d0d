package vap

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
)

// TestNothingIsRefusedThatTheWebhookAdmits makes objects from a seed, half of them created, half of them changed from
// others that were stored before the policy came.
func TestNothingIsRefusedThatTheWebhookAdmits(t *testing.T) {
	const topics = 600
	w := newWorld(t)
	g := &generator{random: rand.New(rand.NewPCG(1, 1)), table: topicconfig.For("4.4")}
	olds, news := make([]*v1alpha1.KafkaTopic, topics), make([]*v1alpha1.KafkaTopic, topics)
	for i := range topics {
		news[i] = g.topic(fmt.Sprintf("topic-%d", i))
		if i%2 == 0 {
			olds[i] = g.topic(news[i].Name)
			g.inherit(news[i], olds[i])
		}
	}
	w.each(topics, func(i int) {
		if olds[i] != nil {
			assert.NoError(t, w.api.Create(t.Context(), olds[i]))
		}
	})
	w.install(t, "4.4", "Deny")
	var mu sync.Mutex
	admitted, both, webhookOnly, entries, foreign := 0, 0, 0, 0, []string{}
	w.each(topics, func(i int) {
		err := w.try(t.Context(), news[i], olds[i])
		verdict := judge(news[i], olds[i], g.table)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case !verdict.Refused():
			admitted++
			before, _ := json.Marshal(specOf(olds[i])) //nolint:errchkjson // only for the message
			after, _ := json.Marshal(news[i].Spec)     //nolint:errchkjson // only for the message
			if err != nil {
				t.Errorf("%v\nbefore %s\nafter  %s", err, before, after)
			}
		case err == nil:
			webhookOnly++
		default:
			both++
			said, others := otherWords(err, verdict)
			entries, foreign = entries+said, append(foreign, others...)
		}
	})
	t.Logf("%d are admitted, %d refused by both, %d refused by the webhook only", admitted, both, webhookOnly)
	t.Logf("%d violations are told, these in other words:\n%s", entries, strings.Join(foreign, "\n"))
	assert.Less(t, len(foreign), entries/10, "numbers with an exponent, and names and keys of several strange characters")
	assert.Greater(t, admitted, topics/10)
	assert.Greater(t, both, topics/4)
	assert.Less(t, webhookOnly, topics/10, "what CEL cannot read is rare")
}

// otherWords counts what the policy tells, and returns what of it the webhook does not tell so. The fix is left out: the
// webhook often knows a better one.
func otherWords(err error, verdict validate.Verdict) (entries int, others []string) {
	webhook := map[string]bool{}
	for _, violation := range verdict.Violations {
		words, _, _ := strings.Cut(violation.Text(), "; fix:")
		webhook[dialect.Path(violation.Field)+": "+words] = true
	}
	_, message, found := strings.Cut(err.Error(), "breaks ")
	if !found || !apierrors.IsInvalid(err) {
		return 1, []string{err.Error()}
	}
	for _, entry := range strings.Split(message, " * ")[1:] {
		words, _, _ := strings.Cut(entry, "; fix:")
		entries++
		if !webhook[words] {
			others = append(others, words)
		}
	}
	return entries, others
}

func specOf(topic *v1alpha1.KafkaTopic) *v1alpha1.KafkaTopicSpec {
	if topic == nil {
		return nil
	}
	return &topic.Spec
}

// each does something for every number below n, several at a time.
func (w *world) each(n int, do func(int)) {
	var group sync.WaitGroup
	const workers = 8
	for first := range workers {
		group.Go(func() {
			for i := first; i < n; i += workers {
				do(i)
			}
		})
	}
	group.Wait()
}

func (w *world) try(ctx context.Context, topic, old *v1alpha1.KafkaTopic) error {
	topic = topic.DeepCopy()
	if old == nil {
		return w.api.Create(ctx, topic, client.DryRunAll)
	}
	topic.ResourceVersion = old.ResourceVersion
	return w.api.Update(ctx, topic, client.DryRunAll)
}

// judge is the webhook's verdict where no look-up finds anything to refuse.
func judge(topic, old *v1alpha1.KafkaTopic, table topicconfig.Table) validate.Verdict {
	in := validate.Input{Op: validate.Create, New: dialect.Declared(topic), Facts: validate.Facts{Cluster: &validate.Cluster{
		Name: "prod", Version: table.Line(), Configs: table, Naming: naming.Explicit, AdmitsNamespace: true,
	}}}
	if old != nil {
		before := dialect.Declared(old)
		in.Op, in.Old = validate.Update, &before
	}
	return validate.Evaluate(in)
}

// generator makes topics of a seed: good, nearly good, wrong.
type generator struct {
	random *rand.Rand
	table  topicconfig.Table
}

func pick[T any](g *generator, from ...T) T { return from[g.random.IntN(len(from))] }

func (g *generator) chance(percent int) bool { return g.random.IntN(100) < percent }

func (g *generator) topic(name string) *v1alpha1.KafkaTopic {
	made := &v1alpha1.KafkaTopic{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}}
	made.Spec.ClusterRef = &v1alpha1.ClusterRef{Name: "prod"}
	if g.chance(25) {
		made.Spec.TopicName = new(pick(g, name, name, "Orders.v1", strings.Repeat("a", 249), strings.Repeat("é", 250), "", ".", "a b", "_mine",
			"_schemas", "__a", "_schemas2", "é", "a\nb", "x_confluent", "_internal", "strimzi.cruisecontrol", "strimzi.cruisecontrol.x"))
	}
	if g.chance(50) {
		made.Spec.Partitions = new(pick[int64](g, 1, 2, 3, 6, 12, 100, 9997, 9999, 10000, 0, -1, 1<<31-1, 1<<31))
	}
	if g.chance(50) {
		made.Spec.Replicas = new(pick[int64](g, 1, 2, 3, 3, 3, 32767, 32768, 0))
	}
	for range g.random.IntN(4) {
		g.set(made)
	}
	return made
}

func (g *generator) set(topic *v1alpha1.KafkaTopic) {
	if topic.Spec.Config == nil {
		topic.Spec.Config = map[string]apiextensionsv1.JSON{}
	}
	key := pick(g, g.table.Keys()...)
	if g.chance(8) {
		key = pick(g, "min.insync.replicas", "min.insync.replicas", "internal.segment.bytes", "retention_ms", "log.retention.hours", "é", "a\nb", "message.format.version")
	}
	topic.Spec.Config[key] = apiextensionsv1.JSON{Raw: []byte(g.token(key))}
}

// token is a value as JSON.
func (g *generator) token(key string) string {
	if g.chance(8) {
		return pick(g, "[]", `{"a":1}`, "true", "5", "1.5", "1e3", `""`, `" "`, `"x"`, `"\n"`, "99999999999999999999")
	}
	def, _ := g.table.Lookup(key)
	switch {
	case def.Type == topicconfig.TypeInt || def.Type == topicconfig.TypeLong:
		edge := pick(g, def.Range.Min, def.Range.Max, 1, 3, 12, 1<<20, 86400000)
		number := fmt.Sprint(edge + pick[int64](g, 0, 0, 0, 0, 1, -1))
		return pick(g, number, number, number, `"`+number+`"`, `"+`+number+`"`, `" `+number+`\t"`, `"00`+number+`"`, `"`+number+`d"`, `"１２３４"`, "6.048e+08")
	case def.Type == topicconfig.TypeDouble:
		return pick(g, "0", "1", "0.5", "1.0", "2", "-0.1", `"0.5"`, `"1.5"`, `"NaN"`, `".5"`, `"0x1p-1"`, `"50%"`, `"0,5"`, `"1e400"`, `"5e-1f"`, `"-0"`)
	case def.Type == topicconfig.TypeBool:
		return pick(g, "true", "false", `"true"`, `" TRUE\n"`, `"False "`, `"yes"`, "1", `"fal\u017fe"`)
	case strings.HasSuffix(key, "replicas"):
		return pick(g, `"*"`, `""`, `"0:1,1:2"`, `"0:1, 1:2"`, `"x"`)
	case def.Type == topicconfig.TypeList:
		return pick(g, `""`, `"compact"`, `"compact, delete"`, `" delete\t,compact"`, `"compact,"`, `"Compact"`, `"delete,delete"`, `"compact;delete"`)
	case len(def.Values) > 0:
		value := pick(g, def.Values...)
		return pick(g, `"`+value+`"`, `" `+value+`\u0001"`, `"`+value+` "`, `"`+strings.ToUpper(value)+`"`)
	}
	return `"x"`
}

// inherit lets a changed topic keep much of what it had, right or wrong.
func (g *generator) inherit(topic, old *v1alpha1.KafkaTopic) {
	if g.chance(85) {
		topic.Spec.TopicName = old.Spec.TopicName
	}
	if g.chance(50) {
		topic.Spec.Partitions = old.Spec.Partitions
	}
	if g.chance(50) {
		topic.Spec.Replicas = old.Spec.Replicas
	}
	if g.chance(70) {
		mixed := maps.Clone(old.Spec.Config)
		if mixed == nil {
			mixed = map[string]apiextensionsv1.JSON{}
		}
		if g.chance(50) {
			maps.Copy(mixed, topic.Spec.Config)
		}
		topic.Spec.Config = mixed
	}
}

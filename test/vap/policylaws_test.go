package vap

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/topicconfig"
	"github.com/topicgate/topicgate/pkg/validate"
	"github.com/topicgate/topicgate/test/cookbook"
)

func now() time.Time { return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) }

// trial is a topic before and after, and by which policies it is judged.
type trial struct {
	set      *policy.Set
	rendered scoped
	old, new *v1alpha1.KafkaTopic
}

func (s scoped) compile(t *testing.T) *policy.Set {
	t.Helper()
	var policies []*policy.Policy
	var exceptions []*policy.Exception
	for _, object := range s.policies {
		compiled, problems, _ := policy.Compile(object)
		require.Empty(t, problems)
		policies = append(policies, compiled)
	}
	for _, object := range s.exceptions {
		compiled, problems := policy.CompileException(object)
		require.Empty(t, problems)
		exceptions = append(exceptions, compiled)
	}
	return policy.NewSet(policies, exceptions)
}

// verdict is the webhook's, where no look-up finds anything to refuse: of labels and annotations alone only policies speak.
func (c trial) verdict() validate.Verdict {
	in := validate.Input{Op: validate.Create, New: dialect.Declared(c.new), Facts: validate.Facts{
		Now: now(), Policies: c.set, Namespace: policy.Namespace{Name: namespace, Labels: namespaceLabels(), Known: true}, Usage: &policy.Usage{},
		Cluster: &validate.Cluster{
			Name: c.new.Spec.ClusterRef.Name, Version: "4.4", Configs: topicconfig.For("4.4"), Naming: naming.Explicit, AdmitsNamespace: true,
			LiveBrokers: 3, Racks: 3, DefaultPartitions: 1, DefaultReplicas: 3, ConfigDefaults: map[string]string{}, DefaultDeletion: topic.Retain,
		},
	}}
	if c.old == nil {
		return validate.Evaluate(in)
	}
	before := dialect.Declared(c.old)
	in.Op, in.Old = validate.Update, &before
	verdict := validate.Evaluate(in)
	if reflect.DeepEqual(c.old.Spec, c.new.Spec) {
		verdict.Violations, verdict.Warnings = verdict.Policies.Violations, verdict.Policies.Warnings
	}
	return verdict
}

// TestPoliciesRefuseNothingThatTheWebhookAdmits makes policies and topics from a seed, half of them changed from others that
// were stored before the policies came. Only the policies are installed. Of what they find wrong the API server must tell all
// that needs no look-up.
func TestPoliciesRefuseNothingThatTheWebhookAdmits(t *testing.T) {
	const sets, each = 50, 30
	w := newPolicyWorld(t)
	g := &generator{random: rand.New(rand.NewPCG(1, 5)), table: topicconfig.For("4.4")}
	var all []scoped
	var trials []trial
	for i := range sets {
		scope := fmt.Sprint(i)
		s := g.policies(scope)
		all = append(all, s)
		for j := range each {
			trials = append(trials, g.trial(fmt.Sprintf("topic-%d", i*each+j), scope, s, s.compile(t)))
		}
	}
	w.each(len(trials), func(i int) {
		if trials[i].old != nil {
			assert.NoError(t, w.api.Create(t.Context(), trials[i].old))
		}
	})
	w.installPolicies(t, all...)
	w.seesPolicies(t)
	tally := &tally{}
	w.each(len(trials), func(i int) { tally.add(t, trials[i], w.try(t.Context(), trials[i].new, trials[i].old)) })
	t.Logf("%+v", tally.counts)
	assert.Greater(t, tally.admitted, len(trials)/8)
	assert.Greater(t, tally.both, len(trials)/4)
	assert.Greater(t, tally.told, len(trials)/4)
}

// trial makes a topic of a scope, every other one changed.
func (g *generator) trial(name, scope string, s scoped, set *policy.Set) trial {
	c := trial{set: set, rendered: s, new: g.judgedTopic(name)}
	if g.chance(55) {
		c.old = g.judgedTopic(name)
		c.new.Spec.ClusterRef.Name = c.old.Spec.ClusterRef.Name
		c.old.Spec.TopicName, c.old.Labels[scopeLabel] = c.new.Spec.TopicName, scope
		g.inherit(c.new, c.old)
		c.new.Spec.TopicName = c.old.Spec.TopicName
		if g.chance(20) {
			c.new.Spec = *c.old.Spec.DeepCopy()
		}
	}
	c.new.Labels[scopeLabel] = scope
	return c
}

// seesPolicies waits until the API server judges by a policy that was installed last.
func (w *world) seesPolicies(t *testing.T) {
	t.Helper()
	s := onlyPolicy(t, "metadata: {name: last}\nspec: {enforcement: Deny, rules: [{name: any, partitions: {min: 1000}}]}").to("last")
	w.installPolicies(t, s)
	topic := object(cookbook.Topic{}, "last")
	topic.Spec.Partitions = new(int64(1))
	w.refuses(t, topic, nil, "last/any")
}

// counts are how topics fared, and violations: told by both, in other words, and left to the webhook for a reason.
type counts struct{ admitted, both, webhookOnly, told, left int }

type tally struct {
	sync.Mutex
	counts
}

func (y *tally) add(t *testing.T, c trial, err error) {
	verdict := c.verdict()
	y.Lock()
	defer y.Unlock()
	switch {
	case c.old != nil && err != nil && strings.Contains(err.Error(), "resulted in error"):
		return // CEL cannot tell whether the expression failed for the old object too
	case !verdict.Refused():
		y.admitted++
		if err != nil {
			t.Errorf("%v\n%s", err, c)
		}
	case err != nil:
		y.both++
	default:
		y.webhookOnly++
	}
	said, whole := entries(err)
	want := map[string]bool{}
	for _, violation := range verdict.Policies.Violations {
		text := words(dialect.Path(violation.Field) + ": " + violation.Text())
		want[text] = true
		switch {
		case slices.Contains(said, text):
			y.told++
		case c.needsLookUp(violation), !whole:
			y.left++
		default:
			t.Errorf("not told: %s\nsaid %q\n%s", text, said, c)
		}
	}
	for _, text := range said {
		if !strings.Contains(text, "…") && !strings.Contains(text, `\n`) {
			assert.True(t, want[text], "in other words: %s\nwebhook: %q\n%s", text, verdict.Policies.Violations, c)
		}
	}
}

var (
	blank = regexp.MustCompile(`\s`)
	over  = regexp.MustCompile(` \(TopicPolicyException [^)]* has expired\)`)
	tail  = regexp.MustCompile(`(; fix: .*)?(; help: [^;]*)? \[[^\]]*\]$`)
)

// words are a violation without its fix, which the webhook often knows better, and without the rules and their help, of which the
// webhook joins those that say the same.
func words(text string) string {
	return tail.ReplaceAllString(over.ReplaceAllString(blank.ReplaceAllString(text, " "), ""), "")
}

// entries are what the API server tells; not whole when it counts the others only, or tells an error.
func entries(err error) (said []string, whole bool) {
	if err == nil {
		return nil, true
	}
	_, message, found := strings.Cut(err.Error(), "breaks ")
	if !found || strings.Contains(err.Error(), " more") && !strings.Contains(message, "more than") {
		return nil, false
	}
	for _, entry := range strings.Split(message, " * ")[1:] {
		said = append(said, words(entry))
	}
	return said, true
}

// needsLookUp says why the API server need not tell a violation.
func (c trial) needsLookUp(v topic.Violation) bool {
	switch {
	case v.Reason == topic.PolicyUndecided,
		strings.Contains(v.Value, "("),                                    // the value is not the object's own
		strings.Contains(v.Limit, "the live brokers"),                     // brokers
		strings.Contains(v.Problem, "has expired"),                        // an exception that is over
		strings.Contains(v.Problem, "also by TopicPolicyEx"),              // the limits of one
		len(v.Value) > longestName, strings.Contains(v.Field.Key(), "\n"), // shown otherwise
		c.mayFail(v), strings.Contains(v.Limit, "is replicas") && c.new.Spec.Replicas == nil:
		return true
	}
	return c.unknownBefore(v) || c.old != nil && c.expression(v)
}

// expression says of a violation that it is an expression's: what was false before may pass, whatever its field held.
func (c trial) expression(v topic.Violation) bool {
	return slices.ContainsFunc(c.rendered.policies[0].Spec.Rules, func(rule v1alpha1.PolicyRule) bool {
		return rule.CEL != nil && slices.Contains(v.Rules, c.rendered.policies[0].Name+"/"+rule.Name)
	})
}

// longestName is how much of a value is shown.
const longestName = 249

// mayFail says of an expression's violation that some expression of the policy may fail, which ends all that can be told of
// expressions.
func (c trial) mayFail(v topic.Violation) bool {
	leavesOut := func(topic *v1alpha1.KafkaTopic) bool {
		return topic != nil && (topic.Spec.Partitions == nil || topic.Spec.TopicName == nil)
	}
	return (leavesOut(c.old) || leavesOut(c.new)) && c.expression(v)
}

// unknownBefore says of a number whether the old object leaves it out, or says it as CEL does not read it.
func (c trial) unknownBefore(v topic.Violation) bool {
	if c.old == nil {
		return v.Field.Kind() == topic.KindConfig && strange(c.new, v.Field.Key())
	}
	key := v.Field.Key()
	return v.Field.Kind() == topic.KindDeletion && c.old.Spec.DeletionPolicy == "" ||
		v.Field.Kind() == topic.KindPartitions && c.old.Spec.Partitions == nil || v.Field.Kind() == topic.KindReplicas && c.old.Spec.Replicas == nil ||
		v.Field.Kind() == topic.KindConfig && (c.old.Spec.Config[key].Raw == nil || strange(c.old, key) || strange(c.new, key) ||
			strings.Contains(v.Limit, "is replicas") && c.old.Spec.Replicas == nil)
}

// strange is a config that CEL does not read, or may not.
func strange(topic *v1alpha1.KafkaTopic, key string) bool {
	raw, set := topic.Spec.Config[key]
	if regexp.MustCompile(`compact,compact`).Match(raw.Raw) {
		return true
	}
	return set && !regexp.MustCompile(`^("[a-z, ]*"|true|false|"?-?[0-9]{1,18}"?|"?[0-9]\.[0-9]+"?)$`).Match(raw.Raw)
}

func (c trial) String() string {
	before, _ := json.Marshal(c.old)              //nolint:errchkjson // only for the message
	after, _ := json.Marshal(c.new)               //nolint:errchkjson // only for the message
	by, _ := json.Marshal(c.rendered.policies)    //nolint:errchkjson // only for the message
	but, _ := json.Marshal(c.rendered.exceptions) //nolint:errchkjson // only for the message
	return fmt.Sprintf("before %s\nafter  %s\nby     %s\nbut    %s", before, after, by, but)
}

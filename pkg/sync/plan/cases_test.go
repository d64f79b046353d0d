package plan_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/sync/plan"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/test/testutil"
)

var update = flag.Bool("update", false, "write want.txt of every case anew")

// TestCases plans every testdata/plan/CASE/input.yaml and compares with its want.txt. A new case needs no Go: write its
// input.yaml, run go test ./pkg/sync/plan -run Cases -update, and read what it wrote.
func TestCases(t *testing.T) {
	t.Parallel()
	inputs, err := filepath.Glob("testdata/plan/*/input.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		dir := filepath.Dir(input)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(input)
			require.NoError(t, err)
			var c planCase
			require.NoError(t, yaml.UnmarshalStrict(text, &c))
			got := render(plan.Compute(c.input(t)))
			want := filepath.Join(dir, "want.txt")
			if *update {
				require.NoError(t, os.WriteFile(want, []byte(got), 0o600))
			}
			expected, err := os.ReadFile(want)
			require.NoError(t, err)
			require.Equal(t, string(expected), got)
		})
	}
}

// planCase is what an input.yaml may hold. Times are ages at the moment of the plan, such as 30m.
type planCase struct {
	// Why is for the reader.
	Why             string                  `json:"why"`
	Paused          bool                    `json:"paused"`
	ResetUnlisted   bool                    `json:"resetUnlisted"`
	DeletionsLeft   *int                    `json:"deletionsLeft"`
	Release         int                     `json:"releaseDeletions"`
	Protection      string                  `json:"protection"`
	DefaultDeletion string                  `json:"defaultDeletion"`
	Objects         []caseObject            `json:"objects"`
	Topics          []caseTopic             `json:"topics"`
	Ledger          []caseEntry             `json:"ledger"`
	Unknown         map[string]string       `json:"unknown"`
	Waiting         map[string]topic.Reason `json:"waiting"`
	Scope           []string                `json:"scope"`
}

type caseObject struct {
	Object      string            `json:"object"`
	Topic       string            `json:"topic"`
	Age         string            `json:"age"`
	Partitions  *int64            `json:"partitions"`
	Replicas    *int64            `json:"replicas"`
	Config      map[string]string `json:"config"`
	Unmanaged   []string          `json:"unmanagedConfig"`
	Deletion    string            `json:"deletionPolicy"`
	Finalized   bool              `json:"finalized"`
	Deleting    bool              `json:"deleting"`
	Parent      *string           `json:"parent"`
	Usage       *topic.Usage      `json:"usage"`
	Paused      bool              `json:"paused"`
	Adopt       bool              `json:"adopt"`
	MayAdopt    bool              `json:"mayAdopt"`
	NotAdmitted bool              `json:"notAdmitted"`
	AllowDelete string            `json:"allowDeleteFor"`
	StatusID    string            `json:"statusTopicID"`
	StatusKeys  []string          `json:"statusManagedConfig"`
}

type caseTopic struct {
	Name        string            `json:"name"`
	ID          string            `json:"id"`
	Partitions  int64             `json:"partitions"`
	Replicas    int64             `json:"replicas"`
	Leaderless  int64             `json:"leaderless"`
	Reassigning bool              `json:"reassigning"`
	Config      map[string]string `json:"config"`
}

type caseEntry struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	Seen     string `json:"firstSeen"`
	Baseline bool   `json:"baseline"`
	Owner    string `json:"owner"`
}

func (c planCase) input(t *testing.T) plan.Input {
	t.Helper()
	in := plan.Input{
		Cluster: testutil.Cluster(), Snapshot: testutil.Snapshot(), Ledger: map[string]topic.Entry{}, Waiting: c.Waiting,
		Guards: plan.Guards{
			Now: testutil.Start(), Paused: c.Paused, ResetUnlisted: c.ResetUnlisted, DeletionsLeft: 20, ReleaseDeletions: c.Release,
		},
	}
	in.Snapshot.Unknown = c.Unknown
	in.Cluster.Protection = first(c.Protection, in.Cluster.Protection)
	in.Cluster.DefaultDeletion = topic.DeletionPolicy(first(c.DefaultDeletion, string(in.Cluster.DefaultDeletion)))
	if c.DeletionsLeft != nil {
		in.Guards.DeletionsLeft = *c.DeletionsLeft
	}
	for _, name := range c.Scope {
		if in.Scope == nil {
			in.Scope = map[string]bool{}
		}
		in.Scope[name] = true
	}
	for _, object := range c.Objects {
		in.Objects = append(in.Objects, object.planned(t))
	}
	for _, seen := range c.Topics {
		in.Snapshot.Topics[seen.Name] = seen.observed()
	}
	for _, entry := range c.Ledger {
		in.Ledger[entry.Name] = entry.entry(t)
	}
	return in
}

func (o caseObject) planned(t *testing.T) plan.Object {
	t.Helper()
	_, object, _ := strings.Cut(o.Object, "/")
	b := testutil.Topic(first(o.Topic, object)).Object(o.Object).Age(age(t, first(o.Age, "1h"))).
		Deletion(topic.DeletionPolicy(o.Deletion)).Unmanaged(o.Unmanaged...)
	for key, value := range o.Config {
		b.Config(key, value)
	}
	if o.Partitions != nil {
		b.Partitions(*o.Partitions)
	}
	if o.Replicas != nil {
		b.Replicas(*o.Replicas)
	}
	if o.Deleting {
		b.Deleting()
	}
	if o.Parent != nil {
		b.Parent(plan.Parent(*o.Parent))
	}
	if o.Usage != nil {
		b.Usage(*o.Usage)
	}
	if o.AllowDelete != "" {
		b.AllowDeleteUntil(age(t, o.AllowDelete))
	}
	if o.StatusID != "" {
		b.Synced(o.StatusID, o.StatusKeys...)
	}
	made := b.Planned()
	made.Finalized = o.Finalized
	made.Paused, made.Adopt, made.MayAdopt, made.AdmitsNamespace = o.Paused, o.Adopt, o.MayAdopt, !o.NotAdmitted
	return made
}

func (s caseTopic) observed() topic.Observed {
	return topic.Observed{
		Name: s.Name, ID: first(s.ID, "id-"+s.Name), Partitions: max(s.Partitions, 1), Replicas: max(s.Replicas, 1),
		Leaderless: s.Leaderless, Reassigning: s.Reassigning, Config: s.Config, ConfigKnown: true,
	}
}

func (e caseEntry) entry(t *testing.T) topic.Entry {
	t.Helper()
	entry := topic.Entry{
		Name: e.Name, TopicID: first(e.ID, "id-"+e.Name), Baseline: e.Baseline, FirstSeen: testutil.Start().Add(-age(t, e.Seen)),
	}
	if e.Owner != "" {
		entry.Owner = testutil.Topic(e.Name).Object(e.Owner).Declared().Ref
		entry.Owner.Group, entry.Owner.Kind, entry.Owner.Created = "", "", time.Time{} // the inventory keeps no more
	}
	return entry
}

func first(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

func age(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d
}

// render is a plan as a person reads it, in the plan's own order.
func render(p plan.Plan) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, " ") + "\n") }
	for _, action := range p.Actions {
		line(action.Object().String(), "→", plan.Summary([]plan.Action{action}))
	}
	for _, refusal := range p.Refusals {
		told := ""
		if refusal.Live != nil {
			told = " [told of " + refusal.Live.ID + "]"
		}
		line(refusal.Ref.String(), "✗", string(refusal.Reason)+told+":", strings.ReplaceAll(refusal.Message, "\n", " | "))
	}
	for _, settled := range p.Settled {
		line(settled.Ref.String(), "✓", renderSettled(settled))
	}
	for _, name := range p.Held {
		line("held:", name)
	}
	var owners []string
	for name, owner := range p.Owners {
		owners = append(owners, "owner of "+name+": "+owner.String())
	}
	slices.Sort(owners)
	b.WriteString(strings.Join(append(owners, ""), "\n"))
	return b.String()
}

func renderSettled(settled plan.Settled) string {
	if settled.Live.ID == "" {
		return "nothing to do"
	}
	text := settled.Live.ID
	if len(settled.Managed) > 0 {
		text += " managed " + strings.Join(settled.Managed, ",")
	}
	if len(settled.Unlisted) > 0 {
		text += " unlisted " + strings.Join(settled.Unlisted, ",")
	}
	if settled.Adopted {
		text += " adopted"
	}
	if settled.Recreated != "" {
		text += " recreated, was " + settled.Recreated
	}
	return text
}

package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
)

// Adoption is a KafkaTopic that declares a topic as it is on the brokers, and what there is to know of the topic.
type Adoption struct {
	Object *v1alpha1.KafkaTopic
	Topic  AuditTopic
	// Kept are configs that the object leaves alone, because no KafkaTopic may carry them so.
	Kept []Kept
	// Refused and Warned are what admission would say, Skipped what could not be judged; a line each.
	Refused, Warned, Skipped []string
	// MayNotAdopt says that the cluster does not let the namespace adopt.
	MayNotAdopt bool
	// Exception is what the platform team would have to grant; nil where no rule of a TopicPolicy refuses.
	Exception *v1alpha1.TopicPolicyException
	// OwnerLabel is the label that says whose a topic is, Owner what it says of the namespace; empty where it says nothing.
	OwnerLabel, Owner string
}

// Kept is a config that an object leaves alone.
type Kept struct {
	Key, Value, Why string
}

// AdoptFormats are the formats of WriteAdoptions.
func AdoptFormats() []string { return []string{"yaml", "json"} }

// WriteAdoptions writes manifests: YAML with comments, one document each, or a List in JSON. Both are what kubectl applies.
func WriteAdoptions(w io.Writer, format string, adoptions []Adoption) error {
	if format == "json" {
		items := make([]kubeManifest, len(adoptions))
		for i, adoption := range adoptions {
			items[i] = topicManifest(adoption.Object)
		}
		return writeJSON(w, map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	}
	for _, adoption := range adoptions {
		if err := adoption.write(w); err != nil {
			return err
		}
	}
	return nil
}

// kubeManifest is an object without a status: what a person would write.
type kubeManifest struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   map[string]any `json:"metadata"`
	Spec       any            `json:"spec"`
}

func topicManifest(object *v1alpha1.KafkaTopic) kubeManifest {
	metadata := map[string]any{"name": object.Name, "namespace": object.Namespace}
	return kubeManifest{v1alpha1.GroupVersion().String(), "KafkaTopic", metadata, object.Spec}
}

func (a Adoption) write(w io.Writer) error {
	text, err := yaml.Marshal(topicManifest(a.Object))
	if err != nil {
		return fmt.Errorf("writing the manifest of topic %q: %w", a.Topic.Name, err)
	}
	stub, err := a.stub()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("---\n")
	for _, line := range a.comments() {
		out.WriteString(comment(line))
	}
	out.Write(text)
	out.WriteString(stub)
	_, err = w.Write(out.Bytes())
	return err
}

// comment is a line that no parser takes for anything else, whatever it holds: names of groups and principals are anybody's.
func comment(line string) string { return "# " + clean(line) + "\n" }

// comments say what there is to know before one applies it.
func (a Adoption) comments() []string {
	t := a.Topic
	first := fmt.Sprintf("topic %s: %s, %s", t.Name, t.Class, t.origin())
	if t.Baseline {
		first += ", there before TopicGate"
	}
	lines := []string{
		first,
		t.amounts(),
		"groups: " + list(t.groupNames(), t.Groups != nil && !t.unseen("groups")),
	}
	if owner := t.CandidateOwner; owner != nil {
		lines = append(lines, fmt.Sprintf("candidate owner: %s (%s)", owner.Name, owner.Evidence))
	}
	lines = append(lines, "recommendation: "+t.Recommendation+": "+strings.Join(t.Reasons, "; "))
	lines = append(lines, a.ownerLine())
	for _, kept := range a.Kept {
		lines = append(lines, fmt.Sprintf("unmanagedConfig: %s=%q stays as it is on the brokers: %s", kept.Key, bounded(kept.Value), kept.Why))
	}
	for _, said := range []struct {
		as    string
		lines []string
	}{{"refused today: ", a.Refused}, {"warned of: ", a.Warned}, {"not judged: ", a.Skipped}} {
		for _, line := range said.lines {
			lines = append(lines, said.as+line)
		}
	}
	return lines
}

// amounts are how much a topic holds, and since when.
func (t AuditTopic) amounts() string {
	return fmt.Sprintf("size %s, records %s, last write %s, first seen %s", atMost(size(t.Bytes)), atMost(short(t.Records)), orUnknown(t.LastWrite), t.seen())
}

// atMost marks an upper bound; nothing is under none, and what is not known has no bound.
func atMost(amount string) string {
	if amount == unknown || amount == "0" {
		return amount
	}
	return "≤" + amount
}

// bounded keeps a value from filling the page.
func bounded(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func (a Adoption) ownerLine() string {
	if a.Owner != "" {
		return fmt.Sprintf("owner: %s, by the label %s of namespace %s", a.Owner, a.OwnerLabel, a.Object.Namespace)
	}
	return fmt.Sprintf("TODO: say whose it is: metadata: {labels: {%s: …}}", a.OwnerLabel)
}

// stub is the exception that the manifest would need, commented out: only the platform team grants it.
func (a Adoption) stub() (string, error) {
	if a.Exception == nil {
		return "", nil
	}
	text, err := yaml.Marshal(kubeManifest{
		v1alpha1.GroupVersion().String(), "TopicPolicyException", map[string]any{"name": a.Exception.Name}, a.Exception.Spec,
	})
	if err != nil {
		return "", fmt.Errorf("writing the exception for topic %q: %w", a.Topic.Name, err)
	}
	var out strings.Builder
	out.WriteString(comment("the rules above refuse it, unless it is mended or the platform team grants this:"))
	for line := range strings.Lines("---\n" + string(text)) {
		out.WriteString(comment(strings.TrimSuffix(line, "\n")))
	}
	return out.String(), nil
}

package manifest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
)

const orders = `# a comment
apiVersion: topicgate.io/v1alpha1
kind: KafkaTopic
metadata:
  name: orders
  namespace: shop
spec:
  partitions: 500
  config:
    retention.ms: "-1"
    cleanup.policy: delete
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Namespace
  metadata: {name: shop, labels: {team: a}}
- kind: KafkaTopic
  metadata: {generateName: x-}
`

func TestPositions(t *testing.T) {
	t.Parallel()
	documents, problems := manifest.Read("a.yaml", []byte(orders), manifest.MostBytes)
	require.Empty(t, problems)
	require.Len(t, documents, 3)
	assert.Equal(t, "x-xxxxx", documents[2].Name)
	tests := map[string]struct {
		document int
		path     string
		want     string
	}{
		"a scalar is where its value stands":             {0, "spec.partitions", "a.yaml:8:15"},
		"a key with dots":                                {0, "spec.config[retention.ms]", "a.yaml:10:19"},
		"a mapping is where its key stands":              {0, "spec.config", "a.yaml:9:3"},
		"an absent value is at its nearest parent":       {0, "spec.config[min.insync.replicas]", "a.yaml:9:3"},
		"an absent mapping too":                          {0, "metadata.labels[owner]", "a.yaml:4:1"},
		"the object itself":                              {0, "", "a.yaml:2:1"},
		"an item of a list, in the line of the file":     {1, "metadata.labels[team]", "a.yaml:18:41"},
		"a member that the object has not even a map of": {2, "spec.partitions", "a.yaml:19:3"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, documents[tt.document].At(tt.path).String())
		})
	}
}

func TestPositionsInListsAndAliases(t *testing.T) {
	t.Parallel()
	documents, problems := manifest.Read("p.yaml", []byte(`kind: TopicPolicy
common: &common {severity: low}
spec:
  rules:
  - name: naming
    <<: *common
  - name: sizes
    partitions: {min: 3}
    also: *common
`), manifest.MostBytes)
	require.Empty(t, problems)
	for path, want := range map[string]string{
		"spec.rules[1].partitions.min":      "p.yaml:8:23",
		"spec.rules[sizes].partitions.min":  "p.yaml:8:23",
		"spec.rules[0].severity":            "p.yaml:2:28",
		"spec.rules[sizes].also":            "p.yaml:9:11",
		"spec.rules[7]":                     "p.yaml:4:3",
		"spec.rules[sizes].partitions.none": "p.yaml:8:5",
		"..spec..":                          "p.yaml:3:1",
	} {
		assert.Equal(t, want, documents[0].At(path).String(), path)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		one := "*a" + string(rune('0'+i))
		bomb += "a" + string(rune('1'+i)) + ": &a" + string(rune('1'+i)) + " [" + strings.Repeat(one+",", 9) + one + "]\n"
	}
	tests := map[string]struct{ text, want string }{
		"no YAML":                     {"kind: A\n---\nkind: [\n", "bad.yaml:3: "},
		"a key twice":                 {"kind: A\nmetadata:\n  name: a\n  name: b\n", `bad.yaml:4: key "name" already set in map`},
		"a list":                      {"- a\n", "bad.yaml:1:1: is no Kubernetes object: holds a list; want a mapping"},
		"a text":                      {"hello\n", "bad.yaml:1:1: is no Kubernetes object: holds a string; want a mapping"},
		"a bomb of aliases":           {bomb, "bad.yaml:1: document contains excessive aliasing"},
		"an anchor that holds itself": {"a: &a [*a]\n", "contains itself"},
		"a document that is too big":  {"a: " + strings.Repeat("x", manifest.MostBytes), "bad.yaml:1: a document of 3145731 bytes; at most 3145728 are read"},
		"a second document":           {"kind: A\n...\nkind: B\n", "bad.yaml:2: did not find expected <document start>"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := manifest.Read("bad.yaml", []byte(tt.text), manifest.MostBytes)
			require.NotEmpty(t, problems)
			assert.Contains(t, problems[0].Error(), tt.want)
		})
	}
}

func TestWhatHoldsNothingIsNoProblem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "---\n", "# only words\n", "---\n# a\n---\n---\n", "null\n", "\xef\xbb\xbf"} {
		documents, problems := manifest.Read("a.yaml", []byte(text), manifest.MostBytes)
		assert.Empty(t, problems, "%q", text)
		assert.Empty(t, documents, "%q", text)
	}
}

func TestJSONMayBeIndentedByTabs(t *testing.T) {
	t.Parallel()
	documents, problems := manifest.Read("a.json", []byte("{\n\t\"kind\": \"KafkaTopic\",\n\t\"spec\": {\"partitions\": 3}\n}"), manifest.MostBytes)
	require.Empty(t, problems)
	assert.Equal(t, "a.json:3:25", documents[0].At("spec.partitions").String())
}

func TestDecodingIsStrict(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"an unknown field":           {"spec:\n  partitons: 3\n", []string{`a.yaml:2:14: unknown field "spec.partitons"`}},
		"a field of another case":    {"spec:\n  Partitions: 3\n", []string{`a.yaml:2:15: unknown field "spec.Partitions"`}},
		"a text for a number":        {"spec:\n  partitions: many\n", []string{`a.yaml:2:15: spec.partitions holds a string; want a whole number`}},
		"a fraction for a number":    {"spec:\n  partitions: 1.5\n", []string{`a.yaml:2:15: spec.partitions holds the number 1.5; want a whole number`}},
		"a number for a text":        {"metadata:\n  labels: {a: 1}\n", []string{`a.yaml:2:3: metadata.labels holds a number; want a string`}},
		"a yes, which is no text":    {"spec:\n  topicName: yes\n", []string{`a.yaml:2:14: spec.topicName holds a bool; want a string`}},
		"a text where a map belongs": {"spec: none\n", []string{`a.yaml:1:7: spec holds a string; want a mapping`}},
		"several at once":            {"spec:\n  a: 1\n  b: 1\n", []string{"a.yaml:2:6: ", "a.yaml:3:6: "}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents, problems := manifest.Read("a.yaml", []byte(tt.text), manifest.MostBytes)
			require.Empty(t, problems)
			_, problems = manifest.Decode[v1alpha1.KafkaTopic](documents[0])
			require.Len(t, problems, len(tt.want), "%v", problems)
			for i, want := range tt.want {
				assert.Contains(t, problems[i].Error(), want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(orders, "spec.config[retention.ms]")
	f.Add("a: &a {<<: *a}\n", "a.a.b")
	f.Fuzz(func(t *testing.T, text, path string) {
		documents, _ := manifest.Read("f", []byte(text), manifest.MostBytes)
		for _, document := range documents {
			if at := document.At(path); at.Line < 1 || at.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("%s is no line of %q", at, text)
			}
			_, _ = manifest.Decode[v1alpha1.KafkaTopic](document)
		}
	})
}

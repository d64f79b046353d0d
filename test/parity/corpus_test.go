package parity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/naming"
)

// document is one document of a theme.
type document struct {
	Policies   map[string]json.RawMessage `json:"policies"`
	Exceptions map[string]json.RawMessage `json:"exceptions"`
	Cases      []json.RawMessage          `json:"cases"`
}

// testCase is one case; see the package's comment.
type testCase struct {
	It                   string                              `json:"it"`
	Policies             map[string]v1alpha1.TopicPolicySpec `json:"policies"`
	Exceptions           map[string]exception                `json:"exceptions"`
	Topic                kafkaTopic                          `json:"topic"`
	Old                  *kafkaTopic                         `json:"old"`
	Live                 *liveTopic                          `json:"live"`
	Others               []kafkaTopic                        `json:"others"`
	Cluster              string                              `json:"cluster"`
	NamespaceLabels      map[string]string                   `json:"namespaceLabels"`
	NamespaceAnnotations map[string]string                   `json:"namespaceAnnotations"`
	expectation          `json:",inline"`
	Unmatched            []string `json:"unmatched"`
	Builtin              []string `json:"builtin"`
	Says                 []string `json:"says"`
	Syncer               *struct {
		expectation `json:",inline"`
		Why         string `json:"why"`
		Skip        bool   `json:"skip"`
	} `json:"syncer"`
	Known string `json:"known"`

	// theme and number are where the case stands.
	theme, number string
}

// expectation is what rules make of a topic.
type expectation struct {
	Refuses   []string `json:"refuses"`
	Warns     []string `json:"warns"`
	Audits    []string `json:"audits"`
	Excepted  []string `json:"excepted"`
	Undecided []string `json:"undecided"`
	Partly    []string `json:"partly"`
}

type kafkaTopic struct {
	v1alpha1.KafkaTopicSpec `json:",inline"`
	Name                    string            `json:"name"`
	Labels                  map[string]string `json:"labels"`
	Annotations             map[string]string `json:"annotations"`
}

type liveTopic struct {
	Partitions int64             `json:"partitions"`
	Replicas   int64             `json:"replicas"`
	Config     map[string]string `json:"config"`
}

type exception struct {
	v1alpha1.TopicPolicyExceptionSpec `json:",inline"`
	ExpiresIn                         string `json:"expiresIn"`
}

// themes are the names of the corpus's files.
func themes(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	require.NoError(t, err)
	var names []string
	for _, path := range paths {
		if name := strings.TrimSuffix(filepath.Base(path), ".yaml"); name != "clusters" {
			names = append(names, name)
		}
	}
	return names
}

// corpus reads every case.
func corpus(t *testing.T) []testCase {
	t.Helper()
	var cases []testCase
	for _, theme := range themes(t) {
		content, err := os.ReadFile(filepath.Join("testdata", theme+".yaml"))
		require.NoError(t, err)
		for part := range bytes.SplitSeq(content, []byte("\n---\n")) {
			var doc document
			require.NoError(t, yaml.UnmarshalStrict(part, &doc), theme)
			for _, raw := range doc.Cases {
				cases = append(cases, readCase(t, theme, len(cases)+1, doc, raw))
			}
		}
	}
	requireApart(t, cases)
	return cases
}

// readCase reads a case with the policies and exceptions of its document.
func readCase(t *testing.T, theme string, number int, doc document, raw json.RawMessage) testCase {
	t.Helper()
	c := testCase{theme: theme, number: fmt.Sprintf("%03d", number)}
	c.decode(t, raw, &c)
	require.NotEmpty(t, c.It, "%s: %s", theme, raw)
	if c.Cluster == "" {
		c.Cluster = "prod"
	}
	policies, exceptions := map[string]v1alpha1.TopicPolicySpec{}, map[string]exception{}
	for name, raw := range doc.Policies {
		var spec v1alpha1.TopicPolicySpec
		c.decode(t, raw, &spec)
		policies[name] = spec
	}
	for name, raw := range doc.Exceptions {
		var spec exception
		c.decode(t, raw, &spec)
		exceptions[name] = spec
	}
	maps.Copy(policies, c.Policies)
	maps.Copy(exceptions, c.Exceptions)
	c.Policies, c.Exceptions = policies, exceptions
	require.NotEmpty(t, c.Policies, "%s: %s", theme, c.It)
	return c
}

func (c *testCase) decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	number := c.number
	text := strings.NewReplacer("$namespace", "case-"+number, "$n", number).Replace(string(raw))
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), into), "%s: %s", c.theme, text)
}

// requireApart wants titles that tell cases apart, and names that do not get into each other's way on one API server: no
// two cases have topics on one KafkaCluster whose names collide.
func requireApart(t *testing.T, cases []testCase) {
	t.Helper()
	owner, titles := map[string]string{}, map[string]bool{}
	for i := range cases {
		c := &cases[i]
		require.False(t, titles[c.theme+c.It], "two cases of %s are called %q", c.theme, c.It)
		titles[c.theme+c.It] = true
		for _, name := range c.topicNames() {
			key := c.Cluster + "/" + naming.CollisionKey(name)
			require.NotContains(t, owner, key, "%s: %q: the topic name %s is that of another case; put $n into it", c.theme, c.It, name)
			owner[key] = c.number
		}
	}
}

// topicNames are the names of topics that a case uses.
func (c *testCase) topicNames() []string {
	names := []string{c.topicName(c.Topic)}
	for i, other := range c.Others {
		names = append(names, c.topicName(c.namedOther(i, other)))
	}
	return names
}

func (c *testCase) namedOther(i int, other kafkaTopic) kafkaTopic {
	if other.Name == "" {
		other.Name = fmt.Sprintf("other-%s-%d", c.number, i)
	}
	return other
}

func (c *testCase) topicName(of kafkaTopic) string {
	if of.TopicName != nil {
		return *of.TopicName
	}
	return c.objectName(of)
}

func (c *testCase) objectName(of kafkaTopic) string {
	if of.Name != "" {
		return of.Name
	}
	return "orders-" + c.number
}

func (c *testCase) namespace() string { return "case-" + c.number }

// bare takes the case's number off names.
func (c *testCase) bare(text string) string { return strings.ReplaceAll(text, "-"+c.number, "") }

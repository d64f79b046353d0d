// Package cookbook reads docs/cookbook.md: its policies, and what it says they make of topics.
package cookbook

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/kube"
)

// Recipe is one section of the cookbook.
type Recipe struct {
	Title string
	// Text is the YAML of the policies and exceptions.
	Text       []byte
	Policies   []*v1alpha1.TopicPolicy
	Exceptions []*v1alpha1.TopicPolicyException
	Judged     Judged
}

// Judged is what stands below the policies of a recipe: topics, and under refused and warned the rules that say so.
type Judged struct {
	Allowed []Topic            `json:"allowed"`
	Refused map[string][]Topic `json:"refused"`
	Warned  map[string][]Topic `json:"warned"`
}

// Topic is a KafkaTopic's spec with its labels and annotations beside it, and its spec before.
type Topic struct {
	v1alpha1.KafkaTopicSpec `json:",inline"`
	Labels                  map[string]string        `json:"labels"`
	Annotations             map[string]string        `json:"annotations"`
	Old                     *v1alpha1.KafkaTopicSpec `json:"old"`
}

// Read reads every recipe.
func Read(t testing.TB) []Recipe {
	t.Helper()
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(root, "docs", "cookbook.md"))
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	var recipes []Recipe
	for _, section := range strings.Split(string(page), "\n## ")[1:] {
		title, body, _ := strings.Cut(section, "\n")
		found := blocks.FindAllStringSubmatch(body, -1)
		require.Len(t, found, 2, "%s: a policy, and what it makes of topics", title)
		recipe := Recipe{Title: title, Text: []byte(found[0][1])}
		require.NoError(t, yaml.UnmarshalStrict([]byte(found[1][1]), &recipe.Judged), title)
		recipe.read(t)
		recipes = append(recipes, recipe)
	}
	return recipes
}

// read reads the policies and exceptions.
func (r *Recipe) read(t testing.TB) {
	t.Helper()
	for document := range strings.SplitSeq(string(r.Text), "---\n") {
		if strings.Contains(document, "kind: TopicPolicyException") {
			object := &v1alpha1.TopicPolicyException{}
			require.NoError(t, yaml.UnmarshalStrict([]byte(document), object), r.Title)
			r.Exceptions = append(r.Exceptions, object)
			continue
		}
		object := &v1alpha1.TopicPolicy{}
		require.NoError(t, yaml.UnmarshalStrict([]byte(document), object), r.Title)
		r.Policies = append(r.Policies, object)
	}
}

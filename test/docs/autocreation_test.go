package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/validate/kafkacluster"
	"github.com/topicgate/topicgate/test/kube"
)

// TestTheManifestsOfAutoCreationAreTrue holds the page on auto-creation: its KafkaCluster is one that the webhook takes without a
// word, and its kustomizations can be built.
func TestTheManifestsOfAutoCreationAreTrue(t *testing.T) {
	root, err := kube.RepositoryRoot()
	require.NoError(t, err)
	page := read(t, "docs", "auto-creation.md")
	guard, built := "", 0
	for _, match := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page, -1) {
		text := match[1]
		switch {
		case strings.Contains(text, "kind: KafkaCluster\n"):
			var cluster v1alpha1.KafkaCluster
			require.NoError(t, yaml.UnmarshalStrict([]byte(text), &cluster))
			assert.Equal(t, kafkacluster.Verdict{}, kafkacluster.Check(&cluster, nil, ""))
			continue
		case strings.HasPrefix(text, "patches:"):
			text = guard + text // one line more
		default:
			guard = text
		}
		// In a directory beside the repository's own, as a user's would be.
		dir := t.TempDir()
		relative, err := filepath.Rel(dir, root)
		require.NoError(t, err)
		text = regexp.MustCompile(`\[(manifests/)`).ReplaceAllString(text, "["+filepath.ToSlash(relative)+"/$1")
		require.NoError(t, os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600))
		resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
		require.NoError(t, err, text)
		made, err := resources.AsYaml()
		require.NoError(t, err)
		if strings.Contains(text, "patches: [") {
			assert.Len(t, regexp.MustCompile(`validationActions:\n  - Warn\n`).FindAllString(string(made), -1), 4, "one line has all of them warn only")
		}
		built++
	}
	assert.Equal(t, 3, built)
	for _, path := range regexp.MustCompile("`(manifests/[a-z/-]+)`").FindAllStringSubmatch(page, -1) {
		assert.DirExists(t, filepath.Join(root, path[1]))
	}
}

package manifests

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/topicgate/topicgate/test/kube"
)

// What can be rendered and read.
const (
	// Default is all of TopicGate.
	Default = "manifests/default"
	// CRDs are TopicGate's CRDs alone.
	CRDs = "manifests/crds"
	// Samples are a paused KafkaCluster and a valid KafkaTopic, in no namespace.
	Samples = "manifests/samples"
	// InvalidTopic is the file of a KafkaTopic with four faults, in no namespace.
	InvalidTopic = "manifests/samples/topic-invalid.yaml"

	// PolicyDefaults is Default with the component that has policies' defaults filled in at admission.
	PolicyDefaults = "test/manifests/testdata/policy-defaults"
	// ForeignCRDs are stand-ins for the CRDs of Strimzi and Koperator, whose kinds share our names.
	ForeignCRDs = "test/testdata/foreign-crds"
)

// Render builds a kustomization, named by its directory relative to the repository's root, as `kubectl kustomize` does.
// The objects come in the order in which they are to be applied.
func Render(dir string) ([]*unstructured.Unstructured, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return nil, err
	}
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionLegacy // kubectl's
	resources, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), filepath.Join(root, dir))
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", dir, err)
	}
	content, err := resources.AsYaml()
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", dir, err)
	}
	return Decode(content)
}

// ReadFile reads the objects of one file, named relative to the repository's root.
func ReadFile(file string) ([]*unstructured.Unstructured, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, fmt.Errorf("reading a manifest: %w", err)
	}
	return Decode(content)
}

// Decode reads the objects of a YAML stream; empty documents are skipped.
func Decode(content []byte) ([]*unstructured.Unstructured, error) {
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), len(content))
	var objects []*unstructured.Unstructured
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(object)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("decoding a manifest: %w", err)
		}
		if len(object.Object) > 0 {
			objects = append(objects, object)
		}
	}
}

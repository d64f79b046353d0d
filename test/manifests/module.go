package manifests

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/topicgate/topicgate/test/kube"
)

var errNoFiles = errors.New("no such files there")

// FromModule reads the objects of files in a Go module that go.mod pins, such as a product's CRDs: always those of the version
// that is compiled in.
func FromModule(ctx context.Context, module, pattern string) ([]*unstructured.Unstructured, error) {
	dir, err := moduleDir(ctx, module)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err == nil && len(files) == 0 {
		err = errNoFiles
	}
	if err != nil {
		return nil, fmt.Errorf("looking for %s in %s: %w", pattern, module, err)
	}
	var all []*unstructured.Unstructured
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading an object of %s: %w", module, err)
		}
		objects, err := Decode(content)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

// moduleDir asks the go command, which tests and demo need anyway, where the module lies.
func moduleDir(ctx context.Context, module string) (string, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("asking for the directory of %s: %w: %s", module, err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}

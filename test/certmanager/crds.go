package certmanager

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
	"github.com/topicgate/topicgate/test/manifests"
)

var errNoCRDs = errors.New("no CRDs there")

// crds reads cert-manager's CRDs from the module that go.mod pins, so that they are always those of the controllers
// compiled in here. ACME's (group acme.cert-manager.io) are left out: no controller here reads them.
func crds(ctx context.Context) ([]*unstructured.Unstructured, error) {
	dir, err := moduleDir(ctx)
	if err != nil {
		return nil, err
	}
	pattern := filepath.Join(dir, "deploy", "crds", "cert-manager.io_*.yaml")
	files, err := filepath.Glob(pattern)
	if err == nil && len(files) == 0 {
		err = errNoCRDs
	}
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", pattern, err)
	}
	var all []*unstructured.Unstructured
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a CRD of cert-manager: %w", err)
		}
		objects, err := manifests.Decode(content)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

// moduleDir asks the go command, which tests and demo need anyway, where the module lies.
func moduleDir(ctx context.Context) (string, error) {
	root, err := kube.RepositoryRoot()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/cert-manager/cert-manager")
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("asking for cert-manager's directory: %w: %s", err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}

package kube

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrBinariesMissing is returned (wrapped, with the path that was looked at) where a control plane binary is not there.
var ErrBinariesMissing = errors.New("control plane binaries are missing, run `make controlplane`")

// modulePath is how the repository's root is told from the nested modules.
const modulePath = "github.com/topicgate/topicgate"

// RepositoryRoot is the directory of the main module's go.mod, looked for from the working directory upwards: tests run
// in their package's directory, the demo at the root.
func RepositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the repository: %w", err)
	}
	for {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.Contains(string(content), "module "+modulePath+"\n") {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("finding the repository: no go.mod of %s above the working directory", modulePath)
		}
		dir = parent
	}
}

// binary returns the path of a control plane program. KUBEBUILDER_ASSETS commonly holds no kube-controller-manager, so
// what is missing there is looked for among our own.
func binary(name string) (string, error) {
	var dirs []string
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		dirs = append(dirs, assets)
	}
	root, err := RepositoryRoot()
	if err == nil {
		dirs = append(dirs, filepath.Join(root, "bin", "controlplane"))
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() { //nolint:gosec // the user names the directory of the binaries
			return path, nil
		}
	}
	return "", fmt.Errorf("looking for %s in %q: %w", name, dirs, ErrBinariesMissing)
}

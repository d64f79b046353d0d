package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/topicgate/topicgate/test/demo/parts"
	"github.com/topicgate/topicgate/test/demo/terminal"
)

// envFile, in the demo's directory, is for `source`. It is there exactly while everything is ready to be tried.
const envFile = "env"

// variable is one of an environment.
type variable struct{ name, value string }

// environment is what a user's shell needs to speak to the demo.
type environment []variable

func environmentOf(running *parts.Parts) environment {
	return environment{
		{"KUBECONFIG", running.Kubeconfig()},
		{"KUBECTL", running.Kubectl()},
		// What kubectl remembers of one demo's API server is wrong for the next one at the same port.
		{"KUBECACHEDIR", filepath.Join(filepath.Dir(running.Kubeconfig()), "home", "kubectl-cache")},
		{"KAFKA_BOOTSTRAP", running.Bootstrap},
		{"DEMO_CLUSTER", parts.Cluster},
		{"DEMO_NAMESPACE", parts.Namespace},
	}
}

// write makes the file appear at once and complete: its being there says that everything is ready.
func (e environment) write(path string) error {
	var content strings.Builder
	content.WriteString("# For `source`, while the demo runs.\n")
	for _, v := range e {
		fmt.Fprintf(&content, "export %s=%s\n", v.name, terminal.Quote(v.value))
	}
	if err := os.WriteFile(path+".new", []byte(content.String()), 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// forTour is the whole environment of the tour's commands: the programs built here come first in PATH, and nothing else
// of the user's can change what they do.
func (e environment) forTour(o parts.Options) []string {
	path := strings.Join([]string{filepath.Join(o.Root, "bin", "controlplane"), os.Getenv("PATH")}, string(os.PathListSeparator))
	all := []string{"PATH=" + path, "HOME=" + filepath.Join(o.Dir, "home")}
	for _, v := range e {
		all = append(all, v.name+"="+v.value)
	}
	return all
}

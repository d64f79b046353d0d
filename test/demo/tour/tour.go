package tour

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/topicgate/topicgate/test/demo/terminal"
)

// Stage is where the tour is played.
type Stage struct {
	Terminal *terminal.Terminal
	// Root is the repository, the working directory of all that is typed. Absolute.
	Root string
	// Dir, relative to Root or absolute, receives the files that are applied.
	Dir string
	// Demo is the demo's own program, as the user would type it.
	Demo string
	// Namespace is where topics are declared, Cluster the default KafkaCluster.
	Namespace, Cluster string
	// Env is the whole environment of what is typed: kubectl is found, speaks to the demo's API server, and
	// KAFKA_BOOTSTRAP names the brokers.
	Env []string
}

// step is one thing to see.
type step struct {
	title string
	play  func(context.Context, Stage, shell) error
}

// Play shows everything and returns the first thing that was not as it should be.
func Play(ctx context.Context, stage Stage) error {
	if err := stage.writeManifests(); err != nil {
		return err
	}
	sh := shell{terminal: stage.Terminal, dir: stage.Root, env: stage.Env}
	steps := []step{
		{"A valid topic becomes Ready", playValid},
		{"An invalid one is refused, with everything that is wrong", playInvalid},
		{"A topic made behind Kubernetes' back is found", playOrphan},
	}
	for i, step := range steps {
		stage.Terminal.Heading(fmt.Sprintf("%d. %s", i+1, step.title))
		if err := step.play(ctx, stage, sh); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// Names of topics, and of the files in Dir that declare them.
const (
	valid   = "orders"
	invalid = "orders-invalid"
	orphan  = "ordres" // a typo
)

// Adoption is the file, within Stage.Dir, that declares the orphan of the last step.
const Adoption = orphan + ".yaml"

func (s Stage) file(name string) string { return filepath.Join(s.Dir, name+".yaml") }

// typed is the same as somebody would type it.
func (s Stage) typed(name string) string { return terminal.Quote(s.file(name)) }

func (s Stage) path(shown string) string {
	if filepath.IsAbs(shown) {
		return shown
	}
	return filepath.Join(s.Root, shown)
}

func (s Stage) writeManifests() error {
	if err := os.MkdirAll(s.path(s.Dir), 0o700); err != nil {
		return fmt.Errorf("writing the tour's manifests: %w", err)
	}
	specs := map[string]string{
		valid: `  partitions: 6
  replicas: 1
  config:
    retention.ms: 604800000 # 7 days
`,
		invalid: `  topicName: orders/eu
  partitions: 0
  replicas: 0
  config:
    retention.ms: 7d
`,
		orphan: "  partitions: 1\n",
	}
	for name, spec := range specs {
		content := fmt.Sprintf("apiVersion: topicgate.io/v1alpha1\nkind: KafkaTopic\nmetadata:\n  name: %s\n  namespace: %s\nspec:\n%s",
			name, s.Namespace, spec)
		if err := os.WriteFile(s.path(s.file(name)), []byte(content), 0o600); err != nil {
			return fmt.Errorf("writing the tour's manifests: %w", err)
		}
	}
	return nil
}

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/report"
)

func TestThePageOfTheCommandLineNamesEveryCommandAndFlag(t *testing.T) {
	content, err := os.ReadFile("../../docs/cli.md")
	require.NoError(t, err)
	page := string(content)
	kubectls := pflag.NewFlagSet("", pflag.ContinueOnError)
	genericclioptions.NewConfigFlags(true).AddFlags(kubectls)
	var missing []string
	named := func(text string) {
		if !strings.Contains(page, text) {
			missing = append(missing, text)
		}
	}
	var walk func(*cobra.Command)
	walk = func(command *cobra.Command) {
		path := strings.TrimPrefix(command.CommandPath(), "kubectl-topicgate ")
		if !command.HasSubCommands() && command.Name() != "help" {
			named("`" + path)
		}
		command.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if kubectls.Lookup(flag.Name) == nil && flag.Name != "help" && !strings.HasPrefix(path, "render") {
				named("`--" + flag.Name)
			}
		})
		for _, child := range command.Commands() {
			walk(child)
		}
	}
	walk(newCommand())
	assert.Empty(t, missing)
	for _, format := range report.Formats() {
		assert.Contains(t, page, "`"+format+"`")
	}
}

func TestTheKrewManifestHoldsAPlaceForEveryArchive(t *testing.T) {
	content, err := os.ReadFile("../../packaging/krew/topicgate.yaml")
	require.NoError(t, err)
	var plugin struct {
		Spec struct {
			Platforms []struct {
				URI, SHA256, Bin string
				Selector         struct {
					MatchLabels map[string]string `json:"matchLabels"`
				}
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &plugin))
	assert.Len(t, plugin.Spec.Platforms, 5)
	for _, platform := range plugin.Spec.Platforms {
		system, machine := platform.Selector.MatchLabels["os"], platform.Selector.MatchLabels["arch"]
		assert.Contains(t, platform.URI, "/${TAG}/kubectl-topicgate_"+system+"_"+machine+".")
		assert.Equal(t, "${SHA256_"+strings.ToUpper(system+"_"+machine)+"}", platform.SHA256)
	}
}

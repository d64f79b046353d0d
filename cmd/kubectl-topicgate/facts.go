package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/topicgate/topicgate/pkg/offline"
)

func newFacts() *cobra.Command {
	command := parent("facts", "Work with what is known of a cluster")
	command.AddCommand(newFactsExport())
	return command
}

func newFactsExport() *cobra.Command {
	from := newConnection()
	format := outputs{formats: []string{"yaml", "json"}}
	command := &cobra.Command{
		Use:   "export",
		Short: "Print what validate needs to know of the cluster",
		Long: `Print what ` + "`validate --cluster-facts`" + ` needs to know of the cluster, so that continuous integration needs no access to it:
KafkaClusters with their status, the names, labels and annotations of Namespaces, TopicInventories and KafkaTopics. Nothing
secret is among it: how clusters are connected to is left out, and Secrets are not read. JSON is read faster than YAML where
there is much.`,
		Example: `  kubectl topicgate facts export > facts.yaml
  kubectl topicgate facts export -o json --context prod > facts.json`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if _, err := format.printed(); err != nil {
				return err
			}
			facts, err := from.read(command.Context(), command.ErrOrStderr())
			if err != nil {
				return err
			}
			return format.write(command.OutOrStdout(), func(w io.Writer, format string) error { return writeFacts(w, format, facts) })
		},
	}
	command.Flags().SortFlags = false
	format.addTo(command)
	from.addTo(command)
	return command
}

func writeFacts(w io.Writer, format string, facts offline.Manifests) error {
	made := map[string]any{"apiVersion": "v1", "kind": "List", "items": offline.Export(facts)}
	content, err := json.MarshalIndent(made, "", "  ")
	if err == nil && format == "yaml" {
		content, err = yaml.JSONToYAML(content)
	}
	if err != nil {
		return fmt.Errorf("writing facts: %w", err)
	}
	_, err = fmt.Fprintln(w, string(content))
	return err
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newCommand is the command line.
func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-topicgate",
		Short: "Help people who run TopicGate, and those whose topics it judges",
		Long: `Help people who run TopicGate, and those whose topics it judges. On the PATH, kubectl finds it as ` + "`kubectl topicgate`" + `.

Exit codes: 0 all is well (warnings allowed), 1 something would be denied, or was found or refused, 2 the command line is wrong, 3 there are warnings
and --fail-on-warn was given, 4 an input or a policy cannot be read, 5 the cluster cannot be reached.`,
		Example: `  kubectl topicgate validate -f topics/ --policies policies/
  kubectl topicgate render vap | kubectl apply -f -
  source <(kubectl-topicgate completion bash)`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noCommand,
		RunE:          help,
	}
	render := parent("render", "Print manifests that TopicGate's rules are written in")
	render.AddCommand(newRenderVAP())
	root.AddCommand(newValidate(), newExplain(), newPolicy(), newFacts(), render, newAudit(), newDeleteTopic(), newAdopt(), newStatus(), newDiff(), newRelease(),
		newWhoCanCreate())
	return root
}

// parent is a command that only holds others.
func parent(use, short string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: noCommand, RunE: help}
}

func help(command *cobra.Command, _ []string) error { return command.Help() }

// noCommand refuses what is no command: a command that does nothing by itself would take any argument.
func noCommand(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unknown command %q for %q", args[0], command.CommandPath())
	}
	return nil
}

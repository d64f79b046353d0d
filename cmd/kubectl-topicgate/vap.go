package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// vapOptions are the flags of `render vap`.
type vapOptions struct {
	version, name, action string
	policies              []string
}

func newRenderVAP() *cobra.Command {
	o := vapOptions{}
	command := &cobra.Command{
		Use:   "vap",
		Short: "Print the rules that need no look-up as a ValidatingAdmissionPolicy and its binding",
		Long: `Print the rules that need no look-up as a ValidatingAdmissionPolicy and its binding.

The API server itself then judges KafkaTopics by them, also while no webhook is alive. It asks policies before webhooks:
what only the webhook can look up (other objects, the brokers) shows at a second apply, when the policy has nothing left
to refuse. So it is not installed by default. Names that a KafkaCluster excepts from the reserved ones, and
configs that only a vendor's brokers know, are refused all the same.

With --policies, the static rules of TopicPolicies follow, with each policy's enforcement as the action. Name all policies and
exceptions that there are: what one lets pass, or fills in, another must know. A comment lists what only the webhook judges.`,
		Example: `  kubectl topicgate render vap | kubectl apply -f -
  kubectl topicgate render vap --kafka-version=3.9 --action=Warn
  kubectl topicgate render vap --policies policies/ | kubectl apply --server-side -f -`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := o.validate(); err != nil {
				return err
			}
			out, err := o.render(command)
			if err != nil {
				return err
			}
			_, err = command.OutOrStdout().Write(out)
			return err
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVar(&o.version, "kafka-version", topicconfig.For("").Line(), "`version` of Kafka whose configs count; the oldest of several clusters' refuses what newer ones have")
	flags.StringVar(&o.name, "name", "topicgate-static", "`name` of the policy and of its binding")
	flags.StringVar(&o.action, "action", "Deny", "what a violation of the rules that are built in leads to, one `action` of "+strings.Join(render.Actions(), ", "))
	flags.StringArrayVar(&o.policies, "policies", nil, "`file` or directory with TopicPolicies and TopicPolicyExceptions, whose static rules are printed too; repeatable")
	// It fails only where there is no flag of the name.
	_ = command.RegisterFlagCompletionFunc("action", cobra.FixedCompletions(render.Actions(), cobra.ShellCompDirectiveNoFileComp))
	return command
}

// render prints the rules that are built in and, behind them, those of policies.
func (o vapOptions) render(command *cobra.Command) ([]byte, error) {
	out, err := render.VAP(topicconfig.For(o.version), o.name, o.action)
	if err != nil || len(o.policies) == 0 {
		return out, err
	}
	read, err := readManifests(o.policies, command.InOrStdin(), metav1.NamespaceDefault)
	if err != nil {
		return nil, err
	}
	if _, err := compile(read, command.ErrOrStderr()); err != nil {
		return nil, err
	}
	policies := make([]*v1alpha1.TopicPolicy, len(read.Policies))
	for i, found := range read.Policies {
		policies[i] = found.Object
	}
	exceptions := make([]*v1alpha1.TopicPolicyException, len(read.Exceptions))
	for i, found := range read.Exceptions {
		exceptions[i] = found.Object
	}
	static, err := render.TopicPolicies(topicconfig.For(o.version), policies, exceptions)
	if err != nil {
		return nil, badInput(err)
	}
	behind, err := static.YAML()
	return append(out, behind...), err
}

var versionText = regexp.MustCompile(`^[0-9]+\.[0-9]+(?:\.[0-9]+)?$`)

func (o vapOptions) validate() error {
	var problems []error
	if !versionText.MatchString(o.version) {
		problems = append(problems, cli.BadFlag("kafka-version", o.version, "a version such as "+topicconfig.For("").Line()))
	}
	if len(content.IsDNS1123Subdomain(o.name)) > 0 {
		problems = append(problems, cli.BadFlag("name", o.name, "the name of an object"))
	}
	if !slices.Contains(render.Actions(), o.action) {
		problems = append(problems, cli.BadFlag("action", o.action, fmt.Sprintf("one of %s", strings.Join(render.Actions(), ", "))))
	}
	return errors.Join(problems...)
}

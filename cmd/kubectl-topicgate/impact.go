package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
)

// impactOptions are the flags of `policy impact`.
type impactOptions struct {
	inputs
	outputs
	from   connection
	topics []string
	live   bool
}

func newPolicyImpact() *cobra.Command {
	o := impactOptions{outputs: outputs{formats: []string{"text", "json"}}, from: newConnection()}
	command := &cobra.Command{
		Use:   "impact -f POLICY (--live | --topics FILE)",
		Short: "Tell what new or tightened policies would break today",
		Long: `Tell what new or tightened policies would break today: counts for each namespace, and every topic with what it breaks.

Nothing is ratcheted here: the webhook would only warn of what was so before, until somebody makes it worse. A policy takes the
place of its namesake among today's policies; what those refuse already is marked so. The code is 0 whatever is found.`,
		Example: `  kubectl topicgate policy impact -f policies/shared.yaml --live
  kubectl topicgate policy impact -f policies/ --topics topics/ --cluster-facts facts.yaml -o json`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.run(command.Context(), command)
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&o.files, "filename", "f", nil, "`file`, directory or - with the new policies; --policies means the same")
	flags.BoolVar(&o.live, "live", false, "ask the cluster for its topics and for today's policies")
	flags.StringArrayVar(&o.topics, "topics", nil, "`file` or directory with KafkaTopics, instead of --live, and with today's policies where there are any; repeatable")
	o.addSurroundings(command)
	o.outputs.addTo(command)
	o.from.addTo(command)
	return command
}

func (o *impactOptions) run(ctx context.Context, command *cobra.Command) error {
	if err := o.check(); err != nil {
		return err
	}
	stderr := command.ErrOrStderr()
	var err error
	if o.namespace, err = o.from.namespace(); err != nil {
		return err
	}
	given, err := o.read(command.InOrStdin(), stderr)
	if err != nil {
		return err
	}
	today, err := o.today(ctx, stderr)
	if err != nil {
		return err
	}
	before, _, _ := offline.Compile(today) // what does not compile today says so where it is
	set, err := compile(offline.JoinPolicies(today, given.policies), stderr)
	if err != nil {
		return err
	}
	change := offline.Change{Before: before}
	for _, found := range given.policies.Policies {
		change.Policies = append(change.Policies, found.Object.Name)
	}
	impact, err := offline.Assess(world.New(today, set, given.now), today.Topics, change)
	if err != nil {
		return badInput(err)
	}
	return o.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteImpact(w, format, impact) })
}

func (o *impactOptions) check() error {
	_, err := o.printed()
	switch {
	case err != nil:
		return err
	case len(o.files)+len(o.policies) == 0:
		return cli.BadFlag("filename", "", "at least one file or directory with policies")
	case o.live == (len(o.topics) > 0):
		return cli.BadFlag("topics", "", "either --live or --topics")
	case o.live && len(o.facts) > 0:
		return cli.BadFlag("cluster-facts", o.facts[0], "either --live or --cluster-facts")
	}
	return nil
}

// today is what there is: of the cluster, or of files.
func (o *impactOptions) today(ctx context.Context, stderr io.Writer) (offline.Manifests, error) {
	if o.live {
		return o.from.read(ctx, stderr)
	}
	topics, err := readManifests(o.topics, nil, o.namespace)
	if err != nil {
		return topics, err
	}
	facts, err := readFacts(o.facts)
	if err != nil {
		return facts, err
	}
	today := offline.Surround(facts, topics)
	today.Topics = offline.JoinTopics(facts.Topics, topics.Topics)
	policies := offline.JoinPolicies(facts, topics)
	today.Policies, today.Exceptions = policies.Policies, policies.Exceptions
	return today, nil
}

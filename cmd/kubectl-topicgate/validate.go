package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/report"
)

// validateOptions are the flags of `validate`.
type validateOptions struct {
	inputs
	outputs
	base, oldDir       string
	strict, failOnWarn bool
}

func newValidate() *cobra.Command {
	o := validateOptions{outputs: outputs{formats: report.Formats()}}
	command := &cobra.Command{
		Use:   "validate -f FILE",
		Short: "Judge KafkaTopics in files as the webhook would",
		Long: `Judge KafkaTopics in files as the webhook would, without a cluster.

Every rule of TopicGate and of the TopicPolicies is asked, in the order of the files, as if they were applied one after the
other. A rule that lacks a fact is skipped with the reason: it never passes, and fails only with --strict. What is known of
the cluster comes from --cluster-facts and from KafkaClusters and Namespaces among the files. Other kinds are ignored.

With --base or --old-dir, a change is judged: what may not change or shrink, what was wrong before and only warns, and what is
deleted because it is gone from the files.`,
		Example: `  # a directory, by the policies of another
  kubectl topicgate validate -f topics/ --policies policies/

  # a pull request, annotated by GitHub, with a JUnit file beside it
  kubectl topicgate validate -f topics/ --policies policies/ --cluster-facts facts.yaml \
      --base origin/main --strict -o github -o junit=report.xml

  # what a chart would render
  helm template . | kubectl topicgate validate -f - --policies policies/`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.run(command.Context(), command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	flags := command.Flags()
	flags.SortFlags = false
	o.inputs.addTo(command)
	flags.StringVarP(&o.namespace, "namespace", "n", "default", "`namespace` of KafkaTopics that name none")
	flags.StringVar(&o.base, "base", "", "`commit` of git with the files as they were before, to judge the change")
	flags.StringVar(&o.oldDir, "old-dir", "", "`directory` with the files as they were before, to judge the change")
	o.outputs.addTo(command)
	flags.BoolVar(&o.strict, "strict", false, "fail rules that are skipped")
	flags.BoolVar(&o.failOnWarn, "fail-on-warn", false, "end with 3 where there are warnings")
	return command
}

func (o *validateOptions) run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	read, err := o.read(stdin, stderr)
	if err != nil {
		return err
	}
	before, err := o.before(ctx, stderr)
	if err != nil {
		return err
	}
	verdicts, err := offline.Judge(read.world(stderr), read.manifests.Topics, before)
	if err != nil {
		return badInput(err)
	}
	made := offline.Report(verdicts, offline.Reporting{Strict: o.strict, Policies: read.policies.Policies, Ignored: read.manifests.Ignored})
	if err := o.write(stdout, func(w io.Writer, format string) error { return report.Write(w, format, made) }); err != nil {
		return err
	}
	switch {
	case made.Summary.Denied > 0:
		return errDenied
	case o.failOnWarn && made.Warnings() > 0:
		return errWarned
	default:
		return nil
	}
}

func (o *validateOptions) check() error {
	switch {
	case len(o.files) == 0:
		return cli.BadFlag("filename", "", "at least one file, directory or -")
	case o.base != "" && o.oldDir != "":
		return cli.BadFlag("old-dir", o.oldDir, "either --base or --old-dir")
	}
	_, err := o.printed()
	return err
}

// before is what the files held before the change. What could not be read then is told, and counts as not there: a change
// that mends it must pass.
func (o *validateOptions) before(ctx context.Context, stderr io.Writer) ([]offline.Found[v1alpha1.KafkaTopic], error) {
	var documents []manifest.Document
	var problems []manifest.Problem
	var err error
	switch {
	case o.base != "":
		documents, problems, err = readBase(ctx, o.base, o.files)
	case o.oldDir != "":
		documents, problems, err = readPaths([]string{o.oldDir}, nil, manifest.MostBytes)
	}
	if err != nil {
		return nil, err
	}
	manifests, wrong := offline.Collect(documents, o.namespace)
	tellAll(stderr, "note: before the change", append(problems, wrong...))
	return manifests.Topics, nil
}

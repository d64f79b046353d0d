package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/report"
)

func newPolicy() *cobra.Command {
	command := parent("policy", "Test policies, and see what they would break")
	command.AddCommand(newPolicyTest(), newPolicyImpact())
	return command
}

func newPolicyTest() *cobra.Command {
	format := outputs{formats: report.SuiteFormats()}
	command := &cobra.Command{
		Use:   "test SUITE...",
		Short: "Run suites of cases that policies must decide as expected",
		Long: `Run suites of cases that policies must decide as expected. A suite is a file of kind PolicySuite; in a directory, every one
below it is run. Each case is a KafkaTopic, written there or in a file, with what must become of it: allow, warn or deny, by which
rules, with which words. The code is 1 where a case fails.`,
		Example: `  kubectl topicgate policy test suite.yaml
  kubectl topicgate policy test policies/ -o junit

  # suite.yaml
  apiVersion: topicgate.io/v1alpha1
  kind: PolicySuite
  policies: [shared.yaml]
  cases:
  - name: too many partitions
    topic: {metadata: {name: orders, namespace: shop}, spec: {partitions: 500}}
    namespaceLabels: {kafka-tier: shared}
    expect: deny
    rules: [shared/partitions]
    messages: ["at most 60"]`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return runSuites(command, args, &format)
		},
	}
	command.Flags().SortFlags = false
	format.addTo(command)
	return command
}

func runSuites(command *cobra.Command, paths []string, format *outputs) error {
	if _, err := format.printed(); err != nil {
		return err
	}
	documents, problems, err := readPaths(paths, command.InOrStdin(), manifest.MostBytes)
	if err == nil && len(problems) > 0 {
		err = badInputs(problems)
	}
	if err != nil {
		return err
	}
	results, err := runAll(documents, command.ErrOrStderr())
	switch {
	case err != nil:
		return err
	case len(results) == 0:
		return badInput(fmt.Errorf("%w: %v: want files with an object of kind %s", cli.ErrBadFlag, paths, offline.SuiteKind))
	}
	if err := format.write(command.OutOrStdout(), func(w io.Writer, format string) error { return report.WriteSuites(w, format, results) }); err != nil {
		return err
	}
	if slices.ContainsFunc(results, report.SuiteResult.Failed) {
		return errDenied
	}
	return nil
}

func runAll(documents []manifest.Document, stderr io.Writer) ([]report.SuiteResult, error) {
	var results []report.SuiteResult
	for _, document := range documents {
		if document.Kind != offline.SuiteKind {
			continue
		}
		result, err := runSuite(document, stderr)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

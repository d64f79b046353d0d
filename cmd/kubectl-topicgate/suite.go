package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/report"
)

// suiteRun is a suite being run.
type suiteRun struct {
	offline.Suite
	document manifest.Document
	around   surroundings
	facts    offline.Manifests
}

func runSuite(document manifest.Document, stderr io.Writer) (report.SuiteResult, error) {
	result := report.SuiteResult{File: document.File, Name: document.Name, Cases: []report.CaseResult{}}
	if result.Name == "" {
		result.Name = filepath.Base(document.File)
	}
	suite, problems := manifest.Decode[offline.Suite](document)
	if version := v1alpha1.GroupVersion().String(); document.APIVersion != version {
		problems = append(problems, manifest.Problem{Position: document.At("apiVersion"), Text: "want apiVersion " + version})
	}
	if len(problems) > 0 {
		return result, badInputs(problems)
	}
	run := suiteRun{Suite: *suite, document: document}
	if err := run.prepare(stderr); err != nil {
		return result, err
	}
	for i := range run.Cases {
		outcome, err := run.runCase(i)
		if err != nil {
			return result, err
		}
		result.Cases = append(result.Cases, outcome)
	}
	return result, nil
}

// prepare reads what all cases share.
func (r *suiteRun) prepare(stderr io.Writer) error {
	in := inputs{policies: r.paths(r.Policies), now: r.Now, namespace: corev1.NamespaceDefault}
	var err error
	if r.around, err = in.read(nil, stderr); err != nil {
		return err
	}
	r.facts, err = readFacts(r.paths(r.Facts))
	return err
}

// paths are relative to the suite's file.
func (r *suiteRun) paths(names []string) []string {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = name
		if !filepath.IsAbs(name) && r.document.File != stdinName {
			paths[i] = filepath.Join(filepath.Dir(r.document.File), name)
		}
	}
	return paths
}

func (r *suiteRun) runCase(i int) (report.CaseResult, error) {
	test := offline.TestCase{Case: r.Cases[i], At: r.document.At(fmt.Sprintf("cases[%d].name", i))}
	if wrong := test.Check(); wrong != "" {
		return report.CaseResult{}, badInputs([]manifest.Problem{{Position: test.At, Text: wrong}})
	}
	topics, err := r.topics(fmt.Sprintf("cases[%d].topic", i), test.Case.Topic)
	if err != nil {
		return report.CaseResult{}, err
	}
	if len(topics) != 1 {
		return report.CaseResult{}, badInputs([]manifest.Problem{{Position: test.At, Text: fmt.Sprintf("a case is about one KafkaTopic, not %d", len(topics))}})
	}
	test.Topic = topics[0]
	if test.Case.Old != nil {
		if test.Old, err = r.topics(fmt.Sprintf("cases[%d].old", i), test.Case.Old); err != nil {
			return report.CaseResult{}, err
		}
	}
	given := offline.Manifests{}
	if test.NamespaceLabels != nil {
		namespace := &corev1.Namespace{}
		namespace.Name, namespace.Labels = test.Topic.Object.Namespace, test.NamespaceLabels
		given.Namespaces = []offline.Found[corev1.Namespace]{{Object: namespace}}
	}
	outcome, err := test.Run(world.New(offline.Surround(r.facts, given), r.around.set, r.around.now))
	if err != nil {
		return outcome, badInput(err)
	}
	return outcome, nil
}

// topics are the KafkaTopics of a case: written there, or in a file that it names.
func (r *suiteRun) topics(path string, content json.RawMessage) ([]offline.Found[v1alpha1.KafkaTopic], error) {
	var file string
	if json.Unmarshal(content, &file) == nil {
		read, err := readManifests(r.paths([]string{file}), nil, corev1.NamespaceDefault)
		return read.Topics, err
	}
	part := r.document.Part(path, content)
	part.APIVersion, part.Kind = v1alpha1.GroupVersion().String(), "KafkaTopic"
	collected, problems := offline.Collect([]manifest.Document{part}, corev1.NamespaceDefault)
	if len(problems) > 0 {
		return nil, badInputs(problems)
	}
	return collected.Topics, nil
}

package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

// The parts of SARIF 2.1.0 that are written; names are the standard's.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string            `json:"id"`
		Short      sarifText         `json:"shortDescription"`
		Help       *sarifText        `json:"help,omitempty"`
		HelpURI    string            `json:"helpUri,omitempty"`
		Default    sarifDefault      `json:"defaultConfiguration"`
		Properties map[string]string `json:"properties,omitempty"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID     string          `json:"ruleId"`
		RuleIndex  int             `json:"ruleIndex"`
		Level      string          `json:"level"`
		Kind       string          `json:"kind,omitempty"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations,omitempty"`
		Properties map[string]any  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

// writeSARIF writes one run whose results are the findings; the first rule of a finding is the one that counts it.
func writeSARIF(w io.Writer, r Report) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "topicgate", InformationURI: "https://github.com/topicgate/topicgate", Rules: []sarifRule{}}
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	for _, result := range r.Results {
		for _, finding := range result.Findings {
			run.Results = append(run.Results, sarifResultOf(result, finding, index))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRuleOf(rule Rule) sarifRule {
	made := sarifRule{ID: rule.ID, Short: sarifText{rule.Description}, HelpURI: rule.HelpURI, Default: sarifDefault{"error"}}
	switch rule.Enforcement {
	case "Warn":
		made.Default.Level = "warning"
	case "Audit":
		made.Default.Level = "note"
	}
	if rule.Help != "" {
		made.Help = &sarifText{rule.Help}
	}
	if rule.Severity != "" {
		made.Properties = map[string]string{"severity": rule.Severity}
	}
	return made
}

func sarifResultOf(result Result, finding Finding, index map[string]int) sarifResult {
	made := sarifResult{
		RuleID: finding.Rules[0], RuleIndex: index[finding.Rules[0]], Message: sarifText{line(finding)},
		Properties: map[string]any{"rules": finding.Rules, "topic": result.Topic},
	}
	switch finding.Level {
	case Deny:
		made.Level = "error"
	case Warn:
		made.Level = "warning"
	case Skip: // the standard: a result of such a kind has no level
		made.Level, made.Kind = "none", "review"
	case Audit, Pass, Unchanged:
		made.Level = "note"
	}
	location := sarifLocation{Logical: []sarifLogical{{strings.TrimSpace(result.Namespace + "/" + result.Name + " " + finding.Path), "member"}}}
	if finding.File != "" {
		location.Physical = &sarifPhysical{Artifact: sarifArtifact{uri(finding.File)}}
		if finding.Line > 0 {
			location.Physical.Region = &sarifRegion{finding.Line, finding.Column}
		}
	}
	made.Locations = []sarifLocation{location}
	return made
}

// uri is a file's path as a relative reference.
func uri(file string) string {
	return (&url.URL{Path: filepath.ToSlash(file)}).String()
}

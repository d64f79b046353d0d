package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
	"github.com/topicgate/topicgate/pkg/offline/world"
	"github.com/topicgate/topicgate/pkg/policy"
)

// inputs are the flags that name what is judged and by what.
type inputs struct {
	files, policies, facts []string
	now, namespace         string
}

func (i *inputs) addTo(command *cobra.Command) {
	flags := command.Flags()
	flags.StringArrayVarP(&i.files, "filename", "f", nil, "`file`, directory (with all below it) or - for standard input, to be judged; repeatable")
	i.addSurroundings(command)
}

// addSurroundings adds the flags of what is judged by.
func (i *inputs) addSurroundings(command *cobra.Command) {
	flags := command.Flags()
	flags.StringArrayVar(&i.policies, "policies", nil, "`file` or directory with TopicPolicies and TopicPolicyExceptions, beside those among the manifests; repeatable")
	flags.StringArrayVar(&i.facts, "cluster-facts", nil, "`file` that `facts export` wrote; without it, rules that need to know the cluster are skipped")
	flags.StringVar(&i.now, "now", "", "`time` (RFC 3339) to judge at, for exceptions that expire; the present when absent")
}

// surroundings are what objects are judged by.
type surroundings struct {
	manifests offline.Manifests // what is judged
	known     offline.Manifests // what is around it
	policies  offline.Manifests
	set       *policy.Set
	now       time.Time
}

// read reads everything. What is only unwise is told on stderr.
func (i *inputs) read(stdin io.Reader, stderr io.Writer) (surroundings, error) {
	var read surroundings
	var err error
	if read.now, err = i.time(); err != nil {
		return read, err
	}
	if read.manifests, err = readManifests(i.files, stdin, i.namespace); err != nil {
		return read, err
	}
	if read.policies, err = readManifests(i.policies, stdin, i.namespace); err != nil {
		return read, err
	}
	facts, err := readFacts(i.facts)
	if err != nil {
		return read, err
	}
	return read, read.surround(facts, stderr)
}

// surround puts facts around what is judged, and makes a set of all policies.
func (s *surroundings) surround(facts offline.Manifests, stderr io.Writer) error {
	s.known = offline.Surround(facts, s.manifests)
	s.policies = offline.JoinPolicies(facts, s.policies, s.manifests)
	var err error
	s.set, err = compile(s.policies, stderr)
	return err
}

// compile makes a set of policies; what is only unwise is told.
func compile(policies offline.Manifests, stderr io.Writer) (*policy.Set, error) {
	set, problems, warnings := offline.Compile(policies)
	for _, warning := range warnings {
		tell(stderr, "warning", warning.Error())
	}
	if len(problems) > 0 {
		return nil, badInputs(problems)
	}
	for _, against := range set.Contradictions(nil) {
		tell(stderr, "warning", fmt.Sprintf("TopicPolicy %s/%s: %s", against.Policy, against.Rule, against.Message))
	}
	return set, nil
}

func (i *inputs) time() (time.Time, error) {
	if i.now == "" {
		return time.Now(), nil
	}
	now, err := time.Parse(time.RFC3339, i.now)
	if err != nil {
		return now, cli.BadFlag("now", i.now, "a time such as 2026-12-31T00:00:00Z")
	}
	return now, nil
}

// world is what is around the objects; that it is made up is said once.
func (s *surroundings) world(stderr io.Writer) *world.World {
	made := world.New(s.known, s.set, s.now)
	if made.Assumed() {
		tell(stderr, "note", "no KafkaCluster is known, so each that is named is taken to exist and to run the newest Kafka; "+
			"rules that need to know brokers are skipped (see --cluster-facts)")
	}
	return made
}

// tell says something beside the output.
func tell(stderr io.Writer, kind, text string) {
	_, _ = fmt.Fprintf(stderr, "%s: %s\n", kind, text)
}

// tellAll tells problems that are no reason to stop.
func tellAll(stderr io.Writer, kind string, problems []manifest.Problem) {
	for _, problem := range problems {
		tell(stderr, kind, problem.Error())
	}
}

package tour

import (
	"context"
	"fmt"

	"github.com/topicgate/topicgate/test/demo/terminal"
)

// command is one line of a step: what to say before, what to type, and what must come of it.
type command struct {
	explanation string
	line        string
	status      int
	wanted      []string
}

func (s shell) play(ctx context.Context, commands []command) error {
	for _, c := range commands {
		if c.explanation != "" {
			s.explain(c.explanation)
		}
		if err := s.run(ctx, c.line, c.status, c.wanted...); err != nil {
			return err
		}
	}
	return nil
}

func playValid(ctx context.Context, stage Stage, sh shell) error {
	return sh.play(ctx, []command{
		{
			explanation: "A topic as its team declares it. It names no cluster: the webhook fills in the default.",
			line:        "cat " + stage.typed(valid),
		},
		{
			line:   "kubectl apply -f " + stage.typed(valid),
			wanted: []string{"kafkatopic.topicgate.io/" + valid + " created"},
		},
		{
			explanation: "The syncer creates it on the broker and reports back.",
			line:        fmt.Sprintf("kubectl wait tgt/%s -n %s --for=condition=Ready --timeout=60s", valid, stage.Namespace),
		},
		{
			line:   "kubectl get tgt -n " + stage.Namespace,
			wanted: []string{fmt.Sprintf("%s %s %s 6 1 True Synced", valid, stage.Cluster, valid)},
		},
		{
			explanation: "What Kafka itself says, asked over its own protocol.",
			line:        terminal.Quote(stage.Demo) + " topics",
			wanted:      []string{valid + " 6 1", "retention.ms=604800000"},
		},
	})
}

func playInvalid(ctx context.Context, stage Stage, sh shell) error {
	return sh.play(ctx, []command{
		{
			explanation: "Four faults in one file.",
			line:        "cat " + stage.typed(invalid),
		},
		{
			explanation: "One answer names all four: the field, the value, the limit and what would pass.",
			line:        "kubectl apply -f " + stage.typed(invalid),
			status:      1,
			wanted:      []string{"spec.topicName", "spec.partitions", "spec.replicas", "spec.config[retention.ms]"},
		},
		{
			explanation: "Nothing was stored, and Kafka was never asked.",
			line:        fmt.Sprintf("kubectl get tgt %s -n %s", invalid, stage.Namespace),
			status:      1,
			wanted:      []string{"NotFound"},
		},
	})
}

func playOrphan(ctx context.Context, stage Stage, sh shell) error {
	const autoCreate = `{.status.conditions[?(@.type=="AutoCreateDisabled")].message}{"\n"}`
	return sh.play(ctx, []command{
		{
			explanation: "A producer with a typo in its topic's name. Kafka's default is to create what is asked for.",
			line:        terminal.Quote(stage.Demo) + " produce " + orphan + " hello",
			wanted:      []string{"1 record written to " + orphan},
		},
		{
			explanation: "The audit, here every 5 s, lists it as a Candidate first, and as an Orphan when it is still there.",
			line: fmt.Sprintf(`kubectl wait tgi --all --for=jsonpath='{.topics[?(@.name=="%s")].class}'=Orphan --timeout=60s`,
				orphan),
		},
		{
			line:   `kubectl get tgi -o jsonpath='{range .items[*].topics[*]}{.name}{"\t"}{.class}{"\t"}{.firstSeen}{"\n"}{end}'`,
			wanted: []string{orphan + " Orphan", valid + " Managed"},
		},
		{
			explanation: "The KafkaCluster sums it up.",
			line:        "kubectl get tgc " + stage.Cluster,
			wanted:      []string{"2 1 True False True"}, // topics, orphans, reachable, auto-creation off, ready
		},
		{
			explanation: "And it says how that could happen, and what to do about it.",
			line:        fmt.Sprintf(`kubectl get tgc %s -o jsonpath='%s' | fold -sw 78`, stage.Cluster, autoCreate),
			wanted:      []string{"auto.create.topics.enable is true on broker"},
		},
	})
}

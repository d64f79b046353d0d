package main

import (
	"path/filepath"

	"github.com/topicgate/topicgate/test/demo/parts"
	"github.com/topicgate/topicgate/test/demo/terminal"
	"github.com/topicgate/topicgate/test/demo/tour"
)

// suggest prints what to try, to be copied into another terminal.
func (d demo) suggest(running *parts.Parts) {
	d.terminal.Heading("Your turn: in another terminal, in this directory")
	in := func(elements ...string) string {
		return terminal.Quote(filepath.Join(append([]string{d.shown.dir}, elements...)...))
	}
	program := terminal.Quote(filepath.Join(d.shown.programs, "demo"))
	plugin := terminal.Quote(filepath.Join(d.shown.programs, "kubectl-topicgate"))
	for _, line := range []string{
		"source " + in(envFile),
		"",
		"# All that TopicGate has; what a field means.",
		"$KUBECTL get topicgate -A",
		"$KUBECTL explain tgt.spec",
		"",
		"# More partitions arrive on the broker; fewer are refused.",
		`$KUBECTL patch tgt orders -n $DEMO_NAMESPACE --type=merge -p '{"spec":{"partitions":12}}'`,
		`$KUBECTL patch tgt orders -n $DEMO_NAMESPACE --type=merge -p '{"spec":{"partitions":3}}'`,
		program + " topics",
		"",
		"# What no KafkaTopic declares, and who could make more of it; as a page for a browser; the manifest that adopts it.",
		plugin + " audit",
		plugin + " audit -o html=" + in("audit.html"),
		plugin + " who-can-create demo",
		plugin + " adopt --all --namespace $DEMO_NAMESPACE",
		"",
		"# Adopt the orphan; make another one, and see it reported.",
		"$KUBECTL apply -f " + in("tour", tour.Adoption),
		program + " produce not-declared hello",
		"$KUBECTL get events -A --field-selector reason=OrphanFound",
		"",
		"# What happened, and how much of it.",
		"tail -n 20 " + in("logs", "syncer.log"),
		"curl -s " + running.SyncerMetrics + " | grep ^topicgate_kafka",
		"curl -s " + running.WebhookMetrics + " | grep ^topicgate_admission_violations",
	} {
		d.terminal.Say("%s", line)
	}
	d.terminal.Say("\nCtrl-C here ends the demo.")
}

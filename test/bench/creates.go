package main

import (
	"fmt"
	"time"
)

const p50, p99 = 0.5, 0.99

// share names the latency below which a share of all stays.
type share struct {
	name string
	of   float64
}

func shares() []share { return []share{{"p50", p50}, {"p99", p99}} }

// reportCreates puts each arrangement beside those before it: no webhook, and the webhook that allows all.
func (b *bench) reportCreates(clients int, ways []arrangement, samples []sample) {
	people := fmt.Sprintf("%d clients", clients)
	if clients == 1 {
		people = "1 client"
	}
	none, bare := &samples[0], &samples[1]
	for i := 1; i < len(ways); i++ {
		b.reportOver(people+", "+ways[i].name, &samples[i], none, ways[0].name)
		b.reportCPU(people+", "+ways[i].name, &samples[i], none, ways[0].name)
	}
	for i := 2; i < len(ways); i++ {
		b.reportOver(people+", "+ways[i].name, &samples[i], bare, ways[1].name)
		b.reportCPU(people+", "+ways[i].name, &samples[i], bare, ways[1].name)
	}
}

func (b *bench) reportOver(what string, ours, floor *sample, over string) {
	b.report.time(row{
		what + ": creates a second (more is better)", ratio(ours.perSecond(), floor.perSecond()),
		fmt.Sprintf("%.0f", ours.perSecond()), fmt.Sprintf("%.0f", floor.perSecond()), over,
	})
	for _, share := range shares() {
		mine, theirs := ours.quantile(share.of), floor.quantile(share.of)
		b.report.time(row{what + ": latency " + share.name, ratio(mine, theirs), span(mine), span(theirs), over})
	}
}

// reportCPU leaves out a webhook where there is none.
func (b *bench) reportCPU(what string, ours, floor *sample, over string) {
	for _, part := range []struct {
		name        string
		mine, other time.Duration
	}{
		{"the webhook", ours.cpu.webhook, floor.cpu.webhook},
		{"kube-apiserver", ours.cpu.apiServer, floor.cpu.apiServer},
		{"etcd", ours.cpu.etcd, floor.cpu.etcd},
	} {
		if part.mine == 0 {
			continue
		}
		mine, other := ours.per1000(part.mine), floor.per1000(part.other)
		b.report.time(row{what + ": CPU time of " + part.name + " for 1,000 creates", ratio(mine, other), span(mine), span(other), over})
	}
}

// webhookMemory is what the webhooks hold as reviews go by.
type webhookMemory struct {
	gate    *gate
	reviews int
	looks   []memoryLook
}

type memoryLook struct {
	// reviews are those that ours had answered by then, warming up not counted.
	reviews    int
	ours, bare int64
}

// look notes what both hold now.
func (m *webhookMemory) look() error {
	mine, _, err := resident(m.gate.ours.PID())
	if err != nil {
		return err
	}
	other, _, err := resident(m.gate.bare.PID())
	if err != nil {
		return err
	}
	m.looks = append(m.looks, memoryLook{m.reviews, mine, other})
	return nil
}

// reportWebhookMemory puts ours beside the bare webhook, and what it holds last beside what it held at the first load: a
// webhook that keeps something of each review grows from there.
func (b *bench) reportWebhookMemory(looks []memoryLook) {
	for _, look := range looks {
		b.report.count(row{
			fmt.Sprintf("memory (RSS) of the webhook after %s reviews", number(look.reviews)), ratio(look.ours, look.bare),
			mebibytes(look.ours), mebibytes(look.bare), "an allow-all webhook",
		})
	}
	first, last := looks[min(1, len(looks)-1)], looks[len(looks)-1]
	b.report.count(row{
		fmt.Sprintf("memory (RSS) of the webhook after %s reviews", number(last.reviews)), ratio(last.ours, first.ours),
		mebibytes(last.ours), mebibytes(first.ours), fmt.Sprintf("the same process after %s reviews", number(first.reviews)),
	})
}

package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/topicgate/topicgate/test/bench/fixture"
)

// policies measures what TopicPolicies cost: judging by them on one core, by their number, and whole reviews with and without
// them, by the number of topics.
func (b *bench) policies(ctx context.Context) error {
	testing.Init()
	if err := flag.Set("test.benchtime", b.handlerTime.String()); err != nil {
		return fmt.Errorf("setting the time of a benchmark: %w", err)
	}
	for _, count := range []int{1, 10, 50, 500} {
		b.say("policies: judging by %d", count)
		if err := b.evaluation(count); err != nil {
			return err
		}
	}
	for _, topics := range b.handlerTopics {
		if err := b.governedHandler(ctx, topics, 50); err != nil {
			return err
		}
	}
	return nil
}

// evaluation measures on one core: a review has no more.
func (b *bench) evaluation(count int) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ours, err := fixture.Evaluation(count, true)
	if err != nil {
		return err
	}
	floor, err := fixture.Evaluation(count, false)
	if err != nil {
		return err
	}
	mine, theirs := repeated(ours), repeated(floor)
	what := fmt.Sprintf("judging an admitted topic by %d policies of five rules that all match, on one core", count)
	const over = "as many policies of which none matches"
	b.report.count(row{"allocations per " + what, ratio(mine.AllocsPerOp(), theirs.AllocsPerOp()), number(mine.AllocsPerOp()), number(theirs.AllocsPerOp()), over})
	b.report.time(row{what, ratio(mine.NsPerOp(), theirs.NsPerOp()), span(perOp(mine)), span(perOp(theirs)), over})
	return nil
}

func repeated(work func()) testing.BenchmarkResult {
	return testing.Benchmark(func(t *testing.B) {
		t.ReportAllocs()
		for t.Loop() {
			work()
		}
	})
}

// governedHandler measures whole reviews beside policies, over the same without any.
func (b *bench) governedHandler(ctx context.Context, topics, count int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reviews, err := fixture.Reviews()
	if err != nil {
		return err
	}
	governed, err := fixture.Webhook(ctx, topics, count)
	if err != nil {
		return err
	}
	free, err := fixture.Webhook(ctx, topics, 0)
	if err != nil {
		return err
	}
	b.say("policies: reviews beside %d, %s topics", count, number(topics))
	review := reviews[0]
	if err := rightly(governed, review); err != nil {
		return err
	}
	ours, err := played(governed, review)
	if err != nil {
		return err
	}
	floor, err := played(free, review)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("review: %s; %s topics in the cache, %d policies", review.Name, number(topics), count)
	const over = "the same without policies"
	b.report.count(row{"allocations per " + what, ratio(ours.AllocsPerOp(), floor.AllocsPerOp()), number(ours.AllocsPerOp()), number(floor.AllocsPerOp()), over})
	b.report.time(row{"handler's mean for a " + what, ratio(ours.NsPerOp(), floor.NsPerOp()), span(perOp(ours)), span(perOp(floor)), over})
	return nil
}

func perOp(result testing.BenchmarkResult) time.Duration { return time.Duration(result.NsPerOp()) }

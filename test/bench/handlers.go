package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/topicgate/topicgate/test/bench/fixture"
)

// handlers measures a review in this process: our handlers over a full cache, against one that only decodes and encodes.
func (b *bench) handlers(ctx context.Context) error {
	testing.Init()
	if err := flag.Set("test.benchtime", b.handlerTime.String()); err != nil {
		return fmt.Errorf("setting the time of a benchmark: %w", err)
	}
	reviews, err := fixture.Reviews()
	if err != nil {
		return err
	}
	for _, topics := range b.handlerTopics {
		if err := b.handlersOver(ctx, topics, reviews); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) handlersOver(ctx context.Context, topics int, reviews []fixture.Review) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	webhook, err := fixture.Webhook(ctx, topics, 0)
	if err != nil {
		return err
	}
	for _, review := range reviews {
		b.say("handlers: %s, %s topics", review.Name, number(topics))
		if err := rightly(webhook, review); err != nil {
			return err
		}
		ours, err := played(webhook, review)
		if err != nil {
			return err
		}
		floor, err := played(fixture.AllowAll(), review)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("review: %s; %s topics in the cache", review.Name, number(topics))
		b.reportAllocations(what, ours, floor)
		if err := b.handlerLatencies(what, webhook, review); err != nil {
			return err
		}
	}
	return nil
}

const overReview = "decoding the same review and allowing it"

func (b *bench) reportAllocations(what string, ours, floor testing.BenchmarkResult) {
	b.report.count(row{
		"allocations per " + what, ratio(ours.AllocsPerOp(), floor.AllocsPerOp()),
		number(ours.AllocsPerOp()), number(floor.AllocsPerOp()), overReview,
	})
	b.report.count(row{
		"bytes allocated per " + what, ratio(ours.AllocedBytesPerOp(), floor.AllocedBytesPerOp()),
		number(ours.AllocedBytesPerOp()), number(floor.AllocedBytesPerOp()), overReview,
	})
}

// handlerLatencies reports how long single reviews take, and so what the mean of a benchmark hides.
func (b *bench) handlerLatencies(what string, webhook http.Handler, review fixture.Review) error {
	ours, err := timedEach(webhook, review, b.handlerTime)
	if err != nil {
		return err
	}
	floor, err := timedEach(fixture.AllowAll(), review, b.handlerTime)
	if err != nil {
		return err
	}
	for _, share := range shares() {
		mine, theirs := ours.quantile(share.of), floor.quantile(share.of)
		b.report.time(row{"handler's " + share.name + " for a " + what, ratio(mine, theirs), span(mine), span(theirs), overReview})
	}
	return nil
}

// timedEach plays a review for a while and takes the time of each answer, garbage collections included.
func timedEach(handler http.Handler, review fixture.Review, length time.Duration) (sample, error) {
	player, err := fixture.NewPlayer(handler, review)
	if err != nil {
		return sample{}, err
	}
	var seen sample
	for started := time.Now(); time.Since(started) < length; {
		begun := time.Now()
		player.Play()
		seen.latencies = append(seen.latencies, time.Since(begun))
	}
	return seen, nil
}

// rightly makes sure that no wrong answer is measured.
func rightly(handler http.Handler, review fixture.Review) error {
	player, err := fixture.NewPlayer(handler, review)
	if err != nil {
		return err
	}
	return player.Check(review)
}

// played measures one handler on one review.
func played(handler http.Handler, review fixture.Review) (testing.BenchmarkResult, error) {
	player, err := fixture.NewPlayer(handler, review)
	if err != nil {
		return testing.BenchmarkResult{}, err
	}
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			player.Play()
		}
	}), nil
}

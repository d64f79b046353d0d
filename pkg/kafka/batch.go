package kafka

import (
	"context"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/topicgate/topicgate/pkg/topic"
)

const (
	// throttleBudget is how long one call waits in all for Kafka's quota; the rest is left to the next round.
	throttleBudget = 30 * time.Second
	// minThrottleWait keeps a broker that throttles without naming a time from being asked in a tight loop.
	minThrottleWait = 250 * time.Millisecond
)

// reply is what Kafka said about one change.
type reply struct {
	code int16
	text string
	// id is a new topic's ID.
	id string
}

// kind is one kind of change: how it is cut into requests, sent, and judged.
type kind[T any] struct {
	name func(T) string
	// key is what the answer calls the change by; one request must not hold a key twice.
	key func(T) string
	// weight counts against maxWeight; a single change above it is sent alone.
	weight              func(T) int
	maxItems, maxWeight int
	// send gives the replies by key and how long Kafka wants to be left alone.
	send func(context.Context, []T) (map[string]reply, time.Duration, error)
	// judge turns a reply other than throttling into what became of the change; nil = done.
	judge func(reply) *topic.Failure
}

// run is one call: every item ends with exactly one outcome, in the order given.
type run[T any] struct {
	kind     kind[T]
	items    []T
	outcomes []topic.Outcome
	// chunks are indexes of items still to be sent.
	chunks [][]int
	budget time.Duration
}

func apply[T any](ctx context.Context, k kind[T], items []T) []topic.Outcome {
	r := &run[T]{kind: k, items: items, outcomes: make([]topic.Outcome, len(items)), budget: throttleBudget}
	r.cut()
	for len(r.chunks) > 0 {
		chunk := r.chunks[0]
		r.chunks = r.chunks[1:]
		r.one(ctx, chunk)
	}
	return r.outcomes
}

// cut fills the chunks. Kafka refuses both of two changes with one key, so the second is left to the next round.
func (r *run[T]) cut() {
	seen := map[string]bool{}
	var chunk []int
	weight := 0
	for i, item := range r.items {
		r.outcomes[i].Name = r.kind.name(item)
		key := r.kind.key(item)
		if seen[key] {
			r.fail([]int{i}, failure(topic.Pending, "asked for twice at once"+lookingAgain))
			continue
		}
		seen[key] = true
		w := r.kind.weight(item)
		if len(chunk) > 0 && (len(chunk) == r.kind.maxItems || weight+w > r.kind.maxWeight) {
			r.chunks = append(r.chunks, chunk)
			chunk, weight = nil, 0
		}
		chunk = append(chunk, i)
		weight += w
	}
	if len(chunk) > 0 {
		r.chunks = append(r.chunks, chunk)
	}
}

// one sends a chunk and settles what its answer settles; the rest goes back to the front of the queue.
func (r *run[T]) one(ctx context.Context, chunk []int) {
	replies, throttle, err := r.kind.send(ctx, r.pick(chunk))
	if err != nil {
		r.fail(chunk, ofMutation(err))
		r.giveUp(ofUnsent(err))
		return
	}
	if half := len(chunk) / 2; half > 0 && tooLarge(replies) {
		r.chunks = append([][]int{chunk[:half], chunk[half:]}, r.chunks...)
		return
	}
	throttled := r.settle(chunk, replies)
	if len(throttled) == 0 {
		return
	}
	r.chunks = append([][]int{throttled}, r.chunks...)
	if !r.wait(ctx, throttle) {
		r.giveUp(*classifyCode(kerr.ThrottlingQuotaExceeded.Code, ""))
	}
}

// settle records the outcome of each change and returns those that are to be sent again.
func (r *run[T]) settle(chunk []int, replies map[string]reply) (throttled []int) {
	for _, i := range chunk {
		answer, ok := replies[r.kind.key(r.items[i])]
		switch {
		case !ok:
			r.fail([]int{i}, failure(topic.Pending, "Kafka's answer leaves it out: "+mayHaveHappened))
		case answer.code == kerr.ThrottlingQuotaExceeded.Code:
			throttled = append(throttled, i)
		default:
			r.outcomes[i].ID = answer.id
			r.outcomes[i].Failure = r.kind.judge(answer)
		}
	}
	return throttled
}

// wait is false when waiting that long is not worth it: the caller's next round comes sooner.
func (r *run[T]) wait(ctx context.Context, throttle time.Duration) bool {
	throttle = max(throttle, minThrottleWait)
	if throttle > r.budget {
		return false
	}
	r.budget -= throttle
	timer := time.NewTimer(throttle)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// giveUp ends what has not been sent.
func (r *run[T]) giveUp(f topic.Failure) {
	for _, chunk := range r.chunks {
		r.fail(chunk, f)
	}
	r.chunks = nil
}

func (r *run[T]) fail(chunk []int, f topic.Failure) {
	for _, i := range chunk {
		r.outcomes[i].Failure = &f
	}
}

func (r *run[T]) pick(chunk []int) []T {
	items := make([]T, len(chunk))
	for n, i := range chunk {
		items[n] = r.items[i]
	}
	return items
}

// ofMutation is what a change ends with when its request got no answer: it may have been carried out.
func ofMutation(err error) topic.Failure {
	f := Classify(err)
	if f.Reason == topic.KafkaUnreachable || f.Reason == topic.Pending {
		f.Message += ": " + mayHaveHappened
	}
	return f
}

// ofUnsent is what a change ends with that was not asked for at all, because the request before it got no answer.
func ofUnsent(err error) topic.Failure {
	f := Classify(err)
	f.Message = "not sent: " + f.Message
	return f
}

// tooLarge recognises Kafka's refusal of a whole request for its size. Its code alone would also be a policy's.
func tooLarge(replies map[string]reply) bool {
	for _, answer := range replies {
		if answer.code == kerr.PolicyViolation.Code && aboutSize(answer.text) {
			return true
		}
	}
	return false
}

func aboutSize(text string) bool {
	return strings.HasPrefix(text, "Unable to perform excessively large batch operation") ||
		strings.HasPrefix(text, "Excessively large number of")
}

func millis(n int32) time.Duration { return time.Duration(n) * time.Millisecond }

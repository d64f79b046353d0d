package kafkatest

import (
	"maps"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Request is one request that changes something on the brokers, or asks to.
type Request struct {
	// Key is Kafka's API key, Name its name (19, CreateTopics), Version the request's version.
	Key     int16
	Name    string
	Version int16
	// ClientID is how the sender calls itself.
	ClientID string
	// Topics is how many topics the request names; for configuration changes, how many resources.
	Topics int
	// Names are these topics, in the request's order; for a deletion by ID, the IDs.
	Names []string
	// ValidateOnly is set when the sender asked for a dry run.
	ValidateOnly bool
}

// ledger counts requests. Its methods are those of every kind of cluster here.
type ledger struct {
	mu        sync.Mutex
	counts    map[int16]int
	mutations []Request
	hooks     []*hook
}

type hook struct {
	key  int16
	left int
	run  func()
}

func newLedger() *ledger { return &ledger{counts: map[int16]int{}} }

// Requests returns how many requests of each API key passed since the last ResetCounts.
func (l *ledger) Requests() map[int16]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.counts)
}

// Mutations returns the requests since the last ResetCounts that change something, in the order they passed. Whatever
// is not known to be a mere question counts, so a request that Kafka learns later does too; dry runs do not.
func (l *ledger) Mutations() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.mutations)
}

// ResetCounts forgets what was counted; hooks stay.
func (l *ledger) ResetCounts() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.counts)
	l.mutations = nil
}

// OnRequest runs do once, when the nth request (from 1) of the API key from now on has arrived, before the brokers see
// it: they get it in any case, even if do kills its sender.
func (l *ledger) OnRequest(key int16, nth int, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hooks = append(l.hooks, &hook{key: key, left: nth, run: do})
}

// record counts one request and runs the hooks that waited for it, without the lock: a hook may read the counts.
func (l *ledger) record(request Request, mutates bool) {
	for _, run := range l.add(request, mutates) {
		run()
	}
}

func (l *ledger) add(request Request, mutates bool) []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[request.Key]++
	if mutates {
		l.mutations = append(l.mutations, request)
	}
	var due []func()
	l.hooks = slices.DeleteFunc(l.hooks, func(h *hook) bool {
		if h.key != request.Key {
			return false
		}
		h.left--
		if h.left == 0 {
			due = append(due, h.run)
		}
		return h.left <= 0
	})
	return due
}

// isQuestion says that requests of this key only read. FindCoordinator is one although the first for a group makes
// Kafka create __consumer_offsets: that is the broker's own doing.
func isQuestion(key int16) bool {
	return slices.Contains([]kmsg.Key{
		kmsg.Fetch, kmsg.ListOffsets, kmsg.Metadata, kmsg.OffsetFetch, kmsg.FindCoordinator, kmsg.DescribeGroups,
		kmsg.ListGroups, kmsg.SASLHandshake, kmsg.ApiVersions, kmsg.OffsetForLeaderEpoch, kmsg.DescribeACLs,
		kmsg.DescribeConfigs, kmsg.DescribeLogDirs, kmsg.SASLAuthenticate, kmsg.DescribeDelegationToken,
		kmsg.ListPartitionReassignments, kmsg.DescribeClientQuotas, kmsg.DescribeUserSCRAMCredentials,
		kmsg.DescribeQuorum, kmsg.DescribeCluster, kmsg.DescribeProducers, kmsg.DescribeTransactions,
		kmsg.ListTransactions, kmsg.ConsumerGroupDescribe, kmsg.GetTelemetrySubscriptions, kmsg.PushTelemetry,
		kmsg.ListConfigResources, kmsg.DescribeTopicPartitions, kmsg.ShareGroupDescribe, kmsg.StreamsGroupDescribe,
		kmsg.DescribeShareGroupOffsets,
	}, kmsg.Key(key))
}

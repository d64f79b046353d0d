// Package scan looks at a Kafka cluster once, without any Kubernetes, and gathers what an audit is made from. It is a shell
// around pkg/kafka: what topics are is pkg/audit's to say. Nothing is written anywhere.
//
// One look is all there is: nothing is remembered, so there is neither a grace period nor a first sighting, and whatever no
// KafkaTopic declares is an Orphan at once, as long as the look was complete.
package scan

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/topicgate/topicgate/pkg/audit"
	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/naming"
	"github.com/topicgate/topicgate/pkg/topic"
)

// evidenceChunk is how many topics are examined between two words on how far it is.
const evidenceChunk = 10_000

// autoCreateFix is what every operator of plain Kafka has to do.
const autoCreateFix = "write auto.create.topics.enable=false into server.properties of each of these brokers and restart them one by one"

// Options say how to look.
type Options struct {
	Client *kafka.Client
	Now    time.Time
	// Known is what is known without asking: objects, rules, the owner label.
	Known audit.World
	// Reserved says which names are a platform's here.
	Reserved naming.Reservations
	// Progress is told how far it is; io.Discard for nobody.
	Progress io.Writer
}

// Look asks the brokers. Its error is that of the first question that had to be answered; what else could not be found out
// shows as such in the report.
func Look(ctx context.Context, o Options) (audit.World, error) {
	o.tell("asking who the brokers are ...")
	cluster, err := o.Client.DescribeCluster(ctx)
	if err != nil {
		return audit.World{}, fmt.Errorf("describing the cluster: %w", err)
	}
	o.tell("describing all topics ...")
	snapshot, err := o.Client.Observe(ctx, nil)
	if err != nil {
		return audit.World{}, fmt.Errorf("describing topics: %w", err)
	}
	all := slices.Collect(maps.Values(snapshot.Topics))
	o.tell("described %d of %d topics; measuring them ...", len(all), len(all)+len(snapshot.Unknown))
	in := o.input(cluster, snapshot)
	in.Scan.Sizes = o.Client.Sizes(ctx, all)
	o.tell("measured %d of %d topics; listing consumer groups ...", len(in.Scan.Sizes), len(all))
	groups := o.Client.Groups(ctx)
	in.Scan.Groups = &groups
	in.Scan.Evidence = o.examine(ctx, audit.Due(in, time.Hour, len(all)), groups)
	o.tell("asking who may create topics ...")
	creators := o.Client.Creators(ctx)
	if err := ctx.Err(); err != nil {
		return audit.World{}, err
	}
	return o.world(cluster, snapshot, take(in), creators), nil
}

func (o Options) tell(format string, values ...any) {
	_, _ = fmt.Fprintf(o.Progress, format+"\n", values...) // who is told nothing misses nothing
}

func (o Options) input(cluster topic.Cluster, snapshot topic.Snapshot) audit.Input {
	in := audit.Input{
		Now: o.Now, Snapshot: snapshot, Owners: map[string]topic.Ref{}, Ignore: o.Known.Ignore, Reserved: o.Reserved,
		Brokers: audit.BrokersOf(cluster),
	}
	for _, object := range o.Known.Objects {
		if _, seen := snapshot.Topics[object.Topic]; seen {
			in.Owners[object.Topic] = object.Ref
		}
	}
	return in
}

// examine looks for evidence in chunks, to say how far it is.
func (o Options) examine(ctx context.Context, due []topic.Observed, groups topic.Groups) map[string]topic.Evidence {
	found := make(map[string]topic.Evidence, len(due))
	for chunk := range slices.Chunk(due, evidenceChunk) {
		o.tell("examined %d of %d topics that nothing declares ...", len(found), len(due))
		maps.Copy(found, o.Client.Evidence(ctx, chunk, groups))
	}
	return found
}

// take takes the same look twice, as if a while had passed: the first makes candidates, the second confirms them if it was
// complete.
func take(in audit.Input) map[string]topic.Entry {
	before := in
	before.Now = in.Now.Add(-time.Minute)
	in.Previous = audit.Take(before).Entries
	return audit.Take(in).Entries
}

func (o Options) world(cluster topic.Cluster, snapshot topic.Snapshot, entries map[string]topic.Entry, creators topic.Creators) audit.World {
	world := o.Known
	world.Now, world.Entries = o.Now, entries
	for name, entry := range entries { // all were seen just now, which says nothing of since when they have been there
		entry.FirstSeen = time.Time{}
		entries[name] = entry
	}
	world.Cluster.ID, world.Cluster.Brokers, world.Cluster.Creators = cluster.ID, cluster.Brokers, creators
	world.Cluster.AutoCreateFix, world.Cluster.Incomplete = autoCreateFix, ""
	if !snapshot.Complete {
		world.Cluster.Incomplete = "not every topic could be seen"
		if snapshot.Incomplete != "" {
			world.Cluster.Incomplete = snapshot.Incomplete
		}
	}
	return world
}

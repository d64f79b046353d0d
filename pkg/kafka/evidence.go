package kafka

import (
	"cmp"
	"context"
	"slices"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Evidence gathers what the brokers tell of the given topics, by name, so that somebody can find out whose they are. groups
// are those of [Client.Groups]. Each kind of question fails by itself: Records is then negative, LastRecord zero, GroupsKnown
// or PrincipalsKnown false, and the rest is there.
//
// It takes, for each 500 topics, three requests to each broker that leads one of their partitions; for each 1,000 groups and
// each 200 groups with members one to each broker that coordinates one of them; and one for the ACLs.
func (c *Client) Evidence(ctx context.Context, topics []topic.Observed, groups topic.Groups) map[string]topic.Evidence {
	found := make(map[string]topic.Evidence, len(topics))
	if len(topics) == 0 {
		return found
	}
	counts, ends := c.records(ctx, topics)
	last := c.lastRecords(ctx, filled(topics, counts))
	uses, groupsKnown := c.uses(ctx, topics, groups.List, ends)
	principals, principalsKnown := c.named(ctx)
	for _, o := range topics {
		e := topic.Evidence{
			Records:         -1,
			LastRecord:      last[o.Name],
			GroupsKnown:     groups.Known && groupsKnown,
			Groups:          uses[o.Name],
			PrincipalsKnown: principalsKnown,
			Principals:      principals.of(o.Name),
		}
		if count, counted := counts[o.Name]; counted {
			e.Records = count
		}
		found[o.Name] = e
	}
	return found
}

// filled leaves out what holds no record for certain: brokers look through their logs for the latest one.
func filled(topics []topic.Observed, counts map[string]int64) []topic.Observed {
	var out []topic.Observed
	for _, o := range topics {
		if count, counted := counts[o.Name]; !counted || count > 0 {
			out = append(out, o)
		}
	}
	return out
}

// uses joins, by topic, the groups that committed offsets with those whose members read; false when one may be missing.
func (c *Client) uses(
	ctx context.Context, topics []topic.Observed, groups []topic.Group, ends map[partition]int64,
) (map[string][]topic.GroupUse, bool) {
	committed := newProgress(topics, ends)
	commitsKnown := c.addCommits(ctx, groups, committed)
	reading, readersKnown := c.readers(ctx, groups)
	uses := map[string][]topic.GroupUse{}
	for _, o := range topics {
		lags := committed.lags[o.Name]
		for _, name := range reading.topics[o.Name] {
			if _, has := lags[name]; !has {
				uses[o.Name] = append(uses[o.Name], topic.GroupUse{Name: name, Members: reading.members[name], Lag: unknownLag})
			}
		}
		for name, lag := range lags {
			uses[o.Name] = append(uses[o.Name], topic.GroupUse{Name: name, Members: reading.members[name], Lag: lag})
		}
		slices.SortFunc(uses[o.Name], func(a, b topic.GroupUse) int { return cmp.Compare(a.Name, b.Name) })
	}
	return uses, commitsKnown && readersKnown
}

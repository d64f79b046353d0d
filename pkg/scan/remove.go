package scan

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/topicgate/topicgate/pkg/kafka"
	"github.com/topicgate/topicgate/pkg/topic"
)

// ErrAnotherTopic says that a topic is not there under the ID that it was asked for with, so nothing was deleted and nothing
// ever may be: whatever has the name now is another topic.
var ErrAnotherTopic = errors.New("no such topic")

// errDelete says that the brokers did not delete, in their words.
var errDelete = errors.New("the brokers did not delete it")

// Found is a topic with what speaks against deleting it.
type Found struct {
	topic.Observed
	// Against are clauses such as "it holds 12 records"; what could not be found out speaks against it too.
	Against []string
}

// Find looks a topic up by name and ID. Its error is an [ErrAnotherTopic] when there is none such.
func Find(ctx context.Context, client *kafka.Client, name, id string) (Found, error) {
	snapshot, err := client.Observe(ctx, []string{name})
	if err != nil {
		return Found{}, fmt.Errorf("describing topic %s: %w", name, err)
	}
	seen, there := snapshot.Topics[name]
	switch {
	case snapshot.Unknown[name] != "":
		return Found{}, fmt.Errorf("%w: %s cannot be described: %s", ErrAnotherTopic, name, snapshot.Unknown[name])
	case !there:
		return Found{}, fmt.Errorf("%w: there is no topic %s", ErrAnotherTopic, name)
	case seen.ID != id:
		return Found{}, fmt.Errorf("%w: topic %s has the ID %s, not %s; somebody has created it anew", ErrAnotherTopic, name, seen.ID, id)
	}
	evidence := client.Evidence(ctx, []topic.Observed{seen}, client.Groups(ctx))[name]
	return Found{seen, against(seen, evidence)}, nil
}

// against lists all that speaks against deleting a topic.
func against(seen topic.Observed, evidence topic.Evidence) []string {
	var reasons []string
	switch {
	case evidence.Records < 0:
		reasons = append(reasons, "how many records it holds could not be found out")
	case evidence.Records > 0:
		reasons = append(reasons, fmt.Sprintf("it holds up to %d records", evidence.Records))
	}
	if !evidence.GroupsKnown {
		reasons = append(reasons, "which groups read it could not be found out")
	}
	if len(evidence.Groups) > 0 {
		names := make([]string, len(evidence.Groups))
		for i, group := range evidence.Groups {
			names[i] = fmt.Sprintf("%q", group.Name)
		}
		reasons = append(reasons, "groups read it or left offsets there: "+strings.Join(names, ", "))
	}
	if seen.Internal {
		reasons = append(reasons, "it is Kafka's own")
	}
	return reasons
}

// Remove deletes a topic by its ID.
func Remove(ctx context.Context, client *kafka.Client, found Found) error {
	for _, outcome := range client.Delete(ctx, []topic.Removal{{Name: found.Name, ID: found.ID}}) {
		if outcome.Failure != nil {
			return fmt.Errorf("deleting topic %s: %w: %s: %s", found.Name, errDelete, outcome.Failure.Reason, outcome.Failure.Message)
		}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/test/kube/process"
)

// observeCommand is the child that is the floor of an idle resync: it reads from the brokers what a resync must read, and
// throws it away. It is a process of its own, so that its CPU time is its own.
const observeCommand = "observe"

// describeBatch is how many topics one DescribeConfigs names: as many as the syncer's.
const describeBatch = 500

// runObserver reads all topics and all their configs a number of times, and prints what that used as JSON.
func runObserver(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet(observeCommand, flag.ContinueOnError)
	bootstrap := flags.String("bootstrap", "", "addresses of brokers, parted by commas")
	times := flags.Int("times", 1, "how often")
	if err := flags.Parse(args); err != nil {
		return err
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(*bootstrap, ",")...))
	if err != nil {
		return fmt.Errorf("making a Kafka client: %w", err)
	}
	defer client.Close()
	if err := observe(ctx, client); err != nil { // connections are made, and buffers grown, once
		return err
	}
	before, err := usageOf(os.Getpid())
	if err != nil {
		return err
	}
	for range *times {
		if err := observe(ctx, client); err != nil {
			return err
		}
	}
	after, err := usageOf(os.Getpid())
	if err != nil {
		return err
	}
	used := after.minus(before)
	return json.NewEncoder(out).Encode(observed{CPU: int64(used.cpu) / int64(*times), Bytes: used.bytes / int64(*times)})
}

// observed is what one look at everything used: nanoseconds of CPU, bytes from and to the brokers.
type observed struct{ CPU, Bytes int64 }

func observe(ctx context.Context, client *kgo.Client) error {
	request := kmsg.NewPtrMetadataRequest()
	metadata, err := request.RequestWith(ctx, client)
	if err != nil {
		return fmt.Errorf("asking for metadata: %w", err)
	}
	for batch := range slices.Chunk(metadata.Topics, describeBatch) {
		request := kmsg.NewPtrDescribeConfigsRequest()
		for _, topic := range batch {
			resource := kmsg.NewDescribeConfigsRequestResource()
			resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, *topic.Topic
			request.Resources = append(request.Resources, resource)
		}
		if _, err := request.RequestWith(ctx, client); err != nil {
			return fmt.Errorf("asking for configs: %w", err)
		}
	}
	return nil
}

// bareObservation runs the child.
func bareObservation(ctx context.Context, bootstrap []string, times int) (observed, error) {
	program, err := os.Executable()
	if err != nil {
		return observed{}, fmt.Errorf("finding this program: %w", err)
	}
	var output, complaints strings.Builder
	command := exec.CommandContext(ctx, program, observeCommand, "-bootstrap", strings.Join(bootstrap, ","), "-times", strconv.Itoa(times))
	command.Stdout, command.Stderr = &output, &complaints
	if err := process.Run(command); err != nil {
		return observed{}, fmt.Errorf("observing: %w: %s", err, complaints.String())
	}
	var used observed
	if err := json.Unmarshal([]byte(output.String()), &used); err != nil {
		return observed{}, fmt.Errorf("observing: %w", err)
	}
	return used, nil
}

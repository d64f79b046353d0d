package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/rest"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/test/bench/fixture"
)

// load creates KafkaTopics as fast as the API server takes them, from clients that have a connection each.
type load struct {
	host    string
	clients []*http.Client
	made    atomic.Int64
}

func newLoad(config *rest.Config, clients int) (*load, error) {
	l := &load{host: config.Host}
	for range clients {
		own := rest.CopyConfig(config)
		own.Dial = (&net.Dialer{}).DialContext // client-go shares connections among equal configurations
		made, err := rest.HTTPClientFor(own)
		if err != nil {
			return nil, fmt.Errorf("making a client: %w", err)
		}
		l.clients = append(l.clients, made)
	}
	return l, nil
}

// sample is what was seen in one slot, or in several.
type sample struct {
	creates int
	elapsed time.Duration
	// latencies of single creates; sorted by quantile.
	latencies []time.Duration
	// cpu is the CPU time that the processes used which take part.
	cpu partsCPU
}

func (s *sample) add(other sample) {
	s.creates += other.creates
	s.elapsed += other.elapsed
	s.cpu = s.cpu.plus(other.cpu)
	s.latencies = append(s.latencies, other.latencies...)
}

// perSecond is how many objects were created a second.
func (s *sample) perSecond() float64 { return float64(s.creates) / s.elapsed.Seconds() }

// per1000 is the CPU time that 1,000 creates cost, of what all of them cost.
func (s *sample) per1000(all time.Duration) time.Duration {
	return 1000 * all / time.Duration(max(s.creates, 1))
}

// quantile is the latency below which that share of creates stayed.
func (s *sample) quantile(share float64) time.Duration {
	slices.Sort(s.latencies)
	if len(s.latencies) == 0 {
		return 0
	}
	return s.latencies[min(int(share*float64(len(s.latencies))), len(s.latencies)-1)]
}

// slot creates objects for a while, with the first of the clients. What was begun in time is counted.
func (l *load) slot(ctx context.Context, clients int, length time.Duration, namespace string, withCluster bool) (sample, error) {
	started := time.Now()
	latencies := make([][]time.Duration, clients)
	group, ctx := errgroup.WithContext(ctx)
	for i, client := range l.clients[:clients] {
		group.Go(func() error {
			for time.Since(started) < length {
				begun := time.Now()
				if err := l.create(ctx, client, namespace, withCluster); err != nil {
					return err
				}
				latencies[i] = append(latencies[i], time.Since(begun))
			}
			return nil
		})
	}
	err := group.Wait()
	all := slices.Concat(latencies...)
	return sample{creates: len(all), elapsed: time.Since(started), latencies: all}, err
}

var errCreate = errors.New("the API server does not create")

func (l *load) create(ctx context.Context, client *http.Client, namespace string, withCluster bool) error {
	name := fmt.Sprintf("load-%09d", l.made.Add(1))
	topic := fixture.Topic(namespace, name)
	topic.ObjectMeta = fresh(namespace, name, topic.Labels)
	topic.Kind, topic.APIVersion = "KafkaTopic", v1alpha1.GroupVersion().String()
	if !withCluster {
		topic.Spec.ClusterRef = nil
	}
	body, err := json.Marshal(topic)
	if err != nil {
		return fmt.Errorf("encoding a topic: %w", err)
	}
	url := l.host + "/apis/" + v1alpha1.GroupVersion().String() + "/namespaces/" + namespace + "/kafkatopics"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("creating a topic: %w", err)
	}
	answer, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return fmt.Errorf("creating a topic: %w", err)
	}
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("%w: %s: %s", errCreate, response.Status, answer)
	}
	return nil
}

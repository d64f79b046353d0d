package kafka

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// retries are few because the caller comes back anyway, and one outage shall be one answer soon.
	retries    = 3
	minBackoff = 100 * time.Millisecond
	maxBackoff = time.Second
	// maxRead fits a Metadata answer of some 10,000,000 partitions; at the client's own 100 MiB a big cluster could
	// never be looked at.
	maxRead = 1 << 30
	// parallel bounds how many read requests run at once: enough to hide the round trips, too few to be felt.
	parallel = 4
	// userPrefix begins the principals of all users.
	userPrefix = "User:"
)

// Client speaks to one cluster. It may be used from several goroutines; [Client.Close] ends it.
type Client struct {
	reads  *kgo.Client
	writes *kgo.Client
	// timeout is for the broker's own waiting, in requests that have a field for it.
	timeout time.Duration
	// principal is who the brokers take us for by their default rule; empty when a certificate says it.
	principal string
}

// New makes a client. It connects to nothing yet; its error is an [ErrConfig].
func New(cfg Config) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	opts, err := cfg.options()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	reads, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	writes, err := kgo.NewClient(opts...)
	if err != nil {
		reads.Close()
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return &Client{reads: reads, writes: writes, timeout: cfg.RequestTimeout, principal: cfg.principal()}, nil
}

func (c Config) principal() string {
	if c.SASL == nil {
		return ""
	}
	return userPrefix + c.SASL.Username
}

// Close ends all connections and every call in flight.
func (c *Client) Close() {
	c.reads.Close()
	c.writes.Close()
}

func (c Config) options() ([]kgo.Opt, error) {
	opts := []kgo.Opt{
		kgo.SeedBrokers(c.Bootstrap...),
		kgo.ClientID(c.ClientID),
		kgo.DialTimeout(c.DialTimeout),
		kgo.RequestTimeoutOverhead(c.RequestTimeout),
		kgo.RequestRetries(retries),
		kgo.RetryTimeout(c.RequestTimeout),
		kgo.RetryBackoffFn(backoff),
		kgo.BrokerMaxReadBytes(maxRead),
		kgo.AlwaysRetryEOF(),       // a broker that restarts hangs up just as one that wants another login
		kgo.DisableClientMetrics(), // a quiet client sends nothing that nobody asked for
	}
	if c.TLS != nil {
		opts = append(opts, kgo.DialTLSConfig(c.TLS.Clone()))
	}
	if c.SASL != nil {
		mechanism, err := c.SASL.mechanism()
		if err != nil {
			return nil, err
		}
		opts = append(opts, kgo.SASL(mechanism))
	}
	return opts, nil
}

func backoff(tries int) time.Duration {
	return min(minBackoff<<min(tries-1, 8), maxBackoff)
}

// requester is what answers a request: a whole client, or one broker of it.
type requester interface {
	Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error)
}

// oneBroker retries what a lost idle connection breaks; the client's own handle does not unless it is asked to.
type oneBroker struct{ *kgo.Broker }

func (b oneBroker) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	return b.RetriableRequest(ctx, req)
}

func (c *Client) broker(id int64) requester { return oneBroker{c.reads.Broker(int(id))} }

// ask sends one request and gives the answer in its own type.
func ask[R kmsg.Response](ctx context.Context, to requester, req kmsg.Request) (R, error) {
	var none R
	answer, err := to.Request(ctx, req)
	if err != nil {
		return none, fmt.Errorf("asking Kafka for %s: %w", kmsg.NameForKey(req.Key()), err)
	}
	typed, ok := answer.(R)
	if !ok {
		return none, fmt.Errorf("asking Kafka for %s: %w", kmsg.NameForKey(req.Key()), errAnswer)
	}
	return typed, nil
}

func (c *Client) timeoutMillis() int32 { return int32(c.timeout.Milliseconds()) }

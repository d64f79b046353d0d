// Command promql answers PromQL queries over scraped metrics, with Prometheus' own parser, storage and engine: tests ask it
// whether the queries of dashboard and alerts say anything over what the programs really serve.
//
// It reads a Request as JSON from its standard input and writes an Answer for each query, as a JSON array.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
)

// Request is what was scraped, and what is asked of it.
type Request struct {
	Scrapes []Scrape `json:"scrapes"`
	// Queries are asked as of the last scrape.
	Queries []string `json:"queries"`
}

// Scrape is one answer of one program, in Prometheus' text format.
type Scrape struct {
	Job string `json:"job"`
	// At is in seconds since 1970.
	At   int64  `json:"at"`
	Text string `json:"text"`
}

// Answer is what a query says.
type Answer struct {
	Query string `json:"query"`
	// Error says why it cannot be answered; empty otherwise.
	Error string `json:"error,omitempty"`
	// Series is how many there are in the answer.
	Series int `json:"series"`
	// Silent are those of its selectors that select nothing, without regard to the values of labels they ask for.
	Silent []string `json:"silent,omitempty"`
}

func main() {
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "promql:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) (err error) {
	var request Request
	if err := json.NewDecoder(in).Decode(&request); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	dir, err := os.MkdirTemp("", "promql")
	if err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := tsdb.Open(dir, nil, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		return fmt.Errorf("opening the storage: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var last time.Time
	for _, scrape := range request.Scrapes {
		last = time.Unix(scrape.At, 0)
		if err := load(ctx, db, scrape); err != nil {
			return fmt.Errorf("reading what %s served: %w", scrape.Job, err)
		}
	}
	asker := asker{
		db: db, at: last,
		engine: promql.NewEngine(promql.EngineOpts{MaxSamples: 1_000_000, Timeout: time.Minute}),
	}
	answers := make([]Answer, 0, len(request.Queries))
	for _, query := range request.Queries {
		answers = append(answers, asker.ask(ctx, query))
	}
	return json.NewEncoder(out).Encode(answers)
}

// load puts one scrape into the storage, as Prometheus would.
func load(ctx context.Context, db *tsdb.DB, scrape Scrape) error {
	appender := db.Appender(ctx)
	text := textparse.NewPromParser([]byte(scrape.Text), labels.NewSymbolTable(), false)
	for {
		entry, err := text.Next()
		if errors.Is(err, io.EOF) {
			return appender.Commit()
		}
		if err != nil {
			return err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		_, _, value := text.Series()
		var found labels.Labels
		text.Labels(&found)
		named := labels.NewBuilder(found).Set("job", scrape.Job).Labels()
		if _, err := appender.Append(0, named, scrape.At*1000, value); err != nil {
			return err
		}
	}
}

type asker struct {
	db     *tsdb.DB
	engine *promql.Engine
	at     time.Time
}

func (a asker) ask(ctx context.Context, query string) Answer {
	answer := Answer{Query: query}
	parsed, err := parser.ParseExpr(query)
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	if answer.Series, err = a.count(ctx, query); err != nil {
		answer.Error = err.Error()
		return answer
	}
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		selector, is := node.(*parser.VectorSelector)
		if !is {
			return nil
		}
		if found, err := a.count(ctx, anyValue(selector)); err != nil || found == 0 {
			answer.Silent = append(answer.Silent, selector.String())
		}
		return nil
	})
	return answer
}

// anyValue selects the series of a name that have the labels a selector asks for, with any values.
func anyValue(selector *parser.VectorSelector) string {
	query := selector.Name + "{"
	for _, matcher := range selector.LabelMatchers {
		if matcher.Name != labels.MetricName {
			query += matcher.Name + `!="",`
		}
	}
	return query + "}"
}

func (a asker) count(ctx context.Context, query string) (int, error) {
	prepared, err := a.engine.NewInstantQuery(ctx, a.db, nil, query, a.at)
	if err != nil {
		return 0, err
	}
	defer prepared.Close()
	result := prepared.Exec(ctx)
	if result.Err != nil {
		return 0, result.Err
	}
	switch value := result.Value.(type) {
	case promql.Vector:
		return len(value), nil
	case promql.Matrix:
		return len(value), nil
	default:
		return 1, nil
	}
}

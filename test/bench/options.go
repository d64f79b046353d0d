package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

var errOption = errors.New("wrong option")

// options are the flags and what follows from them.
type options struct {
	quick, write bool
	only         []string
	file, dir    string
	// policy is the file of a ValidatingAdmissionPolicy to be measured beside the webhooks; empty measures none.
	policy string
	sizes
	args []string
}

// sizes say how much is measured.
type sizes struct {
	// handlerTime is how long each handler is played; handlerTopics are the sizes of its cache.
	handlerTime   time.Duration
	handlerTopics []int
	// slot is how long one way of creating is measured before the next has its turn; rounds is how often each has one.
	slot    time.Duration
	rounds  int
	clients []int
	// topics are the sizes of the worlds of topics, small first.
	topics []int
	// window is how long an idle system is watched, interval the time between its resyncs.
	window, interval time.Duration
	// quiet is how long nothing may have been written before a system counts as settled.
	quiet time.Duration
}

func fullSizes() sizes {
	return sizes{
		handlerTime: time.Second, handlerTopics: []int{1_000, 20_000},
		slot: 2 * time.Second, rounds: 3, clients: []int{1, 20, 50, 200},
		topics: []int{1_000, 10_000},
		window: 30 * time.Second, interval: 3 * time.Second, quiet: 4 * time.Second,
	}
}

// quickSizes prove that the program works, and nothing else.
func quickSizes() sizes {
	return sizes{
		handlerTime: 10 * time.Millisecond, handlerTopics: []int{50},
		slot: 300 * time.Millisecond, rounds: 1, clients: []int{4},
		topics: []int{50},
		window: 3 * time.Second, interval: time.Second, quiet: 2 * time.Second,
	}
}

func parse(args []string, log io.Writer) (options, error) {
	o := options{args: args}
	var only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.BoolVar(&o.quick, "quick", false, "measure next to nothing, only to see that everything works; on kfake alone")
	flags.BoolVar(&o.write, "write", false, "write the tables into the file as well, between its markers")
	flags.StringVar(&only, "only", "", "`sections` to run, of handlers,policies,admission,ready,idle; empty runs all")
	flags.StringVar(&o.file, "file", "docs/benchmarks.md", "`file` that -write changes")
	flags.StringVar(&o.dir, "dir", "", "`directory` for data and logs; empty means that of temporary files")
	flags.StringVar(&o.policy, "policy", "", "`file` with a ValidatingAdmissionPolicy and its binding, measured as one more way to judge creates")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%w: %q", errOption, flags.Args())
	}
	o.sizes = fullSizes()
	if o.quick {
		o.sizes = quickSizes()
	}
	if only != "" {
		o.only = strings.Split(only, ",")
	}
	return o, o.checkSections()
}

func (o options) checkSections() error {
	var known []string
	for _, section := range sections() {
		known = append(known, section.name)
	}
	for _, name := range o.only {
		if !slices.Contains(known, name) {
			return fmt.Errorf("%w: -only %s: want some of %s", errOption, name, strings.Join(known, ","))
		}
	}
	return nil
}

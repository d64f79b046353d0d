package kafkatest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ConnectOptions say what Connect worker [StartConnect] starts.
type ConnectOptions struct {
	// Configs, Offsets and Statuses are the worker's storage topics, which it makes; absent = connect-configs, connect-offsets
	// and connect-status, as in Kafka's own example.
	Configs, Offsets, Statuses string
	// Topic is where the connector writes.
	Topic string
	// AutoCreate leaves it to the brokers to make Topic, on the producer's question; otherwise the worker makes it, with
	// two partitions (KIP-158).
	AutoCreate bool
	// Properties are for the worker, such as a login; they override what the harness sets.
	Properties map[string]string
}

func (o ConnectOptions) withDefaults() ConnectOptions {
	for name, field := range map[string]*string{
		"connect-configs": &o.Configs, "connect-offsets": &o.Offsets, "connect-status": &o.Statuses,
	} {
		if *field == "" {
			*field = name
		}
	}
	return o
}

// connectorName is also the beginning of the group IDs of sink connectors; this one is a source.
const connectorName = "lines"

// StartConnect runs a real distributed Connect worker for the length of the test, with a connector that reads the lines
// of a file. It returns once the connector and its task are running. The topic that they write to may take a moment more.
func StartConnect(t testing.TB, bootstrap []string, groupID string, opts ConnectOptions) *App {
	t.Helper()
	opts = opts.withDefaults()
	free, err := freePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	rest := "http://" + address(free[0])
	var lines string
	app := startApp(t, func(dir string) ([]string, error) {
		lines = filepath.Join(dir, "lines.txt")
		if err := os.WriteFile(lines, []byte("one\ntwo\nthree\n"), 0o600); err != nil {
			return nil, fmt.Errorf("writing the connector's file: %w", err)
		}
		config := filepath.Join(dir, "worker.properties")
		if err := os.WriteFile(config, []byte(renderProperties(opts.worker(bootstrap, groupID, rest))), 0o600); err != nil {
			return nil, fmt.Errorf("writing the worker's properties: %w", err)
		}
		return []string{"org.apache.kafka.connect.cli.ConnectDistributed", config}, nil
	})
	connector := opts.connector(lines)
	// Answers are refusals until the worker has its storage topics and has joined its group.
	app.wait(t, func(ctx context.Context) bool {
		return call(ctx, http.MethodPut, rest+"/connectors/"+connectorName+"/config", connector, nil) == nil
	})
	app.wait(t, func(ctx context.Context) bool { return connectorRuns(ctx, rest) })
	return app
}

func (o ConnectOptions) worker(bootstrap []string, groupID, rest string) map[string]string {
	properties := map[string]string{
		"bootstrap.servers":                 strings.Join(bootstrap, ","),
		"group.id":                          groupID,
		"listeners":                         rest,
		"key.converter":                     "org.apache.kafka.connect.storage.StringConverter",
		"value.converter":                   "org.apache.kafka.connect.storage.StringConverter",
		"config.storage.topic":              o.Configs,
		"offset.storage.topic":              o.Offsets,
		"status.storage.topic":              o.Statuses,
		"config.storage.replication.factor": "-1", // the brokers' default; Connect's own is 3
		"offset.storage.replication.factor": "-1",
		"status.storage.replication.factor": "-1",
		"topic.creation.enable":             fmt.Sprint(!o.AutoCreate),
		"offset.flush.interval.ms":          "1000",
		"plugin.discovery":                  "service_load", // reading every class of every jar takes longer than all else
	}
	maps.Copy(properties, o.Properties)
	return properties
}

func (o ConnectOptions) connector(lines string) map[string]string {
	config := map[string]string{
		"connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
		"file":            lines,
		"topic":           o.Topic,
		"tasks.max":       "1",
	}
	if !o.AutoCreate {
		config["topic.creation.default.replication.factor"] = "-1"
		config["topic.creation.default.partitions"] = "2"
	}
	return config
}

func connectorRuns(ctx context.Context, rest string) bool {
	type state struct {
		State string `json:"state"`
	}
	var status struct {
		Connector state   `json:"connector"`
		Tasks     []state `json:"tasks"`
	}
	err := call(ctx, http.MethodGet, rest+"/connectors/"+connectorName+"/status", nil, &status)
	return err == nil && status.Connector.State == "RUNNING" && len(status.Tasks) == 1 && status.Tasks[0].State == "RUNNING"
}

// call asks Connect's REST interface; any answer but success is an error.
func call(ctx context.Context, method, url string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("calling Connect: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("calling Connect: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("calling Connect: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%w: Connect answered %s", errApp, response.Status)
	}
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("reading Connect's answer: %w", err)
	}
	return nil
}

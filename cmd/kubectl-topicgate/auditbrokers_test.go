package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/topicgate/topicgate/pkg/report"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
	"github.com/topicgate/topicgate/test/wait"
)

func audited(t *testing.T, args ...string) (report.AuditCluster, map[string]report.AuditTopic) {
	t.Helper()
	got := invoke(t, "", append([]string{"audit", "-o", "json", "--show-ignored"}, args...)...)
	require.Zero(t, got.code, got.stderr)
	var a report.AuditReport
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &a))
	require.Len(t, a.Clusters, 1)
	topics := map[string]report.AuditTopic{}
	for _, found := range a.Clusters[0].Topics {
		topics[found.Name] = found
	}
	return a.Clusters[0], topics
}

// TestStraightAtARealKafka tells one story: a broker makes topics by itself; the audit names them and prints what would remove
// those that nobody uses; those commands remove exactly these.
func TestStraightAtARealKafka(t *testing.T) {
	cluster := kafkatest.ForTest(t, kafkatest.Options{Properties: map[string]string{"auto.create.topics.enable": "true", "num.partitions": "2"}})
	bootstrap := cluster.Bootstrap()
	at := "--bootstrap=" + strings.Join(bootstrap, ",")
	for _, name := range []string{"ordres", "written", "read", "also-empty"} {
		kafkatest.AutoCreate(t, bootstrap, name)
		wait.For(t, 10*time.Second, func(context.Context) error {
			if _, topics := audited(t, at); topics[name].TopicID == "" {
				return fmt.Errorf("%s is not seen yet", name)
			}
			return nil
		})
	}
	kafkatest.Produce(t, bootstrap, "written", "a", "b", "c")
	client, err := kgo.NewClient(kgo.SeedBrokers(bootstrap...))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	admin := kadm.NewClient(client)
	offsets := kadm.Offsets{}
	offsets.AddOffset("read", 0, 0, -1)
	require.NoError(t, admin.CommitAllOffsets(t.Context(), "billing\x1b[31m", offsets))
	_, err = admin.CreateTopic(t.Context(), 3, 1, map[string]*string{"retention.ms": new("1000")}, "made")
	require.NoError(t, err)
	declared := write(t, t.TempDir(), "carts.yaml", topicYAML("written", "{partitions: 2, replicas: 1}"))

	t.Run("every topic that nothing declares is an orphan at once, with what speaks for it", func(t *testing.T) {
		found, topics := audited(t, at)
		assert.Equal(t, cluster.ClusterID(), found.ID)
		assert.Empty(t, found.Incomplete)
		for _, name := range []string{"ordres", "written", "read"} {
			assert.Equal(t, "Orphan", topics[name].Class, name)
			assert.Equal(t, "AutoCreated", topics[name].Origin.Kind, name)
			assert.Empty(t, topics[name].FirstSeen, "seen just now, which says nothing")
			assert.NotContains(t, strings.Join(topics[name].Reasons, "; "), "was first seen less than")
		}
		assert.Contains(t, topics["ordres"].Reasons, "when it was first seen is not known")
		assert.Equal(t, "Plain", topics["made"].Origin.Kind)
		assert.Equal(t, map[string]string{"retention.ms": "1000"}, topics["made"].Config)
		assert.Equal(t, int64(4), *topics["written"].Records, "three, rounded up")
		assert.Positive(t, *topics["written"].Bytes)
		assert.Equal(t, time.Now().UTC().Format(time.DateOnly), topics["written"].LastWrite)
		assert.Equal(t, int64(0), *topics["ordres"].Records)
		assert.Empty(t, topics["ordres"].Groups)
		require.Len(t, topics["read"].Groups, 1)
		assert.Equal(t, "billing\x1b[31m", topics["read"].Groups[0].Name)
		assert.Equal(t, "Internal", topics["__consumer_offsets"].Class)
	})
	t.Run("what a file declares is managed", func(t *testing.T) {
		found, topics := audited(t, at, "-f", declared)
		assert.NotContains(t, topics, "written")
		assert.Equal(t, int64(1), found.Counts.Managed)
	})
	t.Run("a pipeline fails on what it names", func(t *testing.T) {
		assert.Equal(t, exitDenied, invoke(t, "", "audit", at, "--fail-on", "orphan").code)
		assert.Zero(t, invoke(t, "", "audit", at, "--fail-on", "Missing").code)
	})
	t.Run("no format prints what a group's name would do to a terminal", func(t *testing.T) {
		for _, format := range report.AuditFormats() {
			got := invoke(t, "", "audit", at, "-o", format)
			require.Zero(t, got.code, got.stderr)
			assert.NotContains(t, got.stdout, "\x1b")
		}
	})
	t.Run("the commands remove what is empty and unread, and nothing else", func(t *testing.T) {
		got := invoke(t, "", "audit", at, "-o", "commands")
		require.Zero(t, got.code, got.stderr)
		commands := regexp.MustCompile(`(?m)^kubectl topicgate (.*)$`).FindAllStringSubmatch(got.stdout, -1)
		require.Len(t, commands, 2, got.stdout)
		for _, command := range commands {
			deleted := invoke(t, "", append(strings.Fields(command[1])[:1], append([]string{"--yes"}, strings.Fields(command[1])[1:]...)...)...)
			require.Zero(t, deleted.code, deleted)
			assert.Contains(t, deleted.stdout, "deleted topic ")
		}
		gone(t, at, "ordres", "also-empty")
		_, topics := audited(t, at)
		assert.Contains(t, topics, "read")
		assert.Contains(t, topics, "written")
	})
	t.Run("deleting one topic", func(t *testing.T) { deletions(t, at, bootstrap) })
}

// gone waits until topics are not shown any more: brokers do so a moment later.
func gone(t *testing.T, at string, names ...string) {
	t.Helper()
	wait.For(t, 10*time.Second, func(context.Context) error {
		_, topics := audited(t, at)
		for _, name := range names {
			if _, there := topics[name]; there {
				return fmt.Errorf("%s is still there", name)
			}
		}
		return nil
	})
}

func deletions(t *testing.T, at string, bootstrap []string) {
	kafkatest.AutoCreate(t, bootstrap, "victim")
	var topics map[string]report.AuditTopic
	wait.For(t, 10*time.Second, func(context.Context) error { // a broker tells of a new topic a moment later
		if _, topics = audited(t, at); topics["victim"].TopicID == "" {
			return errors.New("victim is not seen yet")
		}
		return nil
	})
	victim, written, read := topics["victim"].TopicID, topics["written"].TopicID, topics["read"].TopicID
	for name, c := range map[string]struct {
		stdin string
		args  []string
		code  int
		says  string
	}{
		"with the ID of another topic":  {"", []string{"victim", "--topic-id=" + written, "--yes", "--force"}, exitDenied, "refused: no such topic: topic victim has the ID " + victim},
		"that is not there":             {"", []string{"nowhere", "--topic-id=" + victim, "--yes"}, exitDenied, "refused: no such topic: there is no topic nowhere"},
		"that holds records":            {"", []string{"written", "--topic-id=" + written, "--yes"}, exitDenied, "refused: it holds up to 3 records"},
		"that a group has offsets on":   {"", []string{"read", "--topic-id=" + read, "--yes"}, exitDenied, `refused: groups read it or left offsets there: "billing\x1b[31m"`},
		"whose name is reserved":        {"", []string{"__consumer_offsets", "--topic-id=" + victim, "--yes", "--force"}, exitDenied, `refused: names like "__consumer_offsets" belong to Apache Kafka's brokers`},
		"without the name being typed":  {"", []string{"victim", "--topic-id=" + victim}, exitDenied, "that is not the topic's name; nothing was deleted"},
		"with another name being typed": {"written\n", []string{"victim", "--topic-id=" + victim}, exitDenied, "that is not the topic's name; nothing was deleted"},
		"without an ID":                 {"", []string{"victim"}, exitUsage, "bad flag: --topic-id=: want the topic's ID"},
	} {
		t.Run(name, func(t *testing.T) {
			got := invoke(t, c.stdin, append([]string{"delete-topic", at}, c.args...)...)
			assert.Equal(t, c.code, got.code, got)
			assert.Contains(t, got.stderr, c.says)
			assert.Empty(t, got.stdout)
		})
	}
	_, topics = audited(t, at)
	assert.Contains(t, topics, "victim")
	typed := invoke(t, "victim\n", "delete-topic", at, "victim", "--topic-id="+victim)
	assert.Equal(t, 0, typed.code, typed)
	forced := invoke(t, "", "delete-topic", at, "written", "--topic-id="+written, "--force", "--yes")
	assert.Equal(t, 0, forced.code, forced)
	assert.Contains(t, forced.stderr, "warning: it holds up to 3 records")
	gone(t, at, "victim", "written")
	_, topics = audited(t, at)
	assert.Contains(t, topics, "read")
}

// TestWhoMayNotSeeEverythingNamesNoOrphan logs in with a password from a file.
func TestWhoMayNotSeeEverythingNamesNoOrphan(t *testing.T) {
	users := []kafkatest.User{{Name: "auditor", Password: "auditor-secret"}}
	cluster := kafkatest.ForTest(t, kafkatest.Options{ScramUsers: users, ACLs: true})
	kafkatest.AutoCreate(t, cluster.Internal(), "hidden")
	password := write(t, t.TempDir(), "password", "auditor-secret\n")
	login := []string{"--bootstrap", cluster.Bootstrap()[0], "--sasl-mechanism", "SCRAM-SHA-256", "--username", "auditor"}
	found, _ := audited(t, append(login, "--password-file", password)...)
	assert.NotEmpty(t, found.Incomplete)
	assert.Zero(t, found.Counts.Classes["Orphan"])

	t.Setenv(loginVariable, "mistyped-pass")
	got := invoke(t, "", append([]string{"audit"}, login...)...)
	assert.Equal(t, exitUnreachable, got.code, got)
	assert.NotContains(t, got.stdout+got.stderr, "mistyped-pass")
	t.Setenv(loginVariable, "auditor-secret")
	assert.Zero(t, invoke(t, "", append([]string{"audit"}, login...)...).code)
}

// TestThousandsOfTopics are kfake's: it says how long our own part takes.
func TestThousandsOfTopics(t *testing.T) {
	const topics = 10_000
	names := make([]string, topics)
	for i := range names {
		names[i] = fmt.Sprintf("topic-%05d", i)
	}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(3), kfake.SeedTopics(1, names...))
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	file := filepath.Join(t.TempDir(), "audit.html")
	began := time.Now()
	got := invoke(t, "", "audit", "--bootstrap", cluster.ListenAddrs()[0], "-o", "csv", "-o", "html="+file)
	require.Zero(t, got.code, got.stderr)
	t.Logf("%d topics took %s", topics, time.Since(began).Round(time.Millisecond))
	assert.Equal(t, topics, strings.Count(got.stdout, "\r\ntopic,"))
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Less(t, len(page), 12<<20, "a page that can be sent")
}

func TestNobodyAnswers(t *testing.T) {
	got := invoke(t, "", "audit", "--bootstrap", "127.0.0.1:1")
	assert.Equal(t, exitUnreachable, got.code)
	assert.Equal(t, "kubectl-topicgate: asking the brokers: the brokers refuse connections\n", got.stderr)
}

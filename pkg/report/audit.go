package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/topicgate/topicgate/pkg/naming"
)

// AuditReport is the reports on clusters, as they are written. What is not known is absent: an empty list, a zero and "false" are
// answers.
type AuditReport struct {
	APIVersion string `json:"apiVersion"`
	// Kind is AuditReport.
	Kind string `json:"kind"`
	// Taken is when the report was made (RFC 3339).
	Taken string `json:"taken"`
	// Selection says in words what was asked for; empty when everything was.
	Selection []string       `json:"selection,omitempty"`
	Clusters  []AuditCluster `json:"clusters"`
}

// AuditCluster is the report on one cluster.
type AuditCluster struct {
	// Name is the KafkaCluster's; empty when the brokers were asked without Kubernetes.
	Name string `json:"name,omitempty"`
	// ID is Kafka's own ID of the cluster.
	ID string `json:"id,omitempty"`
	// Incomplete says why not every topic could be seen; empty when all were. Then there may be more orphans than are listed.
	Incomplete string `json:"incomplete,omitempty"`
	// Notes say what else the report does not cover.
	Notes    []string       `json:"notes,omitempty"`
	Counts   AuditCounts    `json:"counts"`
	Ignored  []AuditIgnored `json:"ignored,omitempty"`
	Topics   []AuditTopic   `json:"topics"`
	Findings []AuditFinding `json:"findings"`

	// Connection are the flags that reach the brokers, for the commands that are printed; never a password.
	Connection []string `json:"-"`
	// Reserved are the names that nobody may declare there: no command to delete such a topic is printed.
	Reserved naming.Reservations `json:"-"`
}

// AuditCounts counts all topics on the brokers, whatever was selected.
type AuditCounts struct {
	Total   int64 `json:"total"`
	Managed int64 `json:"managed"`
	// Orphan counts what no KafkaTopic declares: orphans, candidates and released topics.
	Orphan    int64 `json:"orphan"`
	Elsewhere int64 `json:"elsewhere"`
	Ignored   int64 `json:"ignored"`
	Unknown   int64 `json:"unknown"`
	// Classes counts by class all that is not Managed.
	Classes map[string]int64 `json:"classes,omitempty"`
	// OrphanBytes is at most what the orphans hold as far as they were measured; OrphansUnmeasured counts the others.
	OrphanBytes       int64 `json:"orphanBytes"`
	OrphansUnmeasured int64 `json:"orphansUnmeasured"`
}

// AuditIgnored counts topics that are somebody's by nature, for one reason.
type AuditIgnored struct {
	Class  string `json:"class"`
	Why    string `json:"why"`
	Topics int64  `json:"topics"`
}

// AuditTopic is a topic that no KafkaTopic of ours declares.
type AuditTopic struct {
	Name     string       `json:"name"`
	TopicID  string       `json:"topicID,omitempty"`
	Class    string       `json:"class"`
	Baseline bool         `json:"baseline,omitempty"`
	Origin   *AuditOrigin `json:"origin,omitempty"`
	// Object is the KafkaTopic that declared it last, or the object of another product that declares it now.
	Object     *AuditObject `json:"object,omitempty"`
	Partitions *int64       `json:"partitions,omitempty"`
	Replicas   *int64       `json:"replicas,omitempty"`
	// Bytes and Records are upper bounds, rounded up to a power of two.
	Bytes   *int64 `json:"bytes,omitempty"`
	Records *int64 `json:"records,omitempty"`
	// OldestRecord and LastWrite are days (UTC), FirstSeen is a time (RFC 3339): Kafka does not tell when a topic was created.
	OldestRecord string `json:"oldestRecord,omitempty"`
	LastWrite    string `json:"lastWrite,omitempty"`
	FirstSeen    string `json:"firstSeen,omitempty"`
	// Examined is the day (UTC) on which records, groups and principals were looked for; Unseen lists those that could not be
	// found out.
	Examined string   `json:"examined,omitempty"`
	Unseen   []string `json:"unseen,omitempty"`
	// Groups and Principals are the first ten.
	Groups         []AuditGroup      `json:"groups,omitzero"`
	Principals     []string          `json:"principals,omitzero"`
	Config         map[string]string `json:"config,omitempty"`
	CandidateOwner *AuditOwner       `json:"candidateOwner,omitempty"`
	// Recommendation is Adopt, Ignore, Investigate or DeleteCandidate.
	Recommendation string   `json:"recommendation,omitempty"`
	Reasons        []string `json:"reasons,omitempty"`
}

// AuditOrigin says where a topic comes from, as far as can be told.
type AuditOrigin struct {
	Kind     string `json:"kind"`
	Of       string `json:"of,omitempty"`
	Evidence string `json:"evidence,omitempty"`
}

// AuditObject names a Kubernetes object.
type AuditObject struct {
	Group     string `json:"group,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// String is namespace/name, or the name of what has no namespace.
func (o *AuditObject) String() string {
	switch {
	case o == nil:
		return ""
	case o.Namespace == "":
		return o.Name
	default:
		return o.Namespace + "/" + o.Name
	}
}

// AuditGroup is a consumer group that reads a topic, or left offsets there.
type AuditGroup struct {
	Name string `json:"name"`
	// Active says that it has members.
	Active bool `json:"active"`
	// Lag is at most how many records it has not read.
	Lag *int64 `json:"lag,omitempty"`
}

// AuditOwner is a guess who could know more of a topic.
type AuditOwner struct {
	Name     string `json:"name"`
	Evidence string `json:"evidence,omitempty"`
}

// AuditFinding is one thing that somebody should know.
type AuditFinding struct {
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Topic    string `json:"topic,omitempty"`
	TopicID  string `json:"topicID,omitempty"`
	// Object is the KafkaTopic or TopicPolicyException that it is about.
	Object *AuditObject `json:"object,omitempty"`
	// Subject is the broker, principal or rule that it is about.
	Subject  string `json:"subject,omitempty"`
	Message  string `json:"message"`
	Fix      string `json:"fix,omitempty"`
	Baseline bool   `json:"baseline,omitempty"`
}

// AuditFormats are the formats of WriteAudit.
func AuditFormats() []string {
	return []string{"table", "wide", "json", "yaml", "csv", "markdown", "html", "commands"}
}

// WriteAudit writes in one of the AuditFormats. Its error is the writer's, or says that there is no such format.
func WriteAudit(w io.Writer, format string, a AuditReport) error {
	writers := map[string]func(io.Writer, AuditReport) error{
		"table": writeAuditTable, "wide": writeAuditWide, "json": dataWriter("json"), "yaml": dataWriter("yaml"), "csv": writeAuditCSV,
		"markdown": writeAuditMarkdown, "html": writeAuditHTML, "commands": writeAuditCommands,
	}
	write, known := writers[format]
	if !known {
		return fmt.Errorf("writing %q: %w; want one of %s", format, errFormat, strings.Join(AuditFormats(), ", "))
	}
	return write(w, a)
}

func dataWriter(format string) func(io.Writer, AuditReport) error {
	return func(w io.Writer, a AuditReport) error { return writeData(w, format, a) }
}

// Found says whether any finding is of one of the given kinds or severities.
func (a AuditReport) Found(words []string) bool {
	return slices.ContainsFunc(a.Clusters, func(c AuditCluster) bool {
		return slices.ContainsFunc(c.Findings, func(f AuditFinding) bool {
			return slices.Contains(words, f.Kind) || slices.Contains(words, f.Severity)
		})
	})
}

package report

import (
	"fmt"
	"io"
	"strings"
)

// writeAuditCommands prints, for a person, what would remove the topics that brokers seem to have made by themselves and
// nobody ever used. Whatever is not known keeps a topic out, and each command asks the brokers again.
func writeAuditCommands(w io.Writer, a AuditReport) error {
	var out strings.Builder
	out.WriteString(`# Topics that look auto-created, hold nothing and are read by nobody. Nothing was deleted. Read each, then run what you want;
# each command asks the brokers again, refuses if anything has changed, and wants the name typed unless --yes is given.
`)
	for _, c := range a.Clusters {
		c.commands(&out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (c AuditCluster) commands(out *strings.Builder) {
	out.WriteString("\n# " + c.title() + "\n")
	if c.Incomplete != "" {
		out.WriteString("# INCOMPLETE: " + clean(c.Incomplete) + "\n")
	}
	if c.Name != "" {
		out.WriteString("# Add how to log in to the brokers, where they ask for it: --tls, --ca-file, --sasl-mechanism, --username, --password-file …\n")
	}
	n := 0
	for _, t := range c.Topics {
		if !c.removable(t) {
			continue
		}
		n++
		out.WriteString("# " + strings.Join(t.why(), "; ") + "\n")
		words := append([]string{"kubectl", "topicgate", "delete-topic", "--topic-id=" + t.TopicID}, c.Connection...)
		out.WriteString(shell(append(words, "--", t.Name)) + "\n") // a name may begin like a flag
	}
	fmt.Fprintf(out, "# %s\n", count(n, "topic"))
}

// removable says that nothing speaks for a topic. What is not known speaks for it.
func (c AuditCluster) removable(t AuditTopic) bool {
	_, reserved := c.Reserved.Match(t.Name)
	return t.Class == "Orphan" && t.Origin != nil && t.Origin.Kind == "AutoCreated" && t.TopicID != "" && !reserved &&
		t.Records != nil && *t.Records == 0 && t.Groups != nil && len(t.Groups) == 0 && !t.unseen("groups")
}

func (t AuditTopic) why() []string {
	reasons := []string{"holds no records", "no group reads it or left offsets there", "first seen " + t.seen()}
	if t.Origin.Evidence != "" {
		reasons = append(reasons, t.Origin.Evidence)
	}
	return cleanAll(append(reasons, t.Reasons...))
}

// shell writes a command for a POSIX shell.
func shell(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = clean(word)
		if word == "" || strings.ContainsFunc(word, special) {
			quoted[i] = "'" + strings.ReplaceAll(quoted[i], "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

// special says that a shell could take a character for something else than itself.
func special(r rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+", r)
}

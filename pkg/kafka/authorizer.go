package kafka

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// authorization is what the brokers say of how they authorize.
type authorization struct {
	// asked and told count the brokers that could be asked, and those that named their authorizer.
	asked, told int
	// foreign are the authorizers that are not Kafka's own, sorted.
	foreign []string
	// everyone is allow.everyone.if.no.acl.found; hidden says that it is set and that its value is not shown.
	everyone, hidden bool
	// superUsers are those that the brokers show, sorted; Apache Kafka hides them.
	superUsers []string
}

// authorization asks every broker. Of what its brokers do not know by name, as they do not know the settings of an
// authorizer, Apache Kafka 3.9 and 4.4 show that it is set and hide its value; what is not set is not there at all.
func (c *Client) authorization(ctx context.Context) (authorization, error) {
	_, facts, err := c.cluster(ctx)
	if err != nil {
		return authorization{}, err
	}
	var says authorization
	for _, f := range facts {
		if f.asked {
			says.add(f)
		}
	}
	for _, list := range []*[]string{&says.foreign, &says.superUsers} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return says, nil
}

func (a *authorization) add(f brokerFacts) {
	a.asked++
	class, told := f.configs[keyAuthorizer]
	if !told || class.Value == nil {
		return
	}
	a.told++
	if !ownAuthorizer(*class.Value) {
		a.foreign = append(a.foreign, *class.Value)
	}
	everyone, set := f.configs[keyAllowEveryone]
	a.hidden = a.hidden || set && everyone.Value == nil
	a.everyone = a.everyone || f.isTrue(keyAllowEveryone)
	a.superUsers = append(a.superUsers, superUsersOf(f.configs[keySuperUsers])...)
}

// ownAuthorizer says whether the ACLs in the brokers' own store are what decides, or nothing does.
func ownAuthorizer(class string) bool {
	return slices.Contains([]string{
		"", "org.apache.kafka.metadata.authorizer.StandardAuthorizer", "kafka.security.authorizer.AclAuthorizer",
	}, class)
}

func superUsersOf(config kmsg.DescribeConfigsResponseResourceConfig) []string {
	var users []string
	for user := range strings.SplitSeq(textOf(config.Value), ";") {
		if user = strings.TrimSpace(user); user != "" {
			users = append(users, user)
		}
	}
	return users
}

func (f brokerFacts) isTrue(key string) bool {
	value := f.truth(key)
	return value != nil && *value
}

// unclear says why the ACLs may not be what decides; empty when they are.
func (a authorization) unclear() string {
	switch {
	case len(a.foreign) > 0:
		return fmt.Sprintf("the brokers authorize with %s, which need not go by their ACLs", strings.Join(a.foreign, ", "))
	case a.told == 0:
		return "the brokers do not say what authorizes (on Apache Kafka that takes DESCRIBE_CONFIGS on the cluster), so that their ACLs may not be what decides"
	default:
		return ""
	}
}

// gaps are what the brokers' ACLs do not tell, each in a few words.
func (a authorization) gaps() []string {
	gaps := []string{"super users may too, and are never listed"}
	if len(a.superUsers) > 0 {
		gaps[0] += ": " + strings.Join(a.superUsers, ", ")
	}
	gaps = append(gaps, "ACLs that deny are not subtracted")
	if silent := a.asked - a.told; silent > 0 {
		gaps = append(gaps, fmt.Sprintf("%d of %d brokers did not say what authorizes", silent, a.asked))
	}
	return gaps
}

// leftOpen says what allow.everyone.if.no.acl.found means, empty where it is not set. open says that some name is left to it:
// one ACL on the cluster and one on all topics, whatever they are about, leave it none.
func (a authorization) leftOpen(open bool) string {
	const everyone = "any client may create topics that no ACL mentions"
	switch {
	case !a.everyone && !a.hidden:
		return ""
	case !open:
		return keyAllowEveryone + " is set and opens nothing: ACLs mention the cluster, and all topics"
	case a.everyone:
		return keyAllowEveryone + " is true: " + everyone
	default:
		return keyAllowEveryone + " is set and the brokers hide its value: if it is true, " + everyone
	}
}

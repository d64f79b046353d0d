package kafka

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/topicgate/topicgate/pkg/topic"
)

// Creators says who may create topics, as far as the ACLs in the brokers' own store tell it to a principal with DESCRIBE and
// DESCRIBE_CONFIGS on the cluster. What they do not tell is in the Message; where they may not be what decides, the Answer is
// unknown, whatever they list.
//
// It takes two requests, and two more to each broker.
func (c *Client) Creators(ctx context.Context) topic.Creators {
	var found grants
	for _, kind := range []kmsg.ACLResourceType{kmsg.ACLResourceTypeCluster, kmsg.ACLResourceTypeTopic} {
		resources, err := c.acls(ctx, kind, kmsg.ACLPermissionTypeAny)
		if errors.Is(err, kerr.SecurityDisabled) {
			return topic.Creators{Answer: topic.CreatorsEveryone, Message: "the brokers have no authorizer: any client may create topics"}
		}
		if err != nil {
			return topic.Creators{Answer: topic.CreatorsUnknown, Message: "the ACLs cannot be read: " + whyNoACLs(err)}
		}
		found.add(resources, c.principal)
	}
	slices.SortFunc(found.list, compareGrants)
	says, err := c.authorization(ctx)
	if err != nil {
		return topic.Creators{
			Answer: topic.CreatorsUnknown, Message: "what authorizes cannot be told: " + Classify(err).Message, Grants: found.list,
		}
	}
	return found.judge(says, c.principal)
}

func whyNoACLs(err error) string {
	if errors.Is(err, kerr.ClusterAuthorizationFailed) {
		return "the syncer's principal lacks DESCRIBE on the cluster"
	}
	return Classify(err).Message
}

// grants are the ACLs that let somebody create topics.
type grants struct {
	list []topic.Grant
	// onCluster and onAll say that some ACL, whatever it is about, names the cluster, or all topics. Together they leave
	// nothing to allow.everyone.if.no.acl.found.
	onCluster, onAll bool
}

func (g *grants) add(resources []kmsg.DescribeACLsResponseResource, ours string) {
	for _, resource := range resources {
		cluster := resource.ResourceType == kmsg.ACLResourceTypeCluster
		g.onCluster = g.onCluster || cluster
		g.onAll = g.onAll || !cluster && resource.ResourceName == anyName
		for _, acl := range resource.ACLs {
			if creates(acl) && (ours == "" || acl.Principal != ours) {
				g.list = append(g.list, grantOf(resource, acl))
			}
		}
	}
}

// creates is about the entries themselves: Kafka, asked for those on CREATE, leaves out those on ALL, which include it.
func creates(acl kmsg.DescribeACLsResponseResourceACL) bool {
	return acl.PermissionType == kmsg.ACLPermissionTypeAllow &&
		(acl.Operation == kmsg.ACLOperationCreate || acl.Operation == kmsg.ACLOperationAll)
}

func grantOf(resource kmsg.DescribeACLsResponseResource, acl kmsg.DescribeACLsResponseResourceACL) topic.Grant {
	grant := topic.Grant{Principal: acl.Principal, Operation: "Create", Cluster: resource.ResourceType == kmsg.ACLResourceTypeCluster}
	if acl.Operation == kmsg.ACLOperationAll {
		grant.Operation = "All"
	}
	if acl.Host != "*" {
		grant.Host = acl.Host
	}
	if !grant.Cluster {
		grant.Pattern = resource.ResourceName
		grant.Prefixed = resource.ResourcePatternType == kmsg.ACLResourcePatternTypePrefixed
	}
	return grant
}

func compareGrants(a, b topic.Grant) int {
	return cmp.Or(
		cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Pattern, b.Pattern), cmp.Compare(a.Operation, b.Operation),
		cmp.Compare(a.Host, b.Host), cmp.Compare(strconv.FormatBool(a.Prefixed), strconv.FormatBool(b.Prefixed)),
	)
}

func (g *grants) judge(says authorization, ours string) topic.Creators {
	if why := says.unclear(); why != "" {
		return topic.Creators{Answer: topic.CreatorsUnknown, Message: why, Grants: g.list}
	}
	gaps := says.gaps()
	if ours == "" {
		gaps = append(gaps, "the syncer's own principal is the brokers' to say, so that it may be among them")
	}
	answer := topic.CreatorsListed
	open := !g.onCluster || !g.onAll
	if open && says.everyone {
		answer = topic.CreatorsEveryone
	}
	if note := says.leftOpen(open); note != "" {
		gaps = append([]string{note}, gaps...)
	}
	return topic.Creators{Answer: answer, Message: strings.Join(gaps, "; "), Grants: g.list}
}

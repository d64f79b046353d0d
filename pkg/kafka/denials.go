package kafka

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// denials says why a right on all topics may not be one on each: an ACL that denies it on some. Empty when there is
// none, or when the ACLs cannot be read (no authorizer, another store than the brokers', no DESCRIBE on the cluster).
func (c *Client) denials(ctx context.Context) string {
	resources, err := c.acls(ctx, kmsg.ACLResourceTypeTopic, kmsg.ACLPermissionTypeDeny)
	if err != nil {
		return ""
	}
	for _, resource := range resources {
		if resource.ResourceName == anyName { // then the random name would have been denied too
			continue
		}
		if slices.ContainsFunc(resource.ACLs, c.hides) {
			return "an ACL denies the syncer's principal, as far as that can be told, to describe some topics"
		}
	}
	return ""
}

// hides says whether an ACL can keep topics from us. Who we are by a certificate is the brokers' to say, so then any
// principal could be ours.
func (c *Client) hides(acl kmsg.DescribeACLsResponseResourceACL) bool {
	ours := c.principal == "" || acl.Principal == c.principal || acl.Principal == userPrefix+"*"
	return ours && (acl.Operation == kmsg.ACLOperationDescribe || acl.Operation == kmsg.ACLOperationAll)
}

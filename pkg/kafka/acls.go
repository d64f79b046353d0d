package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// anyName is the pattern that covers all resources of a type.
const anyName = "*"

// acls reads the brokers' own store: every entry about resources of one type, of any principal. It takes DESCRIBE on the
// cluster. Its error is Kafka's own where Kafka answered one; [kerr.SecurityDisabled] says that there is no authorizer.
func (c *Client) acls(
	ctx context.Context, kind kmsg.ACLResourceType, permission kmsg.ACLPermissionType,
) ([]kmsg.DescribeACLsResponseResource, error) {
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType = kind
	req.ResourcePatternType = kmsg.ACLResourcePatternTypeAny
	req.Operation = kmsg.ACLOperationAny
	req.PermissionType = permission
	answer, err := ask[*kmsg.DescribeACLsResponse](ctx, c.reads, req)
	if err != nil {
		return nil, err
	}
	return answer.Resources, kerr.ErrorForCode(answer.ErrorCode)
}

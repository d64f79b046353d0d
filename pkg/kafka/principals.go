package kafka

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// named are the principals that ACLs allow something, by the topic name or the beginning of names that they are about.
type named struct{ literal, prefixed map[string][]string }

// named is false when the ACLs cannot be read. Where nothing authorizes, nobody is named.
func (c *Client) named(ctx context.Context) (named, bool) {
	found := named{literal: map[string][]string{}, prefixed: map[string][]string{}}
	resources, err := c.acls(ctx, kmsg.ACLResourceTypeTopic, kmsg.ACLPermissionTypeAllow)
	if errors.Is(err, kerr.SecurityDisabled) {
		return found, true
	}
	if err != nil {
		return found, false
	}
	for _, resource := range resources {
		into := found.literal
		if resource.ResourcePatternType == kmsg.ACLResourcePatternTypePrefixed {
			into = found.prefixed
		} else if resource.ResourceName == anyName {
			continue // who may do something with every topic is nobody in particular
		}
		for _, acl := range resource.ACLs {
			if acl.Principal != c.principal {
				into[resource.ResourceName] = append(into[resource.ResourceName], acl.Principal)
			}
		}
	}
	return found, true
}

// of gives the principals of one topic, sorted. Names are short and ACLs may be many, so prefixes are looked up.
func (n named) of(topicName string) []string {
	distinct := map[string]bool{}
	add := func(principals []string) {
		for _, principal := range principals {
			distinct[principal] = true
		}
	}
	add(n.literal[topicName])
	for end := 1; end <= len(topicName); end++ {
		add(n.prefixed[topicName[:end]])
	}
	return slices.Sorted(maps.Keys(distinct))
}

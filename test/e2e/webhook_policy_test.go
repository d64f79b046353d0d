package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/render"
	"github.com/topicgate/topicgate/pkg/topicconfig"
)

// testPolicy installs the rules as a policy beside the living webhook: the policy's refusal ends a request, with all that it
// found; what it cannot look up is the webhook's to refuse. (Without any webhook: test/vap.)
func testPolicy(t *testing.T, e *Env) {
	policy, err := render.VAP(topicconfig.For("4.4"), "topicgate-static", "Deny")
	require.NoError(t, err)
	e.MustApply(t, string(policy))
	faulty := TopicYAML("shop", "policed", prod, "partitions: 0", "topicName: Claimed_v1", "config: {retention.ms: -2}")
	e.eventuallyRefused(t, faulty, "ValidatingAdmissionPolicy 'topicgate-static'", "breaks 2 rules: * spec.partitions: 0", "* spec.config[retention.ms]")
	e.eventuallyRefused(t, TopicYAML("shop", "policed", prod, "topicName: Claimed_v1"), "the topic belongs to shop/claimed")
	e.quietly(t, TopicYAML("shop", "policed", prod, "partitions: 3"))

	_, stderr, code := e.Kubectl(t, "delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", "topicgate-static")
	require.Zero(t, code, stderr)
	e.eventuallyRefused(t, faulty, "spec.partitions: 0", "the topic belongs to shop/claimed", "spec.config[retention.ms]")
}

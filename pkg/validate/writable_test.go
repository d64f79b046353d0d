package validate_test

import (
	"testing"

	"github.com/topicgate/topicgate/pkg/topic"
)

func TestWritable(t *testing.T) {
	t.Parallel()
	const message, segment = "max.message.bytes", "segment.bytes"
	small := just(topic.WritesTooSmall)
	run(t, map[string]judged{
		"no batch fits":                        {topic: orders().Config(message, "0"), warned: small, says: "nothing can be written"},
		"one byte less than an empty record":   {topic: orders().Config(message, "67"), warned: small},
		"an empty record fits":                 {topic: orders().Config(message, "68")},
		"a segment smaller than its batches":   {topic: orders().Config(segment, "1048576"), warned: small, says: "smaller than max.message.bytes (1048588)"},
		"batches larger than the segment":      {topic: orders().Config(message, "1073741825"), warned: small},
		"a small segment with smaller batches": {topic: orders().Config(segment, "1048576").Config(message, "1048576")},
		"a segment that no broker survives":    {topic: orders().Config(segment, "14").Config(message, "10"), refused: just(topic.ConfigValueInvalid), warned: small},
	})
}

package topicconfig

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRecordsOfANewTopicsConfigs(t *testing.T) {
	assert.Zero(t, For("4.4").Records(nil))
	assert.Equal(t, 2, For("4.4").Records(plain("flush.ms", "1", "segment.ms", "5")))
	assert.Equal(t, 3, For("4.1").Records(plain("min.insync.replicas", "1", "segment.ms", "5")))
	assert.Equal(t, 2, For("4.0").Records(plain("min.insync.replicas", "1", "segment.ms", "5")))
}

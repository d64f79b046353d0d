package differential

import (
	"fmt"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

// tieredStorage are the properties of brokers with tiered storage on, which holds nothing: what is only validated never
// comes to it.
func tieredStorage(t *testing.T, version string) map[string]string {
	t.Helper()
	classpath, err := kafkatest.Classpath(version)
	if err != nil {
		kafkatest.SkipOrFail(t, err)
	}
	compiler, err := exec.LookPath("javac")
	if err != nil {
		kafkatest.SkipOrFail(t, fmt.Errorf("%w: javac, in $PATH: %w", kafkatest.ErrMissing, err))
	}
	classes := t.TempDir()
	output, err := exec.CommandContext(t.Context(), compiler, "-cp", classpath, "-d", classes, "testdata/NoTiering.java").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return map[string]string{
		"remote.log.storage.system.enable":                                    "true",
		"remote.log.storage.manager.class.name":                               "NoTiering",
		"remote.log.storage.manager.class.path":                               classes + "/",
		"remote.log.metadata.manager.listener.name":                           "INTERNAL",
		"rlmm.config.remote.log.metadata.topic.replication.factor":            "1",
		"rlmm.config.remote.log.metadata.topic.num.partitions":                "1",
		"rlmm.config.remote.log.metadata.initialization.retry.max.timeout.ms": "60000",
	}
}

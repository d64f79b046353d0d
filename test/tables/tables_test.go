package tables

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/topicgate/topicgate/pkg/topicconfig"
	kafkatest "github.com/topicgate/topicgate/test/kafka"
)

var update = flag.Bool("update", false, "write the tables of all releases instead of comparing them")

func TestTheTablesAreWhatBrokersAnswer(t *testing.T) {
	t.Parallel()
	for _, release := range topicconfig.Releases() {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			if !*update && os.Getenv("EVERY_KAFKA") != "true" && !slices.Contains(kafkatest.Versions(), release) {
				t.Skip("asked in the full run: make differential")
			}
			cluster := kafkatest.ForTest(t, kafkatest.Options{Version: release, HeapMiB: 400})
			answered, err := table(t.Context(), cluster.Internal())
			require.NoError(t, err)
			file := filepath.Join("..", "..", "pkg", "topicconfig", "data", "topic-configs-"+release+".csv")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(answered), 0o644))
				return
			}
			committed, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(committed), answered, "run `make tables` and look at the difference")
		})
	}
}

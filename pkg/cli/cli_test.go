package cli_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/topicgate/topicgate/pkg/cli"
)

func TestALogLineIsOneJSONObject(t *testing.T) {
	var out bytes.Buffer
	log, err := cli.NewLogger("info", &out)
	require.NoError(t, err)
	log.Debug("not wanted")
	log.Info("denied", zap.String("namespace", "shop"), zap.Strings("reasons", []string{"TopicNameIllegal"}))
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line), out.String())
	assert.Equal(t, "denied", line["msg"])
	assert.Equal(t, "info", line["level"])
	assert.Equal(t, "shop", line["namespace"])
}

func TestARefusedFlagNamesItsValueAndWhatIsAllowed(t *testing.T) {
	_, unknownLevel := cli.NewLogger("loud", &bytes.Buffer{})
	for name, refused := range map[string]struct {
		err  error
		want string
	}{
		"an unknown level":              {unknownLevel, "bad flag: --log-level=loud: want debug, info, warn or error"},
		"a port beyond all ports":       {cli.CheckPort("port", 65536), "bad flag: --port=65536: want a port, 1 to 65535"},
		"a port that nobody would find": {cli.CheckPort("port", 0), "bad flag: --port=0: want a port, 1 to 65535"},
		"an address without a port":     {cli.CheckAddress("metrics", "localhost"), "bad flag: --metrics=localhost: want an address such as :8080 or 127.0.0.1:8080, or 0 for none"},
		"an address with a wrong port":  {cli.CheckAddress("metrics", ":http"), "bad flag: --metrics=:http: want an address such as :8080 or 127.0.0.1:8080, or 0 for none"},
		"a duration that is too short":  {cli.CheckAtLeast("delay", 0, time.Second), "bad flag: --delay=0s: want 1s or more"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, refused.err, cli.ErrBadFlag)
			assert.EqualError(t, refused.err, refused.want)
		})
	}
}

func TestWhatAFlagTakes(t *testing.T) {
	require.NoError(t, cli.CheckPort("port", 9443))
	require.NoError(t, cli.CheckAddress("metrics", ":8080"))
	require.NoError(t, cli.CheckAddress("metrics", "0"))
	require.NoError(t, cli.CheckAddress("metrics", "[::1]:0"))
	require.NoError(t, cli.CheckAtLeast("delay", time.Second, time.Second))
	for _, level := range []string{"debug", "info", "warn", "error"} {
		_, err := cli.NewLogger(level, &bytes.Buffer{})
		require.NoError(t, err)
	}
}

package docs_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// TestHealthAsArgoCDReadsIt runs the documented script on statuses as the syncer writes them.
func TestHealthAsArgoCDReadsIt(t *testing.T) {
	t.Parallel()
	script := regexp.MustCompile("(?s)```lua\n(.*?)```").FindStringSubmatch(read(t, "docs", "gitops.md"))
	require.Len(t, script, 2)
	ready := func(status, reason string) string {
		return `{"type":"Ready","status":"` + status + `","reason":"` + reason + `","message":"words"}`
	}
	object := func(generation, observed, conditions string) string {
		return `{"metadata":{"generation":` + generation + `},"status":{"observedGeneration":` + observed + `,"conditions":[` + conditions + `]}}`
	}
	cases := map[string]struct{ object, status, message string }{
		"made a moment ago":          {`{"metadata":{"generation":1}}`, "Progressing", "not looked at yet"},
		"with a status of nothing":   {`{"metadata":{"generation":1},"status":{}}`, "Progressing", "not looked at yet"},
		"synced":                     {object("1", "1", ready("True", "Synced")), "Healthy", "Synced: words"},
		"changed a moment ago":       {object("2", "1", ready("True", "Synced")), "Progressing", "the syncer has not seen this change yet"},
		"a change is under way":      {object("2", "2", ready("False", "Pending")+`,{"type":"Reconciling","status":"True","reason":"Pending","message":"words"}`), "Progressing", "Pending: words"},
		"refused":                    {object("2", "2", ready("False", "PartitionsDecreased")+`,{"type":"Stalled","status":"True","reason":"PartitionsDecreased","message":"below 6"}`), "Degraded", "PartitionsDecreased: below 6"},
		"refused, and Stalled first": {object("2", "2", `{"type":"Stalled","status":"True","reason":"KafkaRefused","message":"its words"},`+ready("False", "KafkaRefused")), "Degraded", "KafkaRefused: its words"},
		"paused with a change due":   {object("2", "2", ready("False", "Paused")), "Suspended", "Paused: words"},
		"a cluster that is observed": {object("1", "1", ready("True", "Paused")), "Suspended", "Paused: words"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var given any
			require.NoError(t, json.Unmarshal([]byte(c.object), &given))
			state := lua.NewState()
			defer state.Close()
			state.SetGlobal("obj", toLua(state, given))
			require.NoError(t, state.DoString(script[1]))
			health, ok := state.Get(-1).(*lua.LTable)
			require.True(t, ok)
			assert.Equal(t, c.status, health.RawGetString("status").String())
			assert.Equal(t, c.message, health.RawGetString("message").String())
		})
	}
}

// toLua is a JSON value as Argo CD hands it to a script.
func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case string:
		return lua.LString(value)
	case float64:
		return lua.LNumber(value)
	case []any:
		table := state.NewTable()
		for _, element := range value {
			table.Append(toLua(state, element))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for key, element := range value {
			table.RawSetString(key, toLua(state, element))
		}
		return table
	default:
		return lua.LNil
	}
}

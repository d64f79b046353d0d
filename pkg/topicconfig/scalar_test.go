package topicconfig

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScalarsKeepTheirValue(t *testing.T) {
	tests := map[string]struct{ token, want string }{
		"a whole number":               {`604800000`, "604800000"},
		"an exponent":                  {`6.048e+08`, "604800000"},
		"a small exponent":             {`5e-1`, "0.5"},
		"beyond 2^53":                  {`9007199254740993`, "9007199254740993"},
		"the largest":                  {`9223372036854775807`, "9223372036854775807"},
		"beyond 64 bits":               {`92233720368547758070`, "92233720368547758070"},
		"negative":                     {`-1`, "-1"},
		"negative zero":                {`-0`, "0"},
		"a fraction of nothing":        {`1.0`, "1"},
		"a fraction":                   {`0.50`, "0.5"},
		"a fraction and an exponent":   {`-1.25E1`, "-12.5"},
		"far below one":                {`1.5e-3`, "0.0015"},
		"zero with an exponent":        {`0e30`, "0"},
		"an exponent not written out":  {`1e300`, "1e300"},
		"an exponent beyond any bound": {`1e99999999999999999999`, "1e99999999999999999999"},
		"true":                         {`true`, "true"},
		"false":                        {` false `, "false"},
		"a string":                     {`"compact,delete"`, "compact,delete"},
		"a string is left as it is":    {`" 7d\n"`, " 7d\n"},
		"a string with an escape":      {`"\u00e9"`, "é"},
		"an empty string":              {`""`, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := FromScalar([]byte(test.token))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestWhatIsNoScalarIsNamed(t *testing.T) {
	_, err := FromScalar([]byte(`null`))
	require.ErrorIs(t, err, ErrNull)
	_, err = FromScalar([]byte(`["compact","delete"]`))
	require.ErrorIs(t, err, ErrNotScalar)
	require.ErrorContains(t, err, `not an array; write a list as "compact,delete"`)
	_, err = FromScalar([]byte(`{"a":1}`))
	require.ErrorIs(t, err, ErrNotScalar)
	require.ErrorContains(t, err, "not an object")
	for _, garbage := range []string{"", " ", "7d", "1 2", `"a`, "nul"} {
		_, err = FromScalar([]byte(garbage))
		require.ErrorIs(t, err, errNotJSON, garbage)
	}
}

func FuzzFromScalar(f *testing.F) {
	for _, seed := range []string{"604800000", "6.048e+08", "-0.0", "1e-40", "1.20e1", `"x"`, "null", "[1]", "{}", "true", "1e41"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, token []byte) {
		text, err := FromScalar(token)
		if err != nil {
			require.Empty(t, text)
			return
		}
		require.True(t, json.Valid(token))
		trimmed := strings.TrimSpace(string(token))
		if trimmed[0] != '-' && (trimmed[0] < '0' || trimmed[0] > '9') || len(trimmed) > 200 {
			return
		}
		if strings.ContainsAny(text, "eE") {
			require.Equal(t, trimmed, text, "a number not written out stays as it is")
			return
		}
		want, wantOK := new(big.Rat).SetString(trimmed)
		got, gotOK := new(big.Rat).SetString(text)
		require.True(t, wantOK && gotOK)
		require.Zero(t, want.Cmp(got), "%s became %s", trimmed, text)
	})
}

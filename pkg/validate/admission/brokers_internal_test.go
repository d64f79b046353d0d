package admission

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/topicgate/topicgate/pkg/naming"
)

func FuzzHasKeyAgreesWithNaming(f *testing.F) {
	f.Add("orders.v1", "orders_v1")
	f.Add("orders_v1", "orders.v1")
	f.Add("a.b", "a.c")
	f.Add("é.", "é_")
	f.Fuzz(func(t *testing.T, name, other string) {
		for _, key := range []string{naming.CollisionKey(other), naming.CollisionKey(name), strings.ToUpper(naming.CollisionKey(name))} {
			assert.Equal(t, naming.CollisionKey(name) == key, hasKey(name, key))
		}
	})
}

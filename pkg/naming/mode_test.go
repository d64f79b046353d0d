package naming

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModes(t *testing.T) {
	const absent = "(absent)"
	tests := map[string]struct {
		mode        Mode
		name, topic string
		field       Field // empty: allowed
		fix         string
	}{
		"strict without topicName":                     {Strict, "orders", absent, "", ""},
		"strict with the same topicName":               {Strict, "orders", "orders", "", ""},
		"strict with another topicName":                {Strict, "orders", "Orders", FieldTopicName, "orders"},
		"strict with an empty topicName":               {Strict, "orders", "", FieldTopicName, "orders"},
		"explicit with any topicName":                  {Explicit, "orders", "Orders_V1", "", ""},
		"explicit without topicName":                   {Explicit, "kt--orders", absent, "", ""},
		"no mode is explicit":                          {"", "orders", "Orders_V1", "", ""},
		"derived without topicName":                    {Derived, "orders", absent, "", ""},
		"derived with the same topicName":              {Derived, "orders", "orders", "", ""},
		"derived and encoded":                          {Derived, "kt--z1ordersz2z1v1", "Orders_V1", "", ""},
		"derived and not encoded":                      {Derived, "orders", "Orders_V1", FieldObjectName, "kt--z1ordersz2z1v1"},
		"derived and encoded but topicName is missing": {Derived, "kt--z1ordersz2z1v1", absent, FieldTopicName, "Orders_V1"},
		"derived with a prefix that encodes nothing":   {Derived, "kt--orders", absent, FieldObjectName, "kt--ktz3z3orders"},
		"an unknown mode":                              {"Loose", "orders", absent, FieldTopicName, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			has := test.topic != absent
			topic := test.topic
			if !has {
				topic = ""
			}
			problem := CheckMode(test.mode, test.name, topic, has)
			if test.field == "" {
				assert.Nil(t, problem)
				return
			}
			require.NotNil(t, problem)
			assert.Equal(t, ReasonMismatch, problem.Reason)
			assert.Equal(t, test.field, problem.Field)
			assert.Equal(t, test.fix, problem.Fix)
			assert.NotEmpty(t, problem.Limit)
			assert.NotEmpty(t, problem.Message)
		})
	}
}

func TestTheTopicsNameIsTheObjectsUnlessGiven(t *testing.T) {
	assert.Equal(t, "orders", TopicName("orders", "", false))
	assert.Equal(t, "Orders", TopicName("orders", "Orders", true))
	assert.Empty(t, TopicName("orders", "", true))
}

package manifest

import (
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strings"

	kjson "sigs.k8s.io/json"
)

var unknownField = regexp.MustCompile(`^unknown field "(.*)"$`)

// Decode reads a document into a type. Unknown fields, fields of another case, duplicate ones and values of a wrong type are
// problems, all with their positions; then nothing may be concluded from what was read.
func Decode[T any](d Document) (*T, []Problem) {
	into := new(T)
	strict, err := kjson.UnmarshalStrict(d.JSON, into)
	var problems []Problem
	for _, wrong := range strict {
		problem := Problem{Position: d.At(""), Text: wrong.Error()}
		if match := unknownField.FindStringSubmatch(wrong.Error()); match != nil {
			problem.Position, problem.Unknown = d.At(match[1]), true
		}
		problems = append(problems, problem)
	}
	if err == nil {
		return into, problems
	}
	at := ""
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		at = mismatch.Field
	}
	return into, append(problems, Problem{Position: d.At(at), Text: wrongType(err)})
}

// wrongType words the error of a value that does not fit in words of YAML instead of Go's.
func wrongType(err error) string {
	mismatch := (*json.UnmarshalTypeError)(nil)
	if !errors.As(err, &mismatch) {
		return err.Error()
	}
	text := "holds " + article(mismatch.Value) + "; want " + wanted(mismatch.Type)
	if mismatch.Field == "" {
		return text
	}
	return mismatch.Field + " " + text
}

func article(value string) string {
	kind, number, _ := strings.Cut(value, " ")
	switch {
	case kind == "number" && number != "":
		return "the number " + number
	case kind == "object":
		return "a mapping"
	case kind == "array":
		return "a list"
	default:
		return "a " + kind
	}
}

func wanted(kind reflect.Type) string {
	//nolint:exhaustive // API types hold nothing else
	switch kind.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	default:
		return "a mapping"
	}
}

package v1alpha1

import (
	"bytes"
	"encoding/json"
)

// Amount is a number, a number with a unit, or another scalar, as text. JSON may hold it as a number, a bool or a string.
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:MaxLength=1024
type Amount string

// UnmarshalJSON reads a string, or takes any other scalar as it is written. An error means that the value is none.
func (a *Amount) UnmarshalJSON(data []byte) error {
	token := bytes.TrimSpace(data)
	if len(token) > 0 && token[0] != '"' && token[0] != '{' && token[0] != '[' {
		*a = Amount(token)
		return nil
	}
	var text string
	if err := json.Unmarshal(token, &text); err != nil {
		return err
	}
	*a = Amount(text)
	return nil
}

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"

	"sigs.k8s.io/yaml"
)

// writeSafeJSON escapes what terminals act on, in JSON's own way: what is parsed is exactly what there was.
func writeSafeJSON(w io.Writer, a any) error {
	var out bytes.Buffer
	if err := writeJSON(&out, a); err != nil {
		return err
	}
	escaped := make([]byte, 0, out.Len())
	for _, r := range out.String() {
		switch {
		case !unsafe(r) || r == '\n': // between tokens; within strings it is escaped already
			escaped = append(escaped, string(r)...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		default:
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		}
	}
	_, err := w.Write(escaped)
	return err
}

// writeSafeYAML has the fields of the JSON form. Texts are cleaned, because YAML lets pass what terminals act on.
func writeSafeYAML(w io.Writer, a any) error {
	var out bytes.Buffer
	if err := writeJSON(&out, a); err != nil {
		return err
	}
	decoder := json.NewDecoder(&out)
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil {
		return fmt.Errorf("reading back the report: %w", err)
	}
	text, err := yaml.Marshal(cleaned(plain))
	if err != nil {
		return fmt.Errorf("writing YAML: %w", err)
	}
	_, err = w.Write(text)
	return err
}

// cleaned cleans all texts within a decoded document.
func cleaned(value any) any {
	switch typed := value.(type) {
	case string:
		return clean(typed)
	case []any:
		for i := range typed {
			typed[i] = cleaned(typed[i])
		}
	case map[string]any:
		made := make(map[string]any, len(typed))
		for key, item := range typed {
			made[clean(key)] = cleaned(item)
		}
		return made
	}
	return value
}

// writeData writes anything as json or yaml, safe for terminals.
func writeData(w io.Writer, format string, data any) error {
	switch format {
	case "json":
		return writeSafeJSON(w, data)
	case "yaml":
		return writeSafeYAML(w, data)
	default:
		return fmt.Errorf("writing %q: %w", format, errFormat)
	}
}

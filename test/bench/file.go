package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// The markers in the document; what is between them is replaced.
const (
	beginMarker = "<!-- begin: written by make bench -->\n"
	endMarker   = "<!-- end: written by make bench -->\n"
)

var errNoMarkers = errors.New("the file lacks the markers between which the tables go")

// writeInto puts the text between the markers of a file.
func writeInto(file, text string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("writing the tables: %w", err)
	}
	before, rest, found := strings.Cut(string(content), beginMarker)
	_, after, ended := strings.Cut(rest, endMarker)
	if !found || !ended {
		return fmt.Errorf("writing the tables into %s: %w", file, errNoMarkers)
	}
	if err := os.WriteFile(file, []byte(before+beginMarker+"\n"+text+"\n"+endMarker+after), 0o600); err != nil { //nolint:gosec // the user names the file to be changed
		return fmt.Errorf("writing the tables: %w", err)
	}
	return nil
}

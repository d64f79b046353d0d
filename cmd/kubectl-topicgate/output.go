package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/topicgate/topicgate/pkg/cli"
)

// outputs are where a report goes: to standard output in one format, and to files.
type outputs struct {
	formats []string // that there are
	given   []string // as the flags say
}

func (o *outputs) addTo(command *cobra.Command) {
	command.Flags().StringArrayVarP(&o.given, "output", "o", nil,
		"`format` of what is printed, "+strings.Join(o.formats, ", ")+"; format=file writes it into a file, also beside what is printed")
	// It fails only where there is no flag of the name.
	_ = command.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(o.formats, cobra.ShellCompDirectiveNoFileComp))
}

// printed is the format for standard output.
func (o *outputs) printed() (string, error) {
	format := ""
	for _, given := range o.given {
		name, file, toFile := strings.Cut(given, "=")
		switch {
		case !slices.Contains(o.formats, name):
			return "", cli.BadFlag("output", given, "one of "+strings.Join(o.formats, ", "))
		case toFile && file == "":
			return "", cli.BadFlag("output", given, "format=file")
		case !toFile && format != "":
			return "", cli.BadFlag("output", given, "one format for standard output; others as format=file")
		case !toFile:
			format = name
		}
	}
	if format == "" {
		format = o.formats[0]
	}
	return format, nil
}

// write writes a report everywhere.
func (o *outputs) write(stdout io.Writer, write func(w io.Writer, format string) error) error {
	format, err := o.printed()
	if err != nil {
		return err
	}
	for _, given := range o.given {
		name, file, toFile := strings.Cut(given, "=")
		if !toFile {
			continue
		}
		if err := writeFile(file, func(w io.Writer) error { return write(w, name) }); err != nil {
			return err
		}
	}
	return write(stdout, format)
}

func writeFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("writing a report: %w", err)
	}
	if err := write(file); err != nil {
		_ = file.Close() // the first error counts
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// row is one figure beside its floor.
type row struct {
	what, ratio, ours, floor string
	// over says what the floor is.
	over string
}

// report collects rows: what is the same on every machine, and times.
type report struct {
	machine machine
	options options
	counts  []row
	times   []row
	// notes say what was not run, and why.
	notes []string
}

func (r *report) count(made row) { r.counts = append(r.counts, made) }
func (r *report) time(made row)  { r.times = append(r.times, made) }

func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// markdown is the report as it goes into the document.
func (r *report) markdown() string {
	var text strings.Builder
	command := strings.TrimSpace("bin/bench " + strings.Join(r.options.args, " "))
	fmt.Fprintf(&text, "Measured on %s by `%s`, on %s.\n", time.Now().UTC().Format(time.DateOnly), command, r.machine)
	fmt.Fprintf(&text, "Load average before: %s, after: %s.\n", r.machine.loadBefore, r.machine.loadAfter)
	for _, note := range r.notes {
		fmt.Fprintf(&text, "\n%s\n", note)
	}
	table(&text, "Counts, allocations, memory", r.counts)
	table(&text, "Times", r.times)
	return text.String()
}

func table(text *strings.Builder, title string, rows []row) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(text, "\n### %s\n\n| What | Ratio | Ours | Floor | The floor is |\n|---|--:|--:|--:|---|\n", title)
	for _, made := range rows {
		fmt.Fprintf(text, "| %s | %s | %s | %s | %s |\n", made.what, made.ratio, made.ours, made.floor, made.over)
	}
}

// ratio says how many times the floor ours is.
func ratio[N ~int | ~int64 | ~float64](ours, floor N) string {
	if floor == 0 {
		return "–"
	}
	return strconv.FormatFloat(float64(ours)/float64(floor), 'f', 2, 64) + "×"
}

// number is a count with its thousands parted.
func number[N ~int | ~int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// decimal is a number with two digits behind the point.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

// span is a duration with three digits that count.
func span(d time.Duration) string {
	for unit := time.Nanosecond; unit < time.Hour; unit *= 10 {
		if d < 1000*unit {
			return d.Round(unit).String()
		}
	}
	return d.Round(time.Second).String()
}

// mebibytes is a size in memory.
func mebibytes(bytes int64) string {
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MiB"
}

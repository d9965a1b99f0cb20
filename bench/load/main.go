// Load measures how fast files are read, beside DuckDB on the same files.
//
//	go run ./bench/load --duckdb python3
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"text/tabwriter"

	"synthos/bench/internal/table"
)

const usage = `Usage:
  go run ./bench/load [FLAGS]

Makes a table of correlated columns (in 50: 35 floats, 8 integers, 5 strings, a date and a
boolean; 2 % of the cells null) as files of several formats, and reads each to its end on all
cores, in turns; DuckDB sums all columns of the same files, if there is one. Every reading is a
process of its own. Printed are the best times, seconds of CPU (which other programs disturb less)
and the peak memory.

The first table is of reading alone: every cell is in a column of numbers or strings and is added
up, as DuckDB does. The second is of the whole first pass of a validation: reading, and profile and
sample of all rows.

Flags:
  --rows N         rows of the table (default 1000000; of Excel a fifth, in 20 columns)
  --cols N         columns, at least 5 (default 50)
  --formats A,B    of csv, ndjson, parquet, arrow, excel (default: all)
  --runs N         runs of each (default 3)
  --duckdb PYTHON  a Python with the package duckdb, to compare with (default: none)
  --dir DIR        make the files there and keep them; those that are there are used (default: a
                   temporary folder)

Exit codes: 0 done, 2 error, 3 stopped.
`

// Exit codes.
const (
	exitDone    = 0
	exitError   = 2
	exitStopped = 3
)

// options are the flags.
type options struct {
	rows, cols int
	formats    []string
	runs       int
	duckdb     string
	dir        string
}

// format is one line of the table of formats to measure.
type format struct {
	name, extension string
	write           func(path string, t *table.Table) error
	sum             string // the expression of DuckDB that reads the file; "" = it cannot
	target          string // what is to be reached
}

func formats() []format {
	return []format{
		{"csv", ".csv", table.WriteCSV, "read_csv('%s')", "0.8x DuckDB"},
		{"ndjson", ".jsonl", table.WriteNDJSON, "read_ndjson('%s')", "1.0x DuckDB"},
		{"parquet", ".parquet", table.WriteParquet, "read_parquet('%s')", "1.1x DuckDB"},
		{"arrow", ".arrow", table.WriteArrow, "", "0.5 s at 1M x 50"},
		{"excel", ".xlsx", table.WriteExcel, "", "2.5M cells/s"},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 2 && (args[0] == readOnce || args[0] == passOnce) { // as a process of its own
		return child(ctx, args[0], args[1], stdout, stderr)
	}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(stderr, "load: %v; see --help\n", err)
		return exitError
	}
	err = measure(ctx, o, stdout)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "load: stopped")
		return exitStopped
	case err != nil:
		fmt.Fprintln(stderr, "load:", err)
		return exitError
	}
	return exitDone
}

func parse(args []string) (options, error) {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	o := options{rows: 1_000_000, cols: 50, runs: 3}
	list := strings.Join(names, ",")
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.IntVar(&o.rows, "rows", o.rows, "")
	fs.IntVar(&o.cols, "cols", o.cols, "")
	fs.StringVar(&list, "formats", list, "")
	fs.IntVar(&o.runs, "runs", o.runs, "")
	fs.StringVar(&o.duckdb, "duckdb", "", "")
	fs.StringVar(&o.dir, "dir", "", "")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	o.formats = strings.Split(list, ",")
	for _, name := range o.formats {
		if !strings.Contains(","+strings.Join(names, ",")+",", ","+name+",") {
			return o, fmt.Errorf("--formats names %q; there are %s", name, strings.Join(names, ", "))
		}
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.rows < 10 || o.cols < 5 || o.runs < 1:
		return o, errors.New("at least 10 rows, 5 columns and 1 run are needed")
	}
	return o, nil
}

// measure makes the files, reads them and prints the table.
func measure(ctx context.Context, o options, stdout io.Writer) error {
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "synthos-load")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.dir = dir
	} else if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	var results []*result
	for _, f := range formats() {
		if !strings.Contains(","+strings.Join(o.formats, ",")+",", ","+f.name+",") {
			continue
		}
		rows, cols := o.rows, o.cols
		if f.name == "excel" {
			rows, cols = max(2, rows/5), min(cols, 20)
		}
		r := &result{format: f, rows: rows, cols: cols, path: filepath.Join(o.dir, fmt.Sprintf("%dx%d%s", rows, cols, f.extension))}
		if err := r.make(); err != nil {
			return err
		}
		results = append(results, r)
	}
	for i := range o.runs {
		for _, r := range results {
			if err := r.measure(ctx, i, o.duckdb); err != nil {
				return fmt.Errorf("%s: %w", r.path, err)
			}
		}
	}
	fmt.Fprintf(stdout, "%d rows, %d columns, on %d cores, best of %d runs%s\n\nreading\n", o.rows, o.cols, runtime.GOMAXPROCS(0), o.runs, beside(results))
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "format\tMB\topen s\tread s\tboth s\tCPU s\tM cells/s\tpeak MB\tDuckDB s\tits CPU s\tratio\tof CPU\ttarget\t")
	for _, r := range results {
		r.print(w)
	}
	w.Flush()
	fmt.Fprintf(stdout, "\nthe first pass, with profile and sample\n")
	w = tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "format\ts\tCPU s\tM cells/s\tpeak MB\t")
	for _, r := range results {
		r.printPass(w)
	}
	return w.Flush()
}

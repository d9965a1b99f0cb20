package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"synthos/bench/internal/table"
	"synthos/dataset"
	"synthos/load"
)

// result is what was measured of one file.
type result struct {
	format
	rows, cols int
	path       string
	size       int64

	open, all float64 // seconds: of load.Open alone, and with reading
	duckdb    float64 // 0 = not measured
	peak      int64   // bytes; 0 = the system does not tell
}

// make makes the file, unless it is there.
func (r *result) make() error {
	if _, err := os.Stat(r.path); errors.Is(err, fs.ErrNotExist) {
		if err := r.write(r.path, table.New(r.rows, r.cols, 1)); err != nil {
			return err
		}
	}
	info, err := os.Stat(r.path)
	if err == nil {
		r.size = info.Size()
	}
	return err
}

// readOnce is the argument that makes this program read a file and tell its time
// and its peak memory.
const readOnce = "read-once"

// read takes the times of run i. Each reading is a process of its own, so that
// neither side profits from what it has in memory.
func (r *result) read(ctx context.Context, i int, python string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, self, readOnce, r.path).Output()
	if err != nil {
		return fmt.Errorf("reading it in a process of its own: %w%s", err, complaint(err))
	}
	var open, all float64
	var rows, peak int64
	if _, err := fmt.Sscan(string(out), &open, &all, &rows, &peak); err != nil {
		return fmt.Errorf("%q: %w", out, err)
	}
	if rows != int64(r.rows) {
		return fmt.Errorf("%d rows were read, %d written", rows, r.rows)
	}
	if i == 0 || all < r.all {
		r.open, r.all = open, all
	}
	r.peak = max(r.peak, peak)
	if python == "" || r.sum == "" {
		return nil
	}
	source := fmt.Sprintf(r.sum, r.path)
	out, err = exec.CommandContext(ctx, python, "-c", fmt.Sprintf(duckdbScript, runtime.GOMAXPROCS(0), source, source)).Output()
	if err != nil {
		return fmt.Errorf("DuckDB: %w%s", err, complaint(err))
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		return fmt.Errorf("DuckDB: %w", err)
	}
	if i == 0 || seconds < r.duckdb {
		r.duckdb = seconds
	}
	return nil
}

// duckdbScript sums all columns, so that all have to be read; the time is that
// of the query, which includes finding out the columns.
const duckdbScript = `
import duckdb, time
c = duckdb.connect()
c.execute("set threads=%d; set enable_progress_bar=false")
names = c.execute("describe select * from %s").fetchall()
def total(name, kind):
    name = '"' + name + '"'
    if kind in ("DOUBLE", "BIGINT", "INTEGER"): return "sum(" + name + ")"
    if kind == "BOOLEAN": return "sum(" + name + "::int)"
    if kind == "VARCHAR": return "sum(length(" + name + "))"
    return "max(" + name + ")"
query = "select " + ", ".join(total(n[0], n[1]) for n in names) + " from %s"
began = time.perf_counter()
c.execute(query).fetchall()
print(time.perf_counter() - began)
`

// complaint returns what a process that failed wrote to standard error.
func complaint(err error) string {
	var e *exec.ExitError
	if errors.As(err, &e) && len(e.Stderr) > 0 {
		return ": " + strings.TrimSpace(string(e.Stderr))
	}
	return ""
}

// child reads a file on all cores and prints the seconds of opening it and of
// both, the number of rows and the peak memory.
func child(ctx context.Context, path string, stdout, stderr io.Writer) int {
	began := time.Now()
	src, err := load.Open(ctx, path, load.Options{})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitError
	}
	defer src.Close()
	open := time.Since(began).Seconds()
	rows, err := readAll(ctx, src)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitError
	}
	fmt.Fprintln(stdout, open, time.Since(began).Seconds(), rows, peakMemory())
	return exitDone
}

// readAll reads all ranges of src on all cores, adds up all cells, so that none
// can be left out, and returns the number of rows.
func readAll(ctx context.Context, src dataset.Source) (int64, error) {
	ranges := src.Ranges()
	var rows, next atomic.Int64
	var workers sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	sums := make([]float64, len(errs))
	for w := range errs {
		workers.Go(func() {
			for k := next.Add(1) - 1; k < int64(len(ranges)) && errs[w] == nil; k = next.Add(1) - 1 {
				errs[w] = src.Read(ctx, ranges[k], func(b *dataset.Batch) error {
					rows.Add(int64(b.Rows))
					sums[w] += sum(b)
					return nil
				})
			}
		})
	}
	workers.Wait()
	total := 0.0
	for _, s := range sums {
		total += s
	}
	if total == 0 {
		return 0, errors.New("the sum of all cells is 0")
	}
	return rows.Load(), errors.Join(errs...)
}

// sum adds up the numbers and the lengths of the strings of a batch.
func sum(b *dataset.Batch) float64 {
	total := 0.0
	for j := range b.Columns {
		v := &b.Columns[j]
		for i, null := range v.Null {
			switch {
			case null:
			case v.Strings != nil:
				total += float64(len(v.Strings[i]))
			default:
				total += v.Floats[i]
			}
		}
	}
	return total
}

// peakMemory returns the most memory that this process has held, in bytes; 0 if
// the system does not tell (Linux does, in proc(5)).
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	if !found {
		return 0
	}
	var kib int64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		return 0
	}
	return kib << 10
}

// print writes the line of a file.
func (r *result) print(w io.Writer) {
	duckdb, ratio, peak := "-", "-", "-"
	if r.duckdb > 0 {
		duckdb, ratio = fmt.Sprintf("%.2f", r.duckdb), fmt.Sprintf("%.2f", r.all/r.duckdb)
	}
	if r.peak > 0 {
		peak = fmt.Sprintf("%.0f", float64(r.peak)/1e6)
	}
	fmt.Fprintf(w, "%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.1f\t%s\t%s\t%s\t%s\t\n", r.name, float64(r.size)/1e6, r.open, r.all-r.open, r.all,
		float64(r.rows)*float64(r.cols)/r.all/1e6, peak, duckdb, ratio, r.target)
}

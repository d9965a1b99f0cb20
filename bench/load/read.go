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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"synthos/bench/internal/spent"
	"synthos/bench/internal/table"
	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/scan"
)

// result is what was measured of one file.
type result struct {
	format
	rows, cols int
	path       string
	size       int64

	open   float64 // seconds, of load.Open alone
	read   spending
	pass   spending
	duckdb spending // seconds = 0: not measured
	peer   string   // the version of DuckDB
}

// spending is what a process has taken for its work.
type spending struct {
	seconds, cpu float64
	peak         int64 // bytes; 0 = the system does not tell
}

// best keeps the least of the times of run i and the ones before, and the highest
// peak.
func (s *spending) best(i int, x spending) {
	if i == 0 {
		*s = x
	}
	s.seconds, s.cpu, s.peak = min(s.seconds, x.seconds), min(s.cpu, x.cpu), max(s.peak, x.peak)
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

// readOnce and passOnce are the arguments that make this program read a file, or
// make the first pass over it, and tell what that took.
const (
	readOnce = "read-once"
	passOnce = "pass-once"
)

// measure takes the times of run i. Each reading is a process of its own, so that
// no side profits from what it has in memory.
func (r *result) measure(ctx context.Context, i int, python string) error {
	open, read, err := r.inProcess(ctx, readOnce)
	if err != nil {
		return err
	}
	_, pass, err := r.inProcess(ctx, passOnce)
	if err != nil {
		return err
	}
	if i == 0 || open < r.open {
		r.open = open
	}
	r.read.best(i, read)
	r.pass.best(i, pass)
	if python == "" || r.sum == "" {
		return nil
	}
	source := fmt.Sprintf(r.sum, r.path)
	out, err := exec.CommandContext(ctx, python, "-c", fmt.Sprintf(duckdbScript, runtime.GOMAXPROCS(0), source, source)).Output()
	if err != nil {
		return fmt.Errorf("DuckDB: %w%s", err, complaint(err))
	}
	var duckdb spending
	if _, err := fmt.Sscan(string(out), &duckdb.seconds, &duckdb.cpu, &r.peer); err != nil {
		return fmt.Errorf("DuckDB: %q: %w", out, err)
	}
	r.duckdb.best(i, duckdb)
	return nil
}

// inProcess runs this program with the argument what and returns what it tells:
// the seconds of load.Open, and what all of it took.
func (r *result) inProcess(ctx context.Context, what string) (open float64, all spending, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, all, err
	}
	out, err := exec.CommandContext(ctx, self, what, r.path).Output()
	if err != nil {
		return 0, all, fmt.Errorf("reading it in a process of its own: %w%s", err, complaint(err))
	}
	var rows int64
	if _, err := fmt.Sscan(string(out), &open, &all.seconds, &all.cpu, &rows, &all.peak); err != nil {
		return 0, all, fmt.Errorf("%q: %w", out, err)
	}
	if rows != int64(r.rows) {
		return 0, all, fmt.Errorf("%d rows were read, %d written", rows, r.rows)
	}
	return open, all, nil
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
began, cpu = time.perf_counter(), time.process_time()
c.execute(query).fetchall()
print(time.perf_counter() - began, time.process_time() - cpu, duckdb.__version__)
`

// complaint returns what a process that failed wrote to standard error.
func complaint(err error) string {
	var e *exec.ExitError
	if errors.As(err, &e) && len(e.Stderr) > 0 {
		return ": " + strings.TrimSpace(string(e.Stderr))
	}
	return ""
}

// child reads a file on all cores, or makes the first pass over it, and prints the
// seconds of opening it, the seconds of all and those of CPU, the number of rows
// and the peak memory.
func child(ctx context.Context, what, path string, stdout, stderr io.Writer) int {
	began, cpu := time.Now(), spent.CPUSeconds()
	src, err := load.Open(ctx, path, load.Options{})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitError
	}
	defer src.Close()
	open := time.Since(began).Seconds()
	var rows int64
	if what == passOnce {
		var p *profile.Profile
		if p, err = profile.Run(ctx, scan.Local{}, src, profile.Options{}, func(int64) {}); err == nil {
			rows = p.Rows
		}
	} else {
		rows, err = readAll(ctx, src)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitError
	}
	fmt.Fprintln(stdout, open, time.Since(began).Seconds(), spent.CPUSeconds()-cpu, rows, peakMemory())
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

// print writes the line of a file in the table of reading.
func (r *result) print(w io.Writer) {
	duckdb, ratio := "-\t-", "-\t-"
	if r.duckdb.seconds > 0 {
		duckdb = fmt.Sprintf("%.2f\t%.2f", r.duckdb.seconds, r.duckdb.cpu)
		ratio = fmt.Sprintf("%.2f\t%.2f", r.read.seconds/r.duckdb.seconds, r.read.cpu/r.duckdb.cpu)
	}
	fmt.Fprintf(w, "%s\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%.1f\t%s\t%s\t%s\t%s\t\n", r.name, float64(r.size)/1e6, r.open, r.read.seconds-r.open, r.read.seconds, r.read.cpu,
		r.cells()/r.read.seconds, megabytes(r.read.peak), duckdb, ratio, r.target)
}

// printPass writes the line of a file in the table of the first pass.
func (r *result) printPass(w io.Writer) {
	fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.1f\t%s\t\n", r.name, r.pass.seconds, r.pass.cpu, r.cells()/r.pass.seconds, megabytes(r.pass.peak))
}

// cells returns how many millions of cells there are.
func (r *result) cells() float64 { return float64(r.rows) * float64(r.cols) / 1e6 }

func megabytes(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", float64(n)/1e6)
}

// beside says what the results are compared with.
func beside(results []*result) string {
	for _, r := range results {
		if r.peer != "" {
			return ", beside DuckDB " + r.peer
		}
	}
	return ""
}

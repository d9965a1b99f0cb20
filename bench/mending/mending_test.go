package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos/bench/quality/headline"
)

// write writes n rows of three columns that tell each other; the last `again` of
// them repeat the first.
func write(t *testing.T, path string, n, again int, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	var rows []string
	for i := range n {
		if i >= n-again {
			rows = append(rows, rows[i-(n-again)])
			continue
		}
		x := rng.NormFloat64()
		rows = append(rows, fmt.Sprintf("%.6f,%.6f,%v", x, x+0.3*rng.NormFloat64(), x > 0))
	}
	if err := os.WriteFile(path, []byte("x,y,label\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRun measures a benchmark of two datasets: one with two fifths of its rows
// repeated, and a real one.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "reference.csv"), 800, 0, 1)
	write(t, filepath.Join(dir, "real.csv"), 500, 0, 2)
	write(t, filepath.Join(dir, "twice.csv"), 500, 200, 3)
	var bad strings.Builder
	for i := 300; i < 500; i++ {
		fmt.Fprintln(&bad, i)
	}
	manifest := "id,source,file,reference_file,label,label_basis,defect,dose,rows,bad_rows_file\n" +
		"real-made-half,made,real.csv,reference.csv,healthy,real,,,500,\n" +
		"planted-made-twice,made,twice.csv,reference.csv,defect,planted,exact_dup,severe,500,bad.txt\n"
	for name, text := range map[string]string{"bad.txt": bad.String(), "manifest.csv": manifest} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"--data", dir, "--preset", "fast", "--jobs", "2"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, want := range []string{"exact_dup", "worst: exact_dup, AP 1.000", "mended: 1 cases, of 1 fixes were applied", "real data: 1 cases"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &stdout)
		}
	}
	if !strings.Contains(stderr.String(), "dropped 200, flagged wrongly ") {
		t.Errorf("the repeated rows were not dropped: %s", &stderr)
	}
}

func TestBack(t *testing.T) {
	for _, c := range []struct{ before, after, real, want float64 }{
		{20, 100, 100, 1}, {20, 60, 100, 0.5}, {20, 10, 100, -0.125}, {97, 99, 100, math.NaN()}, {20, 60, math.NaN(), math.NaN()},
	} {
		o := outcome{before: c.before, after: c.after, real: c.real}
		if got := o.back(); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%+v: %v of the way back", c, got)
		}
	}
	o := outcome{Item: &headline.Item{ID: "a", BadRowsFile: "b"}, after: math.NaN()}
	if line := o.line(); strings.Contains(line, "->") {
		t.Errorf("%q says what was not measured", line)
	}
}

func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(context.Background(), nil, &out, &errs); code != 2 || !strings.Contains(errs.String(), "--data is required") {
		t.Errorf("code %d: %s", code, errs.String())
	}
	if code := run(context.Background(), []string{"--help"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "average precision") {
		t.Errorf("code %d: %s", code, out.String())
	}
}

package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"synthos/load"
)

// TestRun runs the command on a small table.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	args := strings.Fields("--rows 300 --cols 6 --format csv --reference --preset fast --dir " + dir)
	if code := run(t.Context(), args, &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, word := range []string{"300 rows, 6 columns, csv", "mode reference", "load", "recommend", "total", "rows per second", "peak memory"} {
		if !strings.Contains(stdout.String(), word) {
			t.Errorf("the output lacks %q:\n%s", word, &stdout)
		}
	}
	for _, name := range []string{"data.csv", "reference.csv"} {
		src, err := load.Open(t.Context(), filepath.Join(dir, name), load.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r := src.Ranges(); len(r) != 1 || r[0].Rows != 300 {
			t.Errorf("%s is kept as %v, want 300 rows", name, r)
		}
		src.Close()
	}
}

// Candidates are judged both ways, with the same results.
func TestCandidates(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	var stdout, stderr bytes.Buffer
	args := strings.Fields("--rows 300 --cols 5 --format csv --candidates 2 --preset fast --dir " + t.TempDir())
	if code := run(t.Context(), args, &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, word := range []string{"2 candidates", "one by one", "reference kept", "localize", "CPU"} {
		if !strings.Contains(stdout.String(), word) {
			t.Errorf("the output lacks %q:\n%s", word, &stdout)
		}
	}
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, strings.Fields("--rows 10 --cols 5 --format csv"), &stdout, &stderr); code == exitDone {
		t.Errorf("exit code %d although nothing was validated", code)
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct{ args, says, reason string }{
		{"--rows 0", "--rows", "there is nothing to measure"},
		{"--cols 4", "--cols", "one of each type needs five"},
		{"--format xlsx", "parquet or csv", "we write only these"},
		{"100", `"100"`, "what is not understood is not ignored"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), strings.Fields(c.args), &stderr, &stderr); code != exitError || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%s: exit code %d, %q; want %d and %q: %s", c.args, code, &stderr, exitError, c.says, c.reason)
		}
	}
}

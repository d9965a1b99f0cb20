package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// The test's program stands in for the command where that calls itself.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && (os.Args[1] == readOnce || os.Args[1] == passOnce) {
		os.Exit(child(context.Background(), os.Args[1], os.Args[2], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// TestRun measures small files of all formats.
func TestRun(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), strings.Fields("--rows 500 --cols 6 --runs 1 --dir "+t.TempDir()), &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, f := range formats() {
		if strings.Count(stdout.String(), " "+f.name+" ") != 2 || !strings.Contains(stdout.String(), f.target) {
			t.Errorf("the output lacks %s:\n%s", f.name, &stdout)
		}
	}
}

func TestUsage(t *testing.T) {
	for args, says := range map[string]string{"--rows 1": "10 rows", "--formats csv,xml": `"xml"`, "x": `"x"`} {
		var stderr bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &stderr, &stderr); code != exitError || !strings.Contains(stderr.String(), says) {
			t.Errorf("%s: exit code %d, %q", args, code, &stderr)
		}
	}
}

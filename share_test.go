package synthos

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/demo"
	"synthos/load"
	"synthos/verdict"
)

// Candidates judged against a reference that is read once have the results that
// they have by themselves, and the reference is read once.
func TestKeepReference(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	dir := t.TempDir()
	real := demo.Customers(1200, 1)
	reference := filepath.Join(dir, "reference.parquet")
	if err := load.WriteParquet(reference, real); err != nil {
		t.Fatal(err)
	}
	var candidates []string
	for seed := range uint64(2) {
		path := filepath.Join(dir, []string{"a.csv", "b.csv"}[seed])
		if err := load.WriteCSV(path, demo.Customers(600, seed+2)); err != nil {
			t.Fatal(err)
		}
		candidates = append(candidates, path)
	}
	judge := func(o *Orchestrator, path string) *verdict.Collapse {
		t.Helper()
		result, err := o.Validate(context.Background(), path, "")
		if err != nil || result.Partial {
			t.Fatalf("%v, partial %v", err, result != nil && result.Partial)
		}
		return result.Collapse
	}
	options := func() *Orchestrator {
		o := New()
		o.Reference, o.Holdout, o.Preset, o.CacheDir, o.Omit = reference, reference, "fast", filepath.Join(t.TempDir(), "cache"), []string{"localize", "recommend"}
		return o
	}
	shared := options()
	release := shared.KeepReference()
	for _, path := range candidates {
		alone := options()
		alone.UseCache = false
		copied := *shared // as a command does, to set more options
		if diff := cmp.Diff(judge(alone, path), judge(&copied, path), cmp.AllowUnexported(verdict.Score{}), equalNaN); diff != "" {
			t.Errorf("%s (-alone +shared):\n%s", path, diff)
		}
	}
	if n := len(shared.kept.files); n != 2 {
		t.Errorf("%d files are kept, want 2: the reference and the holdout, each once", n)
	}
	release()
	if n := len(shared.kept.files); n != 0 {
		t.Errorf("%d files are kept after the release", n)
	}
}

var equalNaN = cmp.Comparer(func(x, y verdict.Number) bool { return x == y || x != x && y != y })

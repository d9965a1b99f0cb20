package synthos

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/demo"
	"synthos/load"
	"synthos/verdict"
)

// Candidates judged against a reference that is kept have the results that they
// have by themselves, to the bit and in any order, and the reference is read once.
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
	healthy := demo.Customers(600, 2)
	repeated := make([]int, 600) // so that there is something to localize and to recommend
	for i := range repeated {
		repeated[i] = i % 400
	}
	var candidates []string
	for name, table := range map[string]*dataset.Table{"a.csv": healthy, "fewer.csv": demo.Customers(350, 4), "repeated.csv": healthy.Take(repeated)} {
		path := filepath.Join(dir, name)
		if err := load.WriteCSV(path, table); err != nil {
			t.Fatal(err)
		}
		candidates = append(candidates, path)
	}
	judge := func(o *Orchestrator, path string) verdict.Result {
		t.Helper()
		result, err := o.Validate(context.Background(), path, "")
		if err != nil || result.Partial {
			t.Fatalf("%v, partial %v", err, result != nil && result.Partial)
		}
		return verdict.Result{
			Reason: result.Reason, Confidence: result.Confidence, ProjectedScore: result.ProjectedScore, Recommendations: result.Recommendations,
			Diversity: result.Diversity, Collapse: result.Collapse, Localization: result.Localization, Comparison: result.Comparison,
		}
	}
	options := func() *Orchestrator {
		o := New()
		o.Reference, o.Holdout, o.Preset, o.CacheDir, o.Omit = reference, reference, "fast", filepath.Join(t.TempDir(), "cache"), []string{"cascade"}
		return o
	}
	shared := options()
	release := shared.KeepReference()
	for _, path := range candidates {
		alone := options()
		alone.UseCache = false
		copied := *shared // as a command does, to set more options
		want := judge(alone, path)
		if filepath.Base(path) == "repeated.csv" && len(want.Recommendations) == 0 {
			t.Error("nothing is recommended against repeated rows: that stage is not compared")
		}
		if diff := cmp.Diff(want, judge(&copied, path), cmp.AllowUnexported(verdict.Score{}), equalNaN); diff != "" {
			t.Errorf("%s (-alone +shared):\n%s", path, diff)
		}
	}
	if n := len(shared.kept.files); n != 2 {
		t.Errorf("%d files are kept, want 2: the reference and the holdout, each once", n)
	}
	if n := shared.kept.memory.Reused(); n == 0 {
		t.Error("nothing that was found out about the reference was used again")
	}
	release()
	if n := len(shared.kept.files); n != 0 {
		t.Errorf("%d files are kept after the release", n)
	}
}

var equalNaN = cmp.Comparer(func(x, y verdict.Number) bool { return x == y || x != x && y != y })

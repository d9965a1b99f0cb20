package synthos

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"synthos/verdict"
)

// sameScores ignores what may differ between runs that should agree: times,
// memory, and where the networks came from.
var sameScores = cmp.Options{
	cmp.AllowUnexported(verdict.Score{}),
	cmp.Comparer(func(a, b verdict.Number) bool { return a == b || a != a && b != b }),
	cmpopts.IgnoreFields(verdict.Result{}, "TotalTimeSeconds", "ThroughputRowsPerSecond", "PeakMemoryBytes", "StartedAt", "Stages", "Config", "Reason"),
	cmpopts.IgnoreFields(verdict.Cascade{}, "TrainingSeconds", "FromCache"),
	cmpopts.IgnoreFields(verdict.Training{}, "Seconds"),
	cmpopts.IgnoreFields(verdict.TierTraining{}, "Seconds"),
}

// TestCache checks that a second run takes the networks from the cache exactly
// if nothing that they depend on has changed, and then gives the same result.
func TestCache(t *testing.T) {
	reference := writeOrders(t, 400, 1, nil)
	data := writeOrders(t, 300, 2, nil)
	dir := filepath.Join(t.TempDir(), "cache")
	run := func(change func(o *Orchestrator)) *Result {
		o := quick(reference)
		o.UseCache, o.CacheDir = true, dir
		if change != nil {
			change(o)
		}
		r := validate(t, o, data)
		if r.Cascade == nil {
			t.Fatalf("no cascade: %+v", r.Stages)
		}
		return r
	}
	first := run(nil)
	if first.Cascade.FromCache {
		t.Error("the first run found its networks in an empty cache")
	}
	again := run(func(o *Orchestrator) { o.CollapseThreshold, o.Jobs = 10, 1 })
	if !again.Cascade.FromCache {
		t.Error("a run with another threshold and number of jobs trained again")
	}
	if again.Cascade.TrainingSeconds != first.Cascade.TrainingSeconds {
		t.Errorf("training took %v s, from the cache %v", first.Cascade.TrainingSeconds, again.Cascade.TrainingSeconds)
	}
	again.Collapse.Detected = first.Collapse.Detected // depends on the threshold
	again.ApprovedForTraining, again.Confidence = first.ApprovedForTraining, first.Confidence
	again.Recommendations, again.Criteria = first.Recommendations, first.Criteria
	if diff := cmp.Diff(first.Result, again.Result, sameScores); diff != "" {
		t.Errorf("the result from the cache differs (-trained +cached):\n%s", diff)
	}
	for reason, change := range map[string]func(o *Orchestrator){
		"another seed":       func(o *Orchestrator) { o.Seed = 2 },
		"another preset":     func(o *Orchestrator) { o.Preset = "cpu" },
		"without reference":  func(o *Orchestrator) { o.Reference = "" },
		"not asked for":      func(o *Orchestrator) { o.UseCache = false },
		"another folder":     func(o *Orchestrator) { o.CacheDir = t.TempDir() },
		"a folder too small": func(o *Orchestrator) { o.CacheDir, o.CacheLimit = t.TempDir(), 1000 },
		"not a folder":       func(o *Orchestrator) { o.CacheDir = data },
	} {
		r := run(change)
		if r.Cascade.FromCache || r.Partial {
			t.Errorf("%s: networks from the cache %v, partial %v", reason, r.Cascade.FromCache, r.Partial)
		}
	}
	data = writeOrders(t, 300, 2, func(i int, row []string) {
		if i == 7 {
			row[4] = "fax"
		}
	})
	if run(nil).Cascade.FromCache {
		t.Error("other data found networks in the cache")
	}
}

// TestDamagedCache checks that a damaged entry costs time and nothing else.
func TestDamagedCache(t *testing.T) {
	data := writeOrders(t, 300, 3, nil)
	o := quick("")
	o.UseCache, o.CacheDir = true, t.TempDir()
	first := validate(t, o, data)
	files, err := filepath.Glob(filepath.Join(o.CacheDir, "*.synthos"))
	if err != nil || len(files) != 1 {
		t.Fatalf("entries %v, %v", files, err)
	}
	if err := os.Truncate(files[0], 5000); err != nil {
		t.Fatal(err)
	}
	second := validate(t, o, data)
	if second.Cascade.FromCache || second.Partial {
		t.Errorf("from a damaged cache: %v, partial %v", second.Cascade.FromCache, second.Partial)
	}
	if diff := cmp.Diff(first.Result, second.Result, sameScores); diff != "" {
		t.Errorf("the result differs (-first +second):\n%s", diff)
	}
	if !validate(t, o, data).Cascade.FromCache {
		t.Error("the damaged entry was not replaced")
	}
}

// TestStoppedTrainingIsNotKept checks that a run that was stopped leaves no
// entry behind.
func TestStoppedTrainingIsNotKept(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := quick("")
	o.UseCache, o.CacheDir = true, t.TempDir()
	o.Progress = func(p Progress) {
		if p.Stage == "cascade" && p.Done > 0.1 {
			cancel()
		}
	}
	r, err := o.Validate(ctx, writeOrders(t, 1000, 4, nil), "")
	if err == nil && !r.Partial {
		t.Fatal("the run was not stopped")
	}
	if files, _ := os.ReadDir(o.CacheDir); len(files) != 0 {
		t.Errorf("a stopped training left %v", files)
	}
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos"
	"synthos/bench/quality/headline"
	"synthos/verdict"
)

// benchmark writes a made benchmark of four cases: two with reference a, one
// with reference b between them, one without a reference.
func benchmark(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("manifest.csv", `id,file,reference_file,label,label_basis,kind,family,source,expect,severity,defect,dose,dimension,rows,bad_rows_file
good-a,good-a.csv,a.csv,healthy,real,tabular,real,a,approve,0,,,none,120,
good-b,good-b.csv,b.csv,healthy,real,tabular,real,b,approve,0,,,none,120,
bad-a,bad-a.csv,a.csv,defect,planted,tabular,planted,a,reject,0.9,dup,severe,pattern_repetition,120,bad-a.txt
alone,alone.csv,,healthy,real,tabular,real,c,approve,0,,,none,120,
`)
	write("bad-a.txt", "100\n101\n102\n103\n104\n105\n106\n107\n108\n109\n110\n111\n112\n113\n114\n115\n116\n117\n118\n119\n")
	for i, name := range []string{"a", "b", "good-a", "good-b", "bad-a", "alone"} {
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		var b strings.Builder
		b.WriteString("x,y,colour\n")
		first := ""
		for r := range 120 {
			x := rng.NormFloat64()
			line := fmt.Sprintf("%.3f,%.3f,%s\n", x, x+rng.NormFloat64(), []string{"red", "green", "blue"}[rng.IntN(3)])
			if r == 0 {
				first = line
			}
			if name == "bad-a" && r >= 100 {
				line = first
			}
			b.WriteString(line)
		}
		write(name+".csv", b.String())
	}
	return dir
}

// invented is a validator that measures nothing: it approves what is not called
// bad, and suspects the last twenty of 120 rows.
func invented(calls *[]string) validator {
	return func(o *synthos.Orchestrator, ctx context.Context, path, format string) (*synthos.Result, error) {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		*calls = append(*calls, name+" against "+strings.TrimSuffix(filepath.Base(o.Reference), ".csv"))
		r := &synthos.Result{}
		r.ApprovedForTraining = !strings.HasPrefix(name, "bad")
		r.CollapseScore, r.DiversityScore = verdict.NewScore(90), verdict.NewScore(80)
		if !r.ApprovedForTraining {
			r.CollapseScore = verdict.NewScore(20)
		}
		r.PeakMemoryBytes = 5e6
		r.Collapse = &verdict.Collapse{Dimensions: []verdict.Dimension{
			{Name: "pattern_repetition", Score: verdict.NewScore(12), Statistics: []verdict.Statistic{{Name: "duplicate_rows", Value: 0.2, Floor: verdict.Number(math.NaN())}}},
			{Name: "memorization", Score: verdict.Unmeasured("a reason")},
		}}
		r.Localization = &verdict.Localization{RowScores: make([]float32, 120)}
		for i := 100; i < 120; i++ {
			r.Localization.RowScores[i] = 0.5
		}
		return r, nil
	}
}

func TestRun(t *testing.T) {
	dir, work := benchmark(t), t.TempDir()
	out, statistics := filepath.Join(work, "made", "results.csv"), filepath.Join(work, "statistics.jsonl")
	args := []string{"--data", dir, "--out", out, "--statistics", statistics}
	var calls []string
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, invented(&calls), &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	// The cases of one reference follow one another.
	want := []string{"good-a against a", "bad-a against a", "good-b against b", "alone against ."}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("cases that ran (-want +got):\n%s", diff)
	}
	for _, line := range []string{
		"items 4   scored 4   with a decision 4",
		"all but borderline items 1.000  (harmful 1, healthy 3)",
		"all                         1        3     0.000     0.000     1.000     1.000",
		"dup                    1.000   1.000   1.000   0.167    1", // the suspected rows are the bad ones
	} {
		if !strings.Contains(stdout.String(), line) {
			t.Errorf("the figures lack the line %q:\n%s", line, &stdout)
		}
	}
	outcomes, err := headline.ReadResults(out)
	if err != nil {
		t.Fatal(err)
	}
	bad := outcomes[1]
	if bad.ID != "bad-a" || bad.Overall != 20 || bad.Decision != "reject" || bad.Dimensions[7] != 12 || !math.IsNaN(bad.Dimensions[5]) || bad.PeakMB != 5 || bad.RowsFile != "rows/bad-a.csv.gz" {
		t.Errorf("the line of the bad case reads as %+v", bad)
	}
	f, err := os.Open(statistics)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		var m measured
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if s := m.Statistics[0]; s.Of != "pattern_repetition" || s.Name != "duplicate_rows" || s.Value != 0.2 || !math.IsNaN(float64(s.Floor)) {
			t.Errorf("statistic %+v", s)
		}
	}
}

func TestResumeAndStop(t *testing.T) {
	dir, out := benchmark(t), filepath.Join(t.TempDir(), "results.csv")
	var calls []string
	ctx, cancel := context.WithCancel(t.Context())
	judge := invented(&calls)
	stopping := func(o *synthos.Orchestrator, c context.Context, path, format string) (*synthos.Result, error) {
		if len(calls) == 2 {
			cancel() // in the middle of the third case
		}
		return judge(o, c, path, format)
	}
	args := []string{"--data", dir, "--out", out, "--resume"} // the first time there is nothing to resume
	var stdout, stderr bytes.Buffer
	if code := run(ctx, args, stopping, &stdout, &stderr); code != exitStopped {
		t.Errorf("exit code %d of a stopped run, want %d", code, exitStopped)
	}
	outcomes, err := headline.ReadResults(out)
	if err != nil || len(outcomes) != 2 {
		t.Fatalf("%d cases are kept of a run stopped in its third, want 2; %v", len(outcomes), err)
	}
	if !strings.Contains(stdout.String(), "scored 2") {
		t.Errorf("a stopped run does not show the figures of what it did:\n%s", &stdout)
	}

	calls = nil
	if code := run(t.Context(), args, judge, &stdout, &stderr); code != exitDone {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if diff := cmp.Diff([]string{"good-b against b", "alone against ."}, calls); diff != "" {
		t.Errorf("cases that ran when resumed (-want +got):\n%s", diff)
	}
	if outcomes, err = headline.ReadResults(out); err != nil || len(outcomes) != 4 {
		t.Errorf("%d cases after resuming, want 4; %v", len(outcomes), err)
	}
}

func TestFailingCase(t *testing.T) {
	dir, out := benchmark(t), filepath.Join(t.TempDir(), "results.csv")
	var calls []string
	judge := invented(&calls)
	failing := func(o *synthos.Orchestrator, ctx context.Context, path, format string) (*synthos.Result, error) {
		switch filepath.Base(path) {
		case "good-a.csv":
			return nil, errors.New("cannot be read")
		case "good-b.csv":
			r, err := judge(o, ctx, path, format)
			r.Partial = true
			r.Stages = []verdict.Stage{{Name: "localize", Error: "out of luck"}}
			return r, err
		}
		return judge(o, ctx, path, format)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--data", dir, "--out", out, "--mode", "self"}, failing, &stdout, &stderr); code != exitFailed {
		t.Errorf("exit code %d, want %d: two cases failed", code, exitFailed)
	}
	if log := stderr.String(); !strings.Contains(log, "cannot be read") || !strings.Contains(log, "localize: out of luck") {
		t.Errorf("the log does not say why cases failed:\n%s", log)
	}
	if !strings.Contains(stdout.String(), "items 4   scored 3   with a decision 2") {
		t.Errorf("the failed case counts as scored, or the partial one as decided:\n%s", &stdout)
	}
	for _, c := range calls {
		if !strings.HasSuffix(c, "against .") {
			t.Errorf("%s in mode self", c)
		}
	}
}

// TestRealRun judges two cases with the library itself.
func TestRealRun(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	out := filepath.Join(t.TempDir(), "results.csv")
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"--data", benchmark(t), "--out", out, "--cases", "-a$", "--preset", "fast"}, (*synthos.Orchestrator).Validate, &stdout, &stderr)
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	outcomes, err := headline.ReadResults(out)
	if err != nil || len(outcomes) != 2 {
		t.Fatalf("%d results, want 2; %v", len(outcomes), err)
	}
	good, bad := outcomes[0], outcomes[1]
	if !(good.Overall > bad.Overall) {
		t.Errorf("data with a sixth of its rows repeated score %.1f, without %.1f", bad.Overall, good.Overall)
	}
	if !(bad.Dimensions[7] < good.Dimensions[7]) || bad.Seconds <= 0 || bad.PeakMB <= 0 {
		t.Errorf("the line of the repeating case reads as %+v", bad)
	}
	rows, err := headline.ReadRowScores(filepath.Join(filepath.Dir(out), bad.RowsFile), 120)
	if err != nil || !(rows[110] > rows[50]) {
		t.Errorf("a repeated row is not more suspect (%v) than another (%v); %v", rows[110], rows[50], err)
	}
}

func TestUsage(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		args   []string
		says   string
		reason string
	}{
		{nil, "--data is required", "there is nothing to run"},
		{[]string{"--data", empty}, "manifest.csv", "the folder holds no benchmark"},
		{[]string{"--data", empty, "--mode", "both"}, "reference or self", "there is no such mode"},
		{[]string{"--data", empty, "--cases", "("}, "--cases", "it is no regular expression"},
		{[]string{"--data", benchmark(t), "--cases", "nothing"}, "no case's id matches", "a typing error must not look like success"},
		{[]string{"more"}, `"more"`, "what is not understood is not ignored"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), c.args, nil, &stderr, &stderr); code != exitError || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%q: exit code %d, %q; want %d and %q: %s", c.args, code, &stderr, exitError, c.says, c.reason)
		}
	}
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, nil, &stdout, &stdout); code != exitDone {
		t.Errorf("exit code %d for --help", code)
	}
}

// TestDimensionNames holds the columns of results.csv to the library's names.
func TestDimensionNames(t *testing.T) {
	if diff := cmp.Diff(synthos.New().CriticalDimensions, headline.Dimensions[:]); diff != "" {
		t.Errorf("dimensions (-library +results.csv):\n%s", diff)
	}
}

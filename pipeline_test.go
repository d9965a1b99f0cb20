package synthos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synthos/verdict"
)

// writeOrders writes n rows of a shop's orders as CSV: numbers, levels and a
// date that depend on each other. Files of different seeds are samples of one
// population. damage may change a row before it is written.
func writeOrders(t testing.TB, n int, seed uint64, damage func(i int, row []string)) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0x0deb))
	var b strings.Builder
	b.WriteString("ordered,quantity,price,country,channel,returned\n")
	for i := range n {
		quantity := 1 + int(6*rng.ExpFloat64())
		price := math.Exp(2+rng.NormFloat64()) * float64(quantity)
		country := []string{"DE", "FR", "IT", "ES", "PL", "AT"}[int(6*math.Pow(rng.Float64(), 2))]
		channel := "web"
		if price > 60*rng.Float64()+20 {
			channel = "phone"
		}
		returned := "no"
		if rng.Float64() < 1/(1+math.Exp(4-price/25)) {
			returned = "yes"
		}
		day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(365*rng.Float64()))
		row := []string{day.Format("2006-01-02"), fmt.Sprint(quantity), fmt.Sprintf("%.2f", price), country, channel, returned}
		if rng.IntN(50) == 0 {
			row[3] = ""
		}
		if damage != nil {
			damage(i, row)
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return writeFile(t, "orders.csv", b.String())
}

func writeFile(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// quick returns an Orchestrator that is fast enough for tests.
func quick(reference string) *Orchestrator {
	o := New()
	o.Preset = "fast"
	o.UseCache = false
	o.Reference = reference
	return o
}

func validate(t testing.TB, o *Orchestrator, path string) *Result {
	t.Helper()
	r, err := o.Validate(context.Background(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHealthyIsApprovedAndDamagedIsRejected(t *testing.T) {
	reference := writeOrders(t, 1500, 1, nil)
	healthy := validate(t, quick(reference), writeOrders(t, 1200, 2, nil))
	if !healthy.ApprovedForTraining {
		t.Errorf("healthy data were rejected: %s", healthy.Reason)
	}
	if healthy.Partial {
		t.Errorf("healthy result is partial: %+v", healthy.Stages)
	}
	if n := len(healthy.ProblematicRows); n > 30 {
		t.Errorf("%d of 1200 healthy rows are problematic, want at most 30", n)
	}
	broken := validate(t, quick(reference), writeOrders(t, 1200, 3, func(i int, row []string) {
		if i%4 == 0 {
			row[2] = "n.a.x"
		}
	}))
	if broken.ApprovedForTraining {
		t.Error("a file with a fourth of its prices unreadable was approved")
	}
	if d := broken.Collapse.Dimension("quality_degradation"); d.Score.Or(100) >= 65 {
		t.Errorf("quality_degradation is %s, want below 65", d.Score)
	}
	hit := 0
	for _, row := range broken.ProblematicRows {
		if row%4 == 0 {
			hit++
		}
	}
	if n := len(broken.ProblematicRows); hit < 290 || hit < n*8/10 {
		t.Errorf("%d rows are problematic, %d of them really: want the 300 broken ones, and at most a fifth of others", n, hit)
	}
	if len(broken.Recommendations) == 0 {
		t.Error("nothing is recommended for broken prices")
	}
}

func TestEveryStageHasItsSection(t *testing.T) {
	r := validate(t, quick(writeOrders(t, 600, 4, nil)), writeOrders(t, 500, 5, nil))
	if r.Load == nil || r.Diversity == nil || r.Cascade == nil || r.Collapse == nil || r.Localization == nil {
		t.Fatalf("a section is missing: %+v", r.Stages)
	}
	if got := r.Cascade.ModelsPerTier; got != (verdict.Tiers{Tiny: 10, Small: 5, Base: 3}) {
		t.Errorf("models per tier %+v, want 10, 5, 3", got)
	}
	if r.Rows != 500 || r.Columns != 6 || len(r.Stages) != 6 {
		t.Errorf("%d rows, %d columns, %d stages; want 500, 6, 6", r.Rows, r.Columns, len(r.Stages))
	}
	if r.PeakMemoryBytes <= 0 || r.TotalTimeSeconds <= 0 || r.ThroughputRowsPerSecond <= 0 {
		t.Error("no timings or memory")
	}
}

func TestAFailedStageLeavesAPartialResult(t *testing.T) {
	reference, data := writeOrders(t, 400, 6, nil), writeOrders(t, 300, 7, nil)
	for _, stage := range Stages {
		t.Run(stage, func(t *testing.T) {
			o := quick(reference)
			o.fail = func(name string) error {
				if name == stage {
					return errors.New("injected")
				}
				return nil
			}
			r, err := o.Validate(context.Background(), data, "")
			if stage == "load" {
				if err == nil {
					t.Fatal("a failure to load is an error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !r.Partial || r.ApprovedForTraining {
				t.Errorf("partial %v, approved %v; want a partial result that is not approved", r.Partial, r.ApprovedForTraining)
			}
			if !strings.Contains(r.Reason, stage) {
				t.Errorf("the reason does not name stage %s: %s", stage, r.Reason)
			}
			done := 0
			for _, s := range r.Stages {
				if s.Status == verdict.StageDone {
					done++
				}
			}
			if done < 4 {
				t.Errorf("only %d stages were done: %+v", done, r.Stages)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("the result is no JSON: %v", err)
			}
		})
	}
}

func TestAPanicIsAFailedStage(t *testing.T) {
	o := quick(writeOrders(t, 300, 8, nil))
	o.fail = func(name string) error {
		if name == "collapse" {
			panic("injected")
		}
		return nil
	}
	if r := validate(t, o, writeOrders(t, 300, 9, nil)); !r.Partial || r.ApprovedForTraining {
		t.Error("a panic in a stage must leave a partial result")
	}
}

// comparable returns the report without what may differ between runs: times,
// memory and the number of jobs.
func comparable(t *testing.T, r *Result) map[string]any {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range []string{"seconds", "share", "total_time_seconds", "training_seconds", "throughput_rows_per_second", "peak_memory_bytes", "started_at", "jobs"} {
				delete(v, key)
			}
			for _, x := range v {
				strip(x)
			}
		case []any:
			for _, x := range v {
				strip(x)
			}
		}
	}
	strip(m)
	return m
}

func TestSameBitsForAnyJobsAndAnyCut(t *testing.T) {
	reference := writeOrders(t, 700, 10, nil)
	data := writeOrders(t, 900, 11, func(i int, row []string) {
		if i%9 == 0 {
			row[5] = "maybe"
		}
	})
	var want map[string]any
	for _, run := range []struct {
		jobs  int
		bytes int64
	}{{1, 0}, {2, 0}, {2, 1000}, {3, 7777}} {
		o := quick(reference)
		o.Jobs, o.rangeBytes, o.Sample = run.jobs, run.bytes, 500
		got := comparable(t, validate(t, o, data))
		if want == nil {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d jobs, ranges of %d bytes: another report (-want +got):\n%s", run.jobs, run.bytes, diff)
		}
	}
}

func TestSelfModeSaysWhatItCannotSee(t *testing.T) {
	r := validate(t, quick(""), writeOrders(t, 600, 12, nil))
	if !strings.Contains(r.Reason, "without a reference") {
		t.Errorf("the reason does not say that there was no reference: %s", r.Reason)
	}
	if d := r.Collapse.Dimension("memorization"); d.NullReason == "" {
		t.Error("memorization cannot be seen without a reference and must be null with a reason")
	}
}

func TestUnusualFiles(t *testing.T) {
	wide := func() string {
		var b strings.Builder
		for row := range 31 {
			for j := range 5000 {
				if j > 0 {
					b.WriteByte(',')
				}
				if row == 0 {
					fmt.Fprintf(&b, "c%d", j)
				} else {
					fmt.Fprint(&b, (row*j*7919)%101)
				}
			}
			b.WriteByte('\n')
		}
		return b.String()
	}
	tests := []struct {
		name, reason, file, content, format string
		wantErr                             string // part of the error; "" = a verdict
	}{
		{"empty", "nothing to read", "x.csv", "", "", "empty"},
		{"header only", "columns without rows", "x.csv", "a,b\n", "", "no rows"},
		{"one row", "too little to judge, but a result", "x.csv", "a,b\n1,2\n", "", ""},
		{"constant", "no information, but a verdict", "x.csv", "a,b\n" + strings.Repeat("1,x\n", 200), "", ""},
		{"all null", "nothing to model, but a verdict", "x.csv", "a,b\n" + strings.Repeat(",\n", 200), "", ""},
		{"one column", "no pair to compare", "x.csv", "a\n" + strings.Repeat("1\n2\n3\n", 80), "", ""},
		{"5000 columns", "far more columns than rows", "x.csv", wide(), "", ""},
		{"wrong format", "a CSV file is no Parquet", "x.csv", "a,b\n1,2\n", "parquet", "parquet"},
		{"corrupt footer", "a Parquet file cut short", "x.parquet", "PAR1\x00\x01\x02\x03garbagePAR1", "", "x.parquet"},
		{"unknown format name", "says which there are", "x.csv", "a\n1\n", "sas", "sas"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := quick("").Validate(context.Background(), writeFile(t, test.file, test.content), test.format)
			switch {
			case test.wantErr != "" && err == nil:
				t.Errorf("no error (%s)", test.reason)
			case test.wantErr != "" && !strings.Contains(err.Error(), test.wantErr):
				t.Errorf("error %q does not mention %q (%s)", err, test.wantErr, test.reason)
			case test.wantErr == "" && err != nil:
				t.Errorf("%v (%s)", err, test.reason)
			case test.wantErr == "" && r.Reason == "":
				t.Errorf("no reason (%s)", test.reason)
			}
		})
	}
	if _, err := quick("").Validate(context.Background(), t.TempDir(), ""); err == nil {
		t.Error("a directory was validated")
	}
	if _, err := quick("").Validate(context.Background(), filepath.Join(t.TempDir(), "no-such-file.csv"), ""); err == nil || !strings.Contains(err.Error(), "no-such-file.csv") {
		t.Errorf("missing file: %v", err)
	}
}

func TestBadOptionsAreNamed(t *testing.T) {
	for field, change := range map[string]func(*Orchestrator){
		"CollapseThreshold": func(o *Orchestrator) { o.CollapseThreshold = 200 },
		"dimension":         func(o *Orchestrator) { o.CriticalDimensions = []string{"beauty"} },
		"preset":            func(o *Orchestrator) { o.Preset = "huge" },
		"holdout":           func(o *Orchestrator) { o.Holdout = "h.csv" },
		"sample":            func(o *Orchestrator) { o.Sample = 1 },
	} {
		o := New()
		change(o)
		if _, err := o.Validate(context.Background(), "x.csv", ""); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v does not name it", field, err)
		}
	}
}

func TestTimeoutKeepsWhatIsDone(t *testing.T) {
	o := quick("")
	o.fail = func(stage string) error {
		if stage == "collapse" {
			time.Sleep(300 * time.Millisecond)
		}
		return nil
	}
	o.Timeout = 10 * time.Second
	ctx, cancel := context.WithCancel(context.Background())
	o.Progress = func(p Progress) {
		if p.Stage == "cascade" && p.Finished {
			cancel()
		}
	}
	r, err := o.Validate(ctx, writeOrders(t, 400, 13, nil), "")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Partial || r.Cascade == nil || r.ApprovedForTraining {
		t.Errorf("partial %v, cascade kept %v: want the cascade kept and no approval", r.Partial, r.Cascade != nil)
	}
}

func TestProgressNamesEveryStage(t *testing.T) {
	o := quick("")
	var finished []string
	o.Progress = func(p Progress) {
		if p.Done < 0 || p.Done > 1 {
			t.Errorf("%s is done by %v", p.Stage, p.Done)
		}
		if p.Finished {
			finished = append(finished, p.Stage)
		}
	}
	validate(t, o, writeOrders(t, 300, 14, nil))
	slices.Sort(finished)
	want := slices.Sorted(slices.Values(Stages))
	if diff := cmp.Diff(want, finished); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOmittedStages(t *testing.T) {
	o := quick("")
	o.Omit = []string{"localize", "recommend"}
	r := validate(t, o, writeOrders(t, 400, 7, nil))
	if r.Partial || r.Localization != nil || len(r.Recommendations) != 0 {
		t.Errorf("partial %v, localization %v, %d recommendations; want a whole verdict without them", r.Partial, r.Localization, len(r.Recommendations))
	}
	if _, ok := r.CollapseScore.Value(); !ok || r.Confidence == 0 {
		t.Errorf("no verdict: collapse score %s, confidence %v", r.CollapseScore, r.Confidence)
	}
	for _, s := range r.Stages {
		want := verdict.StageDone
		if s.Name == "localize" || s.Name == "recommend" {
			want = verdict.StageOmitted
		}
		if s.Status != want {
			t.Errorf("stage %s is %s, want %s", s.Name, s.Status, want)
		}
	}
	o.Omit = []string{"collapse"}
	if _, err := o.Validate(context.Background(), "any.csv", ""); err == nil || !strings.Contains(err.Error(), `"collapse" cannot be left out`) {
		t.Errorf("leaving out stage collapse: %v, want an error that says it cannot be", err)
	}
}

// TestWithoutTheCascade leaves out the networks: there is a verdict all the same.
func TestWithoutTheCascade(t *testing.T) {
	o := quick(writeOrders(t, 400, 8, nil))
	o.Omit = []string{"cascade", "recommend"}
	r := validate(t, o, writeOrders(t, 400, 7, nil))
	if _, ok := r.CollapseScore.Value(); !ok || r.Partial || r.Cascade != nil || r.Localization == nil {
		t.Errorf("score %s, partial %v, cascade %v; want a whole verdict without networks", r.CollapseScore, r.Partial, r.Cascade)
	}
	o.SavePredictions = filepath.Join(t.TempDir(), "p.csv")
	if _, err := o.Validate(context.Background(), "any.csv", ""); err == nil || !strings.Contains(err.Error(), "no predictions to save") {
		t.Errorf("predictions without networks: %v, want an error", err)
	}
}

// TestPresetThatDoesNotFit is refused before any work: the file is not even opened.
func TestPresetThatDoesNotFit(t *testing.T) {
	if free := freeMemory(); free == 0 || free > 40<<30 {
		t.Skip("the memory is not known, or enough")
	}
	o := quick("")
	o.Preset = "full"
	_, err := o.Validate(context.Background(), "no such file.csv", "")
	if err == nil || !strings.Contains(err.Error(), "use the preset cpu") {
		t.Errorf("error %v, want the preset that fits", err)
	}
}

// TestMoreColumnsThanNetworksModel judges a table of which the networks model a
// part by itself: what they did not model, the rows drawn from them have not lost.
func TestMoreColumnsThanNetworksModel(t *testing.T) {
	const columns = trainingSlots + 40
	rng := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	for i := range 301 {
		for j := range columns {
			if j > 0 {
				b.WriteByte(',')
			}
			if i == 0 {
				fmt.Fprintf(&b, "c%d", j)
			} else {
				fmt.Fprint(&b, rng.IntN(9))
			}
		}
		b.WriteByte('\n')
	}
	o := quick("")
	o.Omit = []string{"localize", "recommend"}
	o.SavePredictions = filepath.Join(t.TempDir(), "drawn.jsonl")
	r := validate(t, o, writeFile(t, "wide.csv", b.String()))
	if score := r.Collapse.Dimension("mode_collapse").Score; score.Or(0) < 90 {
		t.Errorf("mode_collapse %s of independent uniform columns, want about 100", score)
	}
	if r.Cascade.PredictionsColumns != trainingSlots || len(r.Cascade.LeftOut) != 1 || !strings.HasPrefix(r.Cascade.LeftOut[0].Reason, "40 of 552 columns") {
		t.Errorf("%d columns modelled, left out: %v", r.Cascade.PredictionsColumns, r.Cascade.LeftOut)
	}
	drawn, err := os.ReadFile(o.SavePredictions)
	if err != nil || strings.Count(string(drawn), "\n") != r.Cascade.PredictionsRows {
		t.Errorf("%d lines of predictions (%v), want %d", strings.Count(string(drawn), "\n"), err, r.Cascade.PredictionsRows)
	}
}

package localize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/cascade"
	"synthos/dataset"
	"synthos/encode"
	"synthos/scan"
	"synthos/verdict"
)

// damaged returns data with several kinds of damage, and its reference.
func damaged() (data, reference *dataset.Table) {
	data, reference = made(1, 600), made(2, 500)
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 60 {
		copyRow(data, 400+i, data, i)
		copyRow(data, 500+i, reference, i)
	}
	for _, i := range some(rng, 400, 20) {
		column(data, "price").Floats[i] = -99999
	}
	column(data, "y").Floats[3] = math.NaN()
	column(data, "y").Floats[4] = math.Inf(1)
	return data, reference
}

// TestSameForAnyCut runs on the same data cut differently, by different numbers
// of goroutines, with a sample that holds all rows and one that holds every other.
func TestSameForAnyCut(t *testing.T) {
	data, reference := damaged()
	for _, every := range []int{1, 2} {
		var rows []int
		for i := 0; i < data.Rows(); i += every {
			if i != 3 && i != 4 { // a sample holds finite numbers
				rows = append(rows, i)
			}
		}
		in := Input{Schema: data.Schema, Sample: data.Take(rows), Reference: reference, Seed: 1, Jobs: 1, KeepRowScores: true, Worst: 50}
		want := runOn(t, data, in, 1)
		if len(want.Rows) != 50 || want.RowsScored != 600 || len(want.RowScores) != 600 {
			t.Fatalf("%d rows reported, %d scored, %d scores", len(want.Rows), want.RowsScored, len(want.RowScores))
		}
		var flagged, listed []int64
		for i, s := range want.RowScores {
			if s >= FlagAt {
				flagged = append(flagged, int64(i))
			}
		}
		for i := range want.Flagged {
			rows, err := want.Flagged[i].Rows()
			if err != nil {
				t.Fatal(err)
			}
			listed = append(listed, rows...)
		}
		slices.Sort(listed)
		if diff := cmp.Diff(flagged, listed); diff != "" || len(flagged) <= 50 {
			t.Errorf("listed are not the flagged rows, each once (-want +got):\n%s", diff)
		}
		for _, cut := range [][2]int{{2, 1}, {3, 2}, {7, 3}} {
			in.Jobs = cut[1]
			got := runOn(t, data, in, cut[0])
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b verdict.Number) bool {
				return math.Float64bits(float64(a)) == math.Float64bits(float64(b))
			})); diff != "" {
				t.Errorf("sample of every %d rows, %d ranges, %d jobs (-want +got):\n%s", every, cut[0], cut[1], diff)
			}
		}
	}
}

// TestRowsBeyondTheSample checks that rows that are not in the sample are
// judged like those that are.
func TestRowsBeyondTheSample(t *testing.T) {
	data, reference := damaged()
	data = data.Take(slices.Collect(between(5, 600)))
	for i := range data.RowIDs {
		data.RowIDs[i] = int64(i)
	}
	j := judgeOf(t, data, reference)
	v := j.view
	again, err := j.hear(v.rowsOf(data)) // anew, not from the sample
	if err != nil {
		t.Fatal(err)
	}
	for i := range data.Rows() {
		a, _ := j.fitted.score(i)
		b, _ := again.score(i)
		alone, err := j.hear(v.rowsOf(data.Take([]int{i})))
		if err != nil {
			t.Fatal(err)
		}
		c, _ := alone.score(0)
		if a != b || a != c {
			t.Fatalf("row %d scores %v in the sample, %v anew, %v alone", i, a, b, c)
		}
		if i == 40 {
			break
		}
	}
}

func judgeOf(t *testing.T, data, reference *dataset.Table) *judge {
	t.Helper()
	return judgeOfSample(t, data, data, reference)
}

// judgeOfSample returns a judge that was fitted on a sample of data.
func judgeOfSample(t *testing.T, data, sample, reference *dataset.Table) *judge {
	t.Helper()
	ctx := context.Background()
	in := Input{Schema: data.Schema, Sample: sample, Reference: reference, Seed: 1, Jobs: 1, KeepRowScores: true, Worst: 20}
	src := scan.Memory(data, 1)
	v, err := newView(ctx, src, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.study(ctx, scan.Local{Jobs: 1}, src); err != nil {
		t.Fatal(err)
	}
	j, err := fit(v)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// TestMergeOrder merges the parts of a pass in different orders.
func TestMergeOrder(t *testing.T) {
	data, reference := made(1, 300), made(2, 300)
	for i := range 40 {
		copyRow(data, 100+i, data, i)
	}
	j := judgeOf(t, data, reference)
	src := scan.Memory(data, 6)
	parts := func() []*accumulator {
		var out []*accumulator
		for _, r := range src.Ranges() {
			a := newAccumulator(j)
			if err := src.Read(context.Background(), r, a.AddBatch); err != nil {
				t.Fatal(err)
			}
			out = append(out, a)
		}
		return out
	}
	var want []byte
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 3, 1, 0, 2, 4}, {2, 0, 5, 4, 1, 3}} {
		p := parts()
		sum := newAccumulator(j)
		for _, k := range order {
			if err := sum.Merge(p[k]); err != nil {
				t.Fatal(err)
			}
		}
		got, err := sum.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !slices.Equal(want, got) {
			t.Errorf("merged in the order %v, the state differs", order)
		}
	}
	if err := newAccumulator(j).Merge(newAccumulator(&judge{view: j.view})); err == nil {
		t.Error("parts of different judges merge")
	}
}

// TestSelf judges data without a reference.
func TestSelf(t *testing.T) {
	if l := localized(t, made(1, 600), nil); l.RowsFlagged > 3 {
		t.Errorf("%d rows of healthy data are flagged", l.RowsFlagged)
	}
	data := made(1, 600)
	for i := range 30 {
		copyRow(data, 500+i, data, i)
	}
	for i := 100; i < 105; i++ {
		column(data, "city").Strings[i] = "Z�rich"
		v := column(data, "y")
		v.Null[i+10] = true
		v.Invalid = append(v.Invalid, dataset.Invalid{Row: i + 10, Text: "n.a."})
		column(data, "price").Floats[i+20] = 1e9
	}
	bad := append(slices.Collect(between(500, 530)), slices.Concat(slices.Collect(between(100, 105)), slices.Collect(between(110, 115)), slices.Collect(between(120, 125)))...)
	l := localized(t, data, nil)
	if recall, _ := caught(l, bad); recall < 0.95 {
		t.Errorf("%.0f %% of the bad rows are flagged", 100*recall)
	}
	if n := len(flagged(l)) - len(bad); n > 35 { // the 30 that were copied may be
		t.Errorf("%d other rows are flagged", n)
	}
	for i, want := range map[int]string{500: "repeats row 0 exactly (2 rows alike)", 100: "city holds broken characters", 110: "'n.a.' in y cannot be read", 120: "price is 1e+09, far from what is usual"} {
		if r, err := about(l, i); err != nil || !strings.Contains(r.Reason, want) {
			t.Errorf("row %d: %q (%v), want %q", i, r.Reason, err, want)
		}
	}
}

func between(lo, hi int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := lo; i < hi && yield(i); i++ {
		}
	}
}

// TestNaturalRepeats checks that rows that must repeat by chance are innocent:
// three columns of two levels have eight different rows.
func TestNaturalRepeats(t *testing.T) {
	few := func(seed uint64) *dataset.Table {
		return made(seed, 500).Select([]int{5, 6})
	}
	for _, reference := range []*dataset.Table{few(2), nil} {
		if l := localized(t, few(1), reference); l.RowsFlagged > 3 {
			t.Errorf("%d rows are flagged (reference: %v): %+v", l.RowsFlagged, reference != nil, l.Rows[0])
		}
	}
}

// TestSkipped counts rows that could not be read.
func TestSkipped(t *testing.T) {
	j := judgeOf(t, made(1, 60), made(2, 60))
	a := newAccumulator(j)
	data := made(1, 60)
	b := &dataset.Batch{FirstRow: 0, Rows: 60, Columns: data.Columns, Skipped: []dataset.Finding{{Row: 60, Message: "3 fields instead of 7"}}}
	if err := a.AddBatch(b); err != nil {
		t.Fatal(err)
	}
	l := a.localization()
	if len(l.RowScores) != 61 || l.RowScores[60] != 1 || l.Rows[0].Row != 60 || l.Rows[0].Reason != "cannot be read: 3 fields instead of 7" {
		t.Errorf("%+v", l)
	}
}

// TestContributors checks that damage is shared out to columns.
func TestContributors(t *testing.T) {
	data, reference := made(1, 600), made(2, 600)
	for i := range 40 {
		column(data, "price").Floats[i] = 1e6
		column(data, "y").Floats[100+i] = -1e6
	}
	in := Input{Schema: data.Schema, Sample: data, Reference: reference, Seed: 1, Jobs: 2,
		Dimensions: &verdict.Collapse{Dimensions: []verdict.Dimension{{Name: "quality_degradation", Score: verdict.NewScore(65)}}}}
	l := runOn(t, data, in, 2)
	sum := 0.0
	for _, c := range l.TopContributors[:2] {
		if len(c.Columns) != 1 || c.Columns[0] != "price" && c.Columns[0] != "y" || c.Detail != "out of range: 40 rows" {
			t.Errorf("%+v", c)
		}
		sum += float64(c.Damage)
	}
	if sum < 0.9 || sum > 1+1e-9 { // a score of 65 is a damage of 1
		t.Errorf("the contributors share a damage of %v, want 1", sum)
	}
	if l.Severity != "high" {
		t.Errorf("severity %s with 80 of 600 rows bad", l.Severity)
	}
}

// TestNetworks asks networks that were trained on the reference.
func TestNetworks(t *testing.T) {
	data, reference := made(1, 400), made(2, 400)
	rng := rand.New(rand.NewPCG(1, 2))
	bad := some(rng, 400, 60)
	for _, i := range bad {
		column(data, "x").Floats[i] *= -1
		column(data, "label").Strings[i] = "no"
	}
	space := encode.Fit(reference, nil)
	c := space.Codes(reference)
	nets, err := cascade.Train(context.Background(), cascade.Data{Rows: c.N, Cards: c.Cards, Codes: c.Data, Names: space.SlotNames()},
		cascade.Options{Seed: 1, Jobs: 2, RowVisits: 4000})
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Schema: data.Schema, Sample: data, Reference: reference, Seed: 1, Jobs: 2, Networks: nets, NetworkSpace: space}
	v, err := newView(context.Background(), scan.Memory(data, 1), in)
	if err != nil {
		t.Fatal(err)
	}
	w, err := fitNetworks(v)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.hear(v.data)
	if err != nil {
		t.Fatal(err)
	}
	good, damaged := 0.0, 0.0
	for i, loss := range s.strengths[networkLoss] {
		if slices.Contains(bad, i) {
			damaged += loss / 60
		} else {
			good += loss / 340
		}
	}
	if damaged < good+0.2 {
		t.Errorf("mean loss %v of bad rows, %v of others", damaged, good)
	}
	if got := s.say(networkLoss, bad[0]); !strings.Contains(got, "networks trained on the reference find ") {
		t.Error(got)
	}
	if columns := s.blame(networkLoss, bad[0]); len(columns) != 1 {
		t.Errorf("blames %v", columns)
	}
	in.NetworkSpace = encode.Fit(reference, []string{"x"}) // not what they were trained on
	v, _ = newView(context.Background(), scan.Memory(data, 1), in)
	if w, err := fitNetworks(v); err != nil || len(w.channels()) != 0 {
		t.Errorf("networks of another space are asked (%v)", err)
	}
}

// TestErrors lists what Run cannot judge.
func TestErrors(t *testing.T) {
	good := made(1, 50)
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := []struct {
		name, reason string
		ctx          context.Context
		source       *dataset.Table
		in           Input
		want         string
	}{
		{"no rows", "nothing to fit on", nil, good, Input{Schema: good.Schema, Sample: good.Take(nil)}, "no rows"},
		{"no common column", "nothing to compare", nil, good, Input{Schema: good.Schema, Sample: good.Select([]int{0}), Reference: good.Select([]int{1})}, "no column can be compared"},
		{"column missing", "the source is not that of the sample", nil, good.Select([]int{1, 2}), Input{Schema: good.Schema, Sample: good, Reference: made(2, 50)}, `column "x"`},
		{"cancelled", "the caller has given up", canceled, good, Input{Schema: good.Schema, Sample: good, Reference: made(2, 50)}, context.Canceled.Error()},
	}
	for _, c := range cases {
		ctx := c.ctx
		if ctx == nil {
			ctx = context.Background()
		}
		_, err := Run(ctx, scan.Local{Jobs: 1}, scan.Memory(c.source, 1), c.in, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s (%s): %v, want %q", c.name, c.reason, err, c.want)
		}
	}
	if _, err := Run(canceled, scan.Local{Jobs: 1}, scan.Memory(good, 1), Input{Schema: good.Schema, Sample: good}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not the context's error", err)
	}
}

// TestOddTables runs on tables that leave little to measure.
func TestOddTables(t *testing.T) {
	constant := made(1, 80)
	for i := range 80 {
		column(constant, "x").Floats[i] = 5
		column(constant, "city").Strings[i] = "Zug"
		column(constant, "gap").Null[i] = true
	}
	wide := &dataset.Table{Schema: &dataset.Schema{}, RowIDs: made(1, 60).RowIDs}
	for k := range 40 {
		m := made(uint64(k), 60)
		for j, f := range m.Schema.Fields {
			f.Name = fmt.Sprintf("%s%d", f.Name, k)
			wide.Schema.Fields = append(wide.Schema.Fields, f)
			wide.Columns = append(wide.Columns, m.Columns[j])
		}
	}
	cases := []struct {
		name, reason    string
		data, reference *dataset.Table
	}{
		{"one row", "no neighbour, no quantile", made(1, 1), made(2, 1)},
		{"one row each way", "nothing to split", made(1, 1), made(2, 200)},
		{"few good rows", "no null to speak of", made(1, 200), made(2, 3)},
		{"one row alone", "no neighbour, no reference", made(1, 1), nil},
		{"constant columns", "no spread, a column of nulls", constant, constant},
		{"constant columns alone", "the same in self mode", constant, nil},
		{"280 columns", "more than distances look at", wide, wide},
		{"one column", "nothing to predict it from", made(1, 100).Select([]int{0}), made(2, 100).Select([]int{0})},
	}
	for _, c := range cases {
		l := localized(t, c.data, c.reference)
		if l.RowsScored != int64(c.data.Rows()) {
			t.Errorf("%s (%s): %d rows scored", c.name, c.reason, l.RowsScored)
		}
		for i, s := range l.RowScores {
			if !(s >= 0 && s <= 1) {
				t.Errorf("%s (%s): row %d has score %v", c.name, c.reason, i, s)
			}
		}
	}
}

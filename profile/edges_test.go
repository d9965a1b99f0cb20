package profile

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/scan"
)

func TestKeepsNothingOfABatch(t *testing.T) {
	src := mixed(2000)
	want := run(t, scan.Memory(src, 2), 1, Options{Sample: 300})
	got := run(t, scribbler{scan.Memory(src, 2)}, 1, Options{Sample: 300})
	if diff := cmp.Diff(want.Section("p", "csv"), got.Section("p", "csv"), nan); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Sample, got.Sample); diff != "" {
		t.Errorf("sample (-want +got):\n%s", diff)
	}
}

func TestEdges(t *testing.T) {
	inf := math.Inf(1)
	t.Run("no rows", func(t *testing.T) {
		p := run(t, scan.Memory(table(0, floats("x", 0, nil), texts("s", 0, nil)), 1), 0, Options{})
		if p.Rows != 0 || p.DuplicateRows != 0 || !p.DuplicatesExact || p.Sample.Rows() != 0 || len(p.Sample.Columns) != 2 {
			t.Errorf("%+v", p)
		}
		for _, c := range p.Columns {
			if c.Kind != dataset.Unknown || c.Distinct != 0 || c.Mean == c.Mean || len(c.Levels) != 0 || !c.LevelsComplete {
				t.Errorf("%+v", c)
			}
		}
		if _, err := json.Marshal(p.Section("p", "csv")); err != nil {
			t.Error(err)
		}
	})
	t.Run("one row", func(t *testing.T) {
		p := run(t, scan.Memory(table(1, floats("x", 1, func(int) float64 { return 4.5 })), 1), 0, Options{})
		if c := p.Columns[0]; c.Mean != 4.5 || c.SD == c.SD || c.Min != 4.5 || c.Distinct != 1 || p.Sample.Rows() != 1 {
			t.Errorf("%+v", c)
		}
	})
	t.Run("all null", func(t *testing.T) {
		always := func(int) bool { return true }
		p := run(t, scan.Memory(table(99, floats("x", 99, func(int) float64 { return 3 }).null(always),
			texts("s", 99, func(int) string { return "s" }).null(always),
			floats("nan", 99, func(int) float64 { return math.NaN() }),
			floats("inf", 99, func(int) float64 { return -inf })), 3), 0, Options{})
		for _, c := range p.Columns {
			if c.Kind != dataset.Unknown || c.Count != 0 || c.Nulls+c.Invalid != 99 || (c.Name == "inf") != (c.Invalid == 99) {
				t.Errorf("%+v", c)
			}
		}
		if p.DuplicateRows != 98 {
			t.Errorf("%d duplicate rows, want 98: all rows are the same", p.DuplicateRows)
		}
	})
	t.Run("huge", func(t *testing.T) {
		x := []float64{math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, math.SmallestNonzeroFloat64}
		p := run(t, scan.Memory(table(4, floats("x", 4, func(i int) float64 { return x[i] })), 2), 0, Options{})
		// Of M, -M, M and about 0: the mean is M/4, the squared deviations sum to
		// 3 M^2 - 4 (M/4)^2 = 11/4 M^2, divided by 3.
		c := p.Columns[0]
		if c.Mean != math.MaxFloat64/4 || !close(c.SD, math.Sqrt(11.0/12)*math.MaxFloat64) || c.Kind != dataset.Numerical {
			t.Errorf("mean %v, SD %v, %v", c.Mean, c.SD, c.Kind)
		}
	})
	t.Run("wide", func(t *testing.T) {
		var columns []named
		for j := range 5000 {
			columns = append(columns, floats(fmt.Sprint("c", j), 10, func(i int) float64 { return float64(i * j) }))
		}
		start := time.Now()
		p := run(t, scan.Memory(table(10, columns...), 3), 0, Options{})
		if len(p.Columns) != 5000 || p.Columns[4999].Max != 9*4999 || p.Sample.Rows() != 10 {
			t.Errorf("%d columns", len(p.Columns))
		}
		if d := time.Since(start); d > 60*time.Second {
			t.Errorf("took %v", d)
		}
	})
}

func TestSkipped(t *testing.T) {
	a, b := NewAccumulator(&dataset.Schema{}, Options{}), NewAccumulator(&dataset.Schema{}, Options{})
	var want []dataset.Finding
	for row := range int64(250) {
		f := dataset.Finding{Path: "f.csv", Row: row, Message: "no closing quote"}
		into := a
		if row%3 == 0 {
			into = b
		}
		if err := into.AddBatch(&dataset.Batch{Skipped: []dataset.Finding{f}}); err != nil {
			t.Fatal(err)
		}
		if row < maxFindings {
			want = append(want, f)
		}
	}
	if err := b.Merge(a); err != nil {
		t.Fatal(err)
	}
	p, err := b.Profile()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, p.Findings); diff != "" || p.Skipped != 250 {
		t.Errorf("%d skipped (-want +got):\n%s", p.Skipped, diff)
	}
}

// TestDuplicatesEstimated keeps few row hashes, as if the file were huge.
func TestDuplicatesEstimated(t *testing.T) {
	const n = 20000
	tests := []struct {
		name   string
		value  func(i int) float64
		want   float64
		within float64
		reason string
	}{
		{"none", func(i int) float64 { return float64(i) }, 0, 0, "must not invent duplicates"},
		{"half", func(i int) float64 { return float64(i / 2) }, n / 2, 0, "all repeat alike"},
		{"one row in a third of all", func(i int) float64 { return float64(max(0, i-n/3)) }, n / 3, n * 4 / 32.0, "4 standard errors of 1/sqrt(1024)"},
	}
	for _, tt := range tests {
		src := table(n, floats("x", n, tt.value))
		a := NewAccumulator(src.Schema, Options{Sample: 10})
		a.hashes = smallKMV()
		m := scan.Memory(src, 1)
		if err := m.Read(t.Context(), m.Ranges()[0], a.AddBatch); err != nil {
			t.Fatal(err)
		}
		p, err := a.Profile()
		if err != nil {
			t.Fatal(err)
		}
		if p.DuplicatesExact || math.Abs(float64(p.DuplicateRows)-tt.want) > tt.within {
			t.Errorf("%s: %d duplicates (exact: %v), want %v within %v: %s", tt.name, p.DuplicateRows, p.DuplicatesExact, tt.want, tt.within, tt.reason)
		}
	}
}

func TestWrongBatch(t *testing.T) {
	schema := &dataset.Schema{Fields: []dataset.Field{{Name: "price", Type: dataset.Float}}}
	tests := []struct {
		name  string
		batch *dataset.Batch
	}{
		{"a column too few", &dataset.Batch{Rows: 1}},
		{"strings for numbers", &dataset.Batch{Rows: 1, Columns: []dataset.Vector{{Strings: []string{"a"}, Null: []bool{false}}}}},
		{"no null marks", &dataset.Batch{Rows: 1, Columns: []dataset.Vector{{Floats: []float64{1}}}}},
		{"too few cells", &dataset.Batch{Rows: 2, Columns: []dataset.Vector{{Floats: []float64{1}, Null: []bool{false, false}}}}},
	}
	for _, tt := range tests {
		a := NewAccumulator(schema, Options{})
		if err := a.AddBatch(tt.batch); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
	if err := NewAccumulator(schema, Options{}).Merge(NewAccumulator(&dataset.Schema{}, Options{})); err == nil {
		t.Error("merged accumulators of different schemas")
	}
}

package mend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/load"
	"synthos/scan"
)

// made returns n rows: an id, a number, a level.
func made(n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(1, 2))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "id", Type: dataset.Float, Kind: dataset.ID},
		{Name: "x", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "c", Type: dataset.String, Kind: dataset.Categorical},
	}}, Columns: make([]dataset.Vector, 3)}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Floats = append(t.Columns[0].Floats, float64(i))
		t.Columns[1].Floats = append(t.Columns[1].Floats, 100+10*rng.NormFloat64())
		t.Columns[2].Strings = append(t.Columns[2].Strings, fmt.Sprint("level ", rng.IntN(3)))
		for j := range t.Columns {
			t.Columns[j].Null = append(t.Columns[j].Null, false)
		}
	}
	return t
}

func planned(t *testing.T, data, reference *dataset.Table, kinds []string, flagged map[int64]string) *Plan {
	t.Helper()
	var want *Plan
	for _, cut := range []int{1, 5} { // the same however the file is cut
		p, err := Make(t.Context(), scan.Local{Jobs: 2}, Input{
			Source: scan.Memory(data, cut), Data: data, Reference: reference, Rows: int64(data.Rows()), Kinds: kinds, Flagged: flagged, Seed: 1,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want != nil {
			if diff := cmp.Diff(want.Steps, p.Steps); diff != "" {
				t.Errorf("depends on how the file is cut:\n%s", diff)
			}
		}
		want = p
	}
	return want
}

func droppedBy(p *Plan, n int) map[int64]string {
	out := map[int64]string{}
	for i := range int64(n) {
		if reason, dropped := p.Edit.Dropped(i); dropped {
			out[i] = reason
		}
	}
	return out
}

func TestDropped(t *testing.T) {
	data := made(400)
	for k, i := range []int{50, 60, 399} {
		for j := 1; j < 3; j++ {
			data.Columns[j].Floats, data.Columns[j].Strings = slices.Clone(data.Columns[j].Floats), slices.Clone(data.Columns[j].Strings)
			if j == 1 {
				data.Columns[j].Floats[i] = data.Columns[j].Floats[7+k/2]
			} else {
				data.Columns[j].Strings[i] = data.Columns[j].Strings[7+k/2]
			}
		}
	}
	p := planned(t, data, nil, []string{"drop_rows", "drop_duplicates", "mix_real"}, map[int64]string{60: "odd", 99: "odd too"})
	want := map[int64]string{50: "repeats row 7", 60: "repeats row 7", 399: "repeats row 8", 99: "odd too"}
	if diff := cmp.Diff(want, droppedBy(p, 400)); diff != "" {
		t.Errorf("the first of equal rows stays, ids do not count (-want +got):\n%s", diff)
	}
	if p.Dropped != 4 || len(p.Steps) != 3 || p.Steps[0].Rows != 3 || p.Steps[1].Rows != 1 || p.Steps[2].Passed == "" || p.Added != 0 {
		t.Errorf("%d dropped by %+v; a row counts once, and mix_real needs rows", p.Dropped, p.Steps)
	}
}

func TestRepairs(t *testing.T) {
	data, reference := made(400), made(400)
	for i := range data.Columns[1].Floats {
		data.Columns[1].Floats[i] *= 1000
	}
	x := &data.Columns[1]
	for k, text := range []string{"98000 g", "err", "9e99"} {
		x.Null[k] = true
		x.Invalid = append(x.Invalid, dataset.Invalid{Row: k, Text: text})
	}
	p := planned(t, data, reference, []string{"repair_cells", "repair_column"}, nil)
	undo := p.Edit.Numbers["x"]
	if undo == nil || undo(5000) != 5 {
		t.Fatalf("x is a thousand times the reference's: %+v", p.Steps)
	}
	want := map[load.Place]load.Value{{Row: 0, Column: "x"}: {Number: 98}, {Row: 1, Column: "x"}: {Null: true}, {Row: 2, Column: "x"}: {Null: true}}
	if diff := cmp.Diff(want, p.Edit.Cells); diff != "" {
		t.Errorf("98000 g are 98 of the reference's unit (-want +got):\n%s", diff)
	}
	p = planned(t, data, nil, []string{"repair_cells"}, map[int64]string{})
	if v := p.Edit.Cells[load.Place{Row: 0, Column: "x"}]; v != (load.Value{Number: 98000}) {
		t.Errorf("'98000 g' was read as %+v", v)
	}
	if s := p.Steps[0]; s.Cells != 3 || s.Rows != 3 || s.Detail != "1 numbers read out of what wraps them, 2 cells made null" {
		t.Errorf("%+v", s)
	}
}

// TestReweight samples a level that is too frequent down, after what other fixes drop.
func TestReweight(t *testing.T) {
	data, reference := made(3000), made(3000)
	var rows []int
	for i := range 3000 { // of level 0 all rows, of the others every third
		if data.Columns[2].Strings[i] == "level 0" || i%3 == 0 {
			rows = append(rows, i)
		}
	}
	data = data.Take(rows)
	for i := range data.RowIDs {
		data.RowIDs[i] = int64(i)
		data.Columns[1].Floats[i] *= 1000 // another unit, which repair_column undoes first
	}
	flagged := map[int64]string{}
	for i := range int64(data.Rows()) {
		if i%10 == 0 {
			flagged[i] = "odd"
		}
	}
	p := planned(t, data, reference, []string{"repair_column", "drop_rows", "reweight"}, flagged)
	left, n := map[string]float64{}, 0.0
	dropped := droppedBy(p, data.Rows())
	for i := range data.Rows() {
		if _, gone := dropped[int64(i)]; !gone {
			left[data.Columns[2].Strings[i]]++
			n++
		}
	}
	for level, rows := range left {
		if math.Abs(rows/n-1./3) > 0.05 {
			t.Errorf("%s has %.2f of the rows that are left, want a third as in the reference", level, rows/n)
		}
	}
	for row, reason := range dropped {
		if _, is := flagged[row]; is != (reason == "odd") {
			t.Errorf("row %d is dropped as %q", row, reason)
		}
	}
	s := p.Steps[2]
	if s.Kind != "reweight" || s.Rows+int64(len(flagged)) != p.Dropped || int(p.Dropped) != len(dropped) || !strings.Contains(s.Detail, "c = level 0") {
		t.Errorf("%d dropped, %d of them by %+v", p.Dropped, s.Rows, s)
	}
	p = planned(t, reference, made(2900), []string{"reweight"}, nil)
	if p.Dropped != 0 || p.Steps[0].Passed == "" {
		t.Errorf("of healthy data %d rows are dropped: %+v", p.Dropped, p.Steps)
	}
}

// TestReweightSeesWhatIsMended checks that rows are weighed as other fixes leave them.
func TestReweightSeesWhatIsMended(t *testing.T) {
	data, reference := made(3000), made(2900)
	x := &data.Columns[1]
	for i, v := range x.Floats { // most of the values are written with a unit, the high ones are not
		if v < 105 && i%4 > 0 {
			x.Null[i], x.Floats[i] = true, 0
			x.Invalid = append(x.Invalid, dataset.Invalid{Row: i, Text: fmt.Sprint(v, " g")})
		}
	}
	if p := planned(t, data, reference, []string{"reweight"}, nil); p.Dropped < 300 {
		t.Fatalf("%d rows are sampled down where high values are most of those that can be read: the test shows nothing", p.Dropped)
	}
	p := planned(t, data, reference, []string{"repair_cells", "reweight"}, nil)
	if p.Dropped != 0 || len(p.Edit.Cells) != len(x.Invalid) {
		t.Errorf("%d cells are read, and %d rows dropped; with all read, the data are the reference", len(p.Edit.Cells), p.Dropped)
	}
}

// TestEdited checks each kind of change on one table.
func TestEdited(t *testing.T) {
	data := made(4)
	data.RowIDs = []int64{10, 11, 12, 13}
	x := &data.Columns[1]
	x.Floats, x.Null = []float64{1, 2, 3, 4}, []bool{false, true, false, true}
	x.Invalid = []dataset.Invalid{{Row: 1, Text: "7 g"}, {Row: 3, Text: "?"}}
	data.Columns[2].Strings = []string{"a", "b", "c", "d"}
	level := "z"
	got := newEdited(&load.Edit{
		Numbers: map[string]func(float64) float64{"x": func(x float64) float64 { return x / 10 }},
		Cells:   map[load.Place]load.Value{{Row: 11, Column: "x"}: {Number: 7}, {Row: 12, Column: "x"}: {Null: true}, {Row: 13, Column: "c"}: {Text: &level}},
	}).table(data)
	if diff := cmp.Diff([]string{"a", "b", "c", "z"}, got.Columns[2].Strings); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	if g := got.Columns[1]; g.Floats[0] != 0.1 || g.Floats[1] != 7 || !slices.Equal(g.Null, []bool{false, false, true, true}) {
		t.Errorf("a unit is undone, a cell is read as it is to stand, one is made null: %+v", g)
	}
	if diff := cmp.Diff([]dataset.Invalid{{Row: 3, Text: "?"}}, got.Columns[1].Invalid); diff != "" {
		t.Errorf("unreadable cells (-want +got):\n%s", diff)
	}
	if x.Floats[0] != 1 || !x.Null[1] || len(x.Invalid) != 2 || data.Columns[2].Strings[3] != "d" {
		t.Error("the table itself was changed")
	}
}

// TestMarks checks that marks miss no hash that occurs twice, whatever the order.
func TestMarks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	hashes := make([]uint64, 2000)
	for i := range hashes {
		hashes[i] = rng.Uint64()
	}
	copy(hashes[1500:], hashes[:100])
	a, b := &marker{marks: newMarks(2000)}, &marker{marks: newMarks(2000)}
	for i, h := range hashes {
		if i < 1200 {
			a.marks.add(h)
		} else {
			b.marks.add(h)
		}
	}
	if err := a.Merge(b); err != nil {
		t.Fatal(err)
	}
	false2 := 0
	for i, h := range hashes {
		twice := a.marks.twice(h)
		if !twice && (i < 100 || i >= 1500 && i < 1600) {
			t.Fatalf("hash %d occurs twice and is not marked", i)
		}
		if twice && i >= 100 && i < 1500 {
			false2++
		}
	}
	if false2 > 400 {
		t.Errorf("%d of 1400 single hashes are marked", false2)
	}
}

// TestRepairedRowsStay drops no row for a cell that was repaired, unless something else is
// held against it.
func TestRepairedRowsStay(t *testing.T) {
	data := made(400)
	x := &data.Columns[1]
	for k := range 3 {
		x.Null[k] = true
		x.Invalid = append(x.Invalid, dataset.Invalid{Row: k, Text: "err"})
	}
	flagged := map[int64]string{0: "'err' in x cannot be read", 1: "'err' in x cannot be read; c is odd", 2: "'err' in x cannot be read", 9: "odd"}
	plan := func(kinds ...string) map[int64]string {
		p, err := Make(t.Context(), scan.Local{Jobs: 2}, Input{
			Source: scan.Memory(data, 3), Data: data, Rows: 400, Kinds: kinds, Seed: 1,
			Flagged: flagged, Unreadable: map[int64][]string{0: {"x"}, 1: {"x", "c"}, 2: {"x"}},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return droppedBy(p, 400)
	}
	if diff := cmp.Diff(map[int64]string{1: flagged[1], 9: flagged[9]}, plan("repair_cells", "drop_rows")); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(flagged, plan("drop_rows")); diff != "" {
		t.Errorf("dropped where nothing is repaired (-want +got):\n%s", diff)
	}
}

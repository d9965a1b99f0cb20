package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"synthos/bench/internal/cases"
	"synthos/dataset"
	"synthos/load"
)

// made returns rows of three columns that tell each other; flip says which labels are wrong.
func made(n int, seed uint64, flip func(i int) bool) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "x", Type: dataset.Float, Kind: dataset.Numerical}, {Name: "y", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "label", Type: dataset.String, Kind: dataset.Categorical},
	}}, Columns: make([]dataset.Vector, 3)}
	for i := range n {
		x := rng.NormFloat64()
		label := "no"
		if (x > 0) != flip(i) {
			label = "yes"
		}
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Floats = append(t.Columns[0].Floats, x)
		t.Columns[1].Floats = append(t.Columns[1].Floats, x+0.2*rng.NormFloat64())
		t.Columns[2].Strings = append(t.Columns[2].Strings, label)
		for j := range t.Columns {
			t.Columns[j].Null = append(t.Columns[j].Null, false)
		}
	}
	return t
}

func healthy(int) bool { return false }

// TestCompare gives scores that know the wrong labels: leaving out these rows must
// help more than leaving out others.
func TestCompare(t *testing.T) {
	bad := func(i int) bool { return i%4 == 0 }
	data := made(800, 1, bad)
	scores, known := make([]float64, 800), map[int]bool{}
	for i := range scores {
		if bad(i) {
			scores[i], known[i] = 1, true
		}
	}
	r, err := compare(context.Background(), &cases.Flags{Seed: 1}, data, made(400, 2, healthy), made(400, 3, healthy), scores, 200, known)
	if err != nil {
		t.Fatal(err)
	}
	if r.synthos != r.known {
		t.Errorf("loss %v without the known rows, %v without the same rows by score", r.known, r.synthos)
	}
	if r.low <= 0 || r.synthos >= r.all || r.synthos >= r.random {
		t.Errorf("%+v: the true rows are no better than others", r)
	}
}

func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(context.Background(), nil, &out, &errs); code != 2 || !strings.Contains(errs.String(), "--data is required") {
		t.Errorf("code %d: %s", code, errs.String())
	}
	if code := run(context.Background(), []string{"--help"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "nats per cell") {
		t.Errorf("code %d: %s", code, out.String())
	}
}

// TestRemovingFlaggedRowsHelps validates a file with wrong labels and broken
// numbers: models trained without the rows that synthos flags must predict held-out
// rows better than models trained without as many rows by chance, or without
// those that an isolation forest or the distances to the nearest rows find most
// abnormal: by more than what nine of ten resamples of the held-out rows vary.
func TestRemovingFlaggedRowsHelps(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	wrong := func(i int) bool { return i%5 == 0 }
	data := made(1500, 11, wrong)
	known := map[int]bool{}
	for i := range data.Rows() {
		if wrong(i) {
			known[i] = true
		}
		if i%50 == 1 { // a few numbers far outside, which others find too
			data.Columns[1].Floats[i] = 40
			known[i] = true
		}
	}
	dir := t.TempDir()
	path, reference := filepath.Join(dir, "data.csv"), filepath.Join(dir, "reference.csv")
	if err := load.WriteCSV(path, data); err != nil {
		t.Fatal(err)
	}
	if err := load.WriteCSV(reference, made(2400, 12, healthy)); err != nil {
		t.Fatal(err)
	}
	r, err := measure(t.Context(), &cases.Flags{Preset: "fast", Seed: 1, Jobs: 2}, path, reference, known)
	if err != nil {
		t.Fatal(err)
	}
	if r.low <= 0 || r.gain <= 0 {
		t.Errorf("without the flagged rows the loss is %.4f, without others at best %.4f: a gain of %.4f (%.4f to %.4f), want one that is surely positive",
			r.synthos, r.synthos+r.gain, r.gain, r.low, r.high)
	}
	if r.k < 200 || r.synthos >= r.random || r.synthos >= r.forest || r.synthos >= r.nearest {
		t.Errorf("%+v: the flagged rows are no better to leave out than others", r)
	}
}

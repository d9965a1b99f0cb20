package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"synthos/dataset"
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
	r, err := compare(context.Background(), options{seed: 1}, data, made(400, 2, healthy), made(400, 3, healthy), scores, 200, known)
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

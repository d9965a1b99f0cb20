package localize

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// made returns n rows of a table whose columns depend on each other: y on x,
// price on x, city on x, label on x and city; code is almost unique, gap is null now and then.
func made(seed uint64, n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 7))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "x", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "y", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "price", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "code", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
		{Name: "gap", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "city", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "label", Type: dataset.String, Kind: dataset.Boolean},
	}}, Columns: make([]dataset.Vector, 7)}
	for j := range t.Columns {
		v := &t.Columns[j]
		v.Null = make([]bool, n)
		if j < 5 {
			v.Floats = make([]float64, n)
		} else {
			v.Strings = make([]string, n)
		}
	}
	for i := range n {
		x := rng.NormFloat64()
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Floats[i] = x
		t.Columns[1].Floats[i] = 2*x + 0.3*rng.NormFloat64()
		t.Columns[2].Floats[i] = 10 * math.Exp(x/2+0.2*rng.NormFloat64())
		t.Columns[3].Floats[i] = float64(rng.IntN(1_000_000))
		t.Columns[4].Floats[i] = rng.NormFloat64()
		t.Columns[4].Null[i] = rng.IntN(20) == 0
		city := min(4, max(0, int(math.Floor(x+2.5))))
		t.Columns[5].Strings[i] = []string{"Bern", "Genf", "Chur", "Thun", "Zug"}[city]
		t.Columns[6].Strings[i] = map[bool]string{true: "yes", false: "no"}[x+0.1*rng.NormFloat64() > 0]
	}
	return t
}

// column returns a column of t by name.
func column(t *dataset.Table, name string) *dataset.Vector { return &t.Columns[t.Schema.Index(name)] }

// copyRow writes row k of from over row i of t, null by null.
func copyRow(t *dataset.Table, i int, from *dataset.Table, k int) {
	for j := range t.Columns {
		a, b := &t.Columns[j], &from.Columns[j]
		a.Null[i] = b.Null[k]
		if a.Floats != nil {
			a.Floats[i] = b.Floats[k]
		} else {
			a.Strings[i] = b.Strings[k]
		}
	}
}

// localized runs the whole stage on a table that is its own sample.
func localized(t *testing.T, data, reference *dataset.Table) *verdict.Localization {
	t.Helper()
	in := Input{Schema: data.Schema, Sample: data, Reference: reference, Seed: 1, Jobs: 2, KeepRowScores: true}
	return runOn(t, data, in, 3)
}

func runOn(t *testing.T, data *dataset.Table, in Input, ranges int) *verdict.Localization {
	t.Helper()
	out, err := Run(context.Background(), scan.Local{Jobs: in.Jobs}, scan.Memory(data, ranges), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// flagged returns the rows of a score of at least FlagAt.
func flagged(l *verdict.Localization) []int {
	var out []int
	for i, s := range l.RowScores {
		if float64(s) >= FlagAt {
			out = append(out, i)
		}
	}
	return out
}

// caught returns which share of bad was flagged, and how many others were.
func caught(l *verdict.Localization, bad []int) (recall float64, false int) {
	hits := 0
	for _, i := range flagged(l) {
		if slices.Contains(bad, i) {
			hits++
		} else {
			false++
		}
	}
	return float64(hits) / float64(len(bad)), false
}

// about returns what is reported of row i.
func about(l *verdict.Localization, i int) (verdict.Row, error) {
	for _, r := range l.Rows {
		if r.Row == int64(i) {
			return r, nil
		}
	}
	return verdict.Row{}, fmt.Errorf("row %d is not reported", i)
}

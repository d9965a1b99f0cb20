package collapse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"synthos/dataset"
	"synthos/verdict"
)

// related returns n rows of the given kinds of columns, which hang together by four hidden
// numbers and three hidden kinds of rows: n numbers, h numbers with heavy tails, z numbers
// that are often 0, c levels, b yes or no, r yes in two of a thousand.
func related(kinds string, n int, population, seed uint64) *dataset.Table {
	of, rng := rand.New(rand.NewPCG(population, 7)), rand.New(rand.NewPCG(seed, 8))
	normals := func(r *rand.Rand, k int) []float64 {
		x := make([]float64, k)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return x
	}
	dot := func(x, y []float64) (sum float64) {
		for i := range x {
			sum += x[i] * y[i]
		}
		return sum
	}
	centres := [][]float64{normals(of, 4), normals(of, 4), normals(of, 4)}
	hidden := make([][]float64, n)
	d := &dataset.Table{Schema: &dataset.Schema{}}
	for i := range hidden {
		d.RowIDs = append(d.RowIDs, int64(i))
		hidden[i] = normals(rng, 4)
		for k, c := range centres[rng.IntN(3)] {
			hidden[i][k] += 1.5 * c
		}
	}
	for j, kind := range kinds {
		weights, noise := normals(of, 4), 0.3+of.Float64()
		f := dataset.Field{Name: fmt.Sprint("c", j), Type: dataset.Float, Kind: dataset.Numerical}
		column := dataset.Vector{Null: make([]bool, n)}
		if kind == 'c' || kind == 'b' || kind == 'r' {
			f.Type, f.Kind = dataset.String, dataset.Categorical
		}
		var levels [][]float64
		for range 2 + of.IntN(12) {
			levels = append(levels, append(normals(of, 4), 1.2*of.NormFloat64()))
		}
		for _, h := range hidden {
			x := dot(weights, h) + noise*rng.NormFloat64()
			switch kind {
			case 'n':
				column.Floats = append(column.Floats, math.Round(1000*(x+0.2*x*math.Abs(x)))/1000)
			case 'h':
				column.Floats = append(column.Floats, math.Round(100*math.Exp(0.7*x))/100)
			case 'z':
				column.Floats = append(column.Floats, max(0, math.Round(100*x)/100))
			case 'c':
				best, most := 0, math.Inf(-1)
				for l, w := range levels {
					if y := 0.7*dot(w[:4], h) + w[4] - math.Log(rng.ExpFloat64()); y > most {
						best, most = l, y
					}
				}
				column.Strings = append(column.Strings, fmt.Sprint("level ", best))
			case 'b':
				column.Strings = append(column.Strings, fmt.Sprint(x > 0.5))
			case 'r':
				column.Strings = append(column.Strings, fmt.Sprint(rng.IntN(500) == 0))
			}
		}
		d.Schema.Fields, d.Columns = append(d.Schema.Fields, f), append(d.Columns, column)
	}
	return d
}

// TestOrdinaryTablesOfAllShapesAreHealthy checks small, narrow, wide, all-categorical and
// unbalanced tables, against another sample of their population and by themselves.
func TestOrdinaryTablesOfAllShapesAreHealthy(t *testing.T) {
	repeat := func(kinds string, n int) (out string) {
		for len(out) < n {
			out += kinds
		}
		return out[:n]
	}
	for _, shape := range []struct {
		what, kinds string
		rows        int
	}{
		{"two columns", "nc", 300},
		{"three columns", "nhb", 200},
		{"few rows", repeat("nchzb", 8), 80},
		{"wide", repeat("nchzb", 120), 200},
		{"all levels", "ccccc", 800},
		{"all yes or no", "bbbbbbbbbb", 1500},
		{"heavy tails", "hhhzzzh", 1000},
		{"unbalanced", "nnchzrbbcn", 1500},
	} {
		for population := range uint64(2) {
			data, other := related(shape.kinds, shape.rows, population, 10+population), related(shape.kinds, shape.rows, population, 20+population)
			for _, reference := range []*dataset.Table{nil, other} {
				c := detect(t, data, reference)
				if got := c.Overall.Or(0); got < 65 {
					how := "by itself"
					if reference != nil {
						how = "against another sample"
					}
					t.Errorf("%s, population %d, %s: score %.1f: %s", shape.what, population, how, got, worstReason(c.Dimensions))
				}
			}
		}
	}
}

func worstReason(dimensions []verdict.Dimension) string {
	worst, reason := 101.0, ""
	for _, d := range dimensions {
		if s := d.Score.Or(101); s < worst {
			worst, reason = s, d.Name+": "+d.Reason
		}
	}
	return reason
}

package profile

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"synthos/dataset"
	"synthos/scan"
)

// BenchmarkRun profiles a million rows of 50 columns: the cost per cell of the
// first pass without the reading.
func BenchmarkRun(b *testing.B) {
	const n, d = 1_000_000, 50
	for _, c := range []struct {
		name  string
		value func(r *rand.Rand) float64
	}{
		{"normal", func(r *rand.Rand) float64 { return r.NormFloat64() }},
		{"levels", func(r *rand.Rand) float64 { return float64(r.IntN(10)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			t := &dataset.Table{Schema: &dataset.Schema{}, RowIDs: make([]int64, n), Columns: make([]dataset.Vector, d)}
			for j := range t.Columns {
				t.Schema.Fields = append(t.Schema.Fields, dataset.Field{Name: fmt.Sprint("c", j), Type: dataset.Float})
				v := dataset.Vector{Floats: make([]float64, n), Null: make([]bool, n)}
				for i := range v.Floats {
					v.Floats[i] = c.value(r)
				}
				t.Columns[j] = v
			}
			src := scan.Memory(t, 16)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Run(context.Background(), scan.Local{}, src, Options{Seed: 1}, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(n*d), "ns/cell")
		})
	}
}

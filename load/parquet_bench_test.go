package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"synthos/dataset"
)

// BenchmarkParquet reads 100,000 rows of 18 numbers, one in fifty null, and two
// texts.
func BenchmarkParquet(b *testing.B) {
	const n, numbers = 100_000, 18
	t := &dataset.Table{Schema: &dataset.Schema{}, RowIDs: make([]int64, n)}
	rng := rand.New(rand.NewPCG(1, 2))
	for j := range numbers + 2 {
		v := dataset.Vector{Null: make([]bool, n)}
		for i := range n {
			v.Null[i] = rng.IntN(50) == 0
			if j < numbers {
				v.Floats = append(v.Floats, rng.NormFloat64())
			} else {
				v.Strings = append(v.Strings, fmt.Sprintf("level %d", rng.IntN(1+10*(j-numbers)*1000)))
			}
		}
		typ := dataset.Float
		if j >= numbers {
			typ = dataset.String
		}
		t.Schema.Fields = append(t.Schema.Fields, dataset.Field{Name: fmt.Sprint("c", j), Type: typ})
		t.Columns = append(t.Columns, v)
	}
	path := filepath.Join(b.TempDir(), "b.parquet")
	if err := WriteParquet(path, t); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		src, err := Open(context.Background(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range src.Ranges() {
			if err := src.Read(context.Background(), r, func(*dataset.Batch) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
		src.Close()
	}
}

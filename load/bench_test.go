package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"synthos/dataset"
)

// benchColumns is the shape of the table that the loading targets are set for:
// 35 decimal, 8 integer, 5 text, 1 date and 1 boolean column, 2 % null.
const benchColumns = 50

// benchRow writes a row of that table, as CSV or as a JSON object.
func benchRow(b *strings.Builder, rng *rand.Rand, asJSON bool) {
	words := [...]string{"alpha", "beta", "gamma", "delta", "epsilon"}
	if asJSON {
		b.WriteByte('{')
	}
	for i := range benchColumns {
		if i > 0 {
			b.WriteByte(',')
		}
		cell, quote := "", ""
		switch {
		case i < 35:
			cell = fmt.Sprintf("%.5f", rng.NormFloat64()*100)
		case i < 43:
			cell = fmt.Sprint(rng.IntN(100_000))
		case i < 48:
			cell, quote = words[rng.IntN(len(words))]+" "+words[rng.IntN(len(words))], `"`
		case i == 48:
			cell, quote = fmt.Sprintf("20%02d-%02d-%02d", rng.IntN(25), 1+rng.IntN(12), 1+rng.IntN(28)), `"`
		default:
			cell = fmt.Sprint(rng.IntN(2) == 0)
		}
		null := rng.IntN(50) == 0
		switch {
		case asJSON && null:
			fmt.Fprintf(b, `"c%02d":null`, i)
		case asJSON:
			fmt.Fprintf(b, `"c%02d":%s%s%s`, i, quote, cell, quote)
		case !null:
			b.WriteString(cell)
		}
	}
	if asJSON {
		b.WriteByte('}')
	}
	b.WriteByte('\n')
}

// benchFile writes such a table with the given number of rows.
func benchFile(b *testing.B, name string, rows int) (path string, size int64) {
	rng := rand.New(rand.NewPCG(1, 1))
	var text strings.Builder
	asJSON := strings.HasPrefix(filepath.Ext(strings.TrimSuffix(name, ".gz")), ".json")
	if !asJSON {
		for i := range benchColumns {
			fmt.Fprintf(&text, "c%02d,", i)
		}
		s := strings.TrimSuffix(text.String(), ",") + "\n"
		text.Reset()
		text.WriteString(s)
	}
	for range rows {
		benchRow(&text, rng, asJSON)
	}
	data := text.String()
	if strings.HasSuffix(name, ".gz") {
		data = gzipped(data)
	}
	path = filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		b.Fatal(err)
	}
	return path, int64(text.Len())
}

// readParallel reads all ranges of s on all cores and returns the number of rows.
func readParallel(b *testing.B, s dataset.Source) int64 {
	var rows, next atomic.Int64
	var workers sync.WaitGroup
	ranges := s.Ranges()
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := next.Add(1) - 1; int(k) < len(ranges); k = next.Add(1) - 1 {
				err := s.Read(context.Background(), ranges[k], func(batch *dataset.Batch) error {
					rows.Add(int64(batch.Rows))
					return nil
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	workers.Wait()
	return rows.Load()
}

// BenchmarkLoad opens and reads a table of 100,000 rows (20,000 of JSON) and 50
// columns. A table of a million rows takes ten times as long but for what Open
// looks at.
func BenchmarkLoad(b *testing.B) {
	for _, f := range []struct {
		name string
		rows int
	}{{"data.csv", 100_000}, {"data.csv.gz", 100_000}, {"data.jsonl", 20_000}} {
		b.Run(f.name, func(b *testing.B) {
			path, size := benchFile(b, f.name, f.rows)
			b.SetBytes(size)
			for b.Loop() {
				s, err := Open(context.Background(), path, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if rows := readParallel(b, s); rows != int64(f.rows) {
					b.Fatalf("%d rows", rows)
				}
				s.Close()
			}
		})
	}
}

// BenchmarkOpen is what Open alone takes: cutting and the sample.
func BenchmarkOpen(b *testing.B) {
	path, size := benchFile(b, "data.csv", 100_000)
	b.SetBytes(size)
	for b.Loop() {
		s, err := Open(context.Background(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkParseNumber(b *testing.B) {
	texts := [][]byte{[]byte("-123.45678"), []byte("42"), []byte("1.5e-7"), []byte("0.12345678901234567")}
	for i := 0; b.Loop(); i++ {
		if _, ok := parseNumber(texts[i%len(texts)]); !ok {
			b.Fatal("not a number")
		}
	}
}

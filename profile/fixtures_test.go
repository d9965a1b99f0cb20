package profile

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// table builds a table of n rows from columns.
func table(n int, columns ...named) *dataset.Table {
	t := &dataset.Table{Schema: &dataset.Schema{}, RowIDs: make([]int64, n)}
	for i := range t.RowIDs {
		t.RowIDs[i] = int64(i)
	}
	for _, c := range columns {
		t.Schema.Fields = append(t.Schema.Fields, c.field)
		t.Columns = append(t.Columns, c.cells)
	}
	return t
}

type named struct {
	field dataset.Field
	cells dataset.Vector
}

// floats makes a column of n numbers.
func floats(name string, n int, value func(i int) float64) named {
	v := dataset.Vector{Floats: make([]float64, n), Null: make([]bool, n)}
	for i := range n {
		v.Floats[i] = value(i)
	}
	return named{dataset.Field{Name: name, Type: dataset.Float}, v}
}

// texts makes a column of n strings.
func texts(name string, n int, value func(i int) string) named {
	v := dataset.Vector{Strings: make([]string, n), Null: make([]bool, n)}
	for i := range n {
		v.Strings[i] = value(i)
	}
	return named{dataset.Field{Name: name, Type: dataset.String}, v}
}

func (c named) as(t dataset.Type) named { c.field.Type = t; return c }

func (c named) null(which func(i int) bool) named {
	for i := range c.cells.Null {
		c.cells.Null[i] = which(i)
	}
	return c
}

func run(t *testing.T, src dataset.Source, jobs int, o Options) *Profile {
	t.Helper()
	p, err := Run(t.Context(), scan.Local{Jobs: jobs}, src, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mixed is a table with everything in it: many and few levels, repeated rows,
// nulls, NaN, infinities, unreadable cells, long strings.
func mixed(n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(1, 2))
	number := floats("number", n, func(i int) float64 {
		switch {
		case i%97 == 0:
			return math.NaN()
		case i%101 == 0:
			return math.Inf(1 - i%2*2)
		case i%7 == 0:
			return math.Copysign(0, -1)
		}
		return rng.NormFloat64() * math.Exp(20*rng.NormFloat64())
	})
	for i := 5; i < n; i += 50 {
		if v := &number.cells; !v.Null[i] {
			v.Null[i] = true
			v.Invalid = append(v.Invalid, dataset.Invalid{Row: i, Text: fmt.Sprint("oops ", i)})
		}
	}
	t := table(n,
		number,
		floats("few", n, func(i int) float64 { return float64(rng.IntN(5)) }).null(func(i int) bool { return i%11 == 0 }),
		texts("name", n, func(i int) string { return fmt.Sprintf("user %d %s", i, strings.Repeat("ü", i%200)) }),
		texts("color", n, func(i int) string { return []string{"red", "green", "blue", ""}[rng.IntN(4)] }).null(func(i int) bool { return i%13 == 0 }),
		floats("when", n, func(i int) float64 { return 1.7e9 + float64(i)/1000 }).as(dataset.Time),
	)
	for i := n / 2; i < n/2+n/10; i++ { // a tenth of the rows repeats the first tenth
		for j := range t.Columns {
			from := i - n/2
			v := &t.Columns[j]
			if v.Floats != nil {
				v.Floats[i] = v.Floats[from]
			} else {
				v.Strings[i] = v.Strings[from]
			}
			v.Null[i] = v.Null[from]
		}
		t.Columns[0].Invalid = slices.DeleteFunc(t.Columns[0].Invalid, func(x dataset.Invalid) bool { return x.Row == i })
	}
	return t
}

var nan = cmp.Comparer(func(a, b verdict.Number) bool { return a == b || a != a && b != b })

func meanSD(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean) / float64(len(xs)-1)
	}
	return mean, math.Sqrt(sd)
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) }

// scribbler is a Source whose batches are overwritten as soon as yield returns.
type scribbler struct{ dataset.Source }

func (s scribbler) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	return s.Source.Read(ctx, r, func(b *dataset.Batch) error {
		var buffers [][]byte
		lend := func(text string) string {
			if text == "" {
				return ""
			}
			buffers = append(buffers, []byte(text))
			last := buffers[len(buffers)-1]
			return unsafe.String(&last[0], len(last))
		}
		c := &dataset.Batch{FirstRow: b.FirstRow, Rows: b.Rows}
		for _, v := range b.Columns {
			w := dataset.Vector{Floats: slices.Clone(v.Floats), Strings: slices.Clone(v.Strings), Null: slices.Clone(v.Null), Invalid: slices.Clone(v.Invalid)}
			for i := range w.Strings {
				w.Strings[i] = lend(w.Strings[i])
			}
			for i := range w.Invalid {
				w.Invalid[i].Text = lend(w.Invalid[i].Text)
			}
			c.Columns = append(c.Columns, w)
		}
		err := yield(c)
		for _, buffer := range buffers {
			copy(buffer, strings.Repeat("?", len(buffer)))
		}
		for _, v := range c.Columns {
			clear(v.Floats)
			clear(v.Strings)
			clear(v.Null)
		}
		return err
	})
}

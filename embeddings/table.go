package embeddings

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"synthos/dataset"
	"synthos/encode"
	"synthos/scan"
)

// indexRows is how many rows it takes to tell that a column counts the rows.
const indexRows = 10

// FromSource reads src, opened from path, once and returns the vectors of the
// given rows, in that order. The columns are the dimensions, in their order; all
// must be of numbers. Or there is a single column of texts, each a list of numbers:
// how list columns of Parquet, Arrow and JSON are read.
//
// rows ascend. want is how many rows the data have, and with them src. It errs,
// naming row and column, at a cell that is null or no finite number in one of
// the rows it takes. progress may be nil.
func FromSource(ctx context.Context, engine scan.Engine, src dataset.Source, path string, rows []int64, want int64, progress func(rows int64)) (*encode.Features, error) {
	p, err := newPicking(path, src.Schema(), rows)
	if err != nil {
		return nil, err
	}
	merged, err := engine.Aggregate(ctx, src, func() scan.Accumulator { return &picked{picking: p} }, progress)
	if err != nil {
		return nil, err
	}
	if err := checkRows(path, int64(merged.(*picked).rows), want); err != nil {
		return nil, err
	}
	if i := p.found.Load(); i < int64(len(rows)) {
		return nil, dataset.NewError(path, fmt.Sprintf("%d of the vectors that are needed cannot be read", int64(len(rows))-i), "repair the rows that synthos inspect names")
	}
	out := &encode.Features{N: len(rows), D: p.fields}
	if p.lists {
		if len(rows) > 0 {
			out.D = len(p.vectors[0])
		}
		for i, v := range p.vectors {
			if len(v) != out.D {
				return nil, p.wrong(rows[i], 0, fmt.Sprintf("%d dimensions, but row %d has %d", len(v), rows[0], out.D))
			}
		}
	}
	if err := checkDimensions(path, int64(out.D)); err != nil {
		return nil, err
	}
	for i, v := range p.vectors {
		if err := checkFinite(path, rows[i], v); err != nil {
			return nil, err
		}
		out.Data = append(out.Data, v...)
	}
	return out, p.checkIndex(out)
}

// picking is what the workers of a pass share: each writes other vectors.
type picking struct {
	path    string
	schema  *dataset.Schema
	fields  int
	lists   bool // one column of lists
	rows    []int64
	place   map[int64]int // of a row in rows
	vectors [][]float32   // as rows
	found   atomic.Int64
}

func newPicking(path string, schema *dataset.Schema, rows []int64) (*picking, error) {
	p := &picking{path: path, schema: schema, fields: len(schema.Fields), rows: rows, place: make(map[int64]int, len(rows)), vectors: make([][]float32, len(rows))}
	for i, r := range rows {
		p.place[r] = i
	}
	p.lists = p.fields == 1 && schema.Fields[0].Type == dataset.String
	for _, f := range schema.Fields {
		if !p.lists && f.Type != dataset.Float && f.Type != dataset.Bool {
			return nil, &dataset.Error{Path: path, Row: -1, Offset: -1, Column: f.Name, Found: "does not hold numbers",
				Do: "a file of embeddings has nothing but their dimensions, a column each, or one column of lists; leave other columns out"}
		}
	}
	return p, nil
}

// wrong returns an error about a cell.
func (p *picking) wrong(row int64, column int, found string) error {
	return &dataset.Error{Path: p.path, Row: row, Offset: -1, Column: p.schema.Fields[column].Name, Found: found, Do: "embed this row again; a text without words may have zeros"}
}

// checkIndex returns an error if a column counts the rows: what a data frame's
// index becomes in a file.
func (p *picking) checkIndex(out *encode.Features) error {
	if p.lists || out.N < indexRows {
		return nil
	}
	for j := range out.D {
		shift := float64(out.Row(0)[j]) - float64(p.rows[0])
		counts := shift == 0 || shift == 1
		for i := 0; counts && i < out.N; i++ {
			counts = out.Row(i)[j] == float32(float64(p.rows[i])+shift)
		}
		if counts {
			return &dataset.Error{Path: p.path, Row: -1, Offset: -1, Column: p.schema.Fields[j].Name, Found: "counts the rows, it is no dimension", Do: "leave it out of the file (in pandas, index=False)"}
		}
	}
	return nil
}

// picked is the accumulator of the pass.
type picked struct {
	*picking
	rows uint64 // of the file, those that cannot be read included
}

// AddBatch implements scan.Accumulator.
func (a *picked) AddBatch(b *dataset.Batch) error {
	a.rows += uint64(b.Rows) + uint64(len(b.Skipped))
	for i := range b.Rows {
		row := b.FirstRow + int64(i)
		k, wanted := a.place[row]
		if !wanted {
			continue
		}
		v, err := a.vector(b, i, row)
		if err != nil {
			return err
		}
		a.vectors[k] = v
		a.found.Add(1)
	}
	return nil
}

// vector returns the vector of row i of b.
func (a *picked) vector(b *dataset.Batch, i int, row int64) ([]float32, error) {
	for j := range b.Columns {
		if !b.Columns[j].Null[i] {
			continue
		}
		for _, bad := range b.Columns[j].Invalid {
			if bad.Row == i {
				return nil, a.wrong(row, j, strconv.Quote(bad.Text)+" is no number")
			}
		}
		return nil, a.wrong(row, j, "is empty")
	}
	if a.lists {
		return a.list(b.Columns[0].Strings[i], row)
	}
	v := make([]float32, len(b.Columns))
	for j := range v {
		v[j] = float32(b.Columns[j].Floats[i])
	}
	return v, nil
}

// list reads "[0.1, -0.2]", with or without brackets and commas.
func (a *picked) list(text string, row int64) ([]float32, error) {
	var v []float32
	for s := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '[' || r == ']' || unicode.IsSpace(r) }) {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, a.wrong(row, 0, strconv.Quote(s[:min(len(s), 64)])+" is no number")
		}
		v = append(v, float32(x))
		if len(v) > maxDimensions {
			return nil, checkDimensions(a.path, int64(len(v)))
		}
	}
	return v, nil
}

// Merge implements scan.Accumulator.
func (a *picked) Merge(other scan.Accumulator) error {
	a.rows += other.(*picked).rows
	return nil
}

// MarshalBinary implements scan.Accumulator: it returns the number of rows.
func (a *picked) MarshalBinary() ([]byte, error) {
	return binary.LittleEndian.AppendUint64(nil, a.rows), nil
}

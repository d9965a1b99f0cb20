package load

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"golang.org/x/sync/semaphore"

	"synthos/dataset"
	"synthos/load/hdf5"
)

const hdf5Name = "HDF5"

// hdf5Source is a table in an HDF5 file. A Range is a run of rows.
type hdf5Source struct {
	path     string
	file     file
	table    *hdf5Table
	schema   dataset.Schema
	ranges   []dataset.Range
	findings []dataset.Finding
	room     *semaphore.Weighted // of hdf5Room bytes for decoded chunks
}

// hdf5Table is a table, spread over one or more datasets of as many rows.
type hdf5Table struct {
	path    string // of the group or the dataset, to choose it by
	rows    uint64
	parts   []*hdf5Part
	columns []*hdf5Column
	notes   []string // what was left out
}

// hdf5Part is a dataset of a table.
type hdf5Part struct {
	path    string
	file    *hdf5.File
	data    *hdf5.Dataset
	columns []*hdf5Column // those whose cells are in it
}

// openHDF5 opens a table in an HDF5 file: a data frame in pandas' fixed or
// table layout, a dataset of records, or the one- and two-dimensional datasets
// of a group that have the same number of rows. Of several, o.Sheet chooses one
// by its path.
//
// Columns of a two-dimensional dataset x are called x_0, x_1 and so on; fields
// of records in records have dotted names. Enumerations are String, or Bool if
// they are false and true. Integers are stored as Float unless a sample holds
// one beyond 2^53, then as String; one that shows later is Invalid. NaN and
// pandas' other nulls are null, infinities are Invalid.
func openHDF5(ctx context.Context, path string, o Options) (dataset.Source, error) {
	file, size, err := o.openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &hdf5Source{path: path, file: file, room: semaphore.NewWeighted(hdf5Room)}
	if err := guarded(path, hdf5Name, func() error { return s.open(ctx, size, o) }); err != nil {
		file.Close()
		return nil, s.explain(err)
	}
	return s, nil
}

// explain tells features that we do not read from damage.
func (s *hdf5Source) explain(err error) error {
	var missing *hdf5.UnsupportedError
	var known *dataset.Error
	if errors.As(err, &missing) && errors.As(err, &known) {
		return failed(s.path, known.Err, "the HDF5 file uses what cannot be read", "write the table again without it, or convert it to Parquet")
	}
	return err
}

func (s *hdf5Source) open(ctx context.Context, size int64, o Options) error {
	file, err := hdf5.Open(s.file, size)
	if err != nil {
		return err
	}
	if s.table, err = findTable(file, s.path, o.Sheet); err != nil {
		return err
	}
	t := s.table
	if len(t.columns) == 0 || len(t.columns) > o.MaxColumns {
		return dataset.NewError(s.path, fmt.Sprintf("%s has %d columns, readable are 1 to %d", t.path, len(t.columns), o.MaxColumns), "select the columns that matter")
	}
	for _, note := range t.notes {
		s.findings = append(s.findings, dataset.Finding{Path: s.path, Row: -1, Message: note})
	}
	if err := s.checkSize(size, o); err != nil {
		return err
	}
	s.cut()
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, c := range t.columns {
		s.schema.Fields = append(s.schema.Fields, c.field)
	}
	s.findings = append(s.findings, uniqueNames(s.path, s.schema.Fields)...)
	for i, c := range t.columns {
		var format func(float64) string
		if c.typ != nil && c.typ.Class == hdf5.Float && c.typ.Size == 4 {
			format = formatFloat32
		}
		c.cast.force(&s.schema.Fields[i], o.Types, format)
	}
	return nil
}

// checkSize refuses a table that is declared to be larger than data may be: what is
// not in the file takes no place in it, so that few bytes may declare petabytes.
func (s *hdf5Source) checkSize(size int64, o Options) error {
	width := uint64(1)
	for _, p := range s.table.parts {
		if n, err := p.data.RowSize(); err == nil { // else Read tells
			width += uint64(n)
		}
	}
	if high, total := bits.Mul64(s.table.rows, width); high > 0 || total > uint64(o.MaxBytes) {
		return dataset.NewError(s.path, fmt.Sprintf("%s is declared to have %d rows of %d bytes in a file of %d bytes", s.table.path, s.table.rows, width-1, size),
			fmt.Sprintf("check what wrote it, or raise the limit MaxBytes, which is %d", o.MaxBytes))
	}
	return nil
}

// hdf5RangeBytes is about how much data a range holds.
const hdf5RangeBytes = 8 << 20

// cut divides the rows into ranges that begin where the widest chunks do.
func (s *hdf5Source) cut() {
	bytes, step := uint64(1), uint64(1)
	for _, p := range s.table.parts {
		if size, err := p.data.RowSize(); err == nil { // else Read tells
			bytes += uint64(size)
		}
		step = max(step, p.data.ChunkRows())
	}
	rows := max(1, hdf5RangeBytes/bytes/step) * step
	for first := uint64(0); first < s.table.rows; first += rows {
		n := min(rows, s.table.rows-first)
		s.ranges = append(s.ranges, dataset.Range{Index: len(s.ranges), Path: s.path, Offset: int64(first), Length: int64(n), FirstRow: int64(first), Rows: int64(n)})
	}
}

// Schema implements dataset.Source.
func (s *hdf5Source) Schema() *dataset.Schema { return &s.schema }

// Ranges implements dataset.Source.
func (s *hdf5Source) Ranges() []dataset.Range { return s.ranges }

// Findings implements dataset.Source.
func (s *hdf5Source) Findings() []dataset.Finding { return s.findings }

// Close implements dataset.Source.
func (s *hdf5Source) Close() error { return s.file.Close() }

// Read implements dataset.Source.
func (s *hdf5Source) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	if n := s.chunkBytes(); n >= largeChunks {
		n = min(n, hdf5Room)
		if err := s.room.Acquire(ctx, n); err != nil {
			return err
		}
		defer s.room.Release(n)
	}
	rows := newHDF5Rows(s.table, uint64(max(0, r.Offset)), uint64(max(0, r.Length)))
	return s.explain(pump(ctx, s.path, hdf5Name, rows.next, yield))
}

// hdf5Room is how many bytes of decoded chunks the reads of a file hold at a time: if
// chunks are larger than that, one read goes on after the other. From largeChunks on
// a read is counted.
const (
	hdf5Room    = 128 << 20
	largeChunks = 8 << 20
)

// chunkBytes returns how many bytes the chunks have that a read holds at a time.
func (s *hdf5Source) chunkBytes() int64 {
	n := int64(0)
	for _, p := range s.table.parts {
		if size, err := p.data.RowSize(); err == nil { // else Read tells
			high, bytes := bits.Mul64(uint64(size), p.data.ChunkRows())
			if high > 0 || bytes > hdf5Room {
				return hdf5Room
			}
			n = min(hdf5Room, n+int64(bytes))
		}
	}
	return n
}

// settle decides which columns of wide integers are stored as String and which
// columns of floating-point numbers are whole, from the rows at the start, in
// the middle and at the end.
func (s *hdf5Source) settle(ctx context.Context) error {
	t := s.table
	whole, seen := make([]bool, len(t.columns)), make([]bool, len(t.columns))
	text := make([]bool, len(t.columns))
	for i, c := range t.columns {
		whole[i] = c.field.Type == dataset.Float && !c.field.Integer
	}
	for _, run := range sampleRuns(s.ranges, wholeRows) {
		rows := newHDF5Rows(t, uint64(run.first), uint64(run.end-run.first))
		err := pump(ctx, s.path, hdf5Name, rows.next, func(b *dataset.Batch) error {
			for i := range b.Columns {
				v := &b.Columns[i]
				text[i] = text[i] || t.columns[i].wide && len(v.Invalid) > 0
				if whole[i] && !allNull(v) {
					whole[i], seen[i] = allWhole(v), true
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, c := range t.columns {
		if text[i] {
			c.field.Type, c.field.Integer, c.wide = dataset.String, false, false
		} else if whole[i] && seen[i] {
			c.field.Integer = true
		}
	}
	return nil
}

// quotedPaths lists paths for an error, at most ten.
func quotedPaths(paths []string) string {
	if len(paths) > 10 {
		return strings.Join(paths[:10], ", ") + fmt.Sprintf(" and %d more", len(paths)-10)
	}
	return strings.Join(paths, ", ")
}

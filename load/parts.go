package load

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"synthos/dataset"
)

// partsSource is a dataset of several files, which are read as if they stood in
// one.
type partsSource struct {
	path     string // as the user named it
	parts    []*openPart
	schema   dataset.Schema
	ranges   []dataset.Range // numbered through
	of       []int           // the part of each range
	findings []dataset.Finding
}

// openPart is an open file of a dataset.
type openPart struct {
	part
	index    int
	source   dataset.Source
	format   Format
	firstRow int64 // number of its first row in the dataset
	firstAt  int   // index of its first range
	columns  []int // for each column of the dataset, the one in this file; -1 = none
	values   []dataset.Vector
}

// openParts opens the files of a dataset.
//
// All must be of one format. Columns are brought together by name; one that a
// file lacks is null in its rows. Columns whose types differ: numbers and truth
// values become numbers; in text formats the type that nine in ten rows have
// wins, and what does not fit is Invalid, else the column becomes String, as it
// does where one file has strings; points in time beside numbers are an error in
// the other formats. A file that shares less than half of the columns with those
// before it is an error too.
//
// Partition keys follow the columns of the files.
func openParts(ctx context.Context, path string, found located, o Options) (_ dataset.Source, err error) {
	s := &partsSource{path: path}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	for i, p := range found.parts {
		s.parts = append(s.parts, &openPart{part: p, index: i})
	}
	if err := s.open(ctx, o); err != nil {
		return nil, err
	}
	if n := len(found.other); n > 0 {
		s.note(path, "", fmt.Sprintf("%d files are empty or no data and were left out: %s", n, quotedPaths(found.other)))
	}
	if err := s.join(ctx, o); err != nil {
		return nil, err
	}
	if err := s.addKeys(o); err != nil {
		return nil, err
	}
	if len(s.schema.Fields) > o.MaxColumns {
		return nil, dataset.NewError(path, fmt.Sprintf("has %d columns", len(s.schema.Fields)), fmt.Sprintf("raise the limit MaxColumns, which is %d", o.MaxColumns))
	}
	return s, s.number(ctx)
}

func (s *partsSource) note(path, column, message string) {
	s.findings = append(s.findings, dataset.Finding{Path: path, Row: -1, Column: column, Message: message})
}

// open opens all parts on all cores, in the format of the first unless o says.
func (s *partsSource) open(ctx context.Context, o Options) error {
	err := s.each(func(p *openPart) (err error) {
		p.source, p.format, err = openOne(ctx, p.path, o)
		return err
	})
	if err != nil {
		return err
	}
	first := s.parts[0]
	for _, p := range s.parts {
		if p.format.Name != first.format.Name {
			return dataset.NewError(p.path, fmt.Sprintf("is %s, but %s is %s", p.format.Name, first.path, first.format.Name),
				"give files of one format, by a pattern such as *"+first.format.Extensions[0])
		}
	}
	return nil
}

// each calls do for every part, on all cores, and returns the error of the first.
func (s *partsSource) each(do func(p *openPart) error) error {
	errs := make([]error, len(s.parts))
	var next atomic.Int64
	var broken atomic.Bool
	var workers sync.WaitGroup
	for range min(len(s.parts), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(errs)) && !broken.Load(); i = next.Add(1) - 1 {
				if errs[i] = do(s.parts[i]); errs[i] != nil {
					broken.Store(true)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// number numbers the rows and ranges of all parts through. Files that only tell
// their number of rows when they are read are read for it.
func (s *partsSource) number(ctx context.Context) error {
	counts := make([]int64, len(s.parts))
	err := s.each(func(p *openPart) (err error) {
		counts[p.index], err = countRows(ctx, p.source)
		return err
	})
	if err != nil {
		return err
	}
	var first int64
	for i, p := range s.parts {
		p.firstRow, p.firstAt = first, len(s.ranges)
		for k, r := range p.source.Ranges() {
			if r.Rows < 0 {
				r.Rows = counts[i]
			}
			r.Index, r.FirstRow = p.firstAt+k, r.FirstRow+first
			s.ranges, s.of = append(s.ranges, r), append(s.of, i)
		}
		first += counts[i]
	}
	return nil
}

// countRows returns the number of rows of a source, those that cannot be read
// included.
func countRows(ctx context.Context, src dataset.Source) (int64, error) {
	ranges := src.Ranges()
	rows, known := dataset.RowsOf(ranges)
	if known {
		return rows, nil
	}
	for _, r := range ranges {
		err := src.Read(ctx, r, func(b *dataset.Batch) error {
			rows = max(rows, b.FirstRow+int64(b.Rows))
			for _, f := range b.Skipped {
				rows = max(rows, f.Row+1)
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return rows, nil
}

// Schema implements dataset.Source.
func (s *partsSource) Schema() *dataset.Schema { return &s.schema }

// Ranges implements dataset.Source.
func (s *partsSource) Ranges() []dataset.Range { return s.ranges }

// Close implements dataset.Source.
func (s *partsSource) Close() error {
	var first error
	for _, p := range s.parts {
		if p.source == nil {
			continue
		}
		if err := p.source.Close(); first == nil {
			first = err
		}
	}
	return first
}

// sameFindings is how many files are named that have the same finding.
const sameFindings = 3

// Findings implements dataset.Source: those of all parts, each kind for a few of
// them. Rows are numbered through.
func (s *partsSource) Findings() []dataset.Finding {
	type kind struct{ column, message string }
	out := slices.Clone(s.findings)
	files := map[kind]int{}
	var more []kind
	for _, p := range s.parts {
		for _, f := range p.source.Findings() {
			if f.Row >= 0 {
				f = p.shift(f)
				out = append(out, f)
				continue
			}
			k := kind{f.Column, f.Message}
			if files[k]++; files[k] <= sameFindings {
				out = append(out, f)
			} else if files[k] == sameFindings+1 {
				more = append(more, k)
			}
		}
	}
	for _, k := range more {
		out = append(out, dataset.Finding{Path: s.path, Row: -1, Column: k.column,
			Message: fmt.Sprintf("%s (the same in %d more files)", k.message, files[k]-sameFindings)})
	}
	return out
}

// shift makes a finding about a row of a file one about a row of the dataset.
func (p *openPart) shift(f dataset.Finding) dataset.Finding {
	if p.firstRow > 0 {
		f.Message = fmt.Sprintf("%s (row %d of this file)", f.Message, f.Row)
		f.Row += p.firstRow
	}
	return f
}

// Read implements dataset.Source.
func (s *partsSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	if r.Index < 0 || r.Index >= len(s.ranges) {
		return dataset.NewError(s.path, fmt.Sprintf("there is no range %d", r.Index), "take the range from the same dataset")
	}
	p := s.parts[s.of[r.Index]]
	out := &dataset.Batch{Columns: make([]dataset.Vector, len(s.schema.Fields))}
	var fixed fixedVectors
	return p.source.Read(ctx, p.source.Ranges()[r.Index-p.firstAt], func(b *dataset.Batch) error {
		out.FirstRow, out.Rows = b.FirstRow+p.firstRow, b.Rows
		out.Skipped = nil
		for _, f := range b.Skipped {
			out.Skipped = append(out.Skipped, p.shift(f))
		}
		for j, at := range p.columns {
			if at >= 0 {
				out.Columns[j] = b.Columns[at]
			} else {
				out.Columns[j] = fixed.vector(j, &p.values[j], b.Rows)
			}
		}
		return yield(out)
	})
}

// fixedVectors holds columns that have the same cell in every row.
type fixedVectors map[int]dataset.Vector

// vector returns n rows of column j, whose cell is the only one of cell.
func (f *fixedVectors) vector(j int, cell *dataset.Vector, n int) dataset.Vector {
	v, ok := (*f)[j]
	if !ok || len(v.Null) < n {
		v = dataset.Vector{Null: slices.Repeat(cell.Null, n)}
		if cell.Floats != nil {
			v.Floats = slices.Repeat(cell.Floats, n)
		} else {
			v.Strings = slices.Repeat(cell.Strings, n)
		}
		if *f == nil {
			*f = fixedVectors{}
		}
		(*f)[j] = v
	}
	v.Null = v.Null[:n]
	if v.Floats != nil {
		v.Floats = v.Floats[:n]
	} else {
		v.Strings = v.Strings[:n]
	}
	return v
}

package load

import (
	"context"
	"fmt"
	"slices"

	"synthos/dataset"
)

// csvSource is an open CSV file.
type csvSource struct {
	textSource
	dialect dialect
	summed  bool // the last row may be one of sums
	totals  totals
}

func openCSV(ctx context.Context, path string, o Options) (dataset.Source, error) {
	return openDelimited(ctx, path, o, 0)
}

func openTSV(ctx context.Context, path string, o Options) (dataset.Source, error) {
	return openDelimited(ctx, path, o, '\t')
}

// openDelimited opens a CSV file with the given delimiter, 0 = find it.
func openDelimited(ctx context.Context, path string, o Options, delimiter byte) (_ dataset.Source, err error) {
	s := &csvSource{textSource: textSource{path: path, options: o}}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	head, last, err := s.readHead(ctx, func(head []byte, last bool) bool {
		if s.returns = s.returns || endsInReturns(head); s.returns {
			newlines(head)
		}
		_, ok := sniffDialect(head, last, delimiter)
		return ok
	})
	if err != nil {
		return nil, err
	}
	if s.returns = s.returns || endsInReturns(head); s.returns {
		newlines(head)
		s.note("", "the lines end in carriage returns, as on old Macintoshes; read as newlines")
	}
	s.dialect, _ = sniffDialect(head, last, delimiter)
	s.dialect.comments = s.dialect.comments || o.Whole
	if err := s.checkColumns(s.dialect.columns); err != nil {
		return nil, err
	}
	if err := s.findRanges(ctx, head, last); err != nil {
		return nil, err
	}
	if d := &s.dialect; d.lines > 0 {
		s.note("", fmt.Sprintf("%d lines above the table were left out; the first is %q", d.lines, d.above))
	}
	fields, findings := s.dialect.fields(path, s.encoding)
	s.findings = append(s.findings, findings...)
	sample, err := s.sample(ctx, fields)
	if err != nil {
		return nil, err
	}
	s.setSchema(fields, sample, false)
	s.summed = s.file == nil || s.endsInTotal()
	s.findings = append(s.findings, trainingTexts(path, s.shown.Fields)...)
	return s, nil
}

// findRanges cuts the file, if it can be cut.
func (s *csvSource) findRanges(ctx context.Context, head []byte, last bool) error {
	canCut, err := s.isPlain(ctx)
	if err != nil {
		return err
	}
	if !canCut {
		return s.stream(ctx, head, last)
	}
	f, size, err := s.options.openFile(ctx, s.path)
	if err != nil {
		return err
	}
	s.file = f
	c := &cutter{
		path:       s.path,
		file:       f,
		start:      int64(s.mark + s.dialect.body),
		end:        size,
		rangeBytes: s.options.RangeBytes,
		quotes:     true,
		delimiter:  s.dialect.delimiter,
		blankRows:  s.dialect.columns == 1,
		dialect:    &s.dialect,
	}
	result, err := c.cutCSV(ctx, s.options)
	if err != nil {
		return err
	}
	return s.setCut(ctx, result)
}

// sample returns the cells that are not null of each column in a sample of the
// rows. It reads them as strings.
func (s *csvSource) sample(ctx context.Context, fields []dataset.Field) ([][]cell, error) {
	s.schema = &dataset.Schema{Fields: make([]dataset.Field, len(fields))}
	for i, f := range fields {
		s.schema.Fields[i] = dataset.Field{Name: f.Name, Type: dataset.String}
	}
	columns := make([]thinned, len(fields))
	limit := sampleRecords(len(fields))
	var scratch cellScratch
	for _, run := range s.sampleRuns(limit) {
		_, err := s.read(ctx, run.in, run.first-run.in.FirstRow, func(b *dataset.Batch) error {
			n := int(min(int64(b.Rows), run.end-b.FirstRow))
			for i := range columns {
				scratch.appendCells(&columns[i], &b.Columns[i], b.FirstRow, n, 2*limit)
			}
			if b.FirstRow+int64(b.Rows) >= run.end {
				return errEnough
			}
			return nil
		})
		if err != nil && err != errEnough {
			return nil, err
		}
	}
	sample := make([][]cell, len(columns))
	for i := range columns {
		sample[i] = columns[i].cells
	}
	return sample, nil
}

// appendCells appends the cells of the first rows of a column of strings that
// are not null, cut to what the sample keeps, and thins them at a limit. The first
// of the rows has the number first.
func (c *cellScratch) appendCells(t *thinned, v *dataset.Vector, first int64, rows, limit int) {
	c.text, c.lengths, c.at = c.text[:0], c.lengths[:0], c.at[:0]
	for row := range rows {
		if v.Null[row] || !t.takes() {
			continue
		}
		n := min(sampleText, len(v.Strings[row]))
		c.text = append(c.text, v.Strings[row][:n]...)
		c.lengths, c.at = append(c.lengths, n), append(c.at, first+int64(row)+1)
	}
	all := string(c.text) // one allocation; the whole texts are let go
	for i, n := range c.lengths {
		t.add(cell{text: all[:n], at: c.at[i]}, limit)
		all = all[n:]
	}
}

// cellScratch is scratch of appendCells: the cells of a column, one after the other.
type cellScratch struct {
	text    []byte
	lengths []int
	at      []int64
}

// endsInTotal reports whether the last line of the file may be one of sums.
func (s *csvSource) endsInTotal() bool {
	tail := make([]byte, min(s.file.Size(), 64<<10))
	n, _ := s.file.ReadAt(tail, s.file.Size()-int64(len(tail)))
	return endsInTotal(tail[:n])
}

// Findings implements dataset.Source.
func (s *csvSource) Findings() []dataset.Finding {
	return slices.Concat(s.textSource.Findings(), s.totals.findings(s.path, s.schema, len(s.ranges)))
}

// Read implements dataset.Source.
func (s *csvSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	found, err := s.read(ctx, r, 0, yield)
	if err == nil {
		s.notes.set(r.Index, found)
	}
	return err
}

// read is Read from the row after skip rows on; it returns the notes instead of
// keeping them.
func (s *csvSource) read(ctx context.Context, r dataset.Range, skip int64, yield func(*dataset.Batch) error) (tallies, error) {
	text, done, err := s.input(ctx, r)
	if err != nil {
		return nil, err
	}
	defer done()
	b := s.builders.take(s.schema)
	defer s.builders.give(b)
	reader := newCSVReader(s.path, b, &s.dialect, text, s.options)
	if s.file == nil {
		if err := reader.skipAbove(&s.dialect); err != nil {
			return nil, err
		}
	}
	for range skip {
		if _, err := reader.skip(); err != nil {
			return nil, err
		}
	}
	reader.final = r.Index == len(s.ranges)-1
	reader.source = &s.textSource
	if s.summed && skip == 0 {
		reader.sums = &sums{}
	}
	if err := reader.run(ctx, r.FirstRow+skip, yield); err != nil {
		return nil, err
	}
	if reader.sums != nil {
		s.totals.set(r.Index, reader.sums)
	}
	reader.builder.notePadded(reader.notes, s.schema, s.options.Types)
	return reader.notes, s.checkRows(r, reader.row-r.FirstRow)
}

package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"synthos/dataset"
)

// excelRows reads the rows of the sheet into batches.
type excelRows struct {
	source  *excelSource
	sheet   *sheetReader
	close   func() error
	builder *builder
	skip    int   // rows to pass over: titles and the header
	row     int64 // number of the next row
	end     bool
	notes   tallies
	sums    sums
}

// rows starts to read the sheet.
func (s *excelSource) rows() (*excelRows, error) {
	sheet, close, err := s.sheet()
	if err != nil {
		return nil, err
	}
	// The archive is unpacked beside the reading of its XML.
	ahead := readAhead(context.Background(), sheet.xml.r, func() {})
	sheet.xml.r = ahead
	unpacked := close
	close = func() error { return errors.Join(ahead.Close(), unpacked()) }
	skip := s.above
	if s.header {
		skip++
	}
	return &excelRows{source: s, sheet: sheet, close: close, builder: newBuilder(&s.schema), skip: skip, notes: tallies{}}, nil
}

// batch returns the next rows, and io.EOF after the last. The batch is valid
// until the next call.
func (r *excelRows) batch() (*dataset.Batch, error) {
	first := r.row
	for full := false; !full && !r.end; {
		cells, err := r.sheet.next()
		switch {
		case err == io.EOF:
			r.end = true
		case err != nil:
			return nil, err
		case r.skip > 0:
			r.skip--
		default:
			r.add(cells)
			r.row++
			full = r.builder.endRow()
		}
	}
	if r.row == first {
		if r.sheet.merged > 0 {
			r.notes.add("ranges of merged cells", -1, "", fmt.Sprintf("%d ranges of merged cells: only the first cell of each has a value", r.sheet.merged))
		}
		r.builder.notePadded(r.notes, &r.source.schema, r.source.options.Types)
		return nil, io.EOF
	}
	var out *dataset.Batch
	err := r.builder.flush(first, nil, func(b *dataset.Batch) error {
		out = b
		r.sums.add(&r.source.schema, b, true)
		return nil
	})
	return out, err
}

// add adds a row to the batch.
func (r *excelRows) add(cells []excelCell) {
	s := r.source
	beside := false
	for j := range s.schema.Fields {
		for len(cells) > 0 && cells[0].column < s.first+j {
			cells, beside = cells[1:], true
		}
		if len(cells) == 0 || cells[0].column != s.first+j {
			r.builder.addNull(j)
			continue
		}
		r.addCell(j, cells[0])
		cells = cells[1:]
	}
	if beside || len(cells) > 0 {
		r.notes.add("rows with cells beside the columns", r.row, "", "a cell lies beside the columns that the first rows have: it is left out")
	}
}

// addCell adds a cell to the row.
func (r *excelRows) addCell(j int, c excelCell) {
	b := r.builder
	switch {
	case c.kind == excelError && string(c.text) != "#N/A":
		b.addNull(j)
		column := &b.columns[j]
		column.invalid = append(column.invalid, dataset.Invalid{Row: b.row, Text: cutText(c.text)})
	case c.kind == excelNumber && b.columns[j].typ == dataset.String:
		if x, err := strconv.ParseFloat(string(c.text), 64); err == nil && math.Abs(x) <= maxExact {
			b.add(j, []byte(formatNumber(x)), false) // 0.1, where the file has 0.10000000000000001
			return
		}
		b.add(j, c.text, false)
	default:
		b.add(j, c.text, false)
	}
}

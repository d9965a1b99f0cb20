package load

import (
	"fmt"
	"io"

	"synthos/dataset"
	"synthos/load/hdf5"
)

// hdf5Rows reads a run of rows of a table in batches.
type hdf5Rows struct {
	table   *hdf5Table
	row     uint64 // the next one
	end     uint64
	readers []*hdf5.Reader // one a part
	cells   []*hdf5Cells   // one a column
	byPart  [][]*hdf5Cells
	batch   dataset.Batch
}

func newHDF5Rows(t *hdf5Table, first, n uint64) *hdf5Rows {
	first = min(first, t.rows)
	r := &hdf5Rows{table: t, row: first, end: first + min(n, t.rows-first)}
	r.batch.Columns = make([]dataset.Vector, len(t.columns))
	of := map[*hdf5Column]*hdf5Cells{}
	for _, c := range t.columns {
		cells := &hdf5Cells{column: c, cast: c.cast}
		of[c] = cells
		r.cells = append(r.cells, cells)
	}
	for _, p := range t.parts {
		r.readers = append(r.readers, p.data.NewReader(first, r.end-first))
		var cells []*hdf5Cells
		for _, c := range p.columns {
			cells = append(cells, of[c])
		}
		r.byPart = append(r.byPart, cells)
	}
	return r
}

// next returns the next batch, and io.EOF after the last.
func (r *hdf5Rows) next() (*dataset.Batch, error) {
	n := min(batchRows(len(r.cells)), int(min(r.end-r.row, 1<<20)))
	if n == 0 {
		for _, p := range r.readers {
			p.Release()
		}
		return nil, io.EOF
	}
	for _, c := range r.cells {
		c.begin(n)
		c.remember(r.row, n)
	}
	for i, p := range r.table.parts {
		for done := 0; done < n; {
			raw, k, err := r.readers[i].Next(n - done)
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.path, err)
			}
			size := len(raw) / k
			for _, c := range r.byPart[i] {
				if err := c.read(p.file, raw, size, done, k); err != nil {
					return nil, fmt.Errorf("%s: %w", p.path, err)
				}
			}
			done += k
		}
	}
	for i, c := range r.cells {
		r.batch.Columns[i] = c.vector(n)
	}
	r.batch.FirstRow, r.batch.Rows = int64(r.row), n
	r.row += uint64(n)
	return &r.batch, nil
}

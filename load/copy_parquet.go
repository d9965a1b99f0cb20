package load

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"

	"synthos/dataset"
)

// whole opens the file for reading by rows.
func (s *parquetSource) whole() (*parquet.File, error) {
	return parquet.OpenFile(s.file, s.file.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true), parquet.ReadBufferSize(256<<10))
}

// parquet copies the rows of a Parquet file: one row group after the other, the
// columns of a row group side by side.
func (c *copying) parquet(ctx context.Context, src *parquetSource, kept, gone rowSink) error {
	file, err := src.whole()
	if err != nil {
		return err
	}
	changes, err := c.parquetChanges(src)
	if err != nil {
		return err
	}
	g := parquetCopy{path: src.path, changes: changes, kept: kept.(*parquetSink), first: c.first}
	if gone != nil {
		g.gone = gone.(*parquetSink)
	}
	for _, group := range file.RowGroups() {
		n := int(group.NumRows())
		g.dropped, g.noted, g.reasons = make([]bool, n), make([]bool, n), nil
		for i := range n {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			reason, dropped := c.next(g.first+int64(i), "")
			if g.dropped[i] = dropped; dropped {
				g.reasons = append(g.reasons, reason)
			} else if note, noted := c.edit.Noted[g.first+int64(i)]; noted {
				g.noted[i] = true
				g.reasons = append(g.reasons, note)
			}
		}
		if err := g.group(ctx, group); err != nil {
			return err
		}
		g.first += int64(n)
	}
	return nil
}

// parquetCopy copies a row group.
type parquetCopy struct {
	path       string
	changes    *parquetEdit
	kept, gone *parquetSink // gone may be nil
	first      int64        // number of the first row of the row group
	dropped    []bool       // of its rows
	noted      []bool       // those that stand among the dropped ones too
	reasons    []string     // of the dropped and the noted ones, in order
}

func (g *parquetCopy) group(ctx context.Context, group parquet.RowGroup) error {
	kept := g.kept.writer.BeginRowGroup()
	var gone *parquet.ConcurrentRowGroupWriter
	if g.gone != nil && len(g.reasons) > 0 {
		gone = g.gone.writer.BeginRowGroup()
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for leaf, chunk := range group.ColumnChunks() {
		place, stays := g.kept.place(leaf)
		if !stays {
			continue
		}
		work.Go(func() error {
			return guarded(g.path, parquetName, func() error {
				out := [2]*parquetValues{{to: kept.ColumnWriters()[place], place: place}}
				if gone != nil {
					out[1] = &parquetValues{to: gone.ColumnWriters()[place], place: place}
				}
				return g.column(ctx, leaf, chunk, out)
			})
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if gone != nil {
		reasons := make([]parquet.Value, len(g.reasons))
		for i, reason := range g.reasons {
			reasons[i] = parquet.ByteArrayValue([]byte(reason)).Level(0, 1, g.gone.leaves)
		}
		if _, err := gone.ColumnWriters()[g.gone.leaves].WriteRowValues(reasons); err != nil {
			return notWritten(g.gone.path, err)
		}
		if _, err := gone.Commit(); err != nil {
			return notWritten(g.gone.path, err)
		}
	}
	if _, err := kept.Commit(); err != nil {
		return notWritten(g.kept.path, err)
	}
	return nil
}

// column copies a column chunk to out[0], and the values of dropped rows to out[1]
// unless that is nil.
func (g *parquetCopy) column(ctx context.Context, leaf int, chunk parquet.ColumnChunk, out [2]*parquetValues) error {
	pages := chunk.Pages()
	defer pages.Close()
	row, values := -1, make([]parquet.Value, 1024)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for from := page.Values(); err == nil; {
			var n int
			n, err = from.ReadValues(values)
			for _, v := range values[:n] {
				if v.RepetitionLevel() == 0 {
					row++
				}
				if row < 0 || row >= len(g.dropped) {
					return dataset.NewError(g.path, fmt.Sprintf("a row group of %d rows has another number of values in a column", len(g.dropped)), "write the file anew with the tool that made it")
				}
				to := out[0]
				if g.dropped[row] {
					to = out[1]
				} else {
					if g.noted[row] {
						if failed := out[1].add(v); failed != nil {
							return failed
						}
					}
					v = g.changes.apply(g.first+int64(row), leaf, v)
				}
				if failed := to.add(v); failed != nil {
					return failed
				}
			}
			if n == 0 && err == nil {
				break
			}
		}
		for _, to := range out { // the values are those of the page
			if failed := to.settle(g.changes.flat[leaf]); failed != nil {
				return failed
			}
		}
		parquet.Release(page)
		if err != nil && err != io.EOF {
			return err
		}
	}
	if row != len(g.dropped)-1 {
		return dataset.NewError(g.path, fmt.Sprintf("a row group of %d rows has only %d in a column", len(g.dropped), row+1), "write the file anew with the tool that made it")
	}
	for _, to := range out {
		if err := to.settle(true); err != nil {
			return err
		}
	}
	return nil
}

// parquetValues takes the values of a column and writes them by whole rows.
type parquetValues struct {
	to     *parquet.ColumnWriter
	place  int
	values []parquet.Value
}

func (c *parquetValues) add(v parquet.Value) error {
	if c == nil {
		return nil
	}
	if v.RepetitionLevel() == 0 && len(c.values) >= 1024 {
		if err := c.settle(true); err != nil {
			return err
		}
	}
	c.values = append(c.values, v.Level(v.RepetitionLevel(), v.DefinitionLevel(), c.place))
	return nil
}

// settle writes the values, if they are whole rows; else it makes them independent of
// the page that they are from.
func (c *parquetValues) settle(whole bool) error {
	if c == nil || len(c.values) == 0 {
		return nil
	}
	if !whole {
		for i, v := range c.values {
			c.values[i] = v.Clone()
		}
		return nil
	}
	_, err := c.to.WriteRowValues(c.values)
	c.values = c.values[:0]
	return err
}

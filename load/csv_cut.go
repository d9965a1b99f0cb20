package load

import (
	"context"
	"io"

	"synthos/dataset"
)

// cutCSV cuts a CSV file into ranges. Where quotes stand in places that RFC
// 4180 does not allow, their parity means nothing, and the records have to be
// read one after the other; so they have in dialects that the parity is not for.
func (c *cutter) cutCSV(ctx context.Context, o Options) (*cut, error) {
	fast, err := c.cut(ctx)
	if err != nil || !fast.bare && c.dialect.parity() {
		return fast, err
	}
	slow, err := c.cutInOrder(ctx, o)
	if err != nil {
		return nil, err
	}
	slow.bad = fast.bad
	return slow, nil
}

// cutInOrder is cut for CSV files, by the grammar of fields, on one core.
func (c *cutter) cutInOrder(ctx context.Context, o Options) (*cut, error) {
	source := &counter{r: io.NewSectionReader(c.file, c.start, c.end-c.start)}
	r := newCSVReader(c.path, newBuilder(&dataset.Schema{}), c.dialect, source, o)
	r.blankRows = c.blankRows
	out := &cut{}
	for next := c.start; ; r.row++ {
		at := c.start + source.n - int64(len(r.blocks.buf)-r.blocks.at)
		s, err := r.skip()
		if err != nil {
			return nil, err
		}
		if s == noRecord {
			break
		}
		if at >= next {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			out.ranges = append(out.ranges, dataset.Range{Path: c.path, Offset: at, FirstRow: r.row})
			next = at + c.rangeBytes
		}
	}
	out.rows = r.row
	out.ranges = closeRanges(out.ranges, out.rows, c.end)
	return out, nil
}

// counter counts the bytes that are read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

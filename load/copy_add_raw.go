package load

import (
	"context"
	"slices"

	"synthos/dataset"
)

// appendJSON copies records as they stand, without the members that are left out.
func (c *copying) appendJSON(ctx context.Context, src *jsonSource, kept *jsonSink) error {
	less := Edit{Without: c.edit.Without, silenced: c.edit.silenced}
	change := len(less.Without) > 0 || len(less.silenced) > 0
	for _, r := range src.ranges {
		text, done, err := src.input(ctx, r)
		if err != nil {
			return err
		}
		records, err := src.records(text, r.FirstRow)
		for err == nil {
			var raw []byte
			if raw, err = records.next(ctx); raw == nil || err != nil {
				break
			}
			row := records.row - 1
			if !c.edit.Added.Rows[row] {
				continue
			}
			if change {
				raw = less.object(row, "", raw, false)
			}
			c.done.Added++
			err = kept.record(raw, "")
		}
		done()
		if err != nil {
			return err
		}
	}
	return nil
}

// takes reports whether the records of src mean the same in the file.
func (s *csvSink) takes(src *csvSource) bool {
	return s.dialect.alike(&src.dialect) && slices.EqualFunc(s.fields, src.schema.Fields, func(x, y dataset.Field) bool {
		return x.Name == y.Name && x.Type == y.Type && x.Layout == y.Layout
	})
}

// alike reports whether records of b mean the same under a.
func (d *dialect) alike(b *dialect) bool {
	return d.delimiter == b.delimiter && d.quote == b.quote && d.escape == b.escape && d.rowNames == b.rowNames && (d.header == nil) == (b.header == nil)
}

// appendCSV copies records as they stand, without the fields that are left out.
func (c *copying) appendCSV(ctx context.Context, src *csvSource, kept *csvSink) error {
	cells := newCSVEdit(&Edit{Without: c.edit.Without}, src)
	return src.each(ctx, func(row int64, raw []byte) error {
		if !c.edit.Added.Rows[row] {
			return nil
		}
		c.done.Added++
		return kept.record(cells.without(raw), "")
	})
}

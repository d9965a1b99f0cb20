package localize

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"synthos/dataset"
	"synthos/scan"
)

// countedRows is up to how many distinct rows repeats are counted; of more, a
// uniform sample of the distinct ones is.
const countedRows = 1 << 20

// repeatCounts says how often rows stand in the data, and where first: of the
// rows with the smallest hashes, so that memory is bounded and the result does not
// depend on the order (as in sketch.KMV, which does not keep where).
type repeatCounts struct {
	keep  int
	limit uint64 // larger hashes are not among the smallest
	total int64  // rows
	rows  map[uint64]repeated
}

// repeated is a row that stands count times in the data.
type repeated struct{ count, first int64 }

func newRepeatCounts(keep int) *repeatCounts {
	return &repeatCounts{keep: keep, limit: ^uint64(0), rows: map[uint64]repeated{}}
}

func (c *repeatCounts) add(h uint64, count, first int64) {
	if h > c.limit {
		return
	}
	r, seen := c.rows[h]
	if !seen {
		r.first = first
	}
	r.count += count
	r.first = min(r.first, first)
	c.rows[h] = r
	if len(c.rows) > 2*c.keep {
		c.settle()
	}
}

// settle keeps the smallest hashes.
func (c *repeatCounts) settle() {
	if len(c.rows) <= c.keep {
		return
	}
	c.limit = slices.Sorted(maps.Keys(c.rows))[c.keep-1]
	maps.DeleteFunc(c.rows, func(h uint64, _ repeated) bool { return h > c.limit })
}

// forgetSingle keeps only the rows that stand more than once: nobody asks about others.
func (c *repeatCounts) forgetSingle() {
	rows := map[uint64]repeated{}
	for h, r := range c.rows {
		if r.count > 1 {
			rows[h] = r
		}
	}
	c.rows = rows
}

func (c *repeatCounts) merge(o *repeatCounts) {
	c.total += o.total
	if o.limit < c.limit {
		c.limit = o.limit
		maps.DeleteFunc(c.rows, func(h uint64, _ repeated) bool { return h > c.limit })
	}
	for h, r := range o.rows {
		c.add(h, r.count, r.first)
	}
}

// countRepeats reads src once and counts its rows.
func countRepeats(ctx context.Context, e scan.Engine, src dataset.Source, v *view) (*repeatCounts, error) {
	fresh := func() scan.Accumulator { return &counter{view: v, counts: newRepeatCounts(countedRows)} }
	merged, err := e.Aggregate(ctx, src, fresh, nil)
	if err != nil {
		return nil, err
	}
	a, ok := merged.(*counter)
	if !ok {
		return nil, fmt.Errorf("localize: the engine returned a %T", merged)
	}
	a.counts.settle()
	a.counts.forgetSingle()
	return a.counts, nil
}

// counter is the accumulator of countRepeats.
type counter struct {
	view   *view
	counts *repeatCounts
}

func (a *counter) AddBatch(b *dataset.Batch) error {
	for i, h := range hashRows(a.view.batch(b), a.view.names) {
		a.counts.add(h, 1, b.FirstRow+int64(i))
	}
	a.counts.total += int64(b.Rows)
	return nil
}

func (a *counter) Merge(o scan.Accumulator) error {
	b, ok := o.(*counter)
	if !ok {
		return fmt.Errorf("localize: cannot merge a %T", o)
	}
	a.counts.merge(b.counts)
	return nil
}

// MarshalBinary returns the counts, ascending by hash.
func (a *counter) MarshalBinary() ([]byte, error) {
	a.counts.settle()
	out := binary.LittleEndian.AppendUint64(nil, uint64(a.counts.total))
	for _, h := range slices.Sorted(maps.Keys(a.counts.rows)) {
		r := a.counts.rows[h]
		out = binary.LittleEndian.AppendUint64(out, h)
		out = binary.LittleEndian.AppendUint64(out, uint64(r.count))
		out = binary.LittleEndian.AppendUint64(out, uint64(r.first))
	}
	return out, nil
}

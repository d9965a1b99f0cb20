package localize

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
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
//
// Rows are collected in a list and counted by sorting it: that takes a third of the
// time of a map of as many rows.
type repeatCounts struct {
	keep    int
	limit   uint64 // larger hashes are not among the smallest
	total   int64  // rows
	list    []hashCount
	settled int                 // the first so many of list are ascending, each hash once
	rows    map[uint64]repeated // filled by index
}

// hashCount is a row that stands count times in what was read so far.
type hashCount struct {
	hash uint64
	repeated
}

// repeated is a row that stands count times in the data.
type repeated struct{ count, first int64 }

func newRepeatCounts(keep int) *repeatCounts {
	return &repeatCounts{keep: keep, limit: ^uint64(0)}
}

func (c *repeatCounts) add(h uint64, count, first int64) {
	if h > c.limit {
		return
	}
	c.list = append(c.list, hashCount{h, repeated{count, first}})
	if len(c.list) >= 2*c.keep+c.settled {
		c.settle()
	}
}

// settle joins equal hashes and keeps the smallest.
func (c *repeatCounts) settle() {
	if c.settled == len(c.list) {
		return
	}
	slices.SortFunc(c.list, func(a, b hashCount) int { return cmp.Compare(a.hash, b.hash) })
	out := c.list[:0]
	for _, x := range c.list {
		if k := len(out) - 1; k >= 0 && out[k].hash == x.hash {
			out[k].count += x.count
			out[k].first = min(out[k].first, x.first)
			continue
		}
		out = append(out, x)
	}
	if len(out) > c.keep {
		out = out[:c.keep]
		c.limit = out[c.keep-1].hash
	}
	c.list, c.settled = out, len(out)
}

// index settles, and makes the rows that stand more than once ready to be looked
// up: nobody asks about others.
func (c *repeatCounts) index() {
	c.settle()
	c.rows = map[uint64]repeated{}
	for _, x := range c.list {
		if x.count > 1 {
			c.rows[x.hash] = x.repeated
		}
	}
	c.list, c.settled = nil, 0
}

func (c *repeatCounts) merge(o *repeatCounts) {
	c.total += o.total
	if o.limit < c.limit {
		c.limit = o.limit
		c.list = slices.DeleteFunc(c.list, func(x hashCount) bool { return x.hash > c.limit })
		c.settled = 0
	}
	for _, x := range o.list {
		c.add(x.hash, x.count, x.first)
	}
}

// study reads src and learns what only the whole of it shows: which rows it repeats and
// which may be alike.
func (v *view) study(ctx context.Context, e scan.Engine, src dataset.Source) error {
	b := fitBlocks(v, v.in.Rows)
	merged, err := e.Aggregate(ctx, src, func() scan.Accumulator { return newCounter(v, b) }, nil)
	if err != nil {
		return err
	}
	a, ok := merged.(*counter)
	if !ok {
		return fmt.Errorf("localize: the engine returned a %T", merged)
	}
	a.counts.index()
	v.counts = a.counts
	v.kin, err = findKin(ctx, e, src, a)
	return err
}

// counter is the accumulator of study.
type counter struct {
	view   *view
	blocks *blocks
	counts *repeatCounts
	keys   []*keyCounts // by block
}

func newCounter(v *view, b *blocks) *counter {
	a := &counter{view: v, blocks: b, counts: newRepeatCounts(countedRows)}
	for range b.n {
		a.keys = append(a.keys, newKeyCounts(countedKeys, v.in.Rows))
	}
	return a
}

func (a *counter) AddBatch(b *dataset.Batch) error {
	rows, keys := a.blocks.keys(a.view.batch(b))
	for i, h := range rows {
		a.counts.add(h, 1, b.FirstRow+int64(i))
	}
	for k, c := range a.keys {
		for i, key := range keys[k] {
			c.add(key, rows[i])
		}
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
	for k, c := range a.keys {
		c.merge(b.keys[k])
	}
	return nil
}

// MarshalBinary returns the counts, ascending by hash, and the keys of each block.
func (a *counter) MarshalBinary() ([]byte, error) {
	a.counts.settle()
	out := binary.LittleEndian.AppendUint64(nil, uint64(a.counts.total))
	for _, x := range a.counts.list {
		out = binary.LittleEndian.AppendUint64(out, x.hash)
		out = binary.LittleEndian.AppendUint64(out, uint64(x.count))
		out = binary.LittleEndian.AppendUint64(out, uint64(x.first))
	}
	for _, c := range a.keys {
		c.settle()
		for _, x := range c.list {
			out = binary.LittleEndian.AppendUint64(out, x)
		}
	}
	return out, nil
}

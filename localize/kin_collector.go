package localize

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"synthos/dataset"
	"synthos/scan"
)

// kinCollector is the accumulator of findKin.
type kinCollector struct {
	view   *view
	blocks *blocks
	shared []map[uint32]bool
	parts  []*dataset.Table // of one batch each
}

func (a *kinCollector) AddBatch(b *dataset.Batch) error {
	t := a.view.batch(b)
	t = t.Select(t.Schema.Places(a.view.names))
	_, keys := a.blocks.keys(t)
	var chosen []int
	for i := range t.Rows() {
		for k := range keys {
			if a.shared[k][keys[k][i]] {
				chosen = append(chosen, i)
				break
			}
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	a.parts = append(a.parts, owned(t.Take(chosen)))
	return nil
}

func (a *kinCollector) Merge(o scan.Accumulator) error {
	b, ok := o.(*kinCollector)
	if !ok {
		return fmt.Errorf("localize: cannot merge a %T", o)
	}
	a.parts = append(a.parts, b.parts...)
	return nil
}

// table returns all rows in order.
func (a *kinCollector) table() *dataset.Table {
	slices.SortFunc(a.parts, func(x, y *dataset.Table) int { return cmp.Compare(x.RowIDs[0], y.RowIDs[0]) })
	return concat(a.parts)
}

// concat returns the rows of one table or more.
func concat(parts []*dataset.Table) *dataset.Table {
	if len(parts) == 1 {
		return parts[0]
	}
	half := len(parts) / 2
	return dataset.Concat(concat(parts[:half]), concat(parts[half:]))
}

// MarshalBinary returns the numbers of the rows, in order.
func (a *kinCollector) MarshalBinary() ([]byte, error) {
	var ids []int64
	for _, t := range a.parts {
		ids = append(ids, t.RowIDs...)
	}
	slices.Sort(ids)
	var out []byte
	for _, id := range ids {
		out = binary.LittleEndian.AppendUint64(out, uint64(id))
	}
	return out, nil
}

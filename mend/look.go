package mend

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/scan"
)

// manyRows is from how many rows on repeats are looked for in two passes: the
// first marks hashes that occur again in 16 bits a row, so that the second keeps
// only the rows that may repeat.
const manyRows = 1 << 24

// seen is what a pass saw.
type seen struct {
	hashed  []hashed
	invalid []unreadable
}

type hashed struct {
	hash uint64
	row  int64
}

// unreadable is a cell that could not be read.
type unreadable struct {
	load.Place
	text string
}

// repeat is a row that repeats an earlier one.
type repeat struct{ row, first int64 }

// repeats returns the rows that have the hash of an earlier row.
func (s *seen) repeats() []repeat {
	m := newMarks(int64(len(s.hashed))) // most rows stand once, and need not be sorted
	for _, h := range s.hashed {
		m.add(h.hash)
	}
	var again []hashed
	for _, h := range s.hashed {
		if m.twice(h.hash) {
			again = append(again, h)
		}
	}
	slices.SortFunc(again, func(a, b hashed) int {
		if a.hash != b.hash { // nearly always
			return cmp.Compare(a.hash, b.hash)
		}
		return cmp.Compare(a.row, b.row)
	})
	var out []repeat
	first := 0
	for i := 1; i < len(again); i++ {
		if again[i].hash != again[first].hash {
			first = i
			continue
		}
		out = append(out, repeat{again[i].row, again[first].row})
	}
	return out
}

// look reads the source for repeated rows, told by the columns called names, and
// for unreadable cells.
func look(ctx context.Context, e scan.Engine, src dataset.Source, names []string, rows int64, repeats, cells bool, progress func(rows int64)) (*seen, error) {
	if !repeats && !cells {
		return &seen{}, nil
	}
	at, err := positions(src.Schema(), names)
	if err != nil {
		return nil, err
	}
	var filter *marks
	if repeats && rows > manyRows {
		filter = newMarks(rows)
		merged, err := e.Aggregate(ctx, src, func() scan.Accumulator { return &marker{marks: newMarks(rows), columns: at} }, nil)
		if err != nil {
			return nil, err
		}
		filter = merged.(*marker).marks
	}
	merged, err := e.Aggregate(ctx, src, func() scan.Accumulator {
		return &looker{columns: at, schema: src.Schema(), repeats: repeats, cells: cells, filter: filter}
	}, progress)
	if err != nil {
		return nil, err
	}
	return &merged.(*looker).seen, nil
}

// positions returns where the columns called names stand.
func positions(schema *dataset.Schema, names []string) ([]int, error) {
	at := make([]int, len(names))
	for i, name := range names {
		if at[i] = schema.Index(name); at[i] < 0 {
			return nil, fmt.Errorf("mend: the source has no column %q", name)
		}
	}
	return at, nil
}

// hashesOf returns the hashes of the rows of b over some columns.
func hashesOf(b *dataset.Batch, columns []int, out []uint64) []uint64 {
	part := dataset.Batch{Rows: b.Rows, FirstRow: b.FirstRow}
	for _, j := range columns {
		part.Columns = append(part.Columns, b.Columns[j])
	}
	out = slices.Grow(out[:0], b.Rows)[:b.Rows]
	profile.HashRows(&part, out)
	return out
}

// looker is the accumulator of look.
type looker struct {
	seen
	columns        []int
	schema         *dataset.Schema
	repeats, cells bool
	filter         *marks // nil = keep all rows
	hashes         []uint64
	known          []uint64 // hashes of the rows of the next batch; nil = they are to be computed
}

// ofAll reports whether rows are told by all columns, in order.
func (a *looker) ofAll() bool {
	for i, j := range a.columns {
		if i != j {
			return false
		}
	}
	return len(a.columns) == len(a.schema.Fields)
}

// AddBatch implements scan.Accumulator.
func (a *looker) AddBatch(b *dataset.Batch) error {
	if a.repeats {
		hashes := a.known
		if hashes == nil {
			a.hashes = hashesOf(b, a.columns, a.hashes)
			hashes = a.hashes
		}
		for i, h := range hashes {
			if a.filter == nil || a.filter.twice(h) {
				a.hashed = append(a.hashed, hashed{h, b.FirstRow + int64(i)})
			}
		}
	}
	if a.cells {
		for j := range b.Columns {
			for _, bad := range b.Columns[j].Invalid {
				a.invalid = append(a.invalid, unreadable{load.Place{Row: b.FirstRow + int64(bad.Row), Column: a.schema.Fields[j].Name}, strings.Clone(bad.Text)})
			}
		}
	}
	return nil
}

// Merge implements scan.Accumulator.
func (a *looker) Merge(o scan.Accumulator) error {
	b, ok := o.(*looker)
	if !ok {
		return fmt.Errorf("mend: cannot merge a %T", o)
	}
	a.hashed = append(a.hashed, b.hashed...)
	a.invalid = append(a.invalid, b.invalid...)
	return nil
}

// MarshalBinary returns the repeats, by row.
func (a *looker) MarshalBinary() ([]byte, error) {
	var out []byte
	for _, r := range a.seen.repeats() {
		out = binary.LittleEndian.AppendUint64(out, uint64(r.row))
	}
	return out, nil
}

// marks says of hashes whether they occurred never, once or more often; it may
// say more often of one that did not.
type marks struct {
	once, more []uint64 // a bit a slot
	mask       uint64
}

func newMarks(rows int64) *marks {
	slots := uint64(1 << 10)
	for slots < 8*uint64(rows) {
		slots *= 2
	}
	return &marks{make([]uint64, slots/64), make([]uint64, slots/64), slots - 1}
}

func (m *marks) add(h uint64) {
	slot := h & m.mask
	word, bit := slot>>6, uint64(1)<<(slot&63)
	m.more[word] |= m.once[word] & bit
	m.once[word] |= bit
}

func (m *marks) twice(h uint64) bool {
	slot := h & m.mask
	return m.more[slot>>6]>>(slot&63)&1 == 1
}

// marker is the accumulator of marks.
type marker struct {
	marks   *marks
	columns []int
	hashes  []uint64
}

// AddBatch implements scan.Accumulator.
func (a *marker) AddBatch(b *dataset.Batch) error {
	a.hashes = hashesOf(b, a.columns, a.hashes)
	for _, h := range a.hashes {
		a.marks.add(h)
	}
	return nil
}

// Merge implements scan.Accumulator.
func (a *marker) Merge(o scan.Accumulator) error {
	b, ok := o.(*marker)
	if !ok || b.marks.mask != a.marks.mask {
		return errors.New("mend: cannot merge marks of another run")
	}
	for i, once := range b.marks.once {
		a.marks.more[i] |= b.marks.more[i] | a.marks.once[i]&once
		a.marks.once[i] |= once
	}
	return nil
}

// MarshalBinary returns the marks.
func (a *marker) MarshalBinary() ([]byte, error) {
	var out []byte
	for i := range a.marks.once {
		out = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(out, a.marks.once[i]), a.marks.more[i])
	}
	return out, nil
}

package mend

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/recommend"
	"synthos/scan"
	"synthos/sketch"
)

// Adding are the kinds of fixes that add rows, in the order in which they choose.
var Adding = []string{"restore_modes", "mix_real"}

// Real is where the rows come from that fixes add.
type Real struct {
	Source dataset.Source   // of real rows, opened with the types of the columns of the data
	Wanted map[string]int64 // how many rows a kind of fix of Adding adds
	Known  []dataset.Source // the reference and the holdout: copies of their rows would be memorization
}

// choose finds the rows to add: none that stands in the data or among the known
// ones already, and none twice. Which ones depends on the cells of the rows and the
// seed alone, not on their order.
func (m *maker) choose(ctx context.Context, e scan.Engine, asked func(kind string) bool) error {
	in := m.in.Real
	if in == nil || !slices.ContainsFunc(Adding, asked) {
		return nil
	}
	names := m.repairs.Columns()
	var known []*hashSet
	for _, src := range append([]dataset.Source{m.in.Source}, in.Known...) {
		set, err := hashesIn(ctx, e, src, names)
		if err != nil {
			return err
		}
		known = append(known, set)
	}
	at, err := positions(in.Source.Schema(), names)
	if err != nil {
		return err
	}
	wanted := [2]int64{}
	for k, kind := range Adding {
		if asked(kind) {
			wanted[k] = in.Wanted[kind]
		}
	}
	fresh := func() *chooser {
		c := &chooser{repairs: m.repairs, schema: in.Source.Schema(), columns: at, known: known, seed: m.in.Seed}
		c.chosen[0].limit = wanted[0]
		c.chosen[1].limit = wanted[0] + wanted[1] // some may be chosen for the first kind
		return c
	}
	if wanted[0] > 0 {
		m.repairs.Lacking(m.in.Data) // learns once, before many goroutines ask
	}
	merged, err := e.Aggregate(ctx, in.Source, func() scan.Accumulator { return fresh() }, nil)
	if err != nil {
		return err
	}
	c, ok := merged.(*chooser)
	if !ok {
		return fmt.Errorf("mend: the engine returned a %T", merged)
	}
	m.added, m.stood = map[int64]bool{}, c.stood
	for k, kind := range Adding {
		c.chosen[k].settle()
		n := int64(0)
		for _, x := range c.chosen[k].list {
			if n < wanted[k] && !m.added[x.row] {
				m.added[x.row] = true
				n++
			}
		}
		m.adds[kind] = n
	}
	if len(m.added) > 0 {
		m.plan.Edit.Added = &load.Added{Source: in.Source, Rows: m.added}
	}
	return nil
}

// add says what a fix that adds rows does.
func (m *maker) add(s *Step) {
	if m.in.Real == nil {
		s.Passed = "it needs real rows beside the reference, and copies of the reference's rows would be memorization: give them with --add-from"
		return
	}
	wanted, n := m.in.Real.Wanted[s.Kind], m.adds[s.Kind]
	s.Added = n
	stood := ""
	if m.stood > 0 {
		stood = fmt.Sprintf("; %d of its rows stand in the data, the reference or the holdout already", m.stood)
	}
	what := "real rows"
	if s.Kind == "restore_modes" {
		what = "real rows of what the data lost"
		for i, lost := range m.repairs.Lost() {
			sep := ", "
			if i == 0 {
				sep = ": "
			}
			what += sep + lost
		}
	}
	switch {
	case wanted == 0:
		s.Passed = "the report does not say how many rows to add"
	case n == 0:
		s.Passed = fmt.Sprintf("the file of rows to add has none that it could take%s", stood)
	case n < wanted:
		s.Detail = fmt.Sprintf("add %s; of %d that are wanted, the file of rows to add has no more%s", what, wanted, stood)
	default:
		s.Detail = "add " + what
	}
}

// candidate is a row that may be added.
type candidate struct {
	order, hash uint64
	row         int64
}

// choice keeps the first rows in the order of a hash, each of equal rows once.
type choice struct {
	limit int64
	list  []candidate
}

func (c *choice) add(x candidate) {
	if c.limit == 0 {
		return
	}
	c.list = append(c.list, x)
	if int64(len(c.list)) > 2*c.limit+1024 {
		c.settle()
	}
}

// settle sorts the rows and leaves those out that are too many.
func (c *choice) settle() {
	slices.SortFunc(c.list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.hash, b.hash), cmp.Compare(a.row, b.row))
	})
	c.list = slices.CompactFunc(c.list, func(a, b candidate) bool { return a.hash == b.hash })
	c.list = c.list[:min(int64(len(c.list)), c.limit)]
}

// chooser is the accumulator of choose.
type chooser struct {
	repairs *recommend.Repairs
	schema  *dataset.Schema
	columns []int
	known   []*hashSet
	seed    uint64
	hashes  []uint64

	chosen [2]choice // by Adding
	stood  int64     // rows that stand elsewhere already
}

// AddBatch implements scan.Accumulator.
func (a *chooser) AddBatch(b *dataset.Batch) error {
	a.hashes = hashesOf(b, a.columns, a.hashes)
	var lacks []float64
	if a.chosen[0].limit > 0 {
		lacks = a.repairs.Lacking(a.repairs.Conform(b.Table(a.schema)))
	}
	for i, h := range a.hashes {
		if slices.ContainsFunc(a.known, func(s *hashSet) bool { return s.has(h) }) {
			a.stood++
			continue
		}
		x := candidate{sketch.Mix(h ^ sketch.Mix(a.seed^0xadd)), h, b.FirstRow + int64(i)}
		a.chosen[1].add(x)
		// Of rows like it, the share that is missing is wanted.
		if lacks != nil && float64(sketch.Mix(x.order)>>11)/(1<<53) < lacks[i] {
			a.chosen[0].add(x)
		}
	}
	return nil
}

// Merge implements scan.Accumulator.
func (a *chooser) Merge(o scan.Accumulator) error {
	b, ok := o.(*chooser)
	if !ok {
		return fmt.Errorf("mend: cannot merge a %T", o)
	}
	a.stood += b.stood
	for k := range a.chosen {
		for _, x := range b.chosen[k].list {
			a.chosen[k].add(x)
		}
	}
	return nil
}

// MarshalBinary returns the rows that are chosen.
func (a *chooser) MarshalBinary() ([]byte, error) {
	var out []byte
	for k := range a.chosen {
		a.chosen[k].settle()
		for _, x := range a.chosen[k].list {
			out = binary.LittleEndian.AppendUint64(out, uint64(x.row))
		}
	}
	return out, nil
}

// hashSet is the set of the hashes of the rows of a source; of more than manyRows it may
// say of one in ten that is not in it that it is.
type hashSet struct {
	sorted []uint64
	marks  *marks // nil = sorted has them all
}

func (s *hashSet) has(h uint64) bool {
	if s.marks != nil {
		slot := h & s.marks.mask
		return s.marks.once[slot>>6]>>(slot&63)&1 == 1
	}
	_, found := slices.BinarySearch(s.sorted, h)
	return found
}

// hashesIn reads a source for the hashes of its rows over the columns called names.
func hashesIn(ctx context.Context, e scan.Engine, src dataset.Source, names []string) (*hashSet, error) {
	at, err := positions(src.Schema(), names)
	if err != nil {
		return nil, err
	}
	rows := int64(0)
	for _, r := range src.Ranges() {
		rows += max(0, r.Rows)
	}
	if rows > manyRows {
		merged, err := e.Aggregate(ctx, src, func() scan.Accumulator { return &marker{marks: newMarks(rows), columns: at} }, nil)
		if err != nil {
			return nil, err
		}
		return &hashSet{marks: merged.(*marker).marks}, nil
	}
	merged, err := e.Aggregate(ctx, src, func() scan.Accumulator {
		return &looker{columns: at, schema: src.Schema(), repeats: true}
	}, nil)
	if err != nil {
		return nil, err
	}
	s := &hashSet{}
	for _, x := range merged.(*looker).hashed {
		s.sorted = append(s.sorted, x.hash)
	}
	slices.Sort(s.sorted)
	return s, nil
}

package collapse

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"

	"synthos/dataset"
	"synthos/encode"
)

// MinRows is how many rows of the data, and of each half of the reference, are
// compared at least: fewer say nothing.
const MinRows = 20

// view is what the dimensions look at: the data and the reference in one
// encoded space, and resamples of equal size of both, so that no statistic
// depends on the number of rows.
type view struct {
	ctx    context.Context
	in     Input
	effort effort
	space  *encode.Space

	data, ref *part // every row of the samples (ref: reference and holdout)
	splits    []split
	scores    [][]float64 // of the codes of each slot: encode.Space.BinScores

	// What several dimensions need.
	utility shared[*utility]
	near    shared[*nearest]
	pairing shared[*pairs]
	around  []shared[[]float32] // per split: neighbourhoods
	modes   shared[*modes]
	texts   shared[*corpus]
	hashes  shared[[2][]uint64]
	lost    shared[*Losses] // by networks

	telling  sync.Mutex // of progress
	measured int        // dimensions
}

// part is a set of rows with its encodings.
type part struct {
	table    *dataset.Table
	codes    *encode.Codes
	features *encode.Features
}

func (p *part) n() int { return p.codes.N }

// split is one resample: rows of the data, of the reference, and further rows
// of the reference that were held out. All three hold equally many rows.
type split struct {
	d    []int // indices into view.data
	a, b []int // indices into view.ref; disjoint
}

func newView(ctx context.Context, in Input) (*view, error) {
	v := &view{ctx: ctx, in: in, effort: effortOf(in), space: in.Space}
	v.scores = binScores(v.space)
	names := make([]string, len(in.Space.Columns))
	for i := range names {
		names[i] = in.Space.Columns[i].Field.Name
	}
	v.data = v.settled(v.encode(in.Data), names)
	if in.Reference == nil {
		v.ref = v.data
		v.resample(v.data.n())
		return v, ctx.Err()
	}
	ref := in.Reference
	holdFrom := ref.Rows()
	if in.Holdout != nil && in.Holdout.Rows() >= MinRows && len(common(in.Holdout, in.Reference)) >= len(names) {
		ref = join(ref, in.Holdout, names)
	}
	v.ref = v.encode(ref)
	if holdFrom == ref.Rows() {
		v.ref = v.settled(v.ref, names)
	}
	v.resample(holdFrom)
	return v, ctx.Err()
}

// settled returns p with its rows in an order that depends on their contents only,
// so that resamples depend neither on the order of the rows in the file nor on units.
func (v *view) settled(p *part, names []string) *part {
	codes, cells := hashCodes(p.codes, p.n()), hashRows(p.table, names)
	order := make([]int, p.n())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(codes[a], codes[b]), cmp.Compare(cells[a], cells[b]))
	})
	return &part{table: p.table.Take(order), codes: p.codes.Take(order), features: p.features.Take(order)}
}

// inFileOrder returns the rows of the data as they follow each other in the file.
func (v *view) inFileOrder() []int {
	ids := v.data.table.RowIDs
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	return order
}

// common returns the names of the columns of r that d has in the same storage.
func common(d, r *dataset.Table) []string {
	var names []string
	places := d.Schema.Places(r.Schema.Names())
	for i, f := range r.Schema.Fields {
		if j := places[i]; j >= 0 && d.Schema.Fields[j].Type.Numeric() == f.Type.Numeric() {
			names = append(names, f.Name)
		}
	}
	return names
}

// join returns the named columns of a, followed by those of b.
func join(a, b *dataset.Table, names []string) *dataset.Table {
	pick := func(t *dataset.Table) *dataset.Table { return t.Select(t.Schema.Places(names)) }
	return dataset.Concat(pick(a), pick(b))
}

func (v *view) encode(t *dataset.Table) *part {
	return &part{table: t, codes: v.space.Codes(t), features: v.space.Features(t)}
}

// resample draws the splits; reference rows from holdFrom on are held out.
func (v *view) resample(holdFrom int) {
	v.splits = makeSplits(v.effort, v.in.Seed, v.data.n(), v.ref.n(), holdFrom)
	v.around = make([]shared[[]float32], len(v.splits))
}

// makeSplits draws the resamples: n rows of the data, n of the first holdFrom
// reference rows and n others (of the holdout, if there is one).
func makeSplits(e effort, seed uint64, data, ref, holdFrom int) []split {
	room := ref / 2
	if holdFrom < ref {
		room = min(holdFrom, ref-holdFrom)
	}
	n := min(data, room, e.rows)
	var splits []split
	for k := range e.splits {
		rng := rand.New(rand.NewPCG(seed, 0x5b117+uint64(k)))
		s := split{d: choose(rng, data, n)}
		if holdFrom < ref {
			s.a = choose(rng, holdFrom, n)
			s.b = choose(rng, ref-holdFrom, n)
			for i := range s.b {
				s.b[i] += holdFrom
			}
		} else {
			both := rng.Perm(ref)[:2*n]
			s.a, s.b = both[:n:n], both[n:]
			sort.Ints(s.a)
			sort.Ints(s.b)
		}
		splits = append(splits, s)
	}
	return splits
}

// choose returns n of the numbers below from, ascending.
func choose(rng *rand.Rand, from, n int) []int {
	p := rng.Perm(from)[:n]
	sort.Ints(p)
	return p
}

// rows returns how many rows each part of a split has.
func (v *view) rows() int { return len(v.splits[0].d) }

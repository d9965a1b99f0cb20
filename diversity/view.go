package diversity

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"

	"synthos/dataset"
	"synthos/encode"
	"synthos/text"
)

const (
	partRows   = 5000 // rows of each side that are looked at, at most
	splitRows  = 1500 // rows of each sample of a split, at most
	splitCount = 3    // resamples of every statistic
	minRows    = 20   // a sample of fewer rows says nothing
	maxColumns = 64   // columns that are encoded, at most
)

// view is the data and what they are compared with, in one encoded space.
type view struct {
	in      Input
	columns int // columns that could be compared, of which at most maxColumns are encoded
	slots   []encode.Slot
	scores  [][]float64 // Space.BinScores of each slot
	text    bool
	data    *sample // up to partRows rows
	other   *sample // the same of the reference; in self mode the data, each column shuffled by itself

	// A hash of each row of both tables, over all compared columns.
	dataHash, otherHash []uint64
	splits              []split
	results             []result
}

// split is one resample, all samples with equally many rows: of the data, and
// two disjoint ones of the reference. What the data show is measured by the
// yardstick yard, and so is fresh, which tells what real rows show.
type split struct {
	data, fresh, yard *sample
	kinds             func() []float32 // centroids of the micro-clusters of yard (kinds.go)
	meaning           meaning          // of other rows, if there are embeddings
}

// sample is a set of rows with its encodings. It is not changed once made.
type sample struct {
	space    *encode.Space
	codes    *encode.Codes
	features *encode.Features
	docs     [][]uint64 // hashed words of the texts of each row, joined; nil without text
	words    [][]string // words of the longest text of each row; nil without text
	phrases  [][]uint64 // text.Phrases of the texts of each row; nil without text
}

func (s *sample) n() int { return s.codes.N }

func (s *sample) take(rows []int) *sample {
	out := &sample{space: s.space, codes: s.codes.Take(rows), features: s.features.Take(rows)}
	if s.docs != nil {
		for _, i := range rows {
			out.docs = append(out.docs, s.docs[i])
			out.words = append(out.words, s.words[i])
			out.phrases = append(out.phrases, s.phrases[i])
		}
	}
	return out
}

// newView samples and encodes. If nothing can be measured, why says so.
func newView(in Input) (v *view, why string) {
	yard := in.Reference
	if yard == nil {
		yard = in.Data
	}
	data, yard := matched(in.Data, yard)
	v = &view{in: in, columns: len(data.Columns)}
	if v.columns == 0 {
		return nil, "no column can be compared: they are ids, empty, or stored otherwise than in the reference"
	}
	if n := in.Data.Rows(); n < minRows {
		return nil, fmt.Sprintf("%d rows are too few; %d are needed", n, minRows)
	}
	if in.Reference != nil && yard.Rows() < 2*minRows {
		return nil, fmt.Sprintf("%d reference rows are too few; %d are needed", yard.Rows(), 2*minRows)
	}
	rng := rand.New(rand.NewPCG(in.Seed, 0xd17e5))
	if in.Reference == nil {
		yard = shuffled(data, rng)
	}
	v.dataHash, v.otherHash = hashRows(data), hashRows(yard)
	encoded := thinned(data)
	data, yard = data.Select(encoded), yard.Select(encoded)
	data = data.Take(choose(rng, data.Rows(), partRows))
	yard = yard.Take(choose(rng, yard.Rows(), partRows))
	space := encode.Fit(yard, nil, data)
	v.slots = space.Slots
	for j := range v.slots {
		v.scores = append(v.scores, space.BinScores(j))
	}
	var wait sync.WaitGroup
	if in.Jobs > 1 {
		wait.Go(func() { v.data = newSample(data, space) })
	} else {
		v.data = newSample(data, space)
	}
	v.other = newSample(yard, space)
	wait.Wait()
	v.text = v.data.docs != nil
	v.split()
	v.splitEmbeddings()
	return v, ""
}

// matched returns both tables with the columns that both have, alike stored
// and neither ids nor empty, in the order of their names, so that the order of the
// columns changes nothing.
func matched(d, r *dataset.Table) (*dataset.Table, *dataset.Table) {
	type place struct{ d, r int }
	var places []place
	names := d.Schema.Names()
	first, theirs := d.Schema.Places(names), r.Schema.Places(names)
	for j, f := range d.Schema.Fields {
		k := theirs[j]
		if k < 0 || first[j] != j || f.Type.Numeric() != r.Schema.Fields[k].Type.Numeric() {
			continue
		}
		if kind := r.Schema.Fields[k].Kind; kind != dataset.ID && kind != dataset.Unknown {
			places = append(places, place{j, k})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Compare(d.Schema.Fields[a.d].Name, d.Schema.Fields[b.d].Name)
	})
	var dc, rc []int
	for _, p := range places {
		dc, rc = append(dc, p.d), append(rc, p.r)
	}
	return d.Select(dc), r.Select(rc)
}

// thinned returns the positions of all columns, or of maxColumns chosen by a hash
// of their names, with free text before all others.
func thinned(t *dataset.Table) []int {
	order := make([]int, len(t.Columns))
	rank := make([]uint64, len(order))
	for j, f := range t.Schema.Fields {
		order[j] = j
		h := fnv.New64a()
		h.Write([]byte(f.Name))
		rank[j] = h.Sum64()>>1 | 1<<63
		if f.Kind == dataset.Text {
			rank[j] &^= 1 << 63
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[a], rank[b]) })
	order = order[:min(len(order), maxColumns)]
	slices.Sort(order)
	return order
}

// shuffled returns t with the cells of each column in an order of its own: the
// same columns without what ties them.
func shuffled(t *dataset.Table, rng *rand.Rand) *dataset.Table {
	out := &dataset.Table{Schema: t.Schema, RowIDs: t.RowIDs}
	for j := range t.Columns {
		out.Columns = append(out.Columns, t.Select([]int{j}).Take(rng.Perm(t.Rows())).Columns[0])
	}
	return out
}

func newSample(t *dataset.Table, space *encode.Space) *sample {
	s := &sample{space: space, codes: space.Codes(t), features: space.Features(t)}
	var buf []string
	for j := range space.Columns {
		if !space.Columns[j].Text() {
			continue
		}
		if s.docs == nil {
			s.docs, s.words, s.phrases = make([][]uint64, t.Rows()), make([][]string, t.Rows()), make([][]uint64, t.Rows())
		}
		cells := &t.Columns[space.Columns[j].Index]
		for i, null := range cells.Null {
			if null {
				continue
			}
			buf = text.Tokens(cells.Strings[i], buf[:0])
			for _, w := range buf {
				s.docs[i] = append(s.docs[i], text.Hash(w))
			}
			s.phrases[i] = text.Phrases(buf, s.phrases[i])
			if len(buf) > len(s.words[i]) {
				s.words[i] = slices.Clone(buf)
			}
		}
	}
	return s
}

// split draws the resamples. In self mode there is one, of the data and of the
// shuffled rows.
func (v *view) split() {
	if v.in.Reference == nil {
		rng := rand.New(rand.NewPCG(v.in.Seed, 0x5e1f))
		rows := choose(rng, v.data.n(), splitRows)
		v.splits = []split{{data: v.data.take(rows), yard: v.other.take(rows)}}
		return
	}
	n := min(v.data.n(), v.other.n()/2, splitRows)
	for k := range splitCount {
		rng := rand.New(rand.NewPCG(v.in.Seed, 0x5b117+uint64(k)))
		both := rng.Perm(v.other.n())[:2*n]
		fresh, yard := both[:n:n], both[n:]
		s := split{data: v.data.take(choose(rng, v.data.n(), n)), fresh: v.other.take(fresh), yard: v.other.take(yard)}
		s.kinds = sync.OnceValue(func() []float32 { return kinds(s.yard.features, v.in.Seed) })
		v.splits = append(v.splits, s)
	}
}

// choose returns at most n of the numbers below from, in random order, so that
// the first of them are a sample too.
func choose(rng *rand.Rand, from, n int) []int { return rng.Perm(from)[:min(n, from)] }

// seen says how many columns were looked at, if not all.
func (v *view) seen() string {
	if v.columns <= maxColumns {
		return ""
	}
	return fmt.Sprintf(" (measured on %d of %d columns)", maxColumns, v.columns)
}

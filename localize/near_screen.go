package localize

import (
	"math/rand/v2"
	"slices"

	"synthos/encode"
	"synthos/sketch"
)

const (
	bandsTried  = 24   // subsets of columns in which rows may agree
	bandRecall  = 0.99 // share of the suspicious rows of the sample that a screen must mark
	bandUseless = 0.5  // share of the sample that it may mark at most
)

// bandWidths are how many columns a band has, the widest first: it marks fewest rows.
var bandWidths = []int{16, 12, 9, 7, 5, 4, 3, 2}

// bandScreen tells which rows may have a match in an index: those that agree with
// one of its rows in all columns of some band, a random subset of the columns,
// where ordered columns agree if their bins do.
//
// Method: locality-sensitive hashing by sampled coordinates, Indyk & Motwani,
// Approximate nearest neighbors, STOC 1998.
type bandScreen struct {
	bands [][]int
	keys  []map[uint64]int64 // by band: the row number of the row with a key; shared if several have it
}

const shared = -1 // no row number

func newBandScreen(seed uint64, width int, slots int) *bandScreen {
	s := &bandScreen{}
	rng := rand.New(rand.NewPCG(seed, uint64(width)))
	for range bandsTried {
		s.bands = append(s.bands, rng.Perm(slots)[:width])
		s.keys = append(s.keys, map[uint64]int64{})
	}
	return s
}

// add enters the rows of r at the given places.
func (s *bandScreen) add(r *rows, at []int) {
	codes := r.codes()
	for b, band := range s.bands {
		for _, i := range at {
			key, id := bandKey(codes, i, band), r.table.RowIDs[i]
			if _, taken := s.keys[b][key]; taken {
				id = shared
			}
			s.keys[b][key] = id
		}
	}
}

// mark marks the rows of r that agree with a row that was entered. With own, a
// row does not agree with itself.
func (s *bandScreen) mark(r *rows, own bool, mark []bool) {
	codes := r.codes()
	for b, band := range s.bands {
		for i := range mark {
			if mark[i] {
				continue
			}
			id, hit := s.keys[b][bandKey(codes, i, band)]
			mark[i] = hit && !(own && id == r.table.RowIDs[i])
		}
	}
}

func bandKey(c *encode.Codes, i int, band []int) uint64 {
	row, key := c.Row(i), uint64(0)
	for _, j := range band {
		key = key*0x9e3779b185ebca87 + uint64(row[j]) + 1
	}
	return sketch.Mix(key)
}

// prepare chooses the narrowest screen that the sample allows: of those that mark
// nearly all rows that near finds suspicious there, or all but as many as are
// suspicious in healthy data, the one that marks fewest. If none saves work, every
// row is heard.
func (w *near) prepare(j *judge) error {
	if !accuses(w.list) {
		return nil
	}
	place := slices.Index(j.witnesses, witness(w))
	guilty := w.suspects(j.fitted.said[place])
	for _, width := range bandWidths {
		if width > len(w.view.space.Slots) {
			continue
		}
		s := &nearScreen{own: newBandScreen(w.view.in.Seed, width, len(w.view.space.Slots))}
		s.own.add(w.data.rows, w.data.at)
		if accuses(w.list[nearTwin : nearTwin+1]) {
			s.kin = w.view.kin
		}
		if w.good != nil && accuses(w.list[nearCopy:]) {
			s.good = newBandScreen(w.view.in.Seed, width, len(w.view.space.Slots))
			s.good.add(w.good.rows, w.good.at)
		}
		marked := make([]bool, w.view.data.n())
		s.mark(w.view.data, marked)
		hits, all := 0, 0
		for i, m := range marked {
			if m {
				all++
				if guilty[i] {
					hits++
				}
			}
		}
		if float64(all) > bandUseless*float64(len(marked)) {
			return nil
		}
		if missed, n := count(guilty)-hits, float64(len(marked)); float64(missed) <= max((1-bandRecall)*float64(count(guilty)), severityLow*n) {
			w.sieve = s
			return nil
		}
	}
	return nil
}

// suspects returns which of the rows heard some channel finds suspicious.
func (w *near) suspects(t *testimony) []bool {
	out := make([]bool, len(t.strengths[0]))
	for c, s := range t.strengths {
		from := w.list[c].from()
		for i, x := range s {
			out[i] = out[i] || x >= from
		}
	}
	return out
}

func count(x []bool) int {
	n := 0
	for _, b := range x {
		if b {
			n++
		}
	}
	return n
}

// nearScreen is the screens of the two indexes, and the rows of the whole file that are
// alike. kin is nil if nobody is accused of a near duplicate, good if nobody is of a copy.
type nearScreen struct {
	own, good *bandScreen
	kin       *kin
}

func (s *nearScreen) mark(r *rows, mark []bool) {
	s.kin.mark(r, mark)
	s.own.mark(r, true, mark)
	if s.good != nil {
		s.good.mark(r, false, mark)
	}
}

// screen marks the rows that may have a match.
func (w *near) screen(r *rows, mark []bool) error {
	switch {
	case !accuses(w.list):
	case w.sieve == nil:
		all(mark)
	default:
		w.sieve.mark(r, mark)
	}
	return nil
}

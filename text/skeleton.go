package text

import "encoding/binary"

// skeleton is a row with some of its words replaced by slots.
type skeleton struct {
	parts   []int32 // words and slots; no two slots side by side
	start   []int   // position in the row where each part begins
	lengths []int   // number of the row's words in each part, 1 except for slots
	words   int     // parts that are not slots
}

// newSkeleton keeps the words at the positions k of row for which keep(k) holds.
func newSkeleton(row []int32, keep func(k int) bool) skeleton {
	var s skeleton
	for k, w := range row {
		last := len(s.parts) - 1
		switch {
		case keep(k):
			s.words++
		case last >= 0 && s.parts[last] == slot:
			s.lengths[last]++
			continue
		default:
			w = slot
		}
		s.parts = append(s.parts, w)
		s.start = append(s.start, k)
		s.lengths = append(s.lengths, 1)
	}
	return s
}

// key returns the parts as a string to compare skeletons by.
func (s *skeleton) key() string {
	key := make([]byte, 0, 4*len(s.parts))
	for _, w := range s.parts {
		key = binary.LittleEndian.AppendUint32(key, uint32(w))
	}
	return string(key)
}

// run returns a hash of the three parts from part k on.
func (s *skeleton) run(k int) uint64 {
	h := uint64(0)
	for _, w := range s.parts[k : k+3] {
		h = mix(h + uint64(uint32(w)))
	}
	return h
}

// support says how many skeletons hold a run.
type support struct{ rows, latest int32 } // latest: the last one counted, plus 1

// countRuns returns the support of each run of three parts.
func countRuns(skeletons []skeleton) *table[support] {
	runs := newTable[support](0)
	for i := range skeletons {
		for k := 0; k+3 <= len(skeletons[i].parts); k++ {
			if run := runs.at(skeletons[i].run(k)); run.latest != int32(i+1) {
				run.latest = int32(i + 1)
				run.rows++
			}
		}
	}
	return runs
}

// anchored reports for each of the n words of the row whether it is kept in s and
// is part of a run that at least minRows skeletons hold.
func (s *skeleton) anchored(runs *table[support], minRows, n int) []bool {
	kept := make([]bool, n)
	for k := 0; k+3 <= len(s.parts); k++ {
		if runs.get(s.run(k)).rows < int32(minRows) {
			continue
		}
		for j := k; j < k+3; j++ {
			if s.parts[j] != slot {
				kept[s.start[j]] = true
			}
		}
	}
	return kept
}

// pattern is a skeleton that rows are matched with.
type pattern struct {
	parts []int32
	gaps  []int // for each part that is a slot: how many words it may hold
	words int   // parts that are not slots
	seen  int   // rows with just this skeleton
	first int   // the first of them
}

// rarest returns the word of p that the fewest rows hold.
func (p *pattern) rarest(holding [][]int) int32 {
	best := slot
	for _, w := range p.parts {
		if w != slot && (best == slot || len(holding[w]) < len(holding[best])) {
			best = w
		}
	}
	return best
}

// matches reports whether row is p with every slot filled by none to gaps words.
// It keeps the set of positions that the parts so far can end at, like an
// automaton, so it takes time len(parts) * len(row) at most.
func (p *pattern) matches(row []int32) bool {
	longest := p.words
	for _, gap := range p.gaps {
		longest += gap
	}
	if len(row) < p.words || len(row) > longest {
		return false
	}
	ends, next := make([]bool, len(row)+1), make([]bool, len(row)+1)
	ends[0] = true
	for k, part := range p.parts {
		alive := false
		reach := 0 // how much further the open slot may go
		for i := range next {
			next[i] = false
			if part != slot {
				next[i] = i > 0 && ends[i-1] && row[i-1] == part
			} else if ends[i] {
				next[i], reach = true, p.gaps[k]
			} else if reach > 0 {
				next[i] = true
				reach--
			}
			alive = alive || next[i]
		}
		if !alive {
			return false
		}
		ends, next = next, ends
	}
	return ends[len(row)]
}

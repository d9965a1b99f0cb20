package sketch

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// BottomK chooses a uniform sample of k rows without replacement: the k rows
// whose numbers have the smallest seeded hashes. Which rows these are depends
// on the seed and on the set of row numbers only.
//
// BottomK holds numbers, not rows. It gives every chosen row a slot from 0 to
// k-1, where the caller keeps the row itself; a slot is given again when its
// row is displaced by one with a smaller hash.
//
// Source: Cohen & Kaplan, "Summarizing data using bottom-k sketches", PODC 2007.
type BottomK struct {
	k    int
	seed uint64
	heap []bottomRow // the row with the largest hash at the top

	limit  uint64 // rows with larger hashes are turned away
	turned bool   // some were
}

type bottomRow struct {
	hash uint64
	row  int64
	slot int
}

// NewBottomK returns an empty sample of at most k rows. k must not be negative.
func NewBottomK(k int, seed uint64) *BottomK {
	if k < 0 {
		panic("sketch: negative sample size")
	}
	return &BottomK{k: k, seed: Mix(seed), limit: math.MaxUint64}
}

// Expect says how many rows will be offered in all, to this sample and those
// that are merged with it. Rows that are not chosen among so many, but for a margin of ten standard
// deviations, are turned away: without that, each of several samples chooses k rows of its own.
// If fewer rows come, Short may report that too many were turned away.
func (s *BottomK) Expect(rows int64) {
	k := float64(s.k)
	if share := (k + 10*math.Sqrt(k) + 50) / float64(max(1, rows)); share < 1 {
		s.limit = uint64(share * (1 << 63) * 2)
	}
}

// Short reports whether rows that belong into the sample may have been turned
// away: it has fewer than k.
func (s *BottomK) Short() bool { return s.turned && len(s.heap) < s.k }

// AddRow offers a row number, which must not have been offered before. It
// returns the slot for the row and whether it was chosen.
func (s *BottomK) AddRow(row int64) (slot int, chosen bool) {
	hash := Mix(uint64(row) ^ s.seed)
	if hash > s.limit {
		s.turned = true
		return 0, false
	}
	if len(s.heap) == s.k && (s.k == 0 || hash > s.heap[0].hash) {
		return 0, false
	}
	return s.push(hash, row), true
}

// push adds a row, in the place of the top one if the sample is full, and
// returns its slot.
func (s *BottomK) push(hash uint64, row int64) int {
	if len(s.heap) < s.k {
		slot := len(s.heap)
		s.heap = append(s.heap, bottomRow{hash, row, slot})
		s.up(slot)
		return slot
	}
	slot := s.heap[0].slot
	s.heap[0] = bottomRow{hash, row, slot}
	s.down(0)
	return slot
}

func (s *BottomK) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if s.heap[i].hash <= s.heap[parent].hash {
			return
		}
		s.heap[i], s.heap[parent] = s.heap[parent], s.heap[i]
		i = parent
	}
}

func (s *BottomK) down(i int) {
	for {
		largest := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(s.heap); child++ {
			if s.heap[child].hash > s.heap[largest].hash {
				largest = child
			}
		}
		if largest == i {
			return
		}
		s.heap[i], s.heap[largest] = s.heap[largest], s.heap[i]
		i = largest
	}
}

// Merge offers the rows of o, which must have the same k and seed. For every
// row that is chosen it calls move with its slot in o and its slot in s, in
// order; a later move may take the slot of an earlier one.
func (s *BottomK) Merge(o *BottomK, move func(from, to int)) {
	if s.k != o.k || s.seed != o.seed {
		panic("sketch: samples to merge differ in size or seed")
	}
	s.turned = s.turned || o.turned
	for _, r := range o.heap {
		if slot, chosen := s.AddRow(r.row); chosen {
			move(r.slot, slot)
		}
	}
}

// Len returns the number of rows chosen.
func (s *BottomK) Len() int { return len(s.heap) }

// Rows returns the chosen row numbers, ascending, and the slot of each.
func (s *BottomK) Rows() (rows []int64, slots []int) {
	sorted := slices.Clone(s.heap)
	slices.SortFunc(sorted, func(a, b bottomRow) int { return cmp.Compare(a.row, b.row) })
	rows, slots = make([]int64, len(sorted)), make([]int, len(sorted))
	for i, r := range sorted {
		rows[i], slots[i] = r.row, r.slot
	}
	return rows, slots
}

// AppendBinary appends the canonical form of s, the chosen row numbers without
// their slots, to b; the error is always nil.
func (s *BottomK) AppendBinary(b []byte) ([]byte, error) {
	rows, _ := s.Rows()
	b = binary.LittleEndian.AppendUint64(b, uint64(s.k))
	b = binary.LittleEndian.AppendUint64(b, s.seed)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(rows)))
	for _, r := range rows {
		b = binary.LittleEndian.AppendUint64(b, uint64(r))
	}
	return b, nil
}

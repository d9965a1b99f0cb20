package sketch

import (
	"encoding/binary"
	"iter"
	"math"
	"strings"
)

// KMV keeps the k smallest distinct hashes added (k minimum values), each with
// exactly how often it was added and, if it was given, with a label. Up to k
// distinct hashes it is an exact table of counts. Above, the kept hashes are a
// uniform sample of the distinct ones, and their density estimates how many
// there are.
//
// Source: Bar-Yossef, Jayram, Kumar, Sivakumar & Trevisan, "Counting distinct
// elements in a data stream", RANDOM 2002; estimator of Beyer, Haas, Reinwald,
// Sismanis & Gemulla, "On synopses for distinct-value estimation under multiset
// operations", SIGMOD 2007.
type KMV struct {
	k     int
	limit uint64 // larger hashes are not among the k smallest
	cut   bool   // more than k distinct hashes were added
	total int64  // hashes added, repeats and those not kept too
	kept  int    // up to k + k/2 until settle

	// An open-addressing table with linear probing over the low bits of the
	// hash (the high ones of the smallest hashes are all zero).
	table  []counted
	labels map[uint64]string // of the hashes in table that have one
}

// counted is a slot of the table; it is free if count is 0.
type counted struct {
	hash  uint64
	count int64
}

// NewKMV returns an empty KMV that keeps k >= 3 hashes; with fewer the estimate
// has no finite variance.
func NewKMV(k int) *KMV {
	if k < 3 {
		panic("sketch: a KMV keeps at least three hashes")
	}
	return &KMV{k: k, limit: math.MaxUint64}
}

// AddHash takes a hash into account. Hashes must be well mixed (Mix,
// HashString).
func (s *KMV) AddHash(h uint64) {
	s.total++
	if h <= s.limit {
		s.add(h, 1)
	}
}

// AddLabelled is AddHash for a hash that stands for a string: the label, of
// which a copy is kept. The same hash must always come with the same label.
func (s *KMV) AddLabelled(h uint64, label string) {
	s.total++
	if h <= s.limit && s.add(h, 1) {
		s.setLabel(h, strings.Clone(label))
	}
}

func (s *KMV) setLabel(h uint64, label string) {
	if s.labels == nil {
		s.labels = make(map[uint64]string)
	}
	s.labels[h] = label
}

// add counts h, which must not be above the limit, and reports whether it is
// new in the table.
func (s *KMV) add(h uint64, count int64) (fresh bool) {
	slot := s.find(h)
	if slot != nil && slot.count > 0 {
		slot.count += count
		return false
	}
	if s.kept >= s.k+s.k/2 {
		s.trim()
		if h > s.limit {
			return false
		}
		slot = s.find(h)
	}
	if 4*(s.kept+1) > 3*len(s.table) {
		s.grow()
		slot = s.find(h)
	}
	*slot = counted{h, count}
	s.kept++
	return true
}

// find returns the slot of h, or the free slot where it belongs; nil if there is
// no table yet.
func (s *KMV) find(h uint64) *counted {
	if len(s.table) == 0 {
		return nil
	}
	mask := uint64(len(s.table) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if slot := &s.table[i]; slot.hash == h || slot.count == 0 {
			return slot
		}
	}
}

func (s *KMV) grow() {
	old := s.table
	s.table = make([]counted, max(16, 2*len(old)))
	for _, slot := range old {
		if slot.count > 0 {
			*s.find(slot.hash) = slot
		}
	}
}

// trim drops all but the k smallest of more than k hashes, or of k if another
// one is about to be added.
func (s *KMV) trim() {
	slots := s.slots()
	s.limit, s.cut = nth(slots, s.k-1), true
	for _, slot := range slots[s.k:] {
		delete(s.labels, slot.hash)
	}
	clear(s.table)
	for _, slot := range slots[:s.k] {
		*s.find(slot.hash) = slot
	}
	s.kept = s.k
}

// settle brings s into the one form that depends on the added hashes only.
func (s *KMV) settle() {
	if s.kept > s.k {
		s.trim()
	}
}

// slots returns the slots in use, in no canonical order.
func (s *KMV) slots() []counted {
	slots := make([]counted, 0, s.kept)
	for _, slot := range s.table {
		if slot.count > 0 {
			slots = append(slots, slot)
		}
	}
	return slots
}

// Merge takes the hashes of o into account, which must have the same k.
func (s *KMV) Merge(o *KMV) {
	if s.k != o.k {
		panic("sketch: KMV to merge differ in size")
	}
	// A hash above the limit of either cannot be among the k smallest of both:
	// whoever has a limit has k hashes up to it. For the same reason those that
	// are in s already fall out in the end.
	s.settle()
	o.settle()
	s.total += o.total
	s.cut = s.cut || o.cut
	s.limit = min(s.limit, o.limit)
	// Slots are visited scattered: in their own order, that of the low bits, they
	// would fill one end of s's table to the brim, with probes of thousands of slots.
	mask := uint64(len(o.table) - 1)
	for i := range uint64(len(o.table)) {
		slot := o.table[i*golden&mask]
		if slot.count == 0 || slot.hash > s.limit || !s.add(slot.hash, slot.count) {
			continue
		}
		if label, has := o.labels[slot.hash]; has {
			s.setLabel(slot.hash, label)
		}
	}
	s.settle()
}

// K returns how many hashes are kept at most.
func (s *KMV) K() int { return s.k }

// Total returns how many hashes were added, repeats included.
func (s *KMV) Total() int64 { return s.total }

// Complete reports whether all distinct hashes are kept.
func (s *KMV) Complete() bool {
	s.settle()
	return !s.cut
}

// Limit returns the largest hash that can be kept: the count of every hash up
// to it is exact, 0 included. It is the largest uint64 if s is complete.
func (s *KMV) Limit() uint64 {
	s.settle()
	return s.limit
}

// Count returns how often h was added, 0 if it was never added. h must not be
// above Limit, where nothing is known.
func (s *KMV) Count(h uint64) int64 {
	if slot := s.find(h); slot != nil {
		return slot.count // 0 if the slot is free
	}
	return 0
}

// Label returns the label of h, "" if it has none or is not kept.
func (s *KMV) Label(h uint64) string { return s.labels[h] }

// Len returns how many hashes are kept, at most k.
func (s *KMV) Len() int {
	s.settle()
	return s.kept
}

// All yields the kept hashes in ascending order, with their counts.
func (s *KMV) All() iter.Seq2[uint64, int64] {
	s.settle()
	return func(yield func(uint64, int64) bool) {
		slots := s.slots()
		sortByHash(slots)
		for _, slot := range slots {
			if !yield(slot.hash, slot.count) {
				return
			}
		}
	}
}

// AppendBinary appends the canonical form of s to b; the error is always nil.
func (s *KMV) AppendBinary(b []byte) ([]byte, error) {
	b = binary.LittleEndian.AppendUint64(b, uint64(s.k))
	b = binary.LittleEndian.AppendUint64(b, s.Limit())
	b = binary.LittleEndian.AppendUint64(b, uint64(s.total))
	b = binary.LittleEndian.AppendUint64(b, uint64(s.kept))
	for h, count := range s.All() {
		b = binary.LittleEndian.AppendUint64(b, h)
		b = binary.LittleEndian.AppendUint64(b, uint64(count))
		if label, has := s.labels[h]; has {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(label)))
			b = append(b, label...)
		}
	}
	return b, nil
}

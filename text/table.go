package text

import "math/bits"

// table maps hashes to values of type V: a hash table with linear probing.
// Training a Model with it takes half the time that Go maps take.
type table[V any] struct {
	keys   []uint64 // 0 = free; the length is a power of two
	values []V
	used   int
}

// newTable returns an empty table with room for n keys.
func newTable[V any](n int) *table[V] {
	t := &table[V]{}
	t.resize(1 << bits.Len(uint(n+n/2)))
	return t
}

// at returns the place of the value of key, which it adds if need be, as the
// zero V. The place is good until the next call.
func (t *table[V]) at(key uint64) *V {
	slot := t.find(key)
	if t.keys[slot] == 0 {
		if 4*(t.used+1) > 3*len(t.keys) {
			t.resize(2 * len(t.keys))
			slot = t.find(key)
		}
		t.keys[slot] = nonzero(key)
		t.used++
	}
	return &t.values[slot]
}

// get returns the value of key, the zero V if there is none.
func (t *table[V]) get(key uint64) V { return t.values[t.find(key)] }

// find returns the slot of key, or the free one where it belongs.
func (t *table[V]) find(key uint64) int {
	key = nonzero(key)
	mask := len(t.keys) - 1
	slot := int(key*0x9e3779b97f4a7c15>>32) & mask
	for t.keys[slot] != 0 && t.keys[slot] != key {
		slot = (slot + 1) & mask
	}
	return slot
}

// each calls f with every key and value, in an order that depends on nothing but
// the keys and the order in which they came.
func (t *table[V]) each(f func(key uint64, value V)) {
	for slot, key := range t.keys {
		if key != 0 {
			f(key, t.values[slot])
		}
	}
}

func (t *table[V]) resize(n int) {
	keys, values := t.keys, t.values
	t.keys, t.values = make([]uint64, max(n, 8)), make([]V, max(n, 8))
	for i, key := range keys {
		if key != 0 {
			slot := t.find(key)
			t.keys[slot], t.values[slot] = key, values[i]
		}
	}
}

// nonzero gives the hash 0, which marks free slots, another value.
func nonzero(key uint64) uint64 {
	if key == 0 {
		return 1 << 63
	}
	return key
}

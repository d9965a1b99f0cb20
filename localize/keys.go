package localize

import "slices"

const (
	countedKeys = 1 << 19 // rows whose keys are counted in a block, at most
	blockRows   = 16      // a key that more rows have tells of no pair
)

// keyCounts says which keys of a block several unlike rows have: of the rows with the
// smallest keys, so that memory is bounded and the result does not depend on the order.
type keyCounts struct {
	keep  int
	limit uint64   // keys from here on are not counted
	list  []uint64 // a key above the lower half of the row's hash
	ready int      // the first so many of list are ascending, each once
}

// newKeyCounts expects so many rows. A larger share of them than can be kept is not
// counted to begin with.
func newKeyCounts(keep int, rows int64) *keyCounts {
	c := &keyCounts{keep: keep, limit: 1 << 32}
	if room := 1.05 * float64(keep); float64(rows) > room { // 5 % are more than chance takes
		c.limit = uint64(float64(c.limit) * room / float64(rows))
	}
	return c
}

func (c *keyCounts) add(key uint32, row uint64) {
	if uint64(key) >= c.limit {
		return
	}
	c.list = append(c.list, uint64(key)<<32|row&(1<<32-1))
	if len(c.list) >= 2*c.keep {
		c.settle()
	}
}

// settle keeps each row of a key once, and all of the smallest keys that have at most keep rows.
func (c *keyCounts) settle() {
	if c.ready == len(c.list) {
		return
	}
	sortKeys(c.list)
	c.list = slices.Compact(c.list)
	if len(c.list) > c.keep {
		c.limit = c.list[c.keep] >> 32
		c.cut()
	}
	c.ready = len(c.list)
}

// cut drops what is not below the limit of an ascending list.
func (c *keyCounts) cut() {
	n, _ := slices.BinarySearch(c.list, c.limit<<32)
	c.list = c.list[:n]
}

func (c *keyCounts) merge(o *keyCounts) {
	c.limit = min(c.limit, o.limit)
	c.list = slices.DeleteFunc(append(c.list, o.list...), func(x uint64) bool { return x>>32 >= c.limit })
	c.ready = 0
	if len(c.list) >= 2*c.keep {
		c.settle()
	}
}

// shared returns the keys that two rows or more have, but not very many, ascending, and how
// many rows have them.
func (c *keyCounts) shared() (keys []uint32, rows int) {
	c.settle()
	for at := 0; at < len(c.list); {
		key, from := c.list[at]>>32, at
		for at < len(c.list) && c.list[at]>>32 == key {
			at++
		}
		if n := at - from; n > 1 && n <= blockRows {
			keys, rows = append(keys, uint32(key)), rows+n
		}
	}
	return keys, rows
}

// sortKeys sorts by the upper 32 bits digit by digit, then what is equal there by the rest.
func sortKeys(list []uint64) {
	const digit = 11
	if len(list) < 1<<digit {
		slices.Sort(list)
		return
	}
	from, to := list, make([]uint64, len(list))
	for shift := 32; shift < 64; shift += digit {
		var ends [1 << digit]int
		for _, x := range from {
			ends[x>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range ends {
			ends[d] = sum
			sum += n
		}
		for _, x := range from {
			d := x >> shift & (1<<digit - 1)
			to[ends[d]] = x
			ends[d]++
		}
		from, to = to, from
	}
	copy(list, from) // an odd number of turns
	for at := 0; at < len(list); {
		begin := at
		for at < len(list) && list[at]>>32 == list[begin]>>32 {
			at++
		}
		if at-begin > 1 {
			slices.Sort(list[begin:at])
		}
	}
}

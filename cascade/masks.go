package cascade

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// uniformShare of the rows are masked at a rate that is itself uniform on 0-1,
// so that a network has seen nearly empty rows before it is asked to draw from
// one; the others at its mask rate.
const uniformShare = 0.25

// maskRow sets the marks of one row: each cell by itself at the given rate, at
// least one.
func maskRow(marks []bool, rate float64, r *rand.Rand) {
	if r.Float64() < uniformShare {
		rate = r.Float64()
	}
	limit := uint16(rate * 65536)
	var bits uint64
	some := false
	for j := range marks {
		if j%4 == 0 {
			bits = r.Uint64()
		}
		marks[j] = uint16(bits) < limit
		bits >>= 16
		some = some || marks[j]
	}
	if !some {
		marks[r.IntN(len(marks))] = true
	}
}

// groupCount is the number of passes in which every cell of a row is masked once.
const groupCount = 4

// columnGroups deals the columns into up to four groups of about equal size by a
// hash of their number: group[j] is that of column j.
func columnGroups(columns int, seed uint64) (group []int, groups int) {
	order := make([]int, columns)
	for j := range order {
		order[j] = j
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(mix(seed, uint64(a)), mix(seed, uint64(b))), a-b)
	})
	groups = min(groupCount, columns)
	group = make([]int, columns)
	for n, j := range order {
		group[j] = n % groups
	}
	return group, groups
}

// markGroup sets the marks of b rows to the columns of group g.
func markGroup(marks []bool, group []int, g, b int) {
	for i := range b {
		for j, of := range group {
			marks[i*len(group)+j] = of == g
		}
	}
}

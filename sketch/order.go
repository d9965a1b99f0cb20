package sketch

import (
	"cmp"
	"slices"
)

// radixLength is from how many slots sortByHash sorts by radix: for a million it
// takes a fifth of the time.
const radixLength = 1 << 15

// sortByHash sorts x, whose hashes are distinct, in ascending order.
func sortByHash(x []counted) {
	if len(x) < radixLength {
		slices.SortFunc(x, func(a, b counted) int { return cmp.Compare(a.hash, b.hash) })
		return
	}
	const digit = 16 // bits; four passes, so the result is back in x
	other := make([]counted, len(x))
	for shift := 0; shift < 64; shift += digit {
		var start [1 << digit]int
		for _, slot := range x {
			start[slot.hash>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range start {
			start[d] = sum
			sum += n
		}
		for _, slot := range x {
			d := slot.hash >> shift & (1<<digit - 1)
			other[start[d]] = slot
			start[d]++
		}
		x, other = other, x
	}
}

// nth returns the i-th smallest hash of x (from 0). It reorders x: the i+1
// smallest come first. O(len(x)) time on average.
//
// Source: Hoare, "Algorithm 65: find", CACM 4(7), 1961.
func nth(x []counted, i int) uint64 {
	low, high := 0, len(x)-1
	for low < high {
		pivot := x[low+(high-low)/2].hash
		a, b := low, high
		for a <= b {
			for x[a].hash < pivot {
				a++
			}
			for x[b].hash > pivot {
				b--
			}
			if a <= b {
				x[a], x[b] = x[b], x[a]
				a++
				b--
			}
		}
		switch {
		case i <= b:
			high = b
		case i >= a:
			low = a
		default:
			return x[i].hash
		}
	}
	return x[i].hash
}

package cascade

import "slices"

// mix hashes two numbers to one: the finalizer of SplitMix64 (Steele, Lea &
// Flood, OOPSLA 2014) over their combination.
func mix(a, b uint64) uint64 {
	z := a + 0x9e3779b97f4a7c15*(b+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// lowest returns the count numbers below n with the lowest hashes, ascending; of
// equal hashes the lower number.
func lowest(n, count int, seed uint64) []int {
	if count >= n {
		count = n
	}
	hash := make([]uint64, n)
	for i := range hash {
		hash[i] = mix(seed, uint64(i))
	}
	out := make([]int, 0, count)
	if count == 0 {
		return out
	}
	limit, below := nth(slices.Clone(hash), count-1)
	ties := count - below
	for i, h := range hash {
		if h < limit {
			out = append(out, i)
		} else if h == limit && ties > 0 {
			out = append(out, i)
			ties--
		}
	}
	return out
}

// nth returns the k-th smallest of x, counted from 0, and how many are smaller.
// It changes the order of x.
//
// Source: Hoare's selection (CACM 4(7), 1961) with the middle of three as pivot.
func nth(x []uint64, k int) (value uint64, smaller int) {
	skipped := 0 // numbers that are smaller than all of x
	for {
		a, b, c := x[0], x[len(x)/2], x[len(x)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		// three parts: below, equal, above
		low, at, high := 0, 0, len(x)
		for at < high {
			switch {
			case x[at] < pivot:
				x[low], x[at] = x[at], x[low]
				low++
				at++
			case x[at] > pivot:
				high--
				x[at], x[high] = x[high], x[at]
			default:
				at++
			}
		}
		switch {
		case k < low:
			x = x[:low]
		case k < high:
			return pivot, skipped + low
		default:
			k -= high
			skipped += high
			x = x[high:]
		}
	}
}

// split divides the rows 0 ... n-1 into those to train on and a tenth held out:
// at least 20 of 100 rows or more, at least one of fewer.
func split(n int, seed uint64) (trained, heldOut []int) {
	count := max(1, n/10)
	if n >= 100 {
		count = max(20, count)
	}
	heldOut = lowest(n, count, seed^0x68656c64)
	next := 0
	for i := range n {
		if next < len(heldOut) && heldOut[next] == i {
			next++
			continue
		}
		trained = append(trained, i)
	}
	return trained, heldOut
}

// subset returns the rows that a network sees, ascending: spec.keep of them,
// chosen by its seed; never none.
func subset(trained []int, s spec) []int {
	count := max(1, int(s.keep*float64(len(trained))+0.5))
	if count >= len(trained) {
		return trained
	}
	chosen := lowest(len(trained), count, s.config.Seed^0x726f7773)
	for n, i := range chosen {
		chosen[n] = trained[i]
	}
	return chosen
}

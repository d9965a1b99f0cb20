package cascade

import (
	"cmp"
	"slices"
)

// mix hashes two numbers to one: the finalizer of SplitMix64 (Steele, Lea &
// Flood, OOPSLA 2014) over their combination.
func mix(a, b uint64) uint64 {
	z := a + 0x9e3779b97f4a7c15*(b+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// lowest returns the count numbers below n with the lowest hashes, ascending.
func lowest(n, count int, seed uint64) []int {
	all := make([]int, n)
	hash := make([]uint64, n)
	for i := range all {
		all[i], hash[i] = i, mix(seed, uint64(i))
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Or(cmp.Compare(hash[a], hash[b]), a-b) })
	all = all[:min(count, n)]
	slices.Sort(all)
	return all
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

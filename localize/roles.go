package localize

import (
	"math/rand/v2"
	"slices"
)

// enoughGood is how many good rows play the data, if there are so many.
const enoughGood = 2000

// casting says which good rows play the data, and which stay good rows. Both
// are ascending.
type casting struct{ data, good []int }

// cast deals roles to n good rows, in the proportion of the rows of the data to
// good rows that are compared, but at least one to nine. Every good row plays
// the data once, until there are enough. None if there is nothing to divide.
func cast(seed uint64, n, data, good int) []casting {
	share := min(0.9, max(0.1, float64(data)/float64(max(1, data+good))))
	size := int(share * float64(n))
	if size == 0 || size == n {
		return nil
	}
	order := rand.New(rand.NewPCG(seed, 0x4ea4)).Perm(n)
	var out []casting
	for from := 0; from < min(n, enoughGood); from += size {
		from = min(from, n-size) // the last ones may play a second time
		c := casting{
			data: slices.Clone(order[from : from+size]),
			good: slices.Concat(order[:from], order[from+size:]),
		}
		slices.Sort(c.data)
		slices.Sort(c.good)
		out = append(out, c)
	}
	return out
}

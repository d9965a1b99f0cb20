package text

import "slices"

// NearDuplicates returns the groups of near duplicates among docs: the
// connected components, of at least two documents, of the pairs whose Shingles
// have a Jaccard index of at least threshold. Each group holds indices into
// docs in ascending order; groups are in the order of their first. Identical
// documents are in one group; empty documents are in none.
//
// Candidates come from MinHash signatures (64 functions, banded so that a pair
// at the threshold is found with probability 0.99, a closer one with
// more), and are verified exactly: no pair is joined below the threshold.
// It panics unless 0 < threshold <= 1.
func NearDuplicates(docs [][]uint64, threshold float64) (groups [][]int) {
	checkThreshold(threshold)
	sets := make([][]uint64, len(docs))
	same := make(map[uint64]int) // hash of a set -> the first document with it
	index := newLSH(threshold)
	joined := newComponents(len(docs))
	for i, doc := range docs {
		sets[i] = Shingles(doc)
		if len(sets[i]) == 0 {
			continue
		}
		h := gram(sets[i])
		if first, seen := same[h]; seen && slices.Equal(sets[i], sets[first]) {
			joined.union(first, i)
			continue
		}
		same[h] = i
		keys := index.keys(minima(sets[i], permutations))
		index.candidates(keys, func(j int) {
			if joined.find(i) != joined.find(j) && similar(sets[i], sets[j], threshold) {
				joined.union(j, i)
			}
		})
		index.add(i, keys)
	}
	return joined.groups()
}

// NearCopies returns for each of docs the index of the most similar of the
// reference documents by the Jaccard index of their Shingles, if that is at least
// threshold, else -1; the first of equals. Identical documents are always
// found; a pair at the threshold is found with probability 0.99, a
// closer one with more. It panics unless 0 < threshold <= 1.
func NearCopies(docs, reference [][]uint64, threshold float64) (of []int) {
	checkThreshold(threshold)
	sets := make([][]uint64, len(reference))
	same := make(map[uint64]int)
	index := newLSH(threshold)
	for j, doc := range reference {
		sets[j] = Shingles(doc)
		if len(sets[j]) == 0 {
			continue
		}
		h := gram(sets[j])
		if _, seen := same[h]; !seen {
			same[h] = j
			index.add(j, index.keys(minima(sets[j], permutations)))
		}
	}
	of = make([]int, len(docs))
	for i, doc := range docs {
		of[i] = -1
		set := Shingles(doc)
		if len(set) == 0 {
			continue
		}
		if j, seen := same[gram(set)]; seen && slices.Equal(set, sets[j]) {
			of[i] = j
			continue
		}
		best := threshold
		index.candidates(index.keys(minima(set, permutations)), func(j int) {
			if !similar(set, sets[j], best) {
				return
			}
			s := Jaccard(set, sets[j])
			if of[i] < 0 || s > best || s == best && j < of[i] {
				of[i], best = j, s
			}
		})
	}
	return of
}

func checkThreshold(threshold float64) {
	if !(threshold > 0 && threshold <= 1) {
		panic("text: threshold outside (0, 1]")
	}
}

// similar reports whether Jaccard(a, b) >= threshold; it looks at the sizes
// first, whose ratio bounds it.
func similar(a, b []uint64, threshold float64) bool {
	small, large := min(len(a), len(b)), max(len(a), len(b))
	return float64(small)/float64(large) >= threshold && Jaccard(a, b) >= threshold
}

// components keeps track of which of n things are joined (union-find). The
// parent of a thing is never larger than the thing, so a root is the least of
// its component.
type components struct{ parent []int }

func newComponents(n int) *components {
	c := &components{parent: make([]int, n)}
	for i := range c.parent {
		c.parent[i] = i
	}
	return c
}

func (c *components) find(i int) int {
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return i
}

func (c *components) union(i, j int) {
	a, b := c.find(i), c.find(j)
	c.parent[max(a, b)] = min(a, b)
}

// groups returns the components of at least two, each ascending, in the order
// of their first.
func (c *components) groups() [][]int {
	members := make([][]int, len(c.parent))
	for i := range c.parent {
		root := c.find(i)
		members[root] = append(members[root], i)
	}
	return slices.DeleteFunc(members, func(group []int) bool { return len(group) < 2 })
}

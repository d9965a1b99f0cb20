package forest

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sample is a node of a few rows, small enough to try everything.
type sample struct {
	codes   []uint16
	present []uint16
	weights []int32
	rows    []int32
	classes []int32
	values  []float64
}

func newSample(rng *rand.Rand, card, k int) sample {
	var s sample
	for i := range 2 + rng.IntN(14) {
		s.codes = append(s.codes, uint16(rng.IntN(card)))
		s.weights = append(s.weights, int32(1+rng.IntN(3)))
		s.classes = append(s.classes, int32(rng.IntN(k)))
		s.values = append(s.values, math.Round(rng.NormFloat64()*10))
		s.rows = append(s.rows, int32(i))
	}
	s.present = slices.Clone(s.codes)
	slices.Sort(s.present)
	s.present = slices.Compact(s.present)
	return s
}

// impurity returns the weighted Gini impurity of the rows chosen, their squared
// error, and their weight: by the definitions, not by running sums.
func (s *sample) impurity(k int, chosen func(code uint16) bool) (gini, squares float64, n int32) {
	counts := make([]float64, k)
	var sum float64
	for i, c := range s.codes {
		if chosen(c) {
			counts[s.classes[i]] += float64(s.weights[i])
			sum += float64(s.weights[i]) * s.values[i]
			n += s.weights[i]
		}
	}
	gini = float64(n)
	for _, c := range counts {
		gini -= c * c / float64(max(1, n))
	}
	for i, c := range s.codes {
		if chosen(c) {
			e := s.values[i] - sum/float64(n)
			squares += float64(s.weights[i]) * e * e
		}
	}
	return gini, squares, n
}

// The split found must be as good as the best of all allowed ones: thresholds of
// an ordered column, all subsets of a nominal one. With more than two classes, or
// with a least weight per side, the search among subsets is a heuristic: it may
// be worse than the best, never better.
func TestSplitsAreBest(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 13))
	for run := range 600 {
		card, k, minLeaf := 2+rng.IntN(6), 2+run%2, 1+rng.IntN(4)
		nominal := run%4 < 2
		s := newSample(rng, card, k)
		if len(s.present) < 2 {
			continue
		}
		allGini, allSquares, _ := s.impurity(k, func(uint16) bool { return true })
		bestGini, bestSquares := math.Inf(1), math.Inf(1)
		for subset := range uint32(1) << card {
			in := func(c uint16) bool { return subset>>c&1 == 1 }
			if !nominal && subset&(subset+1) != 0 { // not of the form "codes up to ..."
				continue
			}
			g1, s1, n1 := s.impurity(k, in)
			g2, s2, n2 := s.impurity(k, func(c uint16) bool { return !in(c) })
			if n1 >= int32(minLeaf) && n2 >= int32(minLeaf) {
				bestGini, bestSquares = min(bestGini, g1+g2), min(bestSquares, s1+s2)
			}
		}
		prior := make([]float64, k)
		for _, c := range []struct {
			name      string
			criterion criterion
			best, all float64
			got       func(left func(uint16) bool) float64
			exact     bool
		}{
			{"gini", newGini(s.classes, prior), bestGini, allGini, func(left func(uint16) bool) float64 {
				a, _, _ := s.impurity(k, left)
				b, _, _ := s.impurity(k, func(c uint16) bool { return !left(c) })
				return a + b
			}, !nominal || k == 2 && minLeaf == 1},
			{"squares", newSquares(s.values, 0), bestSquares, allSquares, func(left func(uint16) bool) float64 {
				_, a, _ := s.impurity(k, left)
				_, b, _ := s.impurity(k, func(c uint16) bool { return !left(c) })
				return a + b
			}, !nominal || minLeaf == 1},
		} {
			c.criterion.enter(s.rows, s.weights)
			present := slices.Clone(s.present)
			_, n, heavyLeft := c.criterion.split(s.codes, card, nominal, present, minLeaf)
			if n == 0 {
				if c.exact && !math.IsInf(c.best, 1) {
					t.Fatalf("run %d: %s finds no split of %v, yet there is one", run, c.name, s)
				}
				continue
			}
			left := func(code uint16) bool { return slices.Contains(present[:n], code) }
			got := c.got(left)
			if got < c.best-1e-9 || c.exact && got > c.best+1e-9 {
				t.Fatalf("run %d: %s splits %+v to impurity %g, the best is %g, unsplit %g", run, c.name, s, got, c.best, c.all)
			}
			_, _, onLeft := s.impurity(k, left)
			_, _, onRight := s.impurity(k, func(code uint16) bool { return !left(code) })
			if onLeft < int32(minLeaf) || onRight < int32(minLeaf) || heavyLeft != (onLeft >= onRight) {
				t.Fatalf("run %d: %s has %d rows left and %d right of at least %d, heavy left %v", run, c.name, onLeft, onRight, minLeaf, heavyLeft)
			}
		}
	}
}

// TestSplitsAgree finds splits of nodes of many sizes by counts and by sorted rows.
func TestSplitsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	for n := 2; n < 400; n += 7 {
		const k, card = 5, 12
		rows, weights, target, prior := make([]int32, n), make([]int32, n), make([]int32, n), make([]float64, k)
		codes, seen := make([]uint16, n), map[uint16]bool{}
		for i := range rows {
			codes[i] = uint16(rng.IntN(card))
			seen[codes[i]] = true
			rows[i], weights[i], target[i] = int32(i), 1+int32(rng.IntN(3)), int32(min(k-1, rng.IntN(k)+int(codes[i])/6))
		}
		present := slices.Sorted(maps.Keys(seen))
		g := newGini(target, prior)
		g.enter(rows, weights)
		for range 2 { // the scratch is clean for the second time
			score, left, heavy := g.splitCounted(codes, card, false, present, 3)
			got, gotLeft, gotHeavy := g.splitSparse(codes, card, present, 3)
			if got != score || gotLeft != left || gotHeavy != heavy {
				t.Errorf("%d rows: sorted %v, %d, %v; counted %v, %d, %v", n, got, gotLeft, gotHeavy, score, left, heavy)
			}
		}
	}
}

func TestSortCodes(t *testing.T) {
	values := []float64{3, -1e300, 0, math.Copysign(0, -1), 1e-300, -2, 3, -1e-300}
	var keys []uint64
	for i, v := range values {
		keys = append(keys, sortKey(v, uint16(i)))
	}
	codes := make([]uint16, len(values))
	sortCodes(codes, keys)
	if want := []uint16{1, 5, 7, 2, 3, 4, 0, 6}; !slices.Equal(codes, want) {
		t.Errorf("codes by value are %v, want %v", codes, want)
	}
}

func TestDepthAndMinLeaf(t *testing.T) {
	d := random(14, 500, 3, 20, false)
	y := make([]int, d.N)
	for i := range y {
		y[i] = i * i % 7 % 2
	}
	f := TrainClasses(t.Context(), d, y, 2, -1, Config{MaxDepth: 3, Trees: 5})
	var depth func(at int32) int
	depth = func(at int32) int {
		if f.nodes[at].column < 0 {
			return 0
		}
		return 1 + max(depth(f.nodes[at].left), depth(f.nodes[at].left+1))
	}
	for _, root := range f.roots {
		if got := depth(root); got != 3 {
			t.Errorf("a tree has depth %d, want 3", got)
		}
	}
	if len(f.roots) != 5 {
		t.Errorf("%d trees, want 5", len(f.roots))
	}
}

package sketch

import (
	"math"
	"math/rand/v2"
	"testing"
)

// filled returns a KMV of k hashes with the given number of rows of each value.
func filled(k int, rows map[uint64]int) *KMV {
	s := NewKMV(k)
	for value, n := range rows {
		for range n {
			s.AddHash(Mix(value))
		}
	}
	return s
}

func TestSharedAndRepeated(t *testing.T) {
	a := filled(100, map[uint64]int{1: 3, 2: 1, 3: 6})
	b := filled(100, map[uint64]int{1: 1, 3: 1, 4: 2})
	if got := Shared(a, b); got != 0.9 {
		t.Errorf("Shared = %v, want 9 of 10 rows", got)
	}
	if got := Shared(b, a); got != 0.5 {
		t.Errorf("Shared = %v, want 2 of 4 rows", got)
	}
	if got := b.Repeated(); got != 0.5 {
		t.Errorf("Repeated = %v, want 2 of 4 rows", got)
	}
}

// Sampled hashes must tell what complete ones do.
func TestOverlapOfSampledHashes(t *testing.T) {
	const n = 60000
	var whole, cut [2]*KMV
	for i := range whole {
		whole[i], cut[i] = NewKMV(1<<20), NewKMV(4000)
		for r := range uint64(n) {
			value := r*2 + uint64(i) // no row of one stands in the other
			if r%5 == 0 {
				value = r * 1000003 // but a fifth of all
			}
			if r%4 == 1 {
				value = r + 1 // and a fourth repeats
			}
			value = Mix(value)
			whole[i].AddHash(value)
			cut[i].AddHash(value)
		}
	}
	close := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 0.03*math.Max(1, want) {
			t.Errorf("%s of sampled hashes is %v, of all %v", what, got, want)
		}
	}
	close("Shared", Shared(cut[0], cut[1]), Shared(whole[0], whole[1]))
	close("Repeated", cut[0].Repeated(), whole[0].Repeated())
	for _, m := range []int64{n / 10, n, 2 * n} {
		got, want := cut[0].DistinctAmong(m), whole[0].DistinctAmong(m)
		if math.Abs(got/want-1) > 0.05 {
			t.Errorf("DistinctAmong(%d) of sampled hashes is %.0f, of all %.0f", m, got, want)
		}
	}
}

// Against counting, in a population of 5,000 values with shares that fall off.
func TestDistinctAmong(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	draw := func(n int) map[uint64]int {
		rows := map[uint64]int{}
		for range n {
			rows[uint64(5000*math.Pow(rng.Float64(), 2))]++
		}
		return rows
	}
	s := filled(1<<16, draw(8000))
	for _, n := range []int{1000, 4000, 8000, 16000, 32000} {
		want := float64(len(draw(n)))
		if got := s.DistinctAmong(int64(n)); math.Abs(got/want-1) > 0.05 {
			t.Errorf("DistinctAmong(%d) = %.0f, another sample has %.0f", n, got, want)
		}
	}
}

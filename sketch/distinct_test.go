package sketch

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestHyperLogLogEstimate plants n distinct values and wants the error that
// Flajolet et al. prove, 1.04/sqrt(4096) = 1.6 %, from 0 to a million.
func TestHyperLogLogEstimate(t *testing.T) {
	if got := new(HyperLogLog).Estimate(); got != 0 {
		t.Errorf("empty: %v", got)
	}
	for _, n := range []int{1, 10, 100, 1000, 10000, 20000, 100000} {
		var sum float64
		const trials = 20
		for trial := range uint64(trials) {
			var s HyperLogLog
			for i := range uint64(n) {
				s.AddHash(Mix(trial<<32 + i))
			}
			relative := s.Estimate()/float64(n) - 1
			sum += relative * relative
		}
		// The root mean square of 20 trials lies below 1.4 times its value with
		// a probability of 99 %; at the low end linear counting is exacter.
		if rms := math.Sqrt(sum / trials); rms > 1.4*1.04/64 {
			t.Errorf("n = %d: root mean square error %.2f %%", n, 100*rms)
		}
	}
}

func TestHyperLogLogSaturated(t *testing.T) {
	var s HyperLogLog
	for i := range uint64(hllRegisters) {
		s.AddHash(i << (64 - hllPrecision)) // all other bits 0: the highest rank
	}
	if got := s.Estimate(); !math.IsInf(got, 1) {
		t.Errorf("all registers full: %v, want +Inf", got)
	}
}

func TestKMVAgainstMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, distinct := range []int{1, 2, 99, 100, 101, 149, 150, 151, 5000} {
		s, all := NewKMV(100), map[uint64]int64{}
		for range 20000 {
			h := Mix(rng.Uint64N(uint64(distinct)))
			s.AddHash(h)
			all[h]++
		}
		want := slices.Sorted(maps.Keys(all))
		complete := len(want) <= 100
		want = want[:min(100, len(want))]
		var got []uint64
		for h, count := range s.All() {
			got = append(got, h)
			if count != all[h] || s.Count(h) != all[h] {
				t.Errorf("%d distinct: count %d, want %d", distinct, count, all[h])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d distinct: not the smallest 100 hashes", distinct)
		}
		if s.Complete() != complete || s.Len() != len(want) || s.Total() != 20000 {
			t.Errorf("%d distinct: complete %v, %d kept, %d added", distinct, s.Complete(), s.Len(), s.Total())
		}
		if n, exact := s.Distinct(); exact != complete || exact && n != int64(len(all)) {
			t.Errorf("%d distinct: Distinct() = %d, %v", distinct, n, exact)
		}
		limit := uint64(math.MaxUint64)
		if !complete {
			limit = want[99]
		}
		if s.Limit() != limit {
			t.Errorf("%d distinct: limit %#x, want %#x", distinct, s.Limit(), limit)
		}
	}
}

func TestKMVDistinct(t *testing.T) {
	const k = 1024
	tests := []struct {
		name   string
		add    func(s *KMV, seed uint64)
		want   float64
		within float64
		reason string
	}{
		{"all different", func(s *KMV, seed uint64) {
			for i := range uint64(50000) {
				s.AddHash(Mix(seed + i))
			}
		}, 50000, 0, "nothing repeats: known without error"},
		{"each twice", func(s *KMV, seed uint64) {
			for i := range uint64(50000) {
				s.AddHash(Mix(seed + i/2))
			}
		}, 25000, 0, "all repeat alike: known without error"},
		{"one value in half of the rows", func(s *KMV, seed uint64) {
			for i := range uint64(50000) {
				s.AddHash(Mix(seed + i*(i%2)))
			}
		}, 25001, 4 / math.Sqrt(k), "the kept counts do not see it; the density does"},
		{"Zipf", func(s *KMV, seed uint64) {
			for i := range uint64(100000) {
				u := float64(Mix(seed^i*3)>>11) * 0x1p-53
				s.AddHash(Mix(seed + uint64(math.Pow(20000, u))))
			}
		}, math.NaN(), 4 / math.Sqrt(k), "very unequal counts"},
	}
	for _, tt := range tests {
		for seed := range uint64(5) {
			s := NewKMV(k)
			tt.add(s, seed<<40)
			want := tt.want
			if want != want { // counted by a sketch that keeps all
				all := NewKMV(1 << 20)
				tt.add(all, seed<<40)
				n, _ := all.Distinct()
				want = float64(n)
			}
			n, exact := s.Distinct()
			if exact || math.Abs(float64(n)-want) > tt.within*want {
				t.Errorf("%s: %d (exact: %v), want %v within %.2g: %s", tt.name, n, exact, want, tt.within, tt.reason)
			}
		}
	}
}

func TestKMVLabels(t *testing.T) {
	a, b := NewKMV(3), NewKMV(3)
	words := []string{"ash", "beech", "cedar", "dogwood", "elm", "fir", "gum"}
	buffer := []byte("       ")
	for i, w := range words {
		s := a
		if i%2 == 0 {
			s = b
		}
		n := copy(buffer, w)
		s.AddLabelled(HashString(w), string(buffer[:n]))
	}
	a.Merge(b)
	slices.SortFunc(words, func(x, y string) int {
		if HashString(x) < HashString(y) {
			return -1
		}
		return 1
	})
	var got []string
	for h := range a.All() {
		got = append(got, a.Label(h))
	}
	if !slices.Equal(got, words[:3]) {
		t.Errorf("labels %q, want %q", got, words[:3])
	}
	if a.Label(HashString(words[6])) != "" {
		t.Error("the label of a hash that was dropped is still there")
	}
}

func TestSortByHash(t *testing.T) {
	for _, n := range []int{0, 1, 1000, radixLength, radixLength + 1001} {
		x := make([]counted, n)
		for i := range x {
			x[i] = counted{Mix(uint64(i)) >> (i % 50), int64(i)}
		}
		want := slices.Clone(x)
		slices.SortStableFunc(want, func(a, b counted) int {
			switch {
			case a.hash < b.hash:
				return -1
			case a.hash > b.hash:
				return 1
			}
			return 0
		})
		if n < radixLength {
			slices.SortFunc(x, func(a, b counted) int { return int(a.count - b.count) })
		}
		sortByHash(x)
		for i := range x {
			if x[i].hash != want[i].hash {
				t.Fatalf("n = %d: place %d holds %#x, want %#x", n, i, x[i].hash, want[i].hash)
			}
		}
	}
}

func TestNth(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		x := make([]counted, 1+rng.IntN(50))
		var hashes []uint64
		for i := range x {
			x[i].hash = rng.Uint64N(30)
			hashes = append(hashes, x[i].hash)
		}
		slices.Sort(hashes)
		i := rng.IntN(len(x))
		if got := nth(x, i); got != hashes[i] {
			t.Fatalf("nth(%d) = %d, want %d", i, got, hashes[i])
		}
		for _, slot := range x[:i+1] {
			if slot.hash > hashes[i] {
				t.Fatalf("%d stands before %d", slot.hash, hashes[i])
			}
		}
	}
}

// BenchmarkKMVMerge merges two full tables; in slot order it would be quadratic.
func BenchmarkKMVMerge(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		x, y := NewKMV(1<<18), NewKMV(1<<18)
		for i := range uint64(1 << 17) {
			x.AddHash(Mix(i))
			y.AddHash(Mix(i + 1<<40))
		}
		b.StartTimer()
		x.Merge(y)
	}
}

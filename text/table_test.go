package text

import (
	"math/rand/v2"
	"testing"
)

// A table must agree with a Go map, whatever the keys.
func TestTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, keys := range []uint64{3, 1000, 1 << 40} {
		got, want := newTable[int](0), make(map[uint64]int)
		for range 5000 {
			key := rng.Uint64N(keys) << rng.IntN(20)
			*got.at(key) += 2
			want[key] += 2
		}
		if got.used != len(want) {
			t.Errorf("%d keys, want %d", got.used, len(want))
		}
		for key, value := range want {
			if got.get(key) != value {
				t.Errorf("value of %d is %d, want %d", key, got.get(key), value)
			}
		}
		sum := 0
		got.each(func(_ uint64, value int) { sum += value })
		if sum != 10000 {
			t.Errorf("values add up to %d, want 10000", sum)
		}
		if got.get(1<<63+5) != 0 {
			t.Error("a key that was never added has a value")
		}
	}
}

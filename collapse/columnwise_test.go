package collapse

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestWorstColumnBeyondItsOwnFloor(t *testing.T) {
	c := newColumnwise(3)
	for k := range 2 {
		wobble := 0.01 * float64(k)
		c.add(0, 0.30, 0.30+wobble) // many levels: a high floor, and nothing beyond it
		c.add(1, 0.20, 0.02)        // few levels, shifted
		c.add(2, 0.90, 0)           // not asked for
	}
	var m measurement
	c.worst(&m, func(j int) bool { return j < 2 })
	if len(m.value) != 2 || math.Abs(m.value[0]-0.18) > 1e-12 || m.floor[0] != 0 {
		t.Errorf("worst column: %v beyond %v, want 0.18 beyond 0 on both splits", m.value, m.floor)
	}
	if got := c.excess()[1]; math.Abs(got-0.18) > 1e-12 {
		t.Errorf("excess %v, want 0.18", got)
	}
	var none measurement
	c.worst(&none, func(int) bool { return false })
	if len(none.value) != 0 {
		t.Error("a statistic of no column was measured")
	}
}

// A column 2.4 standard deviations beyond its floor is odd by itself, and as usual as not among a hundred.
func TestWorstOfManyColumnsIsFarOutByChance(t *testing.T) {
	c := newColumnwise(100)
	for j := range 100 {
		for _, wobble := range []float64{-0.01, 0, 0.01} { // a standard deviation of 0.01
			c.add(j, 0.124, 0.1+wobble)
		}
	}
	for columns, want := range map[int]float64{1: 0.004, 100: 0} {
		var m measurement
		c.worst(&m, func(j int) bool { return j < columns })
		if math.Abs(m.value[0]-want) > 1e-12 {
			t.Errorf("worst of %d columns: %g beyond its floor, want %g", columns, m.value[0], want)
		}
	}
}

// Chance makes next to nothing of the worst of many columns, and one that is shifted is seen among
// all of them.
func TestOneShiftedOfManyColumns(t *testing.T) {
	const rows, splits, seeds = 150, 4, 10
	for _, columns := range []int{500, 5000} {
		var usual, shifted float64
		for seed := range uint64(seeds) {
			rng := rand.New(rand.NewPCG(seed, uint64(columns)))
			distance := func(p, q float64) float64 { // between the shares of a level in two samples
				return math.Abs(p-q+math.Sqrt((p*(1-p)+q*(1-q))/rows)*rng.NormFloat64()) + 0.01*math.Abs(rng.NormFloat64())
			}
			for _, by := range []float64{0, 0.4} {
				c := newColumnwise(columns)
				for j := range columns {
					p := 0.1 + 0.4*rng.Float64()
					moved := 0.0
					if j == columns/2 {
						moved = by
					}
					for range splits {
						c.add(j, distance(p+moved, p), distance(p, p))
					}
				}
				var m measurement
				c.worst(&m, func(int) bool { return true })
				excess := (mean(m.value) - mean(m.floor)) / seeds
				if by == 0 {
					usual += max(0, excess)
				} else {
					shifted += excess
				}
			}
		}
		if usual > 0.02 {
			t.Errorf("%d columns: the worst is %.3f beyond its floor by chance, want at most 0.02", columns, usual)
		}
		if shifted < 0.1 {
			t.Errorf("%d columns: one that is shifted by 0.4 is %.3f beyond its floor, want at least 0.1", columns, shifted)
		}
	}
}

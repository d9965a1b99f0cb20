package collapse

import (
	"math"
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

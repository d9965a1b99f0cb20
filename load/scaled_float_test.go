package load

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestScaledFloat compares with strconv: random numbers, and numbers next to
// the middle of two floats, where rounding is decided by the last digits.
func TestScaledFloat(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	undecided := 0
	check := func(m uint64, e int) {
		got, ok := scaledFloat(m, e)
		want, err := strconv.ParseFloat(fmt.Sprintf("%de%d", m, e), 64)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			undecided++
		} else if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%de%d = %v, strconv has %v", m, e, got, want)
		}
	}
	const n = 300_000
	for range n {
		m := rng.Uint64() >> rng.IntN(64)
		check(m, rng.IntN(2*maxPower+1)-maxPower)
	}
	if undecided > n/1000 {
		t.Errorf("%d of %d numbers are undecided", undecided, n)
	}
	for range n {
		// the middle between a float and the next, written with 19 digits
		x := math.Ldexp(1+rng.Float64(), rng.IntN(120)-60)
		middle, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 16, 64), 64)
		text := strconv.FormatFloat(middle+(math.Nextafter(middle, math.Inf(1))-middle)/2, 'e', 18, 64)
		m, _ := strconv.ParseUint(text[:1]+text[2:20], 10, 64)
		e, _ := strconv.Atoi(text[21:])
		for d := uint64(0); d < 3; d++ {
			check(m+d-1, e-18)
		}
	}
	for m := uint64(1)<<53 - 3; m < 1<<53+9; m++ { // ties to even, exactly
		for e := 0; e <= maxPower; e++ {
			check(m, e)
			check(2*m+1, e)
		}
	}
	for _, m := range []uint64{0, 1, math.MaxUint64} {
		for e := -maxPower - 2; e <= maxPower+2; e++ {
			check(m, e)
		}
	}
}

// TestScanPlain tries every byte at every place of numbers that are followed by
// more text: what scanPlain takes must be what scanNumber makes of the number alone.
func TestScanPlain(t *testing.T) {
	taken := 0
	for _, number := range []string{"-12345678.25", "0.123456789012345", "7", "-0.5", "123456789012345.6", "9007199254740992", "1234567.12345678"} {
		for at := range len(number) + 1 {
			for c := range 256 {
				text := []byte(number + strings.Repeat(" ", plainBytes))
				text[at] = byte(c)
				v, next, ok := scanPlain(text, 0)
				if !ok {
					continue
				}
				taken++
				want, wantNext, wantOK := scanNumber(text[:next], 0)
				if !wantOK || next != wantNext || math.Float64bits(v) != math.Float64bits(want) {
					t.Fatalf("%q: %v up to %d; scanNumber has %v up to %d, %v", text, v, next, want, wantNext, wantOK)
				}
				if r := text[next]; r >= '0' && r <= '9' || r == 'e' || r == 'E' || r == '.' && strings.IndexByte(string(text[:next]), '.') < 0 {
					t.Fatalf("%q: ends at %d", text, next)
				}
			}
		}
	}
	if taken < 10_000 {
		t.Errorf("only %d numbers are taken", taken)
	}
}

// TestScanPlainRandom compares with strconv on numbers of all lengths.
func TestScanPlainRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	taken := 0
	const n = 200_000
	for range n {
		text := strconv.FormatFloat(rng.NormFloat64()*math.Pow(10, float64(rng.IntN(8))), 'f', rng.IntN(18)-1, 64)
		got, next, ok := scanPlain([]byte(text+","+strings.Repeat("1", plainBytes)), 0)
		if !ok {
			continue
		}
		taken++
		want, err := strconv.ParseFloat(text, 64)
		if err != nil || next != len(text) || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v up to %d, strconv has %v", text, got, next, want)
		}
	}
	if taken < n/2 {
		t.Errorf("only %d of %d numbers are taken", taken, n)
	}
}

// TestScanPlainLong compares with strconv on numbers of up to 18 digits on each side
// of the point: beyond 19 in all they do not fit into the integer that is scaled.
func TestScanPlainLong(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	digits := func(n int) (text string) {
		for range n {
			text += string(rune('0' + rng.IntN(10)))
		}
		return text
	}
	taken := 0
	for range 200_000 {
		text := [...]string{"", "-"}[rng.IntN(2)] + digits(1+rng.IntN(18))
		if n := rng.IntN(19); n > 0 {
			text += "." + digits(n)
		}
		got, next, ok := scanPlain([]byte(text+","+strings.Repeat("1", plainBytes)), 0)
		if !ok {
			continue
		}
		taken++
		want, err := strconv.ParseFloat(text, 64)
		if err != nil || next != len(text) || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v up to %d, strconv has %v", text, got, next, want)
		}
	}
	if taken < 50_000 {
		t.Errorf("only %d numbers are taken", taken)
	}
}

package load

import (
	"math"
	"math/big"
	"math/bits"
)

// scaledFloat returns m * 10^e, rounded to the nearest float64, ties to even.
// It is not ok where the method does not tell: for |e| beyond maxPower, and for
// some numbers within 2^-64 of the middle between two floats.
//
// With m up to 2^53 and a power of ten up to 10^22, both are exact in float64,
// and one multiplication or division rounds once (Clinger, How to read floating
// point numbers accurately, 1990). Beyond, m is multiplied by the first 128 bits
// of the power of ten, and the product tells how to round (after Lemire, Number
// parsing at a gigabyte per second, 2021).
func scaledFloat(m uint64, e int) (float64, bool) {
	if m <= 1<<53 && -22 <= e && e <= 22 {
		v := float64(m)
		if e < 0 {
			return v / pow10[-e], true
		}
		return v * pow10[e], true
	}
	if m == 0 {
		return 0, true
	}
	if e < -maxPower || e > maxPower {
		return 0, false
	}
	power := &powersOfTen[e+maxPower]
	zeros := bits.LeadingZeros64(m)
	m <<= zeros

	// product (hi, mid, lo) = m * power. The true product is this one where e is
	// not negative, and else above it by less than 2^64: power is cut off.
	hi, mid := bits.Mul64(m, power.hi)
	carry, lo := bits.Mul64(m, power.lo)
	mid, c := bits.Add64(mid, carry, 0)
	hi += c

	// The highest bit of hi may be 0. drop bits of it are behind the 53 of a float64.
	drop := 10 + int(hi>>63)
	mantissa := hi >> drop
	rest := hi & (1<<drop - 1)
	half := uint64(1) << (drop - 1)
	if e < 0 && rest == half-1 && mid == math.MaxUint64 {
		return 0, false // what was cut off may reach the middle
	}
	up := rest > half || rest == half && (e < 0 || mid|lo != 0 || mantissa&1 == 1)
	if up {
		mantissa++
	}
	// A float64 is mantissa * 2^(exponent - 1075), where the mantissa's bit 52
	// adds one to the exponent; that also takes in a mantissa that rounds to 2^53.
	exponent := drop + power.exponent - zeros + 1074
	return math.Float64frombits(uint64(exponent)<<52 + mantissa), true
}

// pow10 holds the powers of ten that float64 represents exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// maxPower limits the powers of ten of scaledFloat: 10^maxPower has to fit
// into 128 bits without its factor 2^maxPower, and no result may be subnormal.
const maxPower = 40

// powerOfTen is a power of ten as (hi, lo) * 2^(exponent-128), the highest bit
// of hi set. Negative powers are cut off, not rounded.
type powerOfTen struct {
	hi, lo   uint64
	exponent int
}

// powersOfTen holds 10^e at e+maxPower.
var powersOfTen = newPowersOfTen()

func newPowersOfTen() (table [2*maxPower + 1]powerOfTen) {
	for e := range maxPower + 1 {
		five := new(big.Int).Exp(big.NewInt(5), big.NewInt(int64(e)), nil)
		n := five.BitLen()
		table[maxPower+e] = newPower(new(big.Int).Lsh(five, uint(128-n)), n+e)
		if e > 0 {
			// 2^(127+n) / 5^e has 128 bits: 5^e is between 2^(n-1) and 2^n
			inverse := new(big.Int).Lsh(big.NewInt(1), uint(127+n))
			table[maxPower-e] = newPower(inverse.Quo(inverse, five), 1-n-e)
		}
	}
	return table
}

func newPower(m *big.Int, exponent int) powerOfTen {
	lo := new(big.Int).And(m, new(big.Int).SetUint64(math.MaxUint64))
	return powerOfTen{hi: new(big.Int).Rsh(m, 64).Uint64(), lo: lo.Uint64(), exponent: exponent}
}

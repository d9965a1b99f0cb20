package load

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// scanNumber reads the number that b starts with at position p and returns its
// value, correctly rounded, and the position after it. It is not ok if there
// is no number, if it is too large for float64, or if it is written as an
// integer beyond 2^53: rounded, it would no longer be that integer.
//
// Syntax: [+-] digits [. digits] [e [+-] digits], digits on at least one side
// of the point. No inf, nan, hexadecimal or thousands separators.
//
// Up to 19 digits are read as one integer and scaled by scaledFloat; what that
// cannot round is left to strconv.
func scanNumber(b []byte, p int) (v float64, next int, ok bool) {
	if v, next, ok = scanPlain(b, p); ok {
		return v, next, true
	}
	start := p
	negative := false
	if p < len(b) && (b[p] == '-' || b[p] == '+') {
		negative = b[p] == '-'
		p++
	}
	var mantissa uint64
	first := p
	for p < len(b) && b[p]-'0' <= 9 {
		mantissa = mantissa*10 + uint64(b[p]-'0')
		p++
	}
	digits, exponent, integer := p-first, 0, true
	if p < len(b) && b[p] == '.' {
		integer = false
		p++
		first = p
		for p < len(b) && b[p]-'0' <= 9 {
			mantissa = mantissa*10 + uint64(b[p]-'0')
			p++
		}
		exponent = first - p
		digits += p - first
	}
	if digits == 0 {
		return 0, start, false
	}
	if p < len(b) && b[p]|0x20 == 'e' {
		e, q, found := scanExponent(b, p+1)
		if !found {
			return 0, start, false
		}
		integer = false
		exponent += e
		p = q
	}
	if digits <= 19 && (!integer || mantissa <= 1<<53) {
		if v, ok := scaledFloat(mantissa, exponent); ok {
			if negative {
				v = -v
			}
			return v, p, true
		}
	}
	v, err := strconv.ParseFloat(viewString(b[start:p]), 64)
	if err != nil || integer && (v >= 1<<53 || v <= -1<<53) {
		return 0, start, false
	}
	return v, p, true
}

// plainBytes is how much of the text scanPlain looks at at most: a sign, 15 digits,
// a point and 16 bytes, which it reads eight at a time.
const plainBytes = 36

// scanPlain is scanNumber for what most numbers look like: [-] digits [. digits],
// up to 15 on each side of the point and 19 in all, and more text behind. Of
// everything else it is not ok.
//
// The signs and lengths of the numbers of a column are hard for a processor to
// foresee: they are computed with and not branched on.
func scanPlain(b []byte, p int) (v float64, next int, ok bool) {
	if len(b)-p < plainBytes {
		return 0, p, false
	}
	text := (*[plainBytes]byte)(b[p:])
	at := minusAt(text[0])
	sign := uint64(at) << 63
	word := binary.LittleEndian.Uint64(text[at:])
	digits := leadingDigits(word)
	if digits == 0 {
		return 0, p, false
	}
	m := digitsValue(word << (64 - 8*digits))
	at += digits
	if digits == 8 {
		word = binary.LittleEndian.Uint64(text[at:])
		more := leadingDigits(word)
		if more == 8 {
			return 0, p, false
		}
		m = m*pow10Int[more] + digitsValue(word<<(64-8*more))
		digits, at = digits+more, at+more
	}
	decimals := 0
	if text[at] == '.' {
		at++
		word = binary.LittleEndian.Uint64(text[at:])
		decimals = leadingDigits(word)
		if decimals == 0 {
			return 0, p, false
		}
		if decimals == 8 {
			m = m*1e8 + digitsValue(word)
			word = binary.LittleEndian.Uint64(text[at+8:])
			decimals += leadingDigits(word)
			if decimals == 16 {
				return 0, p, false
			}
		}
		if digits+decimals > 19 {
			return 0, p, false
		}
		n := decimals & 7
		m = m*pow10Int[n] + digitsValue(word<<(64-8*n))
		at += decimals
	}
	if text[at]|0x20 == 'e' {
		return 0, p, false
	}
	switch {
	case m <= 1<<53:
		v = float64(m) / pow10[decimals]
	case decimals == 0:
		return 0, p, false
	default:
		if v, ok = scaledFloat(m, -decimals); !ok {
			return 0, p, false
		}
	}
	return math.Float64frombits(math.Float64bits(v) | sign), p + at, true
}

// minusAt returns 1 for a minus sign and else 0, without a branch.
func minusAt(c byte) int {
	n := 0
	if c == '-' {
		n = 1
	}
	return n
}

var pow10Int = [8]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7}

// leadingDigits returns how many of the eight characters of a word are digits
// before the first that is none. The first character is the lowest byte.
//
// Adding 0x46 to a byte above '9', or taking 0x30 from one below '0', sets its
// highest bit. Carries and borrows only change bytes behind the first of those.
func leadingDigits(word uint64) int {
	other := ((word + 0x4646464646464646) | (word - 0x3030303030303030)) & 0x8080808080808080
	return bits.TrailingZeros64(other) / 8
}

// digitsValue returns the number that the eight digits of a word write; bytes
// of 0 are read as the digit 0. Pairs of digits, of pairs and of fours are joined
// by one multiplication each (Mula, SIMD-ized parsing of integers, 2014).
func digitsValue(word uint64) uint64 {
	word &= 0x0f0f0f0f0f0f0f0f
	word = word*10 + word>>8 // in every second byte two digits
	const mask = 0x000000ff000000ff
	return ((word&mask)*(100+1_000_000<<32) + (word>>16&mask)*(1+10_000<<32)) >> 32
}

// scanExponent reads an optional sign and digits. Exponents beyond 100,000 are
// returned as something as large; strconv then decides.
func scanExponent(b []byte, p int) (e, next int, found bool) {
	negative := false
	if p < len(b) && (b[p] == '-' || b[p] == '+') {
		negative = b[p] == '-'
		p++
	}
	first := p
	for p < len(b) && b[p]-'0' <= 9 {
		if e < 100_000 {
			e = e*10 + int(b[p]-'0')
		}
		p++
	}
	if negative {
		e = -e
	}
	return e, p, p > first
}

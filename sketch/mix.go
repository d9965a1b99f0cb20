package sketch

import "github.com/zeebo/xxh3"

// golden is 2^64 divided by the golden ratio, the increment of splitmix64.
const golden = 0x9e3779b97f4a7c15

// Mix returns a well-mixed hash of x: one step of splitmix64. It is a
// bijection, so different x have different hashes; Unmix inverts it.
//
// Source: Steele, Lea & Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014, with the constants of Vigna's splitmix64.c.
func Mix(x uint64) uint64 {
	x += golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Unmix returns the x for which Mix(x) is h.
func Unmix(h uint64) uint64 {
	// The constants are the inverses of Mix's factors modulo 2^64; a right
	// shift-xor by s is undone by shifting on until the bits run out.
	h ^= h>>31 ^ h>>62
	h *= 0x319642b2d24d8ec3
	h ^= h>>27 ^ h>>54
	h *= 0x96de1b173f119089
	h ^= h>>30 ^ h>>60
	return h - golden
}

// HashString returns the 64-bit XXH3 hash of s.
func HashString(s string) uint64 { return xxh3.HashString(s) }

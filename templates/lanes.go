package templates

import "math/bits"

// lanes is how many codes of 16 bits a word holds.
const lanes = 4

// Packed is codes of 16 bits, of some rows, so that it is quick to count in how many columns two
// rows differ.
type Packed struct {
	words int
	data  []uint64 // words a row
}

// Pack packs n rows of d codes, row-major.
func Pack(codes []uint16, n, d int) *Packed {
	p := &Packed{words: (d + lanes - 1) / lanes}
	p.data = make([]uint64, p.words*n)
	for i := range n {
		for j, code := range codes[i*d : (i+1)*d] {
			p.data[i*p.words+j/lanes] |= uint64(code) << (16 * (j % lanes))
		}
	}
	return p
}

// Differing returns in how many columns rows i and j differ.
func (p *Packed) Differing(i, j int) int {
	x, y := p.data[i*p.words:(i+1)*p.words], p.data[j*p.words:(j+1)*p.words]
	n := 0
	for w := range x {
		n += unequalLanes(x[w], y[w])
	}
	return n
}

// unequalLanes returns in how many of their lanes two words differ.
func unequalLanes(x, y uint64) int {
	const low, high = 0x7fff7fff7fff7fff, 0x8000800080008000
	d := x ^ y
	return bits.OnesCount64(((d & low) + low | d) & high) // the sum carries into a lane's top bit unless it is 0
}

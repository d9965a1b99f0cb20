package main

import "fmt"

// gemmKernels writes the micro-kernels of the matrix products: tiles of mr rows
// by 32 columns (AVX-512, mr = 1..12) or 16 columns (AVX2, mr = 1..6), each at
// full width, and for the last columns: masked, or masked and half as wide.
//
// A tile is C (=|+=) sum over p of A(i,p) * B(p, 0..nr). A is addressed with two
// strides, by row and by p, so A and its transpose need no packing. Each
// element sums p in ascending order with fused multiply-add, whatever the tile.
// One call computes a number of tiles below each other: what a call costs is a
// tenth of a tile of k = 128.
//
// Packing tiles copy what they read of A, of B or of both for the tiles that read
// it again.
func gemmKernels() *emitter {
	g := &emitter{machine: amd64{}}
	g.transpose()
	for _, set := range []tileSet{avx512, avx2} {
		g.tiles(set)
	}
	return g
}

// A variant is what a tile does beside its product.
type variant struct {
	mr           int
	masked       bool // some of its columns are beyond the matrix
	half         bool // it has the left half of the columns only
	packA, packB bool // copies what it reads, in the order in which it does
}

// registers returns how many hold a row of B, or of the sums.
func (v variant) registers() int {
	if v.half {
		return 1
	}
	return 2
}

// tiles writes all tiles of one instruction set and the function that picks one.
func (g *emitter) tiles(set tileSet) {
	one := func(name string, v variant) string {
		g.p("// func %s(t *tile)", name)
		g.p("TEXT ·%s(SB), NOSPLIT, $0-8", name)
		g.tile(set, v)
		g.declare("//go:noescape\nfunc %s(t *tile)", name)
		return name
	}
	one("packA"+set.suffix, variant{mr: set.rows, packA: true})
	one("packB"+set.suffix, variant{mr: set.rows, packB: true})
	one("packBoth"+set.suffix, variant{mr: set.rows, packA: true, packB: true})
	pick := ""
	for _, kind := range []struct {
		letter, when string
		variant      variant
	}{
		{"", fmt.Sprintf("columns == %d", set.columns()), variant{}},
		{"m", fmt.Sprintf("columns > %d", set.columns()/2), variant{masked: true}},
		{"h", "columns > 0", variant{masked: true, half: true}},
	} {
		pick += fmt.Sprintf("\tcase %s:\n\t\tswitch rows {\n", kind.when)
		for mr := 1; mr <= set.rows; mr++ {
			kind.variant.mr = mr
			name := one(fmt.Sprintf("tile%s_%d%s", set.suffix, mr, kind.letter), kind.variant)
			pick += fmt.Sprintf("\t\tcase %d:\n\t\t\t%s(t)\n", mr, name)
		}
		pick += "\t\t}\n"
	}
	g.declare("// tile%s runs the tile of the given numbers of rows and columns.\nfunc tile%s(rows, columns int, t *tile) {\n\tswitch {\n%s\t}\n}", set.suffix, set.suffix, pick)
}

// Rows in threes share a base register: base, base+ld, base+2 ld. The last one holds
// three strides until it is set.
var bases = []string{"SI", "R11", "R12", "R15"}

func row(i int) string {
	return "(" + bases[i/3] + ")" + []string{"", "(R8*1)", "(R8*2)"}[i%3]
}

func (g *emitter) setBases(mr int) {
	g.p("\tLEAQ (R8)(R8*2), R15")
	for i := 1; 3*i < mr; i++ {
		g.p("\tLEAQ (%s)(R15*1), %s", bases[i-1], bases[i])
	}
}

// open loads the fields of the tile that stay: A and C of the first tile, the
// strides by p; and starts a tile: with B, the stride of A by row, and k.
func (g *emitter) open(v variant) {
	g.p("\tMOVQ t+0(FP), AX")
	g.p("\tMOVQ 0(AX), BX")
	g.p("\tMOVQ 16(AX), R13")
	if v.packA {
		g.p("\tMOVQ 112(AX), R14")
	}
	if v.packB {
		g.p("\tMOVQ 120(AX), DX")
	}
	g.p("again:")
	g.p("\tMOVQ R13, SI")
	g.p("\tMOVQ 48(AX), R8")
	g.setBases(v.mr)
	for i := range v.mr {
		g.p("\tPREFETCHT0 %s", row(i))
	}
	g.p("\tMOVQ BX, SI")
	g.p("\tMOVQ 8(AX), DI")
	g.p("\tMOVQ 24(AX), R8")
	g.p("\tMOVQ 32(AX), R9")
	g.p("\tMOVQ 40(AX), R10")
	g.p("\tMOVQ 56(AX), CX")
	g.setBases(v.mr)
}

// loop writes the loop over p around body.
func (g *emitter) loop(mr int, body func()) {
	g.p("\tTESTQ CX, CX")
	g.p("\tJZ done")
	g.p("\tPCALIGN $32")
	g.p("loop:")
	body()
	for i := 0; 3*i < mr; i++ {
		g.p("\tADDQ R9, %s", bases[i])
	}
	g.p("\tADDQ R10, DI")
	g.p("\tDECQ CX")
	g.p("\tJNZ loop")
	g.p("done:")
	g.p("\tMOVQ R13, SI")
	g.p("\tMOVQ 48(AX), R8")
}

// next goes on to the tile below, if there is one.
func (g *emitter) next() {
	g.p("\tADDQ 88(AX), BX")
	g.p("\tADDQ 96(AX), R13")
	g.p("\tDECQ 104(AX)")
	g.p("\tJNZ again")
	g.end()
}

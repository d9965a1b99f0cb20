package main

import "fmt"

// gemmKernels writes the micro-kernels of the matrix products: tiles of mr rows
// by 32 columns (AVX-512, mr = 1..8) or 16 columns (AVX2, mr = 1..6), each at
// full width and masked for the last columns.
//
// A tile is C (=|+=) sum over p of A(i,p) * B(p, 0..nr). A is addressed with two
// strides, by row and by p, so A and its transpose need no packing. Each
// element sums p in ascending order with fused multiply-add, whatever the tile.
// One call computes a number of tiles below each other: what a call costs is a
// tenth of a tile of k = 128.
func gemmKernels() *emitter {
	g := &emitter{machine: amd64{}}
	g.tiles("512", 8, g.tile512)
	g.tiles("256", 6, g.tile256)
	return g
}

// tiles writes all tiles of one instruction set and the switch that picks one.
func (g *emitter) tiles(suffix string, rows int, tile func(mr int, masked bool)) {
	cases := ""
	for mr := 1; mr <= rows; mr++ {
		for _, masked := range []bool{false, true} {
			name := fmt.Sprintf("tile%s_%d", suffix, mr)
			if masked {
				name += "m"
			}
			g.p("// func %s(t *tile)", name)
			g.p("TEXT ·%s(SB), NOSPLIT, $0-8", name)
			tile(mr, masked)
			g.declare("//go:noescape\nfunc %s(t *tile)", name)
		}
		cases += fmt.Sprintf("\tcase %d:\n\t\tif masked {\n\t\t\ttile%s_%dm(t)\n\t\t} else {\n\t\t\ttile%s_%d(t)\n\t\t}\n", mr, suffix, mr, suffix, mr)
	}
	g.declare("// tile%s runs the tile of the given number of rows.\nfunc tile%s(rows int, masked bool, t *tile) {\n\tswitch rows {\n%s\t}\n}", suffix, suffix, cases)
}

// Rows in threes share a base register: base, base+ld, base+2 ld.
var bases = []string{"SI", "R11", "R12"}

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
func (g *emitter) open(mr int) {
	g.p("\tMOVQ t+0(FP), AX")
	g.p("\tMOVQ 0(AX), BX")
	g.p("\tMOVQ 16(AX), R13")
	g.p("again:")
	g.p("\tMOVQ BX, SI")
	g.p("\tMOVQ 8(AX), DI")
	g.p("\tMOVQ 24(AX), R8")
	g.p("\tMOVQ 32(AX), R9")
	g.p("\tMOVQ 40(AX), R10")
	g.p("\tMOVQ 56(AX), CX")
	g.setBases(mr)
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

func (g *emitter) tile512(mr int, masked bool) {
	g.open(mr)
	if masked {
		g.p("\tMOVQ 64(AX), DX")
		g.p("\tKMOVW DX, K1")
		g.p("\tSHRQ $16, DX")
		g.p("\tKMOVW DX, K2")
	}
	sum := func(i, j int) string { return fmt.Sprintf("Z%d", 2+2*i+j) }
	for i := range mr {
		for j := range 2 {
			g.p("\tVXORPS %s, %s, %s", sum(i, j), sum(i, j), sum(i, j))
		}
	}
	g.loop(mr, func() {
		if masked {
			g.p("\tVMOVUPS.Z (DI), K1, Z0")
			g.p("\tVMOVUPS.Z 64(DI), K2, Z1")
		} else {
			g.p("\tVMOVUPS (DI), Z0")
			g.p("\tVMOVUPS 64(DI), Z1")
		}
		for i := range mr {
			t := fmt.Sprintf("Z%d", 30+i%2)
			g.p("\tVBROADCASTSS %s, %s", row(i), t)
			g.p("\tVFMADD231PS Z0, %s, %s", t, sum(i, 0))
			g.p("\tVFMADD231PS Z1, %s, %s", t, sum(i, 1))
		}
	})
	g.p("\tMOVQ 72(AX), DX")
	g.setBases(mr)
	g.p("\tTESTQ DX, DX")
	g.p("\tJZ store")
	for i := range mr {
		a := row(i)
		if masked {
			g.p("\tVMOVUPS.Z %s, K1, Z0", a)
			g.p("\tVADDPS Z0, %s, %s", sum(i, 0), sum(i, 0))
			g.p("\tVMOVUPS.Z 64%s, K2, Z1", a)
			g.p("\tVADDPS Z1, %s, %s", sum(i, 1), sum(i, 1))
		} else {
			g.p("\tVADDPS %s, %s, %s", a, sum(i, 0), sum(i, 0))
			g.p("\tVADDPS 64%s, %s, %s", a, sum(i, 1), sum(i, 1))
		}
	}
	g.p("store:")
	for i := range mr {
		a := row(i)
		if masked {
			g.p("\tVMOVUPS %s, K1, %s", sum(i, 0), a)
			g.p("\tVMOVUPS %s, K2, 64%s", sum(i, 1), a)
		} else {
			g.p("\tVMOVUPS %s, %s", sum(i, 0), a)
			g.p("\tVMOVUPS %s, 64%s", sum(i, 1), a)
		}
	}
	g.next()
}

func (g *emitter) tile256(mr int, masked bool) {
	g.open(mr)
	sum := func(i, j int) string { return fmt.Sprintf("Y%d", 4+2*i+j) }
	for i := range mr {
		for j := range 2 {
			g.p("\tVXORPS %s, %s, %s", sum(i, j), sum(i, j), sum(i, j))
		}
	}
	if masked {
		g.p("\tMOVQ 80(AX), DX")
	}
	g.loop(mr, func() {
		if masked {
			g.p("\tVMOVUPS (DX), Y2")
			g.p("\tVMOVUPS 32(DX), Y3")
			g.p("\tVMASKMOVPS (DI), Y2, Y0")
			g.p("\tVMASKMOVPS 32(DI), Y3, Y1")
		} else {
			g.p("\tVMOVUPS (DI), Y0")
			g.p("\tVMOVUPS 32(DI), Y1")
		}
		for i := range mr {
			t := fmt.Sprintf("Y%d", 2+i%2)
			g.p("\tVBROADCASTSS %s, %s", row(i), t)
			g.p("\tVFMADD231PS Y0, %s, %s", t, sum(i, 0))
			g.p("\tVFMADD231PS Y1, %s, %s", t, sum(i, 1))
		}
	})
	g.p("\tMOVQ 72(AX), CX")
	g.setBases(mr)
	if masked {
		g.p("\tVMOVUPS (DX), Y2")
		g.p("\tVMOVUPS 32(DX), Y3")
	}
	g.p("\tTESTQ CX, CX")
	g.p("\tJZ store")
	for i := range mr {
		a := row(i)
		if masked {
			g.p("\tVMASKMOVPS %s, Y2, Y0", a)
			g.p("\tVADDPS Y0, %s, %s", sum(i, 0), sum(i, 0))
			g.p("\tVMASKMOVPS 32%s, Y3, Y1", a)
			g.p("\tVADDPS Y1, %s, %s", sum(i, 1), sum(i, 1))
		} else {
			g.p("\tVADDPS %s, %s, %s", a, sum(i, 0), sum(i, 0))
			g.p("\tVADDPS 32%s, %s, %s", a, sum(i, 1), sum(i, 1))
		}
	}
	g.p("store:")
	for i := range mr {
		a := row(i)
		if masked {
			g.p("\tVMASKMOVPS %s, Y2, %s", sum(i, 0), a)
			g.p("\tVMASKMOVPS %s, Y3, 32%s", sum(i, 1), a)
		} else {
			g.p("\tVMOVUPS %s, %s", sum(i, 0), a)
			g.p("\tVMOVUPS %s, 32%s", sum(i, 1), a)
		}
	}
	g.next()
}

package main

import "fmt"

// neonGemmKernels writes the micro-kernels for NEON: tiles of 1 to 8 rows by 8
// columns, with fields and an order of operations like those of amd64.
func neonGemmKernels() *emitter {
	g := &emitter{machine: neon{}}
	cases := ""
	for mr := 1; mr <= 8; mr++ {
		name := fmt.Sprintf("tileNeon_%d", mr)
		g.p("// func %s(t *tile)", name)
		g.p("TEXT ·%s(SB), NOSPLIT, $0-8", name)
		g.tileNeon(mr)
		g.declare("//go:noescape\nfunc %s(t *tile)", name)
		cases += fmt.Sprintf("\tcase %d:\n\t\t%s(t)\n", mr, name)
	}
	g.declare("// tileNeon runs the tile of the given number of rows.\nfunc tileNeon(rows int, t *tile) {\n\tswitch rows {\n%s\t}\n}", cases)
	return g
}

// Registers: R0 the tile, R1 and R2 where it begins in A and C, R3 B, R4 ... R11
// the rows of A, R12 ... R15 the strides and k; V0 and V1 hold B, V2 ... V9 A and
// V16 ... V31 the sums.
func (g *emitter) tileNeon(mr int) {
	sum := func(i, j int) int { return 16 + 2*i + j }
	g.p("\tMOVD t+0(FP), R0")
	g.p("\tMOVD 0(R0), R1")
	g.p("\tMOVD 16(R0), R2")
	g.p("again:")
	g.p("\tMOVD 8(R0), R3")
	g.p("\tMOVD 24(R0), R12")
	g.p("\tMOVD 32(R0), R13")
	g.p("\tMOVD 40(R0), R14")
	g.p("\tMOVD 56(R0), R15")
	g.p("\tMOVD R1, R4")
	for i := 1; i < mr; i++ {
		g.p("\tADD R12, R%d, R%d", 3+i, 4+i)
	}
	for i := range mr {
		for j := range 2 {
			g.p("\tVEOR V%d.B16, V%d.B16, V%d.B16", sum(i, j), sum(i, j), sum(i, j))
		}
	}
	g.p("loop:")
	g.p("\tVLD1.P (R3)(R14), [V0.S4, V1.S4]")
	for i := range mr {
		g.p("\tVLD1R.P (R%d)(R13), [V%d.S4]", 4+i, 2+i)
	}
	for i := range mr {
		for j := range 2 {
			g.p("\tVFMLA V%d.S4, V%d.S4, V%d.S4", j, 2+i, sum(i, j))
		}
	}
	g.p("\tSUBS $1, R15")
	g.p("\tBNE loop")
	g.p("\tMOVD 48(R0), R12")
	g.p("\tMOVD 72(R0), R15")
	g.p("\tMOVD R2, R4")
	g.p("\tCBZ R15, store")
	for i := range mr {
		g.p("\tVLD1 (R4), [V0.S4, V1.S4]")
		for j := range 2 {
			neon{}.word(g, "ADD", sum(i, j), sum(i, j), j)
		}
		if i < mr-1 {
			g.p("\tADD R12, R4")
		}
	}
	g.p("\tMOVD R2, R4")
	g.p("store:")
	for i := range mr {
		g.p("\tVST1 [V%d.S4, V%d.S4], (R4)", sum(i, 0), sum(i, 1))
		if i < mr-1 {
			g.p("\tADD R12, R4")
		}
	}
	g.p("\tMOVD 88(R0), R4")
	g.p("\tADD R4, R1")
	g.p("\tMOVD 96(R0), R4")
	g.p("\tADD R4, R2")
	g.p("\tMOVD 104(R0), R4")
	g.p("\tSUBS $1, R4")
	g.p("\tMOVD R4, 104(R0)")
	g.p("\tBNE again")
	g.end()
}

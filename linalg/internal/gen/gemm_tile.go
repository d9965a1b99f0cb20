package main

import "fmt"

// A tileSet is the micro-kernels of one instruction set of amd64.
type tileSet struct {
	suffix string
	rows   int    // of a whole tile
	letter string // of its registers
	bytes  int    // in a register
	first  int    // the first register that holds sums; B is in 0 and 1
	temps  [2]int // two registers for A, and for masks of AVX2
}

var (
	avx512 = tileSet{"512", 12, "Z", 64, 2, [2]int{30, 31}}
	avx2   = tileSet{"256", 6, "Y", 32, 4, [2]int{2, 3}}
)

func (s tileSet) columns() int          { return 2 * s.bytes / 4 }
func (s tileSet) register(i int) string { return fmt.Sprintf("%s%d", s.letter, i) }
func (s tileSet) sum(i, j int) string   { return s.register(s.first + 2*i + j) }

// address returns that of register j of a row.
func (s tileSet) address(row string, j int) string {
	if j == 0 {
		return row
	}
	return fmt.Sprintf("%d%s", s.bytes, row)
}

// tile writes a micro-kernel.
func (g *emitter) tile(set tileSet, v variant) {
	g.open(v)
	set.masks(g, v)
	for i := range v.mr {
		for j := range v.registers() {
			g.p("\tVXORPS %s, %s, %s", set.sum(i, j), set.sum(i, j), set.sum(i, j))
		}
	}
	g.loop(v.mr, func() {
		set.loadB(g, v)
		if v.packA {
			set.copyA(g)
		}
		for i := range v.mr {
			t := set.register(set.temps[i%2])
			g.p("\tVBROADCASTSS %s, %s", row(i), t)
			for j := range v.registers() {
				g.p("\tVFMADD231PS %s, %s, %s", set.register(j), t, set.sum(i, j))
			}
		}
	})
	g.p("\tMOVQ 72(AX), CX")
	g.setBases(v.mr)
	if v.masked {
		set.reloadMasks(g, v)
	}
	g.p("\tTESTQ CX, CX")
	g.p("\tJZ store")
	for i := range v.mr {
		for j := range v.registers() {
			c, sum := set.address(row(i), j), set.sum(i, j)
			if v.masked {
				set.loadMasked(g, c, j)
				c = set.register(j)
			}
			g.p("\tVADDPS %s, %s, %s", c, sum, sum)
		}
	}
	g.p("store:")
	if v.masked {
		set.storeMasked(g, v)
	} else {
		for i := range v.mr {
			for j := range v.registers() {
				g.p("\tVMOVUPS %s, %s", set.sum(i, j), set.address(row(i), j))
			}
		}
	}
	g.next()
}

// loadB loads a row of B, and copies it if it is to be packed.
func (s tileSet) loadB(g *emitter, v variant) {
	if v.packB { // no prefetcher foresees rows that are far apart
		g.p("\tPREFETCHT0 (DI)(R10*8)") // the row of B after the next seven
		g.p("\tPREFETCHT1 64(DI)")      // the next panel
	}
	if v.masked {
		s.reloadMasks(g, v)
	}
	for j := range v.registers() {
		from := s.address("(DI)", j)
		if v.masked {
			s.loadMasked(g, from, j)
		} else {
			g.p("\tVMOVUPS %s, %s", from, s.register(j))
		}
	}
	if v.packB {
		g.p("\tVMOVUPS %s, (DX)", s.register(0))
		g.p("\tVMOVUPS %s, %d(DX)", s.register(1), s.bytes)
		g.p("\tADDQ $%d, DX", 2*s.bytes)
	}
}

// copyA copies a column of A, whose rows are next to each other.
func (s tileSet) copyA(g *emitter) {
	g.p("\tPREFETCHT1 64(SI)")
	t, u := s.temps[0], s.temps[1]
	if s.letter == "Z" {
		g.p("\tVMOVUPS (SI), Y%d\n\tVMOVUPS 32(SI), X%d", t, u)
		g.p("\tVMOVUPS Y%d, (R14)\n\tVMOVUPS X%d, 32(R14)", t, u)
	} else {
		g.p("\tVMOVUPS (SI), X%d\n\tVMOVSD 16(SI), X%d", t, u)
		g.p("\tVMOVUPS X%d, (R14)\n\tVMOVSD X%d, 16(R14)", t, u)
	}
	g.p("\tADDQ $%d, R14", 4*s.rows)
}

// masks sets the masks of AVX-512, or the address of those of AVX2.
func (s tileSet) masks(g *emitter, v variant) {
	switch {
	case !v.masked:
	case s.letter == "Z":
		g.p("\tMOVQ 64(AX), DX\n\tKMOVW DX, K1")
		g.p("\tSHRQ $16, DX\n\tKMOVW DX, K2")
	default:
		g.p("\tMOVQ 80(AX), DX")
	}
}

// reloadMasks loads the masks of AVX2, whose registers the loop needs.
func (s tileSet) reloadMasks(g *emitter, v variant) {
	if s.letter == "Z" {
		return
	}
	for j := range v.registers() {
		g.p("\tVMOVUPS %s, Y%d", s.address("(DX)", j), s.temps[j])
	}
}

// loadMasked loads register j of a row, without touching what is beyond.
func (s tileSet) loadMasked(g *emitter, from string, j int) {
	if s.letter == "Z" {
		g.p("\tVMOVUPS.Z %s, K%d, Z%d", from, j+1, j)
	} else {
		g.p("\tVMASKMOVPS %s, Y%d, Y%d", from, s.temps[j], j)
	}
}

// storeMasked stores the sums. AVX2 has masked stores too, but they take AMD's
// processors some ten cycles each: here it stores 8, 4, 2 and 1 floats as the bits
// of their number say.
func (s tileSet) storeMasked(g *emitter, v variant) {
	if s.letter == "Z" {
		for i := range v.mr {
			for j := range v.registers() {
				g.p("\tVMOVUPS %s, K%d, %s", s.sum(i, j), j+1, s.address(row(i), j))
			}
		}
		return
	}
	g.p("\tMOVQ 64(AX), CX")
	for i := range v.mr {
		low := s.first + 2*i
		part := func(bits int, from, step string) {
			g.p("\tTESTQ $%d, CX\n\tJZ row%d_%d", bits, i, bits)
			g.p("\t%s, (R14)", from)
			if step != "" {
				g.p("\t%s\n\tADDQ $%d, R14", step, 4*bits)
			}
			g.p("row%d_%d:", i, bits)
		}
		g.p("\tLEAQ %s, R14", row(i))
		part(8, fmt.Sprintf("VMOVUPS Y%d", low), fmt.Sprintf("VMOVAPS Y%d, Y%d", low+1, low))
		part(4, fmt.Sprintf("VMOVUPS X%d", low), fmt.Sprintf("VEXTRACTF128 $1, Y%d, X%d", low, low))
		part(2, fmt.Sprintf("VMOVLPS X%d", low), fmt.Sprintf("VMOVHLPS X%d, X%d, X%d", low, low, low))
		part(1, fmt.Sprintf("VMOVSS X%d", low), "")
	}
}

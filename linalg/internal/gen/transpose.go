package main

import "fmt"

// transpose writes the transpose of 8 rows, in blocks of 8 columns: loads of four
// columns of two rows, then two rounds of shuffles inside the halves of registers.
func (g *emitter) transpose() {
	const parameters = "dst, src *float32, dstBytes, srcBytes, blocks int"
	g.p("// func transpose256(%s)", parameters)
	g.p("TEXT ·transpose256(SB), NOSPLIT, $0-40")
	g.declare("// transpose256 writes 8*blocks rows of 8 floats to dst, the columns of 8 rows of\n// src; the rows of each are so many bytes apart.\n//\n//go:noescape\nfunc transpose256(%s)", parameters)
	for i, name := range []string{"dst", "src", "dstBytes", "srcBytes", "blocks"} {
		g.p("\tMOVQ %s+%d(FP), %s", name, 8*i, []string{"DI", "SI", "R8", "R9", "CX"}[i])
	}
	from := strided(g, "SI", "R9", "R10", "R11", "R12")
	to := strided(g, "DI", "R8", "R13", "R14", "R15")
	g.p("\tMOVQ R8, DX\n\tSHLQ $3, DX")
	g.p("loop:")
	for half := range 2 {
		for i := range 4 {
			t := 4*half + i
			g.p("\tVMOVUPS %d%s, X%d", 16*half, from[i], t)
			g.p("\tVINSERTF128 $1, %d%s, Y%d, Y%d", 16*half, from[i+4], t, t)
		}
	}
	for half := range 2 {
		t, u := 4*half, 8+4*half
		for i := range 2 { // of rows 2i and 2i+1, columns 0 and 1, then 2 and 3
			g.p("\tVUNPCKLPS Y%d, Y%d, Y%d", t+2*i+1, t+2*i, u+2*i)
			g.p("\tVUNPCKHPS Y%d, Y%d, Y%d", t+2*i+1, t+2*i, u+2*i+1)
		}
		for c := range 4 {
			g.p("\tVSHUFPS $0x%02x, Y%d, Y%d, Y%d", []int{0x44, 0xee}[c%2], u+2+c/2, u+c/2, t+c)
			g.p("\tVMOVUPS Y%d, %s", t+c, to[4*half+c])
		}
	}
	for _, r := range []string{"SI", "R10", "R11", "R12"} {
		g.p("\tADDQ $32, %s", r)
	}
	for _, r := range []string{"DI", "R13", "R14", "R15"} {
		g.p("\tADDQ DX, %s", r)
	}
	g.p("\tDECQ CX\n\tJNZ loop")
	g.end()
}

// strided sets three registers so that the rows from base on, stride bytes apart,
// can be addressed, and returns the addresses of eight.
func strided(g *emitter, base, stride, three, five, six string) []string {
	g.p("\tLEAQ (%s)(%s*2), %s", base, stride, three)
	g.p("\tLEAQ (%s)(%s*2), %s", three, stride, six)
	g.p("\tADDQ %s, %s", stride, three)
	g.p("\tLEAQ (%s)(%s*4), %s", base, stride, five)
	g.p("\tADDQ %s, %s", stride, five)
	g.p("\tADDQ %s, %s\n\tADDQ %s, %s", stride, six, stride, six)
	return []string{"(" + base + ")", fmt.Sprintf("(%s)(%s*1)", base, stride), fmt.Sprintf("(%s)(%s*2)", base, stride), "(" + three + ")",
		fmt.Sprintf("(%s)(%s*4)", base, stride), "(" + five + ")", "(" + six + ")", fmt.Sprintf("(%s)(%s*4)", three, stride)}
}

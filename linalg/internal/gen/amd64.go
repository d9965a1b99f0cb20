package main

import (
	"fmt"
	"strings"
)

// amd64 is AVX-512, or AVX2 with FMA: a virtual register is one Z register or two
// Y registers.
type amd64 struct{ wide bool }

func (m amd64) suffix() string {
	if m.wide {
		return "512"
	}
	return "256"
}

// name returns an operand, or its first (0) or second (1) half.
func (m amd64) name(o operand, half int) string {
	switch v := o.(type) {
	case int:
		if m.wide {
			return fmt.Sprintf("Z%d", v)
		}
		return fmt.Sprintf("Y%d", 2*v+half)
	case string:
		return fmt.Sprintf("·c_%s+%d(SB)", v, 32*half)
	case mem:
		s := fmt.Sprintf("%d(%s)", v.offset+32*half, v.base)
		if v.index != "" {
			s += "(" + v.index + "*1)"
		}
		return s
	}
	panic("gen: bad operand")
}

// low returns the X register that holds the first four lanes of v.
func (m amd64) low(v int) string {
	if m.wide {
		return fmt.Sprintf("X%d", v)
	}
	return fmt.Sprintf("X%d", 2*v)
}

// emit writes one instruction on virtual registers; the last operand is the
// destination, as in Go's assembler.
func (m amd64) emit(g *emitter, instruction string, operands ...operand) {
	halves := 2
	if m.wide {
		halves = 1
	}
	for h := range halves {
		var s []string
		for _, o := range operands {
			s = append(s, m.name(o, h))
		}
		g.p("\t%s %s", instruction, strings.Join(s, ", "))
	}
}

func (m amd64) load(g *emitter, d int, s operand) { m.emit(g, "VMOVUPS", s, d) }
func (m amd64) store(g *emitter, d mem, s int)    { m.emit(g, "VMOVUPS", s, d) }
func (m amd64) arithmetic(g *emitter, op string, d, a int, b operand) {
	m.emit(g, "V"+op+"PS", b, a, d)
}
func (m amd64) addProduct(g *emitter, d, a int, b operand) { m.emit(g, "VFMADD231PS", b, a, d) }
func (m amd64) subProduct(g *emitter, d, a int, b operand) { m.emit(g, "VFNMADD231PS", b, a, d) }
func (m amd64) timesPlus(g *emitter, d, a int, b operand)  { m.emit(g, "VFMADD213PS", b, a, d) }
func (m amd64) sqrt(g *emitter, d, a int)                  { m.emit(g, "VSQRTPS", a, d) }
func (m amd64) zero(g *emitter, d int)                     { m.emit(g, "VXORPS", d, d, d) }

func (m amd64) round(g *emitter, d int) {
	if m.wide {
		g.p("\tVRNDSCALEPS $0, Z%d, Z%d", d, d)
		return
	}
	g.p("\tVROUNDPS $0, Y%d, Y%d", 2*d, 2*d)
	g.p("\tVROUNDPS $0, Y%d, Y%d", 2*d+1, 2*d+1)
}

func (m amd64) scaleByPower(g *emitter, d, a, n int) {
	if m.wide {
		g.p("\tVSCALEFPS Z%d, Z%d, Z%d", n, a, d)
		return
	}
	for h := range 2 {
		g.p("\tVCVTPS2DQ Y%d, Y%d", 2*n+h, 2*n+h)
		g.p("\tVPSLLD $23, Y%d, Y%d", 2*n+h, 2*n+h)
		g.p("\tVPADDD Y%d, Y%d, Y%d", 2*n+h, 2*a+h, 2*d+h)
	}
}

func (m amd64) reduce(g *emitter, op string, v, t int) {
	x, y := m.low(v), m.low(t)
	if m.wide {
		g.p("\tVEXTRACTF64X4 $1, Z%d, Y%d", v, t)
		g.p("\tV%sPS Y%d, Y%d, Y%d", op, t, v, v)
		g.p("\tVEXTRACTF128 $1, Y%d, %s", v, y)
	} else {
		g.p("\tV%sPS Y%d, Y%d, Y%d", op, 2*v+1, 2*v, 2*v)
		g.p("\tVEXTRACTF128 $1, Y%d, %s", 2*v, y)
	}
	g.p("\tV%sPS %s, %s, %s", op, y, x, x)
	g.p("\tVMOVSHDUP %s, %s", x, y)
	g.p("\tV%sPS %s, %s, %s", op, y, x, x)
	g.p("\tVMOVHLPS %s, %s, %s", x, x, y)
	g.p("\tV%sSS %s, %s, %s", op, y, x, x)
}

func (m amd64) spread(g *emitter, v int) { m.fill(g, v, m.low(v)) }

func (m amd64) broadcast(g *emitter, d int, base string, offset int) {
	if offset == 0 {
		m.fill(g, d, "("+base+")")
		return
	}
	m.fill(g, d, fmt.Sprintf("%d(%s)", offset, base))
}

func (m amd64) fill(g *emitter, d int, source string) {
	if m.wide {
		g.p("\tVBROADCASTSS %s, Z%d", source, d)
		return
	}
	g.p("\tVBROADCASTSS %s, Y%d", source, 2*d)
	g.p("\tVMOVAPS Y%d, Y%d", 2*d, 2*d+1)
}

func (m amd64) storeFirst(g *emitter, v int, base string) {
	g.p("\tVMOVSS %s, (%s)", m.low(v), base)
}

func (m amd64) result(g *emitter, v int, name string, offset int) {
	g.p("\tVMOVSS %s, %s+%d(FP)", m.low(v), name, offset)
}

func (m amd64) scaleFirst(g *emitter, v int, argument string, offset int) {
	g.p("\tVMULSS %s+%d(FP), %s, %s", argument, offset, m.low(v), m.low(v))
}

func (m amd64) divideFirst(g *emitter, v, t int, base string) {
	g.p("\tVMOVSS (%s), %s", base, m.low(t))
	g.p("\tVDIVSS %s, %s, %s", m.low(v), m.low(t), m.low(v))
}

func (m amd64) inverseRootFirst(g *emitter, v, t int, argument string, offset int) {
	x, one := m.low(v), m.low(t)
	g.p("\tVADDSS %s+%d(FP), %s, %s", argument, offset, x, x)
	g.p("\tVSQRTSS %s, %s, %s", x, x, x)
	g.p("\tVMOVSS ·c_one(SB), %s", one)
	g.p("\tVDIVSS %s, %s, %s", x, one, x)
}

func (m amd64) argument(g *emitter, name string, offset int, register string) {
	g.p("\tMOVQ %s+%d(FP), %s", name, offset, register)
}
func (m amd64) advance(g *emitter, register, by string) { g.p("\tADDQ %s, %s", by, register) }
func (m amd64) advanceBy(g *emitter, register string, bytes int) {
	g.p("\tADDQ $%d, %s", bytes, register)
}
func (m amd64) address(g *emitter, d, base, index string, scale int) {
	g.p("\tLEAQ (%s)(%s*%d), %s", base, index, scale, d)
}
func (m amd64) multiply(g *emitter, d, a, b string) { g.p("\tMOVQ %s, %s\n\tIMULQ %s, %s", a, d, b, d) }

func (m amd64) columns(g *emitter, label string, body func()) {
	g.p("\tXORQ BX, BX\n%s:", label)
	body()
	g.p("\tADDQ $64, BX\n\tCMPQ BX, R8\n\tJLT %s", label)
}

func (m amd64) times(g *emitter, label string, body func()) {
	g.p("%s:", label)
	body()
	g.p("\tDECQ CX\n\tJNZ %s", label)
}

func (m amd64) picks(g *emitter, body func()) {
	g.p("\tXORQ R10, R10\npickloop:")
	g.p("\tMOVLQSX (SI)(R10*4), R11\n\tIMULQ R8, R11")
	body()
	g.p("\tINCQ R10\n\tCMPQ R10, R9\n\tJLT pickloop")
}

func (m amd64) end(g *emitter) { g.p("\tVZEROUPPER\n\tRET\n") }

package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A virtual register is 16 float32 lanes: one Z register (AVX-512) or two Y
// registers (AVX2). Operands are virtual registers (int), memory (mem), or the
// names of constants (string).

type operand any

// mem is the 16 floats at base + index + offset bytes.
type mem struct {
	base, index string
	offset      int
}

func at(base string, offset int) mem             { return mem{base, "", offset} }
func atIndex(base, index string, offset int) mem { return mem{base, index, offset} }

// half returns the address of the first (0) or second (1) eight floats.
func (x mem) half(h int) string {
	s := fmt.Sprintf("%d(%s)", x.offset+32*h, x.base)
	if x.index != "" {
		s += "(" + x.index + "*1)"
	}
	return s
}

// constants by name; exp is the polynomial of Cephes expf.
var constants = map[string]float64{
	"one": 1, "lowest": -math.MaxFloat32,
	"log2e": math.Log2E, "nln2hi": -0.693359375, "nln2lo": 2.12194440e-4, "expMax": 88, "expMin": -80,
	"e0": 1.9875691500e-4, "e1": 1.3981999507e-3, "e2": 8.3334519073e-3,
	"e3": 4.1665795894e-2, "e4": 1.6666665459e-1, "e5": 5.0000001201e-1,
	"gelu0": 2 * 0.7978845608028654, "ngelu0": -2 * 0.7978845608028654, // 2 sqrt(2/pi)
	"gelu1": 0.044715, "gelu13": 3 * 0.044715,
}

// constantTable writes the constants, each repeated over 16 lanes.
func (g *emitter) constantTable() {
	var names []string
	for name := range constants {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b := math.Float32bits(float32(constants[name]))
		for i := range 8 {
			g.p("DATA ·c_%s+%d(SB)/8, $0x%08x%08x", name, 8*i, b, b)
		}
		g.p("GLOBL ·c_%s(SB), RODATA|NOPTR, $64\n", name)
	}
}

func (g *emitter) name(o operand, half int) string {
	switch v := o.(type) {
	case int:
		if g.wide {
			return fmt.Sprintf("Z%d", v)
		}
		return fmt.Sprintf("Y%d", 2*v+half)
	case string:
		return fmt.Sprintf("·c_%s+%d(SB)", v, 32*half)
	case mem:
		return v.half(half)
	}
	panic("gen: bad operand")
}

// low returns the X register that holds the first four lanes of v.
func (g *emitter) low(v int) string {
	if g.wide {
		return fmt.Sprintf("X%d", v)
	}
	return fmt.Sprintf("X%d", 2*v)
}

// emit writes one instruction on virtual registers; the last operand is the
// destination, as in Go's assembler.
func (g *emitter) emit(instruction string, operands ...operand) {
	halves := 2
	if g.wide {
		halves = 1
	}
	for h := range halves {
		var s []string
		for _, o := range operands {
			s = append(s, g.name(o, h))
		}
		g.p("\t%s %s", instruction, strings.Join(s, ", "))
	}
}

func (g *emitter) load(d int, s operand)          { g.emit("VMOVUPS", s, d) }
func (g *emitter) store(d mem, s int)             { g.emit("VMOVUPS", s, d) }
func (g *emitter) add(d, a int, b operand)        { g.emit("VADDPS", b, a, d) }
func (g *emitter) sub(d, a int, b operand)        { g.emit("VSUBPS", b, a, d) }
func (g *emitter) mul(d, a int, b operand)        { g.emit("VMULPS", b, a, d) }
func (g *emitter) div(d, a int, b operand)        { g.emit("VDIVPS", b, a, d) }
func (g *emitter) max(d, a int, b operand)        { g.emit("VMAXPS", b, a, d) }
func (g *emitter) min(d, a int, b operand)        { g.emit("VMINPS", b, a, d) }
func (g *emitter) sqrt(d, a int)                  { g.emit("VSQRTPS", a, d) }
func (g *emitter) addProduct(d, a int, b operand) { g.emit("VFMADD231PS", b, a, d) }  // d += a*b
func (g *emitter) subProduct(d, a int, b operand) { g.emit("VFNMADD231PS", b, a, d) } // d -= a*b
func (g *emitter) timesPlus(d, a int, b operand)  { g.emit("VFMADD213PS", b, a, d) }  // d = d*a + b
func (g *emitter) zero(d int)                     { g.emit("VXORPS", d, d, d) }
func (g *emitter) argument(name string, off int, reg string) {
	g.p("\tMOVQ %s+%d(FP), %s", name, off, reg)
}

// broadcast fills d with one float, at an address or in lane 0 of an X register.
func (g *emitter) broadcast(d int, source string) {
	if g.wide {
		g.p("\tVBROADCASTSS %s, Z%d", source, d)
		return
	}
	g.p("\tVBROADCASTSS %s, Y%d", source, 2*d)
	g.p("\tVMOVAPS Y%d, Y%d", 2*d, 2*d+1)
}

// reduce folds the 16 lanes of v into lane 0, which it returns as an X register:
// instruction is ADD or MAX, t a scratch register.
func (g *emitter) reduce(instruction string, v, t int) string {
	x, y := g.low(v), g.low(t)
	if g.wide {
		g.p("\tVEXTRACTF64X4 $1, Z%d, Y%d", v, t)
		g.p("\tV%sPS Y%d, Y%d, Y%d", instruction, t, v, v)
		g.p("\tVEXTRACTF128 $1, Y%d, %s", v, y)
	} else {
		g.p("\tV%sPS Y%d, Y%d, Y%d", instruction, 2*v+1, 2*v, 2*v)
		g.p("\tVEXTRACTF128 $1, Y%d, %s", 2*v, y)
	}
	g.p("\tV%sPS %s, %s, %s", instruction, y, x, x)
	g.p("\tVMOVSHDUP %s, %s", x, y)
	g.p("\tV%sPS %s, %s, %s", instruction, y, x, x)
	g.p("\tVMOVHLPS %s, %s, %s", x, x, y)
	g.p("\tV%sSS %s, %s, %s", instruction, y, x, x)
	return x
}

// exp replaces x by e^x, x cut to [-80, 88]; n, r and q are scratch. Of a NaN and
// a number, VMINPS and VMAXPS return their first operand here: x stands there, so
// that a NaN stays one.
func (g *emitter) exp(x, n, r, q int) {
	g.load(n, "expMax")
	g.min(x, n, x)
	g.load(n, "expMin")
	g.max(x, n, x)
	g.mul(n, x, "log2e")
	if g.wide {
		g.p("\tVRNDSCALEPS $0, Z%d, Z%d", n, n)
	} else {
		g.p("\tVROUNDPS $0, Y%d, Y%d", 2*n, 2*n)
		g.p("\tVROUNDPS $0, Y%d, Y%d", 2*n+1, 2*n+1)
	}
	g.addProduct(x, n, "nln2hi")
	g.addProduct(x, n, "nln2lo")
	g.load(q, "e0")
	for i := 1; i <= 5; i++ {
		g.timesPlus(q, x, fmt.Sprintf("e%d", i))
	}
	g.mul(r, x, x)
	g.add(x, x, "one")
	g.timesPlus(q, r, x)
	if g.wide {
		g.p("\tVSCALEFPS Z%d, Z%d, Z%d", n, q, x)
		return
	}
	for h := range 2 {
		g.p("\tVCVTPS2DQ Y%d, Y%d", 2*n+h, 2*n+h)
		g.p("\tVPSLLD $23, Y%d, Y%d", 2*n+h, 2*n+h)
		g.p("\tVPADDD Y%d, Y%d, Y%d", 2*n+h, 2*q+h, 2*x+h)
	}
}

// function starts a kernel: it declares name with the suffix 512 or 256 and the
// given Go parameters, whose size is size bytes.
func (g *emitter) function(name, parameters string, size int) {
	suffix := "256"
	if g.wide {
		suffix = "512"
	}
	g.p("// func %s%s(%s)", name, suffix, parameters)
	g.p("TEXT ·%s%s(SB), NOSPLIT, $0-%d", name, suffix, size)
	g.declare("//go:noescape\nfunc %s%s(%s)", name, suffix, parameters)
}

func (g *emitter) end() { g.p("\tVZEROUPPER\n\tRET\n") }

// columns runs body for BX = 0, 64, ... below R8, the bytes of a row.
func (g *emitter) columns(label string, body func()) {
	g.p("\tXORQ BX, BX\n%s:", label)
	body()
	g.p("\tADDQ $64, BX\n\tCMPQ BX, R8\n\tJLT %s", label)
}

// times runs body CX times; CX must be positive.
func (g *emitter) times(label string, body func()) {
	g.p("%s:", label)
	body()
	g.p("\tDECQ CX\n\tJNZ %s", label)
}

package main

import (
	"math"
	"slices"
)

// Kernels are written for a machine of virtual registers, each of 16 float32
// lanes: one Z register (AVX-512), two Y registers (AVX2) or four V registers
// (NEON). Operands are virtual registers (int), memory (mem), or the names of
// constants (string). General registers have the names of amd64.
//
// Every operation is done on all lanes before the next one, and lanes are summed
// in one order, so all three give the same bits.

type operand any

// mem is the 16 floats at base + index + offset bytes.
type mem struct {
	base, index string
	offset      int
}

func at(base string, offset int) mem             { return mem{base, "", offset} }
func atIndex(base, index string, offset int) mem { return mem{base, index, offset} }

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

// A machine is an instruction set.
type machine interface {
	suffix() string // of the names of its functions

	// On virtual registers; d is the destination.
	load(g *emitter, d int, s operand)
	store(g *emitter, d mem, s int)
	arithmetic(g *emitter, op string, d, a int, b operand) // "ADD", "SUB", "MUL", "DIV", "MAX", "MIN"
	addProduct(g *emitter, d, a int, b operand)            // d += a*b, rounded once
	subProduct(g *emitter, d, a int, b operand)            // d -= a*b
	timesPlus(g *emitter, d, a int, b operand)             // d = d*a + b
	sqrt(g *emitter, d, a int)
	zero(g *emitter, d int)
	round(g *emitter, d int)              // to the nearest whole number, ties to even
	scaleByPower(g *emitter, d, a, n int) // d = a * 2^n; n holds whole numbers and is overwritten

	// On the first lane of a virtual register.
	reduce(g *emitter, op string, v, t int) // folds all lanes of v into it, "ADD" or "MAX"; t is scratch
	spread(g *emitter, v int)               // fills v with it
	broadcast(g *emitter, d int, base string, offset int)
	storeFirst(g *emitter, v int, base string)
	result(g *emitter, v int, name string, offset int)
	scaleFirst(g *emitter, v int, argument string, offset int)
	divideFirst(g *emitter, v, t int, base string)                      // v = the float at base / v
	inverseRootFirst(g *emitter, v, t int, argument string, offset int) // v = 1 / sqrt(v + argument)

	// On general registers.
	argument(g *emitter, name string, offset int, register string)
	advance(g *emitter, register, by string)
	advanceBy(g *emitter, register string, bytes int)
	address(g *emitter, d, base, index string, scale int)
	multiply(g *emitter, d, a, b string)
	columns(g *emitter, label string, body func())
	times(g *emitter, label string, body func())
	picks(g *emitter, body func())
	end(g *emitter)
}

func (g *emitter) load(d int, s operand)          { g.machine.load(g, d, s) }
func (g *emitter) store(d mem, s int)             { g.machine.store(g, d, s) }
func (g *emitter) add(d, a int, b operand)        { g.machine.arithmetic(g, "ADD", d, a, b) }
func (g *emitter) sub(d, a int, b operand)        { g.machine.arithmetic(g, "SUB", d, a, b) }
func (g *emitter) mul(d, a int, b operand)        { g.machine.arithmetic(g, "MUL", d, a, b) }
func (g *emitter) div(d, a int, b operand)        { g.machine.arithmetic(g, "DIV", d, a, b) }
func (g *emitter) max(d, a int, b operand)        { g.machine.arithmetic(g, "MAX", d, a, b) }
func (g *emitter) min(d, a int, b operand)        { g.machine.arithmetic(g, "MIN", d, a, b) }
func (g *emitter) sqrt(d, a int)                  { g.machine.sqrt(g, d, a) }
func (g *emitter) addProduct(d, a int, b operand) { g.machine.addProduct(g, d, a, b) }
func (g *emitter) subProduct(d, a int, b operand) { g.machine.subProduct(g, d, a, b) }
func (g *emitter) timesPlus(d, a int, b operand)  { g.machine.timesPlus(g, d, a, b) }
func (g *emitter) zero(d int)                     { g.machine.zero(g, d) }

func (g *emitter) reduce(op string, v, t int)               { g.machine.reduce(g, op, v, t) }
func (g *emitter) spread(v int)                             { g.machine.spread(g, v) }
func (g *emitter) broadcast(d int, base string, offset int) { g.machine.broadcast(g, d, base, offset) }
func (g *emitter) storeFirst(v int, base string)            { g.machine.storeFirst(g, v, base) }
func (g *emitter) result(v int, name string, offset int)    { g.machine.result(g, v, name, offset) }
func (g *emitter) scaleFirst(v int, argument string, off int) {
	g.machine.scaleFirst(g, v, argument, off)
}
func (g *emitter) divideFirst(v, t int, base string) { g.machine.divideFirst(g, v, t, base) }
func (g *emitter) inverseRootFirst(v, t int, s string, o int) {
	g.machine.inverseRootFirst(g, v, t, s, o)
}
func (g *emitter) argument(name string, off int, reg string) { g.machine.argument(g, name, off, reg) }
func (g *emitter) advance(register, by string)               { g.machine.advance(g, register, by) }
func (g *emitter) advanceBy(register string, bytes int)      { g.machine.advanceBy(g, register, bytes) }
func (g *emitter) address(d, base, index string, scale int) {
	g.machine.address(g, d, base, index, scale)
}
func (g *emitter) multiply(d, a, b string) { g.machine.multiply(g, d, a, b) }

// columns runs body for BX = 0, 64, ... below R8, the bytes of a row.
func (g *emitter) columns(label string, body func()) { g.machine.columns(g, label, body) }

// times runs body CX times; CX must be positive.
func (g *emitter) times(label string, body func()) { g.machine.times(g, label, body) }

// picks runs body for each of the R9 indices at SI, with R11 the bytes before the
// row of that index. It uses R10.
func (g *emitter) picks(body func()) { g.machine.picks(g, body) }

func (g *emitter) end() { g.machine.end(g) }

// exp replaces x by e^x, x cut to [-80, 88]; n, r and q are scratch. Of a NaN and
// a number, VMINPS and VMAXPS return their first operand here: x stands there, so
// that a NaN stays one.
func (g *emitter) exp(x, n, r, q int) {
	g.load(n, "expMax")
	g.min(x, n, x)
	g.load(n, "expMin")
	g.max(x, n, x)
	g.mul(n, x, "log2e")
	g.machine.round(g, n)
	g.addProduct(x, n, "nln2hi")
	g.addProduct(x, n, "nln2lo")
	g.load(q, "e0")
	for _, c := range []string{"e1", "e2", "e3", "e4", "e5"} {
		g.timesPlus(q, x, c)
	}
	g.mul(r, x, x)
	g.add(x, x, "one")
	g.timesPlus(q, r, x)
	g.machine.scaleByPower(g, x, q, n)
}

// function starts a kernel: it declares name with the suffix of the machine and
// the given Go parameters, whose size is size bytes.
func (g *emitter) function(name, parameters string, size int) {
	suffix := g.machine.suffix()
	g.p("// func %s%s(%s)", name, suffix, parameters)
	g.p("TEXT ·%s%s(SB), NOSPLIT, $0-%d", name, suffix, size)
	g.declare("//go:noescape\nfunc %s%s(%s)", name, suffix, parameters)
}

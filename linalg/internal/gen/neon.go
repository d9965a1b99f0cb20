package main

import "fmt"

// neon is the vector unit of arm64: a virtual register is four V registers of
// four lanes. Virtual register 7 holds operands that are not in a register.
//
// Go's assembler knows few of the instructions on vectors of floats; the others
// are written as words. Their encodings are in the Arm Architecture Reference
// Manual, DDI 0487, section C7.2; the tests of package linalg run them.
type neon struct{}

const operandRegister = 7

// general are the registers of arm64 by the names of amd64 that kernels use. R13
// and R14 are scratch.
var general = map[string]string{
	"AX": "R0", "BX": "R1", "CX": "R2", "DX": "R3", "SI": "R4", "DI": "R5",
	"R8": "R6", "R9": "R7", "R10": "R8", "R11": "R9", "R12": "R10", "R13": "R11",
}

// words are the encodings of instructions on four lanes, without registers.
var words = map[string]uint32{
	"ADD": 0x4e20d400, "SUB": 0x4ea0d400, "MUL": 0x6e20dc00, "DIV": 0x6e20fc00, "MAX": 0x4e20f400, "MIN": 0x4ea0f400,
	"ADDP": 0x6e20d400, "MAXP": 0x6e20f400,
	"SQRT": 0x6ea1f800, "RINTN": 0x4e218800, "CVTNS": 0x4e21a800,
}

// word writes an instruction on the V registers d = n op m; of one operand only n.
func (neon) word(g *emitter, op string, d, n, m int) {
	w, ok := words[op]
	if !ok {
		panic("gen: no encoding of " + op)
	}
	w |= uint32(n)<<5 | uint32(d)
	registers := fmt.Sprintf("V%d.S4, V%d.S4", d, n)
	switch op {
	case "SQRT", "RINTN", "CVTNS":
	default:
		w |= uint32(m) << 16
		registers += fmt.Sprintf(", V%d.S4", m)
	}
	g.p("\tWORD $0x%08x // F%s %s", w, op, registers)
}

func quarters(v int) string {
	return fmt.Sprintf("[V%d.S4, V%d.S4, V%d.S4, V%d.S4]", 4*v, 4*v+1, 4*v+2, 4*v+3)
}

func (neon) suffix() string { return "Neon" }

// at returns a register that holds the address of x.
func (neon) at(g *emitter, x mem) string {
	base := general[x.base]
	if x.index != "" {
		g.p("\tADD %s, %s, R13", general[x.index], base)
		base = "R13"
	}
	if x.offset != 0 {
		g.p("\tADD $%d, %s, R13", x.offset, base)
		base = "R13"
	}
	return base
}

// operand returns the V registers of the four quarters of o, which it loads if
// it is not in a register.
func (m neon) operand(g *emitter, o operand) (v [4]int) {
	at := operandRegister
	switch o := o.(type) {
	case int:
		at = o
	case mem:
		m.load(g, at, o)
	case string: // the same in all quarters
		m.constant(g, 4*at, o)
		return [4]int{4 * at, 4 * at, 4 * at, 4 * at}
	}
	return [4]int{4 * at, 4*at + 1, 4*at + 2, 4*at + 3}
}

// constant fills one V register.
func (neon) constant(g *emitter, v int, name string) {
	g.p("\tMOVD $·c_%s(SB), R14", name)
	g.p("\tVLD1R (R14), [V%d.S4]", v)
}

func (m neon) load(g *emitter, d int, s operand) {
	switch s := s.(type) {
	case mem:
		g.p("\tVLD1 (%s), %s", m.at(g, s), quarters(d))
	case string:
		m.constant(g, 4*d, s)
		m.copyQuarter(g, d)
	default:
		panic("gen: bad operand")
	}
}

// copyQuarter fills v with its first quarter.
func (neon) copyQuarter(g *emitter, v int) {
	for q := 1; q < 4; q++ {
		g.p("\tVMOV V%d.B16, V%d.B16", 4*v, 4*v+q)
	}
}

func (m neon) store(g *emitter, d mem, s int) { g.p("\tVST1 %s, (%s)", quarters(s), m.at(g, d)) }

func (m neon) arithmetic(g *emitter, op string, d, a int, b operand) {
	v := m.operand(g, b)
	for q := range 4 {
		m.word(g, op, 4*d+q, 4*a+q, v[q])
	}
}

func (m neon) addProduct(g *emitter, d, a int, b operand) {
	v := m.operand(g, b)
	for q := range 4 {
		g.p("\tVFMLA V%d.S4, V%d.S4, V%d.S4", v[q], 4*a+q, 4*d+q)
	}
}

func (m neon) subProduct(g *emitter, d, a int, b operand) {
	v := m.operand(g, b)
	for q := range 4 {
		g.p("\tVFMLS V%d.S4, V%d.S4, V%d.S4", v[q], 4*a+q, 4*d+q)
	}
}

// timesPlus adds to b, since NEON overwrites only what it adds to.
func (m neon) timesPlus(g *emitter, d, a int, b operand) {
	v := m.operand(g, b)
	for q := range 4 {
		sum := 4*operandRegister + q
		if v[q] != sum {
			g.p("\tVMOV V%d.B16, V%d.B16", v[q], sum)
		}
	}
	for q := range 4 {
		sum := 4*operandRegister + q
		g.p("\tVFMLA V%d.S4, V%d.S4, V%d.S4", 4*a+q, 4*d+q, sum)
		g.p("\tVMOV V%d.B16, V%d.B16", sum, 4*d+q)
	}
}

func (m neon) each(g *emitter, op string, d, a int) {
	for q := range 4 {
		m.word(g, op, 4*d+q, 4*a+q, 0)
	}
}

func (m neon) sqrt(g *emitter, d, a int) { m.each(g, "SQRT", d, a) }
func (m neon) round(g *emitter, d int)   { m.each(g, "RINTN", d, d) }

func (neon) zero(g *emitter, d int) {
	for q := range 4 {
		g.p("\tVEOR V%d.B16, V%d.B16, V%d.B16", 4*d+q, 4*d+q, 4*d+q)
	}
}

func (m neon) scaleByPower(g *emitter, d, a, n int) {
	m.each(g, "CVTNS", n, n)
	for q := range 4 {
		g.p("\tVSHL $23, V%d.S4, V%d.S4", 4*n+q, 4*n+q)
		g.p("\tVADD V%d.S4, V%d.S4, V%d.S4", 4*n+q, 4*a+q, 4*d+q)
	}
}

// reduce adds lanes in the order of amd64: eight apart, four apart, neighbours.
func (m neon) reduce(g *emitter, op string, v, _ int) {
	x := 4 * v
	m.word(g, op, x, x, x+2)
	m.word(g, op, x+1, x+1, x+3)
	m.word(g, op, x, x, x+1)
	m.word(g, op+"P", x, x, x)
	m.word(g, op+"P", x, x, x)
}

func (m neon) spread(g *emitter, v int) {
	g.p("\tVDUP V%d.S[0], V%d.S4", 4*v, 4*v)
	m.copyQuarter(g, v)
}

func (m neon) broadcast(g *emitter, d int, base string, offset int) {
	g.p("\tVLD1R (%s), [V%d.S4]", m.at(g, at(base, offset)), 4*d)
	m.copyQuarter(g, d)
}

func (neon) storeFirst(g *emitter, v int, base string) { g.p("\tFMOVS F%d, (%s)", 4*v, general[base]) }

func (neon) result(g *emitter, v int, name string, offset int) {
	g.p("\tFMOVS F%d, %s+%d(FP)", 4*v, name, offset)
}

func (neon) scaleFirst(g *emitter, v int, argument string, offset int) {
	g.p("\tFMOVS %s+%d(FP), F%d", argument, offset, 4*operandRegister)
	g.p("\tFMULS F%d, F%d, F%d", 4*operandRegister, 4*v, 4*v)
}

func (neon) divideFirst(g *emitter, v, _ int, base string) {
	g.p("\tFMOVS (%s), F%d", general[base], 4*operandRegister)
	g.p("\tFDIVS F%d, F%d, F%d", 4*v, 4*operandRegister, 4*v)
}

func (neon) inverseRootFirst(g *emitter, v, _ int, argument string, offset int) {
	g.p("\tFMOVS %s+%d(FP), F%d", argument, offset, 4*operandRegister)
	g.p("\tFADDS F%d, F%d, F%d", 4*operandRegister, 4*v, 4*v)
	g.p("\tFSQRTS F%d, F%d", 4*v, 4*v)
	g.p("\tFMOVS $1.0, F%d", 4*operandRegister)
	g.p("\tFDIVS F%d, F%d, F%d", 4*v, 4*operandRegister, 4*v)
}

func (neon) argument(g *emitter, name string, offset int, register string) {
	g.p("\tMOVD %s+%d(FP), %s", name, offset, general[register])
}

func (neon) advance(g *emitter, register, by string) {
	g.p("\tADD %s, %s", general[by], general[register])
}

func (neon) advanceBy(g *emitter, register string, bytes int) {
	g.p("\tADD $%d, %s", bytes, general[register])
}

func (neon) address(g *emitter, d, base, index string, scale int) {
	shift := map[int]int{1: 0, 2: 1, 4: 2}[scale]
	if shift == 0 {
		g.p("\tADD %s, %s, %s", general[index], general[base], general[d])
		return
	}
	g.p("\tADD %s<<%d, %s, %s", general[index], shift, general[base], general[d])
}

func (neon) multiply(g *emitter, d, a, b string) {
	g.p("\tMUL %s, %s, %s", general[a], general[b], general[d])
}

func (neon) columns(g *emitter, label string, body func()) {
	g.p("\tMOVD $0, %s\n%s:", general["BX"], label)
	body()
	g.p("\tADD $64, %s\n\tCMP %s, %s\n\tBLT %s", general["BX"], general["R8"], general["BX"], label)
}

func (neon) times(g *emitter, label string, body func()) {
	g.p("%s:", label)
	body()
	g.p("\tSUBS $1, %s\n\tBNE %s", general["CX"], label)
}

func (neon) picks(g *emitter, body func()) {
	count, index := general["R10"], general["R11"]
	g.p("\tMOVD $0, %s\npickloop:", count)
	g.p("\tADD %s<<2, %s, R13\n\tMOVW (R13), %s\n\tMUL %s, %s", count, general["SI"], index, general["R8"], index)
	body()
	g.p("\tADD $1, %s\n\tCMP %s, %s\n\tBLT pickloop", count, general["R9"], count)
}

func (neon) end(g *emitter) { g.p("\tRET\n") }

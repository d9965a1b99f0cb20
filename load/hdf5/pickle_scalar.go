package hdf5

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// scalar runs the instructions that push a number or a text.
func (u *unpickler) scalar(op byte) bool {
	switch op {
	case 'I':
		switch s := u.line(); s {
		case "00", "01":
			u.push(s == "01")
		default:
			u.push(integerText(s))
		}
	case 'L':
		u.push(integerText(strings.TrimSuffix(u.line(), "L")))
	case 'J':
		u.push(int64(int32(u.u32())))
	case 'K':
		u.push(int64(u.u8()))
	case 'M':
		u.push(int64(u.u16()))
	case 0x8a:
		u.push(integerBytes(u.sized(1)))
	case 0x8b:
		u.push(integerBytes(u.sized(4)))
	case 'F':
		x, err := strconv.ParseFloat(u.line(), 64)
		if err != nil {
			fail("a number in a pickle: %w", err)
		}
		u.push(x)
	case 'G':
		u.push(math.Float64frombits(binary.BigEndian.Uint64(u.take(8))))
	case 'S':
		s := u.line()
		if len(s) < 2 {
			fail("a string in a pickle has no quotes")
		}
		u.push(unescape(strings.ReplaceAll(s[1:len(s)-1], `\'`, `'`)))
	case 'V':
		u.push(unescape(u.line()))
	case 'U', 0x8c:
		u.push(string(u.sized(1)))
	case 'T', 'X':
		u.push(string(u.sized(4)))
	case 0x8d:
		u.push(string(u.sized(8)))
	case 'C':
		u.push(u.sized(1))
	case 'B':
		u.push(u.sized(4))
	case 0x8e, 0x96:
		u.push(u.sized(8))
	default:
		return false
	}
	return true
}

// unescape resolves the escapes of a text in Latin-1, as protocol 0 writes it.
func unescape(latin1 string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(latin1) {
		c := latin1[i]
		if c == '"' && (i == 0 || latin1[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteRune(rune(c))
	}
	b.WriteByte('"')
	s, err := strconv.Unquote(b.String())
	if err != nil {
		fail("a string in a pickle: %w", err)
	}
	return s
}

// integerText reads a decimal number.
func integerText(s string) any {
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return v
	}
	v, ok := new(big.Int).SetString(s, 10)
	if !ok {
		fail("an integer in a pickle: %.20q", s)
	}
	return v
}

// integerBytes reads a number in two's complement, lowest byte first.
func integerBytes(b []byte) any {
	if len(b) <= 8 {
		var v uint64
		for i, x := range b {
			v |= uint64(x) << (8 * i)
		}
		unused := 64 - 8*len(b)
		return int64(v<<unused) >> unused
	}
	reversed := make([]byte, len(b))
	for i, x := range b {
		reversed[len(b)-1-i] = x
	}
	v := new(big.Int).SetBytes(reversed)
	if reversed[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

package load

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	tests := []struct {
		text, reason string
		want         float64
		ok           bool
	}{
		{"0", "zero", 0, true},
		{"-0", "minus zero is zero with a sign", math.Copysign(0, -1), true},
		{"+7", "a plus sign", 7, true},
		{" 12 ", "white space does not count", 12, true},
		{".5", "no digit before the point", 0.5, true},
		{"5.", "none behind it", 5, true},
		{"1e5", "exponent", 1e5, true},
		{"1E-3", "capital exponent", 1e-3, true},
		{"0.1", "the nearest float64, as strconv", 0.1, true},
		{"1.7976931348623157e308", "the largest", math.MaxFloat64, true},
		{"4.9e-324", "the smallest", 5e-324, true},
		{"1e-400", "too small is zero", 0, true},
		{"123456789012345678901.5", "more digits than 64 bits hold", 123456789012345678901.5, true},
		{"9007199254740992", "2^53 is exact", 1 << 53, true},
		{"9007199254740993", "2^53+1 is not", 0, false},
		{"-9007199254740993", "nor its negative", 0, false},
		{"123456789012345678901234", "an integer that would be rounded", 0, false},
		{"9007199254740993.0", "written as a decimal it may be rounded", 9007199254740992, true},
		{"00123", "leading zeros are for isCode to see", 123, true},
		{"1e400", "too large", 0, false},
		{"", "nothing", 0, false},
		{"-", "a sign alone", 0, false},
		{".", "a point alone", 0, false},
		{"1e", "an exponent without digits", 0, false},
		{"1,5", "a decimal comma", 0, false},
		{"1_000", "Go's underscore", 0, false},
		{"0x10", "hexadecimal", 0, false},
		{"inf", "not a number", 0, false},
		{"NaN", "not a number", 0, false},
		{"12 34", "two numbers", 0, false},
		{"5%", "a unit", 0, false},
	}
	for _, test := range tests {
		got, ok := parseNumber([]byte(test.text))
		if ok != test.ok || ok && math.Float64bits(got) != math.Float64bits(test.want) {
			t.Errorf("parseNumber(%q) = %v, %v, want %v, %v: %s", test.text, got, ok, test.want, test.ok, test.reason)
		}
	}
}

// The fast path rounds as strconv does, on numbers of every length.
func TestParseNumberIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 100_000 {
		x := math.Float64frombits(rng.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		for _, text := range []string{
			strconv.FormatFloat(x, 'e', rng.IntN(18), 64),
			strconv.FormatFloat(rng.NormFloat64()*1e4, 'f', 1+rng.IntN(18), 64),
		} {
			want, err := strconv.ParseFloat(text, 64)
			got, ok := parseNumber([]byte(text))
			if ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("parseNumber(%q) = %v, %v, strconv has %v, %v", text, got, ok, want, err)
			}
		}
	}
}

func TestIsCode(t *testing.T) {
	for text, want := range map[string]bool{
		"00123": true, "007": true, "-01": true, "9007199254740993": true, "4111111111111111111": true,
		"0": false, "10": false, "0.5": false, "00.5": false, "01e5": false, "9007199254740992": false, "a01": false, "": false, "-": false,
	} {
		if got := isCode([]byte(text)); got != want {
			t.Errorf("isCode(%q) = %v", text, got)
		}
	}
}

func TestCutText(t *testing.T) {
	if got := cutText([]byte(strings.Repeat("é", 50))); got != strings.Repeat("é", 32) {
		t.Errorf("64 bytes of é: %q", got)
	}
	if got := cutText([]byte("a" + strings.Repeat("é", 50))); got != "a"+strings.Repeat("é", 31) {
		t.Errorf("64 bytes that would end within a character: %q", got)
	}
	if got := cutText([]byte("a\xffb")); got != "a\ufffdb" {
		t.Errorf("bytes that are not UTF-8: %q", got)
	}
}

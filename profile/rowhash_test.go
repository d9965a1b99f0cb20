package profile

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/sketch"
)

func smallKMV() *sketch.KMV { return sketch.NewKMV(1024) }

func TestRowHash(t *testing.T) {
	// Each row is a number and a string; null marks a null.
	type row struct {
		x     float64
		s     string
		nulls [2]bool
	}
	rows := []row{
		0: {x: 0, s: "a"},
		1: {x: math.Copysign(0, -1), s: "a"},
		2: {x: 1, s: "a"},
		3: {x: 0, s: ""},
		4: {x: 0, s: "ignored", nulls: [2]bool{false, true}},
		5: {x: 0, s: "other", nulls: [2]bool{false, true}},
		6: {x: math.NaN(), s: "a"},
		7: {x: 5, s: "a", nulls: [2]bool{true, false}},
		8: {x: math.Inf(1), s: "a"},
		9: {x: 0, s: "a "},
	}
	same := map[int]int{1: 0, 5: 4, 7: 6, 8: 6} // row -> the earlier one that it equals
	b := &dataset.Batch{Rows: len(rows), Columns: []dataset.Vector{{}, {}}}
	for _, r := range rows {
		b.Columns[0].Floats = append(b.Columns[0].Floats, r.x)
		b.Columns[1].Strings = append(b.Columns[1].Strings, r.s)
		b.Columns[0].Null = append(b.Columns[0].Null, r.nulls[0])
		b.Columns[1].Null = append(b.Columns[1].Null, r.nulls[1])
	}
	hashes := make([]uint64, len(rows))
	HashRows(b, hashes)
	for i := range rows {
		if got := RowHash(b, i); got != hashes[i] {
			t.Errorf("row %d: RowHash %#x, HashRows %#x", i, got, hashes[i])
		}
		first := slices.Index(hashes, hashes[i])
		want, repeats := same[i]
		if !repeats {
			want = i
		}
		if first != want {
			t.Errorf("row %d has the hash of row %d, want that of row %d", i, first, want)
		}
	}
}

func TestRowHashOrder(t *testing.T) {
	hash := func(x ...float64) uint64 {
		b := &dataset.Batch{Rows: 1}
		for _, v := range x {
			b.Columns = append(b.Columns, dataset.Vector{Floats: []float64{v}, Null: []bool{false}})
		}
		return RowHash(b, 0)
	}
	seen := map[uint64][]float64{}
	for _, x := range [][]float64{{1, 2}, {2, 1}, {1, 1}, {2, 2}, {1}, {1, 2, 2}, {}, {0, 0}, {0}, {0, 0, 0}} {
		if other, taken := seen[hash(x...)]; taken {
			t.Errorf("%v and %v have the same hash", x, other)
		}
		seen[hash(x...)] = x
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		s             string
		length, words int
		reason        string
	}{
		{"", 0, 0, "nothing"},
		{"   \t\n", 5, 0, "white space only"},
		{"one", 3, 1, ""},
		{" two  words ", 12, 2, "runs of spaces"},
		{"über\u00a0Straße", 11, 2, "a no-break space is white space"},
		{"a,b", 3, 1, "punctuation does not separate"},
		{"漢字", 2, 1, "two characters a word"},
		{"漢字仮", 3, 2, "rounded up"},
		{"use 漢字 here", 11, 3, "mixed"},
		{"\xff\xfe", 2, 1, "broken UTF-8 is counted byte by byte"},
	}
	for _, tt := range tests {
		if length, count := words(tt.s); length != tt.length || count != tt.words {
			t.Errorf("words(%q) = %d, %d, want %d, %d: %s", tt.s, length, count, tt.length, tt.words, tt.reason)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("one two")
	f.Add("漢 \xff")
	f.Fuzz(func(t *testing.T, s string) {
		length, count := words(s)
		if length != utf8.RuneCountInString(s) {
			t.Errorf("%q has %d code points, not %d", s, utf8.RuneCountInString(s), length)
		}
		if blank := strings.TrimSpace(s) == ""; blank != (count == 0) || count > length {
			t.Errorf("%q has %d words of %d code points", s, count, length)
		}
		if c := cut(s); !strings.HasPrefix(s, c) || len(c) > maxLevelBytes || utf8.ValidString(s) && !utf8.ValidString(c) ||
			len(s) > len(c) && len(c) <= maxLevelBytes-utf8.UTFMax {
			t.Errorf("cut(%q) = %q", s, c)
		}
	})
}

func TestCut(t *testing.T) {
	for _, s := range []string{strings.Repeat("a", 257), strings.Repeat("é", 200), "a" + strings.Repeat("é", 200), strings.Repeat("\x80", 300), strings.Repeat("😀", 99)[1:]} {
		c := cut(s)
		if !strings.HasPrefix(s, c) || len(c) > 256 || len(c) < 252 || utf8.ValidString(s) && !utf8.ValidString(c) {
			t.Errorf("cut of %d bytes has %d, valid: %v", len(s), len(c), utf8.ValidString(c))
		}
	}
}

func TestLowest(t *testing.T) {
	a := lowest[int]{n: 4, compare: cmp.Compare[int]}
	b := lowest[int]{n: 4, compare: cmp.Compare[int]}
	for _, x := range []int{9, 3, 7, 3, 8, 1} {
		a.add(x)
		b.add(x + 1)
	}
	a.merge(&b)
	if want := []int{1, 2, 3, 3}; !slices.Equal(a.items, want) {
		t.Errorf("%v, want %v", a.items, want)
	}
}

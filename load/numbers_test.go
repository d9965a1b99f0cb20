package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestParseGrouped(t *testing.T) {
	tests := []struct {
		text, reason string
		mark         byte
		want         float64
		ok           bool
	}{
		{"1.234,5", "German", ',', 1234.5, true},
		{"-1.234.567,25", "two groups", ',', -1234567.25, true},
		{"0,125", "decimals alone", ',', 0.125, true},
		{"12", "a whole number is the same everywhere", ',', 12, true},
		{"1 234,5", "French", ',', 1234.5, true},
		{"1\u202f234\u202f567", "narrow spaces", ',', 1234567, true},
		{"1'234.50", "Swiss", '.', 1234.5, true},
		{"1,234.5", "English", '.', 1234.5, true},
		{" 1,234 ", "spaces around it", '.', 1234, true},
		{"1,5e3", "an exponent", ',', 1500, true},
		{"12.5", "a group of one digit is none", ',', 0, false},
		{"1,23", "nor is one of two", '.', 0, false},
		{"1234,567", "a first group of four neither", '.', 0, false},
		{"0,123", "no group begins with a zero", '.', 0, false},
		{"1.234 567", "two kinds of separators", ',', 0, false},
		{"1,234,", "a group without digits", '.', 0, false},
		{",5", "decimals without a whole part", ',', 0.5, true},
		{"1,2,3", "a list", '.', 0, false},
		{"", "nothing", '.', 0, false},
		{strings.Repeat("9", 100), "too long", '.', 0, false},
		{"1,234abc", "a word", '.', 0, false},
	}
	for _, test := range tests {
		got, ok := parseGrouped([]byte(test.text), test.mark)
		if got != test.want || ok != test.ok {
			t.Errorf("parseGrouped(%q, %q) = %v, %v; want %v, %v: %s", test.text, test.mark, got, ok, test.want, test.ok, test.reason)
		}
	}
}

// FuzzGrouped: what is read in one way is the plain number that one gets by
// taking the separators out.
func FuzzGrouped(f *testing.F) {
	f.Add("1.234,5", true)
	f.Add("1'234'567.25e3", false)
	f.Fuzz(func(t *testing.T, text string, comma bool) {
		mark, other := byte('.'), ","
		if comma {
			mark, other = ',', "."
		}
		got, ok := parseGrouped([]byte(text), mark)
		if !ok {
			return
		}
		plain := text
		for _, s := range []string{other, "'", " ", "\u00a0", "\u202f", "\u2009", "\u2019", "\t", "\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029", "\u3000"} {
			plain = strings.ReplaceAll(plain, s, "")
		}
		want, isNumber := parseNumber([]byte(strings.Replace(plain, string(mark), ".", 1)))
		if !isNumber || got != want {
			t.Fatalf("parseGrouped(%q, %q) = %v; without separators %q is %v, %v", text, mark, got, plain, want, isNumber)
		}
	})
}

// Numbers since 1970 in a format with types are points in time if a reference
// says so.
func TestForcedEpoch(t *testing.T) {
	for text, want := range map[string]float64{"1709164800": 1709164800, "1709164800500": 1709164800.5, "2024-02-29": 1709164800} {
		if got, ok := parseAs(dataset.Time, []byte(text)); got != want || !ok {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"17", "1709164800.5", "x"} {
		if got, ok := parseAs(dataset.Time, []byte(text)); ok {
			t.Errorf("%q is the point in time %v", text, got)
		}
	}
}

func TestWrittenNumbers(t *testing.T) {
	tests := []struct {
		name, reason, file, text string
		want                     contents
	}{
		{"decimal comma", "semicolons and commas, as Excel writes in most of Europe", "a.csv", "name;price\na;1,5\nb;12,25\nc;1.234,5\n",
			contents{Columns: []string{"name string", "price float"}, Rows: []string{"0: | a | 1.5", "1: | b | 12.25", "2: | c | 1234.5"}}},
		{"points of thousands are no decimals", "1.234 in a column of commas is not 1.234", "a.csv", "x;y\n1,5;a\n1.234;b\n2.500;c\n",
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1.5 | a", "1: | 1234 | b", "2: | 2500 | c"}}},
		{"thousands", "quoted, since the comma is the delimiter too", "a.csv", "x,y\n\"1,234.50\",a\n12.25,b\n",
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1234.5 | a", "1: | 12.25 | b"}}},
		{"ambiguous", "it is said how they are taken", "a.tsv", "x\ty\n1,234\ta\n2,500\tb\n",
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1234 | a", "1: | 2500 | b"},
				Findings: []string{"-1 x: no number tells decimals from thousands; read with thousands, 1,234 as 1234"}}},
		{"epoch", "by the name and the range; no zone is UTC", "a.csv", "created_at,n\n1709164800,1709164800\n1709164801,1709164801\n",
			contents{Columns: []string{"created_at time", "n float"}, Rows: []string{"0: | 1.7091648e+09 | 1.7091648e+09", "1: | 1.709164801e+09 | 1.709164801e+09"}}},
		{"epoch in nanoseconds", "beyond what float64 holds", "a.jsonl", "{\"ts\":1709164800500000000}\n{\"ts\":1709164801500000000}\n",
			contents{Columns: []string{"ts time"}, Rows: []string{"0: | 1.7091648005e+09", "1: | 1.7091648015e+09"}}},
		{"no epoch", "years are not", "a.csv", "update,n\n2020,1\n2021,2\n",
			contents{Columns: []string{"update float", "n float"}, Rows: []string{"0: | 2020 | 1", "1: | 2021 | 2"}}},
		{"title lines", "what programs write above a table is not part of it", "a.csv", "Report of 2024\nmade by x\n\na,b,c\n1,2,x\n3,4,y\n5,6,z\n",
			contents{Columns: []string{"a float", "b float", "c string"}, Rows: []string{"0: | 1 | 2 | x", "1: | 3 | 4 | y", "2: | 5 | 6 | z"},
				Findings: []string{`-1 : 3 lines above the table were left out; the first is "Report of 2024"`}}},
		{"comments", "lines with # above the header", "a.csv", "# made by x, on a day\n# another, one\na,b\n1,2\n3,4\n",
			contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | 1 | 2", "1: | 3 | 4"},
				Findings: []string{`-1 : 2 lines above the table were left out; the first is "# made by x, on a day"`}}},
		{"a header with #", "the last line with # may be the header", "a.tsv", "##fileformat=VCF\n#chrom\tpos\nx\t1\ny\t2\n",
			contents{Columns: []string{"#chrom string", "pos float"}, Rows: []string{"0: | x | 1", "1: | y | 2"},
				Findings: []string{`-1 : 1 lines above the table were left out; the first is "##fileformat=VCF"`}}},
		{"sep=", "Excel's own line", "a.csv", "sep=|\na|b\n1|x,y\n",
			contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x,y"}, Findings: []string{`-1 : 1 lines above the table were left out; the first is "sep=|"`}}},
		{"row names of R", "a header that is one short is no title", "a.csv", "a,b\nr1,1,2\nr2,3,4\n",
			contents{Columns: []string{"column_1 string", "a float", "b float"}, Rows: []string{"0: | r1 | 1 | 2", "1: | r2 | 3 | 4"},
				Findings: []string{`-1 column_1: column 1 is called "", which is empty or taken: read as "column_1"`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := mustRead(t, test.file, test.text, Options{})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
			packed := mustRead(t, test.file+".gz", gzipped(test.text), Options{})
			if diff := cmp.Diff(test.want, packed); diff != "" {
				t.Errorf("%s, compressed (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

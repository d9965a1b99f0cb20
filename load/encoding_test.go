package load

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// utf16Text returns s in UTF-16 with a byte order mark.
func utf16Text(s string, little bool) string {
	var b []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(s))...) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return string(b)
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, reason string
		encoding     encoding
		text, want   string
	}{
		{"UTF-8", "as it is", utf8Text, "aé€😀", "aé€😀"},
		{"broken UTF-8", "runs of bad bytes become one U+FFFD", utf8Text, "a\xe4b\xff", "a\ufffdb\ufffd"},
		{"cut UTF-8", "the last character is not whole", utf8Text, "a\xe2\x82", "a\ufffd"},
		{"Windows-1252", "every byte is a character", windows1252, "\x80 \xe4\xf6\xfc \x93x\x94", "€ äöü “x”"},
		{"UTF-16 LE", "with a surrogate pair", utf16Little, utf16Text("aé😀", true)[2:], "aé😀"},
		{"UTF-16 BE", "with a surrogate pair", utf16Big, utf16Text("aé😀", false)[2:], "aé😀"},
		{"half a pair", "a lone surrogate and half a unit", utf16Big, "\xd8\x3d\x00a\x00", "\ufffda\ufffd"},
	}
	for _, test := range tests {
		for _, r := range []io.Reader{strings.NewReader(test.text), iotest.OneByteReader(strings.NewReader(test.text))} {
			got, err := io.ReadAll(decode(r, test.encoding))
			if err != nil || string(got) != test.want {
				t.Errorf("%s: %q, %v, want %q: %s", test.name, got, err, test.want, test.reason)
			}
		}
	}
}

// UTF-16 files read as their UTF-8 twins do.
func TestUTF16Files(t *testing.T) {
	text := "größe,n\n\"é,😀\",1\nz,2\n"
	want := mustRead(t, "a.csv", text, Options{})
	for _, little := range []bool{true, false} {
		got := mustRead(t, "a.csv", utf16Text(text, little), Options{})
		if strings.Join(got.Rows, ";") != strings.Join(want.Rows, ";") || got.Columns[0] != "größe string" {
			t.Errorf("little endian %v: %v %v", little, got.Columns, got.Rows)
		}
	}
	got := mustRead(t, "a.jsonl", utf16Text("{\"a\":\"é\"}\n{\"a\":\"😀\"}\n", true), Options{})
	if strings.Join(got.Rows, ";") != "0: | é;1: | 😀" {
		t.Errorf("lines of JSON: %v", got.Rows)
	}
}

// UTF-16 without a byte order mark is told by its zeros, in text formats and where
// nothing but the content tells the format.
func TestUTF16WithoutMark(t *testing.T) {
	for name, text := range map[string]string{"data.csv": "n,s\n1,äöü€\n2,b\n", "data": "n;s\n1;äöü€\n2;b\n", "data.jsonl": "{\"n\":1,\"s\":\"äöü€\"}\n{\"n\":2,\"s\":\"b\"}\n"} {
		for _, little := range []bool{true, false} {
			marked := utf16Text(text, little)
			got := mustRead(t, name, marked[2:], Options{})
			want := []string{"0: | 1 | äöü€", "1: | 2 | b"}
			if diff := cmp.Diff(want, got.Rows); diff != "" || len(got.Findings) != 1 || !strings.Contains(got.Findings[0], "UTF-16") {
				t.Errorf("%s, little endian %v: %s %q", name, little, diff, got.Findings)
			}
		}
	}
}

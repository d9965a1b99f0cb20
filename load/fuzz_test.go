package load

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// FuzzNumber compares the number parser with strconv where both have the same
// idea of a number.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-1.5e-7", "9007199254740993", "1e400", "00012", ".", "+.5", "123456789012345678901.25"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseNumber([]byte(s))
		trimmed := string(bytes.TrimSpace([]byte(s)))
		want, err := strconv.ParseFloat(trimmed, 64)
		plainSyntax := strings.Trim(trimmed, "+-.0123456789eE") == ""
		large := strings.Trim(trimmed, "+-0123456789") == "" && math.Abs(want) >= 1<<53
		switch {
		case ok && (err != nil || !plainSyntax || math.Float64bits(got) != math.Float64bits(want)):
			t.Fatalf("parseNumber(%q) = %v, strconv has %v, %v", s, got, want, err)
		case !ok && err == nil && plainSyntax && !large:
			t.Fatalf("parseNumber(%q) fails, strconv has %v", s, want)
		}
		inText, next, inOK := scanNumber([]byte(trimmed+","+strings.Repeat(" ", plainBytes)), 0) // where it may be read as a plain one
		if ok && (!inOK || next != len(trimmed) || math.Float64bits(inText) != math.Float64bits(got)) {
			t.Fatalf("%q is %v by itself, and %v up to %d, %v, with text behind it", s, got, inText, next, inOK)
		}
	})
}

// FuzzCSV opens any bytes as CSV: without a panic, with the same rows wherever
// it is cut, and with the fields of encoding/csv where that takes the file.
func FuzzCSV(f *testing.F) {
	valid, _ := randomCSV(6, 20)
	for _, s := range []string{"a,b\n1,2\n", "a\n\n\"x\n\"\n", "a;b\n\"1;\"\"\";2\r\n", "a,b\n1,\"2\n3,4\n", "\xff,\xfe\n\xe4\n", "a,b\n5\" x,1\n", valid} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		whole, err := fuzzRead("data.csv", text, 1<<20)
		if err != nil {
			asError(t, err)
			return
		}
		for _, rangeBytes := range []int64{1, 13} {
			got, err := fuzzRead("data.csv", text, rangeBytes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole, got); diff != "" {
				t.Fatalf("%q, ranges of %d bytes (-whole +got):\n%s", text, rangeBytes, diff)
			}
		}
		compareFields(t, text)
	})
}

// fuzzRead reads text as the file called name.
func fuzzRead(name string, text []byte, rangeBytes int64) (contents, error) {
	s, err := openMemory(name, text, Options{RangeBytes: rangeBytes})
	if err != nil {
		return contents{}, err
	}
	defer s.Close()
	return readContents(s)
}

// compareFields cuts text into the fields of its records and compares them
// with those of encoding/csv, if that reads text without an error.
func compareFields(t *testing.T, text []byte) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	want, err := r.ReadAll()
	if err != nil {
		return
	}
	f := newFields(&dialect{delimiter: ',', quote: '"'})
	var got [][]string
	for p := 0; p < len(text); {
		if n, _ := blank(text, p, true); n > 0 {
			p += n
			continue
		}
		record, after, _ := f.split(text, p, true)
		for i := range record { // encoding/csv reads \r\n within quotes as \n
			record[i] = strings.ReplaceAll(record[i], "\r\n", "\n")
		}
		got = append(got, record)
		p = after
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%q (-encoding/csv +got):\n%s", text, diff)
	}
}

// FuzzNDJSON opens any bytes as lines of JSON: without a panic, with the same
// rows wherever they are cut, with and without jsonFast, and each line as
// encoding/json reads it.
func FuzzNDJSON(f *testing.F) {
	for _, s := range []string{
		"{\"a\":1}\n{\"a\":\"x\",\"b\":[1,{}]}\n", "[{\"a\":1},{\"a\":{\"b\":2}}]", "{\n\"a\":\"\\ud83d\"\n}\n{}", "{\"a\":\n{\"a\":NaN}\n{\"a\":2}\n", "{\"a\":{\"a\":1},\"a\":1}",
		`{"m":[{"role":"user","content":"a"},{"from":"gpt","value":[{"type":"text","text":"b"}],"n":{}}]}` + "\n{\"m\":[]}\n{\"m\":null}\n{\"m\":7}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for line := range bytes.Lines(text) {
			checkJSON(t, line)
		}
		whole, err := fuzzRead("data.jsonl", text, 1<<20)
		if err != nil {
			asError(t, err)
			return
		}
		got, err := fuzzRead("data.jsonl", text, 5)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Fatalf("%q (-whole +ranges of 5 bytes):\n%s", text, diff)
		}
		s, err := openMemory("data.jsonl", text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		inner, _ := withoutChats(s)
		readBothWays(t, inner)
	})
}

// FuzzDecode decodes any bytes in any encoding, whole and byte by byte.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("a\xe2\x82\xac\xff"), uint8(0))
	f.Add([]byte("\xd8\x3d\xde\x00x"), uint8(3))
	f.Fuzz(func(t *testing.T, text []byte, e uint8) {
		whole, err := io.ReadAll(decode(bytes.NewReader(text), encoding(e%4)))
		if err != nil || !bytes.Equal(whole, bytes.ToValidUTF8(whole, nil)) {
			t.Fatalf("%q: %q, %v", text, whole, err)
		}
	})
}

var _ dataset.Source = (*csvSource)(nil)

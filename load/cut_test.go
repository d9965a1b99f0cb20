package load

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// randomCSV returns a CSV file of n records with line breaks, quotes and empty
// lines in all places, and its fields by encoding/csv.
func randomCSV(seed uint64, n int) (text string, records [][]string) {
	rng := rand.New(rand.NewPCG(seed, 1))
	parts := []string{"a", "", "x,y", "l1\nl2", `q"q`, "\r\n", "12.5", `""`, "é€", "\n", "\n\n", `","`, strings.Repeat("long ", 30)}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for i := range n {
		r := []string{"k" + strconv.Itoa(i), parts[rng.IntN(len(parts))], parts[rng.IntN(len(parts))], "z"}
		w.Write(r)
		w.Flush()
		if rng.IntN(5) == 0 {
			b.WriteString([]string{"\n", "\r\n", "\n\n"}[rng.IntN(3)])
		}
		records = append(records, r)
	}
	return b.String(), records
}

// Rows, row numbers, types and findings do not depend on where the file is cut.
func TestRangesDoNotMatter(t *testing.T) {
	valid, records := randomCSV(1, 150)
	files := []struct{ name, reason, file, text string }{
		{"quotes", "line breaks, delimiters and quotes within quotes", "a.csv", "id,s,t,u\n" + valid},
		{"no line break at the end", "the last record ends with the file", "a.csv", "id,s,t,u\n" + strings.TrimRight(valid, "\r\n")},
		{"bare quotes", "parity means nothing: read in order", "a.csv", "id,s,t,u\n" + valid + "p,5\" pipe,x,y\n" + valid},
		{"open quote", "the last quote is never closed", "a.csv", "id,s,t,u\n" + valid + "p,\"q,x,y\n" + "1,2,3,4\n"},
		{"one column", "empty lines are rows", "a.csv", "s\n" + strings.Repeat("ab\n\n\"c\nd\"\n\r\n", 40)},
		{"ragged", "findings are about the same rows", "a.csv", "a,b\n" + strings.Repeat("1,2\n3\n4,5,6\n", 50)},
		{"windows-1252", "a byte that is not UTF-8 in one place only", "a.csv", "a,b\n" + strings.Repeat("x,y\n", 200) + "\xe4,z\n"},
		{"records", "lines of JSON with broken ones", "a.jsonl", strings.Repeat("{\"a\":1,\"b\":{\"c\":\"x\\ny\"}}\n\n{\"a\":2}\r\n", 200) + "{\"a\":\n" + strings.Repeat("{\"a\":3}\n", 50)},
	}
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			whole := mustRead(t, f.file, f.text, Options{RangeBytes: 1 << 20})
			for _, rangeBytes := range []int64{1, 64, 1000} {
				if rangeBytes == 1 && len(f.text) > 2000 {
					continue // too slow for what it finds
				}
				got := mustRead(t, f.file, f.text, Options{RangeBytes: rangeBytes})
				if diff := cmp.Diff(whole, got); diff != "" {
					t.Errorf("%s\nranges of %d bytes (-1 MiB +got):\n%s", f.reason, rangeBytes, diff)
				}
			}
		})
	}
	got := mustRead(t, "a.csv", "id,s,t,u\n"+valid, Options{RangeBytes: 64})
	if len(got.Rows) != len(records) {
		t.Fatalf("%d rows, encoding/csv wrote %d", len(got.Rows), len(records))
	}
	for i, r := range records {
		want := fmt.Sprintf("%d: | %s", i, strings.Join(r, " | "))
		if got, want := strings.ReplaceAll(got.Rows[i], "<null>", ""), want; got != want {
			t.Fatalf("row %d is %q, want %q", i, got, want)
		}
	}
}

// The schema comes from a sample that does not depend on the ranges either.
func TestSampleIsSpread(t *testing.T) {
	var b strings.Builder
	b.WriteString("x\n")
	for i := range 30_000 {
		if i < 10_000 {
			fmt.Fprintln(&b, i)
		} else {
			fmt.Fprintf(&b, "text %d\n", i)
		}
	}
	for _, rangeBytes := range []int64{1 << 10, 1 << 20} {
		s, err := openTemp(t, "a.csv", b.String(), Options{RangeBytes: rangeBytes})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Schema().Fields[0].Type.String(); got != "string" {
			t.Errorf("ranges of %d bytes: a column of numbers in its first third only is %s", rangeBytes, got)
		}
	}
}

func TestSampleRuns(t *testing.T) {
	src := newRanges(10, 10, 10, 10, 10, 10, 10, 10, 10, 10)
	var got []string
	for _, run := range sampleRuns(src, 30) {
		got = append(got, fmt.Sprint(run.first, "-", run.end))
	}
	want := []string{"0-10", "45-50", "50-55", "90-100"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a third at the start, in the middle and at the end (-want +got):\n%s", diff)
	}
}

// A file that changes between Open and Read is noticed, and a Read that is
// cancelled ends.
func TestReadIsWatched(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 100)
	path := writeTemp(t, "a.csv", text)
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := writeOver(path, strings.Replace(text, "1,2\n1,2\n", "1,2222\n", 1)); err != nil {
		t.Fatal(err)
	}
	err = s.Read(context.Background(), s.Ranges()[0], discard)
	wantError(t, err, "99 rows", "100")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Read(ctx, s.Ranges()[0], discard); err != context.Canceled {
		t.Errorf("a cancelled Read returns %v", err)
	}
	if _, err := Open(ctx, path, Options{}); err != context.Canceled {
		t.Errorf("a cancelled Open returns %v", err)
	}
}

// One core cuts the file as many do.
func TestCutOnOneCore(t *testing.T) {
	valid, _ := randomCSV(2, 300)
	many := mustRead(t, "a.csv", valid, Options{RangeBytes: 100})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := mustRead(t, "a.csv", valid, Options{RangeBytes: 100})
	if diff := cmp.Diff(many, one); diff != "" {
		t.Errorf("(-many +one):\n%s", diff)
	}
}

// On every text over the characters that matter, the fast cutter either finds
// the records of the grammar, whatever its windows, or says that it cannot.
func TestCutAgreesWithGrammar(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	const alphabet = "a,\"\n\r\n\"a,"
	agreed := 0
	for range 20_000 {
		text := make([]byte, rng.IntN(24))
		for i := range text {
			text[i] = alphabet[rng.IntN(len(alphabet))]
		}
		c := &cutter{file: bytes.NewReader(text), end: int64(len(text)), quotes: true, delimiter: ',', dialect: &dialect{delimiter: ',', quote: '"'}, blankRows: rng.IntN(2) == 0}
		c.rangeBytes = 1 // a range for each record
		slow, err := c.cutInOrder(context.Background(), Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		c.rangeBytes = 1 + rng.Int64N(10)
		fast, err := c.cut(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if fast.bare {
			continue
		}
		agreed++
		if fast.rows != slow.rows {
			t.Fatalf("%q has %d records, found %d in windows of %d", text, slow.rows, fast.rows, c.rangeBytes)
		}
		for _, r := range fast.ranges {
			at := r.Offset
			for !c.blankRows && at < c.end {
				n, _ := blank(text, int(at), true)
				if n == 0 {
					break
				}
				at += int64(n)
			}
			if row, ok := recordAt(slow.ranges, text, at, c.blankRows); !ok || row != r.FirstRow {
				t.Fatalf("%q: row %d starts at %d, found row %d", text, row, at, r.FirstRow)
			}
		}
	}
	if agreed < 2000 {
		t.Errorf("only %d texts could be cut: the test proves little", agreed)
	}
}

// recordAt returns the number of the record that starts at the offset, given
// ranges of one record each, which may start at empty lines.
func recordAt(ranges []dataset.Range, text []byte, offset int64, blankRows bool) (int64, bool) {
	for _, r := range ranges {
		at := r.Offset
		for !blankRows && at < offset {
			n, _ := blank(text, int(at), true)
			if n == 0 {
				break
			}
			at += int64(n)
		}
		if at == offset {
			return r.FirstRow, true
		}
	}
	return 0, false
}

package synthos

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/verdict"
)

// Types are decided by all rows: what a sample of them does not show is read all
// the same. The odd rows lie where a sample of a plain file (thirds at its start,
// middle and end) and that of a stream (its start) do not look.
func TestTypesAreDecidedByAllRows(t *testing.T) {
	const rows, from, to = 40000, 4000, 15000
	number := func(i int) string { return fmt.Sprint(i % 5000) }
	odd := func(layout string) func(int) string {
		return func(i int) string {
			if i >= from && i < to {
				return fmt.Sprintf(layout, i%12+1, i%28+1)
			}
			return number(i)
		}
	}
	first := func(some, rest string) func(int) string {
		return func(i int) string {
			if i < from || i >= to {
				return fmt.Sprintf(some, i%12+1, i%12+1)
			}
			return fmt.Sprintf(rest, i%12+1, i%28+1)
		}
	}
	tests := []struct {
		name, reason string
		value        func(i int) string
		typ          dataset.Type
		invalid      int64
		min          float64
	}{
		{"text", "a quarter of the cells are no junk", odd("word %d %d"), dataset.String, 0, 0},
		{"codes", "leading zeros are lost in numbers", odd("00%d%02d"), dataset.String, 0, 0},
		{"keys", "a thousandth beyond 2^53 makes names of all", odd("90071992547409%d%d"), dataset.String, 0, 0},
		{"decimals", "are numbers as well", odd("%d.%d"), dataset.Float, 0, 0},
		{"decimal commas", "numbers without decimals fit them too", odd("%d,%d"), dataset.Float, 0, 0},
		{"dates beside numbers", "only a text holds both", odd("2024-%02d-%02d"), dataset.String, 0, 0},
		{"days above 12", "they tell day from month where the sample left it open", first("%02d/%02d/2024", "%[2]d/%[1]d/2024"), dataset.Time, 0, 1704067200},
		{"nulls", "nothing is known of the column until its values come", func(i int) string {
			if i == 5000 || i == 6000 {
				return "2024-02-29"
			}
			return ""
		}, dataset.Time, 0, 1709164800},
		{"junk", "one in a hundred cells does not make a text", func(i int) string {
			if i%100 == 7 {
				return "oops"
			}
			return number(i)
		}, dataset.Float, rows / 100, 0},
	}
	for _, test := range tests {
		var b strings.Builder
		b.WriteString("id;x\n")
		for i := range rows {
			fmt.Fprintf(&b, "k%d;%s\n", i, test.value(i))
		}
		for _, file := range []string{"data.csv", "data.csv.gz"} {
			t.Run(test.name+" in "+file, func(t *testing.T) {
				section := inspected(t, file, b.String())
				c := section.Columns[1]
				if c.Type != test.typ || c.Invalid != test.invalid || section.Rows != rows {
					t.Errorf("%s: type %v, %d invalid, %d rows; want %v, %d, %d", test.reason, c.Type, c.Invalid, section.Rows, test.typ, test.invalid, rows)
				}
				if test.min != 0 && float64(c.Min) != test.min {
					t.Errorf("%s: the least is %v, want %v", test.reason, c.Min, test.min)
				}
			})
		}
	}
}

// What a sample of JSON lines does not show is read all the same.
func TestMembersAreFoundInAllRows(t *testing.T) {
	var b strings.Builder
	const rows = 40000
	for i := range rows {
		switch {
		case i == 9000:
			b.WriteString(`{"a":1,"late":"x","o":"text"}` + "\n")
		default:
			fmt.Fprintf(&b, `{"a":%d,"o":{"p":1}}`+"\n", i)
		}
	}
	for _, file := range []string{"data.jsonl", "data.jsonl.gz"} {
		section := inspected(t, file, b.String())
		got := map[string]int64{}
		for _, c := range section.Columns {
			got[c.Name] = section.Rows - c.Nulls - c.Invalid
		}
		if len(got) != 3 || got["late"] != 1 || got["o"] != rows {
			t.Errorf("%s: %v, want late once, and o as text in all rows", file, got)
		}
	}
}

// A stream in Windows-1252 shows it late.
func TestEncodingIsDecidedByAllRows(t *testing.T) {
	text := "id,x\n" + strings.Repeat("1,plain\n", 300_000) + "2,caf\xe9\n"
	section := inspected(t, "data.csv.gz", text)
	for _, l := range section.Columns[1].Top {
		if l.Level == "café" {
			return
		}
	}
	t.Errorf("%+v, findings %v", section.Columns[1].Top, section.Findings)
}

// inspected writes text to a file and inspects it.
func inspected(t *testing.T, file, text string) *verdict.Load {
	t.Helper()
	path := filepath.Join(t.TempDir(), file)
	b := []byte(text)
	if strings.HasSuffix(file, ".gz") {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(b)
		w.Close()
		b = packed.Bytes()
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	o := New()
	o.Sample = 2000
	section, err := o.Inspect(context.Background(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	return section
}

// Where the data leave open which number is the day, the reference tells.
func TestReferenceTellsDayFromMonth(t *testing.T) {
	var ref, data strings.Builder
	ref.WriteString("day,x\n")
	data.WriteString("day,x\n")
	for i := range 300 {
		fmt.Fprintf(&ref, "%02d/%02d/2024,%d\n", i%28+1, i%12+1, i%17)
		fmt.Fprintf(&data, "%02d/03/2024,%d\n", i%12+1, i%17)
	}
	o := New()
	o.Reference = writeFile(t, "reference.csv", ref.String())
	section, err := o.Inspect(context.Background(), writeFile(t, "data.csv", data.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	if c := section.Columns[0]; float64(c.Min) != 1709251200 || float64(c.Max) != 1710201600 { // 1 and 12 March 2024
		t.Errorf("from %v to %v", c.Min, c.Max)
	}
}

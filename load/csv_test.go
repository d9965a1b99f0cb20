package load

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestCSV(t *testing.T) {
	tests := []struct {
		name, reason string
		file         string // "" = data.csv
		text         string
		types        map[string]dataset.Type
		want         contents
	}{
		{
			name: "types", reason: "each column gets the type that its cells read as",
			text: "n,x,flag,day,name\n1,0.5,true,2024-02-29,ann\n-2,1e3,FALSE,2024-03-01,bob\n",
			want: contents{
				Columns: []string{"n float", "x float", "flag bool", "day time", "name string"},
				Rows:    []string{"0: | 1 | 0.5 | 1 | 1.7091648e+09 | ann", "1: | -2 | 1000 | 0 | 1.7092512e+09 | bob"},
			},
		},
		{
			name: "nulls", reason: "the null set holds for unquoted cells; a quoted cell of a string column is a string",
			text: "x,s\n1,\nNA,\"\"\n\"\",\"NA\"\n?,?\n-,-\n2,null\n3,a\n",
			want: contents{
				Columns: []string{"x float", "s string"},
				Rows:    []string{"0: | 1 | <null>", "1: | <null> | ", "2: | <null> | NA", "3: | <null> | ?", "4: | <null> | <null>", "5: | 2 | <null>", "6: | 3 | a"},
			},
		},
		{
			name: "quotes", reason: "RFC 4180: delimiters, doubled quotes and line breaks in quoted fields; the last line may lack its break",
			text: "a,b\r\n\"x,y\",\"say \"\"hi\"\"\"\r\n\"line 1\nline 2\",z\r\n\"tail\",\"\"\"\"",
			want: contents{
				Columns: []string{"a string", "b string"},
				Rows:    []string{"0: | x,y | say \"hi\"", "1: | line 1\nline 2 | z", "2: | tail | \""},
			},
		},
		{
			name: "codes", reason: "leading zeros and integers beyond 2^53 are names, not numbers",
			text: "zip,card,n\n00123,9007199254740993,0\n10115,4111111111111111111,10\n",
			want: contents{
				Columns: []string{"zip string", "card string", "n float"},
				Rows:    []string{"0: | 00123 | 9007199254740993 | 0", "1: | 10115 | 4111111111111111111 | 10"},
			},
		},
		{
			name: "ragged", reason: "short rows are filled with nulls, long ones cut, both with a finding; empty surplus is nothing",
			text: "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,\n",
			want: contents{
				Columns: []string{"a float", "b float", "c float"},
				Rows:    []string{"0: | 1 | 2 | 3", "1: | 4 | 5 | <null>", "2: | 6 | 7 | 8", "3: | 10 | 11 | 12"},
				Findings: []string{
					"1 : has 2 of 3 fields; the rest is taken as null",
					"2 : has 4 fields for 3 columns; the rest is left out",
				},
			},
		},
		{
			name: "invalid", reason: "a cell that does not fit its column is null and kept as text",
			text: "x\n1\n2\n3\n4\n5\n6\n7\n8\n9\n1,5O\n",
			want: contents{
				Columns: []string{"x float"},
				Rows: []string{"0: | 1", "1: | 2", "2: | 3", "3: | 4", "4: | 5", "5: | 6", "6: | 7", "7: | 8", "8: | 9",
					"9: | <invalid 1,5O>"},
			},
		},
		{
			name: "forced types", reason: "the reference's storage wins over what the cells look like",
			text:  "a,b,c,d\n1,2024-01-01,0,007\nx,1,yes,8\n",
			types: map[string]dataset.Type{"a": dataset.Float, "b": dataset.Time, "c": dataset.Bool, "d": dataset.Float, "gone": dataset.Bool},
			want: contents{
				Columns: []string{"a float", "b time", "c bool", "d float"},
				Rows:    []string{"0: | 1 | 1.7040672e+09 | 0 | 7", "1: | <invalid x> | <invalid 1> | <invalid yes> | 8"},
			},
		},
		{
			name: "names", reason: "empty and repeated names are replaced, with a finding each",
			text: "a,,a,a\n1,2,3,4\n",
			want: contents{
				Columns: []string{"a float", "column_2 float", "a_2 float", "a_3 float"},
				Rows:    []string{"0: | 1 | 2 | 3 | 4"},
				Findings: []string{
					`-1 column_2: column 2 is called "", which is empty or taken: read as "column_2"`,
					`-1 a_2: column 3 is called "a", which is empty or taken: read as "a_2"`,
					`-1 a_3: column 4 is called "a", which is empty or taken: read as "a_3"`,
				},
			},
		},
		{
			name: "no header", reason: "a first line of the same types as the others is data",
			text: "1.5,ann\n2.5,bob\n3.5,cid\n",
			want: contents{
				Columns:  []string{"column_1 float", "column_2 string"},
				Rows:     []string{"0: | 1.5 | ann", "1: | 2.5 | bob", "2: | 3.5 | cid"},
				Findings: []string{"-1 : no header line: the columns are named column_1 to column_2"},
			},
		},
		{
			name: "years as header", reason: "numbers that count up name columns",
			text: "land,2019,2020\nA,1.5,2.5\nB,3.5,4.5\n",
			want: contents{
				Columns: []string{"land string", "2019 float", "2020 float"},
				Rows:    []string{"0: | A | 1.5 | 2.5", "1: | B | 3.5 | 4.5"},
			},
		},
		{
			name: "row names", reason: "R writes one name less than there are columns",
			text: "\"x\",\"y\"\n\"r1\",1,2\n\"r2\",3,4\n",
			want: contents{
				Columns:  []string{"column_1 string", "x float", "y float"},
				Rows:     []string{"0: | r1 | 1 | 2", "1: | r2 | 3 | 4"},
				Findings: []string{`-1 column_1: column 1 is called "", which is empty or taken: read as "column_1"`},
			},
		},
		{
			name: "semicolons", reason: "the delimiter is the one that cuts all lines alike; a comma within is a decimal one",
			text: "a;b\n1,5;x\n2,5;y\n",
			want: contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1.5 | x", "1: | 2.5 | y"}},
		},
		{
			name: "pipes", reason: "the fourth delimiter",
			text: "a|b\n1|x, y\n2|z\n",
			want: contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x, y", "1: | 2 | z"}},
		},
		{
			name: "tabs", reason: "a .tsv is cut at tabs only", file: "data.tsv",
			text: "a,b\tc\nx,2\t3\n",
			want: contents{Columns: []string{"a,b string", "c float"}, Rows: []string{"0: | x,2 | 3"}},
		},
		{
			name: "one column", reason: "without a delimiter in the header, a line is a cell and an empty line a null",
			text: "text\nhello, world\n\nbye; now\n",
			want: contents{Columns: []string{"text string"}, Rows: []string{"0: | hello, world", "1: | <null>", "2: | bye; now"}},
		},
		{
			name: "blank lines", reason: "they are no rows where there are several columns",
			text: "\n\na,b\n\n1,2\n\r\n\n3,4\n\n",
			want: contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | 1 | 2", "1: | 3 | 4"}},
		},
		{
			name: "byte order mark", reason: "it belongs to no name",
			text: "\ufeffa,b\n1,2\n",
			want: contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | 1 | 2"}},
		},
		{
			name: "windows-1252", reason: "text that is not UTF-8, in the header too",
			text: "gr\xf6\xdfe,x\n\x80 5,\"\xe9\"\n",
			want: contents{
				Columns:  []string{"größe float", "x string"},
				Rows:     []string{"0: | 5 | é"},
				Findings: []string{"-1 : the text is not UTF-8; read as Windows-1252", "-1 größe: numbers with €: read as the number beside it"},
			},
		},
		{
			name: "broken UTF-8", reason: "one bad byte among good characters does not change the encoding",
			text: "a,b\näöü,x\n\xff,y\n",
			want: contents{
				Columns:  []string{"a string", "b string"},
				Rows:     []string{"0: | äöü | x", "1: | \ufffd | y"},
				Findings: []string{"-1 : bytes that are not UTF-8: 1, read as U+FFFD", "1 : bytes that are no character in UTF-8, in 1 place: read as U+FFFD"},
			},
		},
		{
			name: "bare quotes", reason: "a quote within an unquoted field is a character",
			text: "size,n\n5\" pipe,1\n6\" pipe,2\n\"7\"\" pipe\",3\n",
			want: contents{
				Columns: []string{"size string", "n float"},
				Rows:    []string{"0: | 5\" pipe | 1", "1: | 6\" pipe | 2", "2: | 7\" pipe | 3"},
			},
		},
		{
			name: "text behind a quote", reason: "what follows the closing quote is kept",
			text: "a,b\n\"x\"y,1\n\"z\" ,2\n",
			want: contents{Columns: []string{"a string", "b float"}, Rows: []string{"0: | xy | 1", "1: | z  | 2"}},
		},
		{
			name: "quote never closed", reason: "it must not swallow the rest of the file",
			text: "a,b\n1,x\n2,\"y\n3,z\n4,w\n",
			want: contents{
				Columns:  []string{"a float", "b string"},
				Rows:     []string{"0: | 1 | x", "1: | 2 | \"y", "2: | 3 | z", "3: | 4 | w"},
				Findings: []string{"1 : a quote is never closed; quotes are taken as characters of the text"},
			},
		},
		{
			name: "quote never closed in surplus", reason: "nor may one behind the last column",
			text: "a,b\n1,x\n2,y,\"\n3,z\n",
			want: contents{
				Columns: []string{"a float", "b string"},
				Rows:    []string{"0: | 1 | x", "1: | 2 | y", "2: | 3 | z"},
				Findings: []string{
					"1 : a quote is never closed; quotes are taken as characters of the text",
					"1 : has 3 fields for 2 columns; the rest is left out",
				},
			},
		},
		{
			name: "ambiguous dates", reason: "without a value above 12, day and month cannot be told apart",
			text: "a,b,c\n01/02/2024,13/02/2024,02.03.2024\n03/04/2024,01/05/2024,04.03.2024\n",
			want: contents{
				Columns: []string{"a time", "b time", "c time"},
				Rows: []string{"0: | 1.7041536e+09 | 1.7077824e+09 | 1.7093376e+09",
					"1: | 1.7095104e+09 | 1.7145216e+09 | 1.7095104e+09"},
				Findings: []string{"-1 a: ambiguous dates: no value tells day from month; read as month, day, year"},
			},
		},
		{
			name: "header only", reason: "a table without rows is a table",
			text: "a,b\n",
			want: contents{Columns: []string{"a float", "b float"}},
		},
		{
			name: "all null", reason: "no evidence: float, so that numbers further down are read",
			text: "a,b\n,1\nNA,2\n",
			want: contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | <null> | 1", "1: | <null> | 2"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := test.file
			if file == "" {
				file = "data.csv"
			}
			for _, rangeBytes := range []int64{0, 1, 7} {
				got := mustRead(t, file, test.text, Options{Types: test.types, RangeBytes: rangeBytes})
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("%s\nranges of %d bytes (-want +got):\n%s", test.reason, rangeBytes, diff)
				}
			}
		})
	}
}

func TestCSVFields(t *testing.T) {
	s, err := openTemp(t, "data.csv", "n,x,at,us\n1,0.5,2024-01-02T03:04:05Z,1/2/2024\n2,1,2024-01-02T03:04:06Z,12/31/2024\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []dataset.Field{
		{Name: "n", Type: dataset.Float, Integer: true},
		{Name: "x", Type: dataset.Float},
		{Name: "at", Type: dataset.Time, Layout: "2006-01-02T15:04:05Z07:00"},
		{Name: "us", Type: dataset.Time, Layout: "1/2/2006"},
	}
	if diff := cmp.Diff(want, s.Schema().Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A field of 65,535 quotes and line breaks crosses the blocks of the reader
// and the windows of the cutter in every way.
func TestCSVLongFields(t *testing.T) {
	long := strings.Repeat("a\"\n", 200_000)
	text := "a,b\n1,x\n2,\"" + strings.ReplaceAll(long, `"`, `""`) + "\"\n3,y\n"
	got := mustRead(t, "data.csv", text, Options{RangeBytes: 1000})
	want := []string{"0: | 1 | x", "1: | 2 | " + long, "2: | 3 | y"}
	if !cmp.Equal(want, got.Rows) {
		t.Errorf("rows differ: got %d rows, the second with %d bytes", len(got.Rows), len(got.Rows[1]))
	}
}

func TestCSVTooLong(t *testing.T) {
	text := "a,b\n1,x\n2,\"" + strings.Repeat("y\n", 300_000) + "\n"
	_, err := openTemp(t, "data.csv", text, Options{FieldBytes: 100_000})
	wantError(t, err, "a record of more than 400000 bytes", "quote that is never closed")
	if row := asError(t, err).Row; row != 1 {
		t.Errorf("the error is about row %d, want 1", row)
	}
}

func TestCSVTooManyColumns(t *testing.T) {
	_, err := openTemp(t, "data.csv", "a,b,c\n1,2,3\n", Options{MaxColumns: 2})
	wantError(t, err, "has 3 columns", "MaxColumns")
}

func TestFindingsAreCapped(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1\n", 25)
	for _, rangeBytes := range []int64{0, 8} {
		s, err := openTemp(t, "data.csv", text, Options{RangeBytes: rangeBytes})
		if err != nil {
			t.Fatal(err)
		}
		readContents(s)
		got, err := readContents(s) // reading twice must not count twice
		if err != nil {
			t.Fatal(err)
		}
		if n := len(got.Findings); n != keptNotes+1 {
			t.Fatalf("%d findings, want %d", n, keptNotes+1)
		}
		if last := got.Findings[keptNotes]; last != "-1 : 15 more rows with too few fields" {
			t.Errorf("last finding: %q", last)
		}
	}
}

// wide tables have smaller batches; this one has several.
func TestCSVWide(t *testing.T) {
	const columns, rows = 1500, 200
	header := strings.TrimSuffix(strings.Repeat("c,", columns), ",")
	line := strings.TrimSuffix(strings.Repeat("1,", columns), ",")
	got := mustRead(t, "data.csv", header+"\n"+strings.Repeat(line+"\n", rows), Options{})
	if len(got.Rows) != rows || len(got.Columns) != columns {
		t.Errorf("%d rows and %d columns, want %d and %d", len(got.Rows), len(got.Columns), rows, columns)
	}
}

// Strings of a batch do not change when the next one is read.
func TestStringsMayBeKept(t *testing.T) {
	for _, file := range []struct{ name, text string }{
		{"a.csv", "a,b\n" + strings.Repeat("x,1\n", 5000) + strings.Repeat("y,1\n", 5000)},
		{"a.jsonl", strings.Repeat("{\"a\":\"x\"}\n", 5000) + strings.Repeat("{\"a\":\"\\u0079\"}\n", 5000)},
	} {
		s, err := openTemp(t, file.name, file.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		err = s.Read(context.Background(), s.Ranges()[0], func(b *dataset.Batch) error {
			kept = append(kept, b.Columns[0].Strings...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(kept, ""); got != strings.Repeat("x", 5000)+strings.Repeat("y", 5000) {
			t.Errorf("%s: the strings of the first batch have changed", file.name)
		}
	}
}

// TestQuotedNulls reads a quoted "" as null where all cells of the column are quoted: only
// where some are not does the quote say that there is a text, if an empty one.
func TestQuotedNulls(t *testing.T) {
	for _, c := range []struct {
		reason, text string
		null         []bool // of column b
	}{
		{"all fields are quoted", "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"\"\n\"3\",\"y\"\n", []bool{false, true, false}},
		{"all fields but numbers are", "\"a\",\"b\"\n1,\"x\"\n2,\"\"\n3,\"NA\"\n", []bool{false, true, false}},
		{"nulls are not", "\"a\",\"b\"\n1,\"x\"\n2,\"\"\n3,NA\n", []bool{false, false, true}},
		{"texts are not", "a,b\n1,x\n2,\"\"\n3,\n", []bool{false, false, true}},
	} {
		got := readAll(t, writeTemp(t, "in.csv", c.text), Options{})
		if diff := cmp.Diff(c.null, got.Columns[1].Null); diff != "" {
			t.Errorf("%s: null (-want +got):\n%s", c.reason, diff)
		}
	}
}

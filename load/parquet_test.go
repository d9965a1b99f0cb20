package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// typedWant is what testdata/gen.py writes as typed_table: three rows, the
// second null everywhere.
var typedWant = map[string][]any{
	"int8":       {1.0, nil, -128.0},
	"uint32":     {1.0, nil, 4294967295.0},
	"int64":      {math.Ldexp(1, 53), nil, -math.Ldexp(1, 53)},
	"wide":       {"9007199254740993", nil, "-5"},
	"uint64":     {"18446744073709551615", nil, "0"},
	"half":       {1.5, nil, -0.25},
	"float":      {float64(float32(0.1)), nil, -2.5},
	"double":     {0.1, nil, 1e300},
	"bool":       {1.0, nil, 0.0},
	"date":       {1709164800.0, nil, -86400.0}, // date -ud 2024-02-29 +%s
	"ms":         {1709209815.25, nil, -1.0},
	"us":         {1709209815.25, nil, 0.0},
	"ns":         {1709209815.25, nil, -1.0},
	"time":       {13*3600 + 5*60 + 0.5, nil, 0.0},
	"money":      {1234.56, nil, -0.01},
	"key":        {"123456789012345678901234567890", nil, "-7"},
	"string":     {"a", nil, "ü€"},
	"large":      {"x", nil, ""},
	"binary":     {"0xff00", nil, "text"},
	"dictionary": {"low", nil, "low"},
	"nothing":    {nil, nil, nil},
	"point.x":    {1.0, nil, nil},
	"point.at.y": {"p", nil, nil},
	"list":       {"1, 2, null", nil, ""},
	"deep":       {`[["a"],[],null,["b","c"]]`, nil, "[[]]"},
	"chat.user":  {"hi", nil, nil}, "chat.assistant": {"hello\nyou", nil, nil}, "chat.turns": {2.0, nil, 0.0},
	"map":  {`{"k":1.5,"l":null}`, nil, "{}"},
	"tags": {`[{"n":1,"s":["x","y"]}]`, nil, `[{"n":null,"s":null}]`},
}

func TestParquetTypes(t *testing.T) {
	for _, test := range []struct{ file, reason string }{
		{"typed_v1.parquet", "pages of version 1, dictionaries, snappy, statistics"},
		{"typed_v2.parquet", "pages of version 2, plain, zstd; without statistics wide integers are found by reading"},
	} {
		t.Run(test.file, func(t *testing.T) {
			if diff := cmp.Diff(typedWant, cells(readAll(t, filepath.Join("testdata", test.file), Options{}))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
	got := cells(readAll(t, "testdata/int96.parquet", Options{}))
	if diff := cmp.Diff(map[string][]any{"at": {1709209815.25, nil, -1.0}}, got); diff != "" {
		t.Errorf("timestamps as old Spark writes them (-want +got):\n%s", diff)
	}
}

func TestParquetSchema(t *testing.T) {
	src, err := Open(context.Background(), "testdata/typed_v1.parquet", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for _, want := range []dataset.Field{
		{Name: "int8", Type: dataset.Float, Integer: true},
		{Name: "wide", Type: dataset.String},
		{Name: "half", Type: dataset.Float},
		{Name: "bool", Type: dataset.Bool},
		{Name: "date", Type: dataset.Time, Layout: "2006-01-02"},
		{Name: "us", Type: dataset.Time},
		{Name: "point.x", Type: dataset.Float, Integer: true},
		{Name: "tags", Type: dataset.String},
	} {
		j := src.Schema().Index(want.Name)
		if j < 0 {
			t.Errorf("no column %q", want.Name)
			continue
		}
		if diff := cmp.Diff(want, src.Schema().Fields[j]); diff != "" {
			t.Errorf("field (-want +got):\n%s", diff)
		}
	}
}

func TestParquetForcedTypes(t *testing.T) {
	types := map[string]dataset.Type{
		"int8": dataset.String, "float": dataset.String, "double": dataset.String, "bool": dataset.String,
		"date": dataset.String, "us": dataset.String, "time": dataset.String, "wide": dataset.Float,
		"uint64": dataset.Float, "string": dataset.Float, "date_": dataset.Float, "money": dataset.Bool, "ms": dataset.Float,
	}
	table := readAll(t, "testdata/typed_v1.parquet", Options{Types: types})
	got := cells(table)
	for name, want := range map[string][]any{
		"int8":   {"1", nil, "-128"},
		"float":  {"0.1", nil, "-2.5"}, // the shortest text of the float32
		"double": {"0.1", nil, "1e+300"},
		"bool":   {"true", nil, "false"},
		"date":   {"2024-02-29", nil, "1969-12-31"},
		"us":     {"2024-02-29T12:30:15.25Z", nil, "1970-01-01T00:00:00Z"},
		"time":   {"13:05:00.5", nil, "00:00:00"},
		"wide":   {nil, nil, -5.0}, // beyond 2^53: never rounded silently
		"uint64": {nil, nil, 0.0},
		"string": {nil, nil, nil},
		"money":  {nil, nil, nil},
		"ms":     {nil, nil, nil},
	} {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, want := range map[string][]dataset.Invalid{
		"wide":   {{Row: 0, Text: "9007199254740993"}},
		"string": {{Row: 0, Text: "a"}, {Row: 2, Text: "ü€"}},
		"money":  {{Row: 0, Text: "1234.56"}, {Row: 2, Text: "-0.01"}},
		"ms":     {{Row: 0, Text: "2024-02-29T12:30:15.25Z"}, {Row: 2, Text: "1969-12-31T23:59:59Z"}},
		"int8":   nil,
	} {
		v := table.Columns[table.Schema.Index(name)]
		if diff := cmp.Diff(want, v.Invalid); diff != "" {
			t.Errorf("invalid cells of %s (-want +got):\n%s", name, diff)
		}
	}
}

// pagedRow has every shape that the readers must keep in step: small pages,
// dictionaries that overflow, and lists that cross pages.
type pagedRow struct {
	ID    int64    `parquet:"id"`
	X     *float64 `parquet:"x,optional"`
	Level string   `parquet:"level,dict"`
	List  []int32  `parquet:"list,list"`
	Bare  []string `parquet:"bare"`
	Flag  bool     `parquet:"flag"`
	NaN   float64  `parquet:"nan"`
	Whole *float64 `parquet:"whole,optional"`
	Inner struct {
		A string `parquet:"a"`
	} `parquet:"inner"`
}

func pagedRows(n int) []pagedRow {
	rows := make([]pagedRow, n)
	for i := range rows {
		r := &rows[i]
		r.ID, r.Level, r.Flag = int64(i), fmt.Sprintf("level %d", i%7), i%3 == 0
		if i%5 != 0 {
			x, w := float64(i)/8, float64(i)
			r.X, r.Whole = &x, &w
		}
		for k := range i % 4 {
			r.List, r.Bare = append(r.List, int32(k)), append(r.Bare, fmt.Sprint("b", k))
		}
		r.NaN = [3]float64{math.NaN(), math.Inf(-1), 1.5}[i%3]
		r.Inner.A = fmt.Sprint("inner ", i)
	}
	return rows
}

func writePaged(t testing.TB, rows []pagedRow, options ...parquet.WriterOption) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paged.parquet")
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[pagedRow](&buf, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquetPages(t *testing.T) {
	const n = 4998 // more than one batch
	rows := pagedRows(n)
	want := map[string][]any{}
	for i, r := range rows {
		add := func(name string, v any) { want[name] = append(want[name], v) }
		add("id", float64(i))
		add("level", r.Level)
		add("flag", map[bool]any{true: 1.0, false: 0.0}[r.Flag])
		add("list", strings.TrimSuffix("0, 1, 2, "[:3*len(r.List)], ", "))
		add("bare", strings.TrimSuffix("b0, b1, b2, "[:4*len(r.Bare)], ", "))
		add("inner.a", r.Inner.A)
		if r.X == nil {
			add("x", nil)
			add("whole", nil)
		} else {
			add("x", *r.X)
			add("whole", *r.Whole)
		}
		if i%3 == 2 {
			add("nan", 1.5)
		} else {
			add("nan", nil)
		}
	}
	for _, test := range []struct {
		name, reason string
		options      []parquet.WriterOption
	}{
		{"one page", "the defaults", nil},
		{"small pages, version 1", "pages of the columns end at different rows, lists cross them", []parquet.WriterOption{parquet.PageBufferSize(500), parquet.DataPageVersion(1)}},
		{"small pages, version 2", "the same", []parquet.WriterOption{parquet.PageBufferSize(700), parquet.DataPageVersion(2), parquet.Compression(&parquet.Gzip)}},
		{"row groups", "each is a range", []parquet.WriterOption{parquet.MaxRowsPerRowGroup(999), parquet.Compression(&parquet.Brotli)}},
		{"dictionaries that overflow", "the first pages are indexes, the others plain", []parquet.WriterOption{parquet.DictionaryMaxBytes(30), parquet.PageBufferSize(400)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := readAll(t, writePaged(t, rows, test.options...), Options{})
			if got := cells(table); !reflect.DeepEqual(want, got) {
				t.Errorf("%s (-want +got):\n%s", test.reason, cmp.Diff(want, got))
			}
			for i, id := range table.RowIDs {
				if id != int64(i) {
					t.Fatalf("row %d is numbered %d", i, id)
				}
			}
			if f := table.Schema.Fields[table.Schema.Index("whole")]; !f.Integer {
				t.Error("a column of whole doubles is not marked as integers")
			}
			invalid := table.Columns[table.Schema.Index("nan")].Invalid
			if len(invalid) != n/3 || invalid[0] != (dataset.Invalid{Row: 1, Text: "-Inf"}) {
				t.Errorf("%d infinities are invalid, want %d: %v", len(invalid), n/3, invalid[:min(2, len(invalid))])
			}
		})
	}
}

func TestParquetRefuses(t *testing.T) {
	whole, err := os.ReadFile("testdata/typed_v1.parquet")
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int, with string) []byte {
		b := bytes.Clone(whole)
		if at < 0 {
			at += len(b)
		}
		copy(b[at:], with)
		return b
	}
	for _, test := range []struct {
		name, reason, want string
		data               []byte
	}{
		{"encrypted", "footers of encrypted files end in PARE", "decrypt", change(-4, "PARE")},
		{"cut short", "the footer is at the end", "does not end in PAR1", whole[:len(whole)-100]},
		{"footer too long", "its length is in the last 8 bytes", "a footer of", change(-8, "\xff\xff\xff\x7f")},
		{"only the magic", "too short for a footer", "too few", []byte("PAR1PAR1")},
	} {
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := os.WriteFile(path, test.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(context.Background(), path, Options{})
		var e *dataset.Error
		if !errors.As(err, &e) || e.Path != path || e.Do == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a *dataset.Error with %q (%s)", test.name, err, test.want, test.reason)
		}
	}
}

func TestParquetDamaged(t *testing.T) {
	testDamaged(t, []string{"testdata/typed_v1.parquet", "testdata/typed_v2.parquet",
		writePaged(t, pagedRows(300), parquet.PageBufferSize(500))})
}

func FuzzParquet(f *testing.F) {
	fuzzFile(f, ".parquet", "testdata/typed_v1.parquet", "testdata/typed_v2.parquet", "testdata/int96.parquet")
}

package load

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// dropping returns an Edit that drops the given rows.
func dropping(rows ...int64) Edit {
	return Edit{Dropped: func(row int64) (string, bool) {
		for _, r := range rows {
			if r == row {
				return "row, \"bad\"", true
			}
		}
		return "", false
	}}
}

func opened(t *testing.T, path string) dataset.Source {
	t.Helper()
	src, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return src
}

func TestCopyText(t *testing.T) {
	half := func(x float64) float64 { return x / 2 }
	tests := []struct {
		name, reason string
		file, text   string
		out          string
		edit         Edit
		kept, gone   string
	}{
		{
			name: "csv", reason: "what stays, stays to the byte: delimiter, quotes, nulls, zeros at the end",
			file: "in.csv", text: "a;b;c\r\n1.50;NA;\"x;\"\"y\"\"\nz\"\r\n\r\n2;;w\r\n3;007;v\r\n", out: "out.csv", edit: dropping(1),
			kept: "a;b;c\r\n1.50;NA;\"x;\"\"y\"\"\nz\"\r\n3;007;v\r\n", gone: "a;b;c;synthos_reason\r\n2;;w;\"row, \"\"bad\"\"\"\r\n",
		},
		{
			name: "byte order mark", reason: "Excel needs it to see that a text is UTF-8", file: "in.csv", text: "\ufeffa,b\n1,ü\n2,y\n", out: "out.csv", edit: dropping(1),
			kept: "\ufeffa,b\n1,ü\n", gone: "\ufeffa,b,synthos_reason\n2,y,\"row, \"\"bad\"\"\"\n",
		},
		{
			name: "csv broken", reason: "a row with more fields than columns goes, one with fewer stays; the reason stands in its column", file: "in.csv",
			text: "a,b,c\n1,x,2\n1,x\n1,x,2,3\n4,y,5,\n", out: "out.csv", edit: Edit{Broken: true, Dropped: dropping(1).Dropped},
			kept: "a,b,c\n1,x,2\n4,y,5,\n", gone: "a,b,c,synthos_reason\n1,x,,\"row, \"\"bad\"\"\"\n1,x,2,3,cannot be read: 4 fields in 3 columns\n",
		},
		{
			name: "ndjson broken", reason: "what is no record goes", file: "in.jsonl", text: "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", out: "out.jsonl", edit: Edit{Broken: true},
			kept: "{\"a\":1}\n{\"a\":3}\n",
			gone: "{\"record\":\"{\\\"a\\\":\",\"synthos_reason\":\"cannot be read: the text ends in the middle of a JSON value\"}\n",
		},
		{
			name: "csv cells", reason: "a unit undone, a cell read, one made null, a column left out; the others as they were",
			file: "in.csv", text: "price,unit,n,extra\n10.0,cm,1,x\n12 EUR,cm,2,x\nerr,cm,3,x\n\"14\",cm,4,x\n", out: "out.csv",
			edit: Edit{Numbers: map[string]func(float64) float64{"price": half}, Without: map[string]bool{"extra": true},
				Cells: map[Place]Value{{1, "price"}: {Number: 6}, {2, "price"}: {Null: true}}},
			kept: "price,unit,n\n5,cm,1\n6,cm,2\n,cm,3\n7,cm,4\n", gone: "price,unit,n,synthos_reason\n",
		},
		{
			name: "tsv", reason: "tabs stay tabs", file: "in.tsv", text: "a\tb\n1\tx\n2\ty\n", out: "out.tsv", edit: dropping(0),
			kept: "a\tb\n2\ty\n", gone: "a\tb\tsynthos_reason\n1\tx\t\"row, \"\"bad\"\"\"\n",
		},
		{
			name: "csv to tsv", reason: "the extension of the output decides", file: "in.csv", text: "a,b\n1,x\n2,y\n", out: "out.tsv", edit: dropping(0),
			kept: "a\tb\n2\ty\n", gone: "a\tb\tsynthos_reason\n1\tx\t\"row, \"\"bad\"\"\"\n",
		},
		{
			name: "no header", reason: "none is made up", file: "in.csv", text: "x,1\ny,2\nx,3\ny,4\n", out: "out.csv", edit: dropping(2),
			kept: "x,1\ny,2\ny,4\n", gone: "x,3,\"row, \"\"bad\"\"\"\n",
		},
		{
			name: "ndjson", reason: "records stay as they are, nested ones too", file: "in.jsonl",
			text: "{\"a\": 1.0, \"b\": {\"c\": [1, 2]}}\n\n{\"a\":2}\n{\"a\":3, \"b\":null}\n", out: "out.jsonl", edit: dropping(1),
			kept: "{\"a\": 1.0, \"b\": {\"c\": [1, 2]}}\n{\"a\":3, \"b\":null}\n", gone: "{\"a\":2,\"synthos_reason\":\"row, \\\"bad\\\"\"}\n",
		},
		{
			name: "ndjson cells", reason: "members of objects in objects have dotted names", file: "in.jsonl",
			text: "{\"a\":10,\"b\":{\"c\":\"x\",\"d\":1}}\n{\"a\":\"12 EUR\",\"b\":{\"c\":\"y\",\"d\":2}}\n", out: "out.jsonl",
			edit: Edit{Numbers: map[string]func(float64) float64{"a": half}, Without: map[string]bool{"b.d": true}, Cells: map[Place]Value{{1, "a"}: {Number: 6}}},
			kept: "{\"a\": 5, \"b\": {\"c\": \"x\"}}\n{\"a\": 6, \"b\": {\"c\": \"y\"}}\n",
		},
		{
			name: "json", reason: "an array stays an array", file: "in.json", text: "[{\"a\": 1},\n {\"a\": 2}, {\"a\": 3}]\n", out: "out.json", edit: dropping(0, 2),
			kept: "[\n{\"a\": 2}\n]\n", gone: "[\n{\"a\": 1,\"synthos_reason\":\"row, \\\"bad\\\"\"},\n{\"a\": 3,\"synthos_reason\":\"row, \\\"bad\\\"\"}\n]\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			in, out, gone := filepath.Join(dir, test.file), filepath.Join(dir, test.out), filepath.Join(dir, "gone"+filepath.Ext(test.out))
			if err := os.WriteFile(in, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Copy(t.Context(), opened(t, in), out, gone, test.edit, nil); err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{out: test.kept, gone: test.gone, in: test.text} {
				got, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(got)); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", filepath.Base(path), test.reason, diff)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) != 3 {
				t.Errorf("%d files are left, want 3: %v", len(left), left)
			}
		})
	}
}

// parquetRow is a row of a file with types that our cells do not tell apart.
type parquetRow struct {
	N    int32    `parquet:"n"`
	X    *float32 `parquet:"x,optional"`
	Tags []string `parquet:"tags,list"`
	S    string   `parquet:"s,dict"`
	Hole float64  `parquet:"hole"`
}

func TestCopyParquet(t *testing.T) {
	dir := t.TempDir()
	in, out, gone := filepath.Join(dir, "in.parquet"), filepath.Join(dir, "out.parquet"), filepath.Join(dir, "gone.parquet")
	number := func(x float32) *float32 { return &x }
	rows := []parquetRow{
		{1, number(1.5), []string{"a", "b"}, "s", 0}, {2, nil, nil, "t", 0}, {3, number(3), []string{"c"}, "u", 0}, {4, number(-4), []string{}, "v", 0},
	}
	if err := parquet.WriteFile(in, rows, parquet.Compression(&parquet.Snappy), parquet.KeyValueMetadata("made by", "us")); err != nil {
		t.Fatal(err)
	}
	e := dropping(2)
	e.Numbers = map[string]func(float64) float64{"x": func(x float64) float64 { return 10 * x }, "n": func(x float64) float64 { return x + 100 }}
	e.Without = map[string]bool{"hole": true}
	copied, err := Copy(t.Context(), opened(t, in), out, gone, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	if copied != (Copied{Kept: 3, Dropped: 1}) {
		t.Errorf("%+v, want 3 kept and 1 dropped", copied)
	}
	type kept struct {
		N    int32    `parquet:"n"`
		X    *float32 `parquet:"x,optional"`
		Tags []string `parquet:"tags,list"`
		S    string   `parquet:"s,dict"`
	}
	got, err := parquet.ReadFile[kept](out)
	if err != nil {
		t.Fatal(err)
	}
	want := []kept{{101, number(15), []string{"a", "b"}, "s"}, {102, nil, []string{}, "t"}, {104, number(-40), []string{}, "v"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	type dropped struct {
		N      int32  `parquet:"n"`
		Reason string `parquet:"synthos_reason,optional"`
	}
	lost, err := parquet.ReadFile[dropped](gone)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]dropped{{3, "row, \"bad\""}}, lost); diff != "" {
		t.Errorf("dropped rows stay as they were (-want +got):\n%s", diff)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := file.Lookup("made by"); v != "us" {
		t.Errorf("the metadata of the file are lost: %q", v)
	}
	var names []string
	for _, field := range file.Schema().Fields() {
		names = append(names, field.Name())
	}
	if diff := cmp.Diff([]string{"n", "x", "tags", "s"}, names); diff != "" {
		t.Errorf("columns in order (-want +got):\n%s", diff)
	}
}

// TestCopyParquetGroups copies lists, nulls and texts in pages and row groups of
// many sizes without random rows, beside the rows that a plain reader finds.
func TestCopyParquetGroups(t *testing.T) {
	type row struct {
		N     int64    `parquet:"n"`
		X     *float64 `parquet:"x,optional"`
		S     string   `parquet:"s,dict"`
		Tags  []string `parquet:"tags,list"`
		Plain []int32  `parquet:"plain"`
	}
	rng := rand.New(rand.NewPCG(1, 9))
	dir := t.TempDir()
	in, out, gone := filepath.Join(dir, "in.parquet"), filepath.Join(dir, "out.parquet"), filepath.Join(dir, "gone.parquet")
	f, err := os.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	w := parquet.NewGenericWriter[row](f, parquet.PageBufferSize(2000), parquet.Compression(&parquet.Zstd))
	var keep, drop []row
	dropped := map[int64]bool{}
	for i := range int64(9000) {
		r := row{N: i, S: strings.Repeat("s", rng.IntN(20)), Tags: []string{}, Plain: []int32{}}
		if rng.IntN(3) > 0 {
			x := rng.NormFloat64()
			r.X = &x
		}
		for range rng.IntN(5) {
			r.Tags = append(r.Tags, strings.Repeat("t", rng.IntN(30)))
			r.Plain = append(r.Plain, rng.Int32())
		}
		if rng.IntN(4) == 0 || i > 3000 && i < 6000 && rng.IntN(50) > 0 {
			dropped[i] = true
			drop = append(drop, r)
		} else {
			keep = append(keep, r)
		}
		if _, err := w.Write([]row{r}); err != nil {
			t.Fatal(err)
		}
		if i == 10 || i == 4000 || i == 8990 {
			if err := w.Flush(); err != nil { // ends a row group
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	copied, err := Copy(t.Context(), opened(t, in), out, gone, Edit{Dropped: func(row int64) (string, bool) { return "bad", dropped[row] }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if copied.Kept != int64(len(keep)) || copied.Dropped != int64(len(drop)) {
		t.Errorf("%+v, want %d and %d", copied, len(keep), len(drop))
	}
	for path, want := range map[string][]row{out: keep, gone: drop} {
		got, err := parquet.ReadFile[row](path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got { // an empty list may be read as none
			if got[i].Tags == nil {
				got[i].Tags = []string{}
			}
			if got[i].Plain == nil {
				got[i].Plain = []int32{}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.2000s", filepath.Base(path), diff)
		}
	}
}

// TestCopyToOtherFormats reads back what was converted.
func TestCopyToOtherFormats(t *testing.T) {
	for _, names := range [][2]string{{"in.csv", "out.parquet"}, {"in.parquet", "out.csv"}, {"in.arrow", "out.arrow"}, {"in.arrow", "out.tsv"}, {"in.parquet", "out.feather"}} {
		dir := t.TempDir()
		in, out := filepath.Join(dir, names[0]), filepath.Join(dir, names[1])
		table := writtenTable()
		write := map[string]func(string, *dataset.Table) error{".csv": WriteCSV, ".parquet": WriteParquet, ".arrow": WriteArrow}[filepath.Ext(in)]
		if err := write(in, table); err != nil {
			t.Fatal(err)
		}
		src := opened(t, in)
		before := readAll(t, in, Options{})
		copied, err := Copy(t.Context(), src, out, "", dropping(1), nil)
		if err != nil {
			t.Fatal(err)
		}
		after := readAll(t, out, Options{})
		if copied.Dropped != 1 || after.Rows() != before.Rows()-1 {
			t.Errorf("%v: %+v, %d rows of %d", names, copied, after.Rows(), before.Rows())
		}
		if diff := cmp.Diff(before.Schema.Names(), after.Schema.Names()); diff != "" {
			t.Errorf("%v: (-before +after)\n%s", names, diff)
		}
		if filepath.Ext(in) == ".csv" || filepath.Ext(out) != ".arrow" && filepath.Ext(out) != ".feather" {
			continue
		}
		want := before.Take([]int{0, 2}) // cells and types stay between formats that hold types
		for j := range want.Columns {
			if diff := cmp.Diff(want.Columns[j], after.Take([]int{0, 1}).Columns[j]); diff != "" {
				t.Errorf("%v: column %s (-want +got)\n%s", names, want.Schema.Fields[j].Name, diff)
			}
			if a, b := before.Schema.Fields[j], after.Schema.Fields[j]; a.Type != b.Type || a.Integer != b.Integer {
				t.Errorf("%v: column %s is %v before and %v after", names, a.Name, a, b)
			}
		}
	}
}

func TestCopyRefuses(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(in, []byte("a,b\n1,2\n3,4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.csv")
	if err := os.Symlink(in, link); err != nil {
		t.Skip(err)
	}
	out := filepath.Join(dir, "out.csv")
	for _, test := range []struct {
		path, dropped string
		says          string
	}{
		{in, "", "this is the input"}, {link, "", "this is the input"}, {out, in, "this is the input"}, {out, out, "cannot go where the others go"},
		{filepath.Join(dir, "out.xlsx"), "", "*.xlsx"}, {out, filepath.Join(dir, "gone.parquet"), "another format"},
	} {
		_, err := Copy(t.Context(), opened(t, in), test.path, test.dropped, dropping(0), nil)
		wantError(t, err, test.says)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Copy(ctx, opened(t, in), out, "", dropping(0), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after an interrupt", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("files are left over: %v", left)
	}
}

// TestCopyParquetStrings edits a column of strings that is read as one of numbers.
func TestCopyParquetStrings(t *testing.T) {
	type row struct {
		S *string `parquet:"s,optional"`
	}
	text := func(s string) *string { return &s }
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.parquet"), filepath.Join(dir, "out.parquet")
	if err := parquet.WriteFile(in, []row{{text("10")}, {text("41 yrs")}, {text("err")}, {nil}, {text("1.50")}}); err != nil {
		t.Fatal(err)
	}
	src, err := Open(t.Context(), in, Options{Types: map[string]dataset.Type{"s": dataset.Float}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	e := Edit{Numbers: map[string]func(float64) float64{"s": func(x float64) float64 { return x / 2 }},
		Cells: map[Place]Value{{1, "s"}: {Number: 41}, {2, "s"}: {Null: true}}}
	if _, err := Copy(t.Context(), src, out, "", e, nil); err != nil {
		t.Fatal(err)
	}
	got, err := parquet.ReadFile[row](out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]row{{text("5")}, {text("41")}, {nil}, {nil}, {text("0.75")}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

package load

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// TestCopyAddsText adds rows of other files to text files, in the form of these.
func TestCopyAddsText(t *testing.T) {
	tests := []struct {
		name, reason  string
		file, text    string
		other, added  string
		without, want string
	}{
		{
			name: "csv", reason: "columns by name, a delimiter and a decimal comma of one's own, what is not there null",
			file: "in.csv", text: "id;price;day;s\n1;1,5;31.12.2020;a\n2;2,5;30.11.2020;b\n",
			other: "more.csv", added: "s,day,price,other\nx;y,2021-01-02,7.25,1\nno,2021-01-03,8,1\nNA,,-0.5,1\n",
			want: "id;price;day;s\n1;1,5;31.12.2020;a\n2;2,5;30.11.2020;b\n;7,25;02.01.2021;\"x;y\"\n;-0,5;;\n",
		},
		{
			name: "csv without a column", reason: "what is left out is left out of added rows too",
			file: "in.csv", text: "a,b\n1,x\n", other: "more.jsonl", added: "{\"a\": 2, \"b\": \"y\"}\n{}\n{\"b\": \"z\"}\n", without: "a",
			want: "b\nx\ny\nz\n",
		},
		{
			name: "csv alike", reason: "records of the same columns in the same dialect stay as they stand",
			file: "in.csv", text: "a,b\n1.5,x\n", other: "more.csv", added: "a,b\n2.50,\"y\"\n3,z\n7,NA\n",
			want: "a,b\n1.5,x\n2.50,\"y\"\n7,NA\n",
		},
		{
			name: "json lines", reason: "records stay as they stand",
			file: "in.jsonl", text: "{\"a\": 1, \"b\": {\"c\": 1}}\n", other: "more.json", added: "[{\"b\": {\"c\": 2, \"new\": []}, \"a\": 1.50}, {\"a\": 3}, {\"a\": 4}]",
			want: "{\"a\": 1, \"b\": {\"c\": 1}}\n{\"b\": {\"c\": 2, \"new\": []}, \"a\": 1.50}\n{\"a\": 4}\n",
		},
		{
			name: "json of csv", reason: "cells of the types of the data",
			file: "in.json", text: "[{\"a\": 1, \"ok\": true, \"s\": \"007\", \"t\": \"2020-01-01\"}]", other: "more.csv", added: "t,s,a,ok\n2021-05-06,008,2.5,false\n,,,\n2021-05-07,\"\"\"\",3,true\n",
			want: "[\n{\"a\": 1, \"ok\": true, \"s\": \"007\", \"t\": \"2020-01-01\"},\n{\"a\": 2.5, \"ok\": false, \"s\": \"008\", \"t\": \"2021-05-06\"},\n{\"a\": 3, \"ok\": true, \"s\": \"\\\"\", \"t\": \"2021-05-07\"}\n]\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			in, other := filepath.Join(dir, test.file), filepath.Join(dir, test.other)
			writeTexts(t, in, test.text, other, test.added)
			src := opened(t, in)
			out := filepath.Join(dir, "out"+filepath.Ext(in))
			e := Edit{Added: &Added{Source: openedLike(t, other, src), Rows: map[int64]bool{0: true, 2: true}}, Without: map[string]bool{test.without: true}}
			copied, err := Copy(t.Context(), src, out, "", e, nil)
			if err != nil {
				t.Fatal(err)
			}
			if copied.Added != 2 {
				t.Errorf("%+v, want 2 rows added", copied)
			}
			got, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

func writeTexts(t *testing.T, pathsAndTexts ...string) {
	t.Helper()
	for i := 0; i < len(pathsAndTexts); i += 2 {
		if err := os.WriteFile(pathsAndTexts[i], []byte(pathsAndTexts[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// openedLike opens a file with the types of the columns of src.
func openedLike(t *testing.T, path string, src dataset.Source) dataset.Source {
	t.Helper()
	types := map[string]dataset.Type{}
	for _, f := range src.Schema().Fields {
		types[f.Name] = f.Type
	}
	other, err := Open(t.Context(), path, Options{Types: types})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return other
}

// TestCopyAddsParquet adds rows of a file of the same schema, lists included, and of one
// of another format to a Parquet file, and rows to Arrow.
func TestCopyAddsParquet(t *testing.T) {
	type row struct {
		N    int32    `parquet:"n"`
		X    *float32 `parquet:"x,optional"`
		Tags []string `parquet:"tags,list"`
	}
	type flat struct {
		N int32   `parquet:"n"`
		S *string `parquet:"s,optional"`
		T int64   `parquet:"t,timestamp(millisecond)"`
	}
	dir := t.TempDir()
	in, other, out := filepath.Join(dir, "in.parquet"), filepath.Join(dir, "other.parquet"), filepath.Join(dir, "out.parquet")
	x := float32(2.5)
	if err := parquet.WriteFile(in, []row{{1, &x, []string{"a", "b"}}, {2, nil, []string{"c"}}}); err != nil {
		t.Fatal(err)
	}
	if err := parquet.WriteFile(other, []row{{3, nil, []string{"d"}}, {4, &x, []string{"e"}}, {5, &x, []string{"f", "g", "h"}}}); err != nil {
		t.Fatal(err)
	}
	src := opened(t, in)
	chosen := map[int64]bool{0: true, 2: true}
	e := dropping(0)
	e.Added = &Added{Source: openedLike(t, other, src), Rows: chosen}
	if _, err := Copy(t.Context(), src, out, "", e, nil); err != nil {
		t.Fatal(err)
	}
	got, err := parquet.ReadFile[row](out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]row{{2, nil, []string{"c"}}, {3, nil, []string{"d"}}, {5, &x, []string{"f", "g", "h"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	text := "s"
	if err := parquet.WriteFile(in, []flat{{1, &text, 1500}}); err != nil {
		t.Fatal(err)
	}
	csv := filepath.Join(dir, "other.csv")
	writeTexts(t, csv, "s,t,n\na,1970-01-01 00:00:02.250,7\nb,,8\n,1970-01-01 00:00:03,9\n")
	src = opened(t, in)
	e = Edit{Added: &Added{Source: openedLike(t, csv, src), Rows: chosen}}
	if _, err := Copy(t.Context(), src, out, "", e, nil); err != nil {
		t.Fatal(err)
	}
	both, err := parquet.ReadFile[flat](out)
	if err != nil {
		t.Fatal(err)
	}
	a := "a"
	if diff := cmp.Diff([]flat{{1, &text, 1500}, {7, &a, 2250}, {9, nil, 3000}}, both); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e.Added.Rows = map[int64]bool{1: true}
	_, err = Copy(t.Context(), src, out, "", e, nil)
	wantError(t, err, "a null cannot be written")

	arrow := filepath.Join(dir, "out.arrow")
	e.Added.Rows = chosen
	if _, err := Copy(t.Context(), src, arrow, "", e, nil); err != nil {
		t.Fatal(err)
	}
	table := readAll(t, arrow, Options{})
	if table.Rows() != 3 || table.Columns[0].Floats[2] != 9 || !table.Columns[1].Null[2] {
		t.Errorf("%+v", table)
	}
}

// TestCopyWritesLevels puts other levels into cells of all formats, and keeps the rows as
// they were.
func TestCopyWritesLevels(t *testing.T) {
	other, note := "p;q", "was another"
	for _, test := range []struct {
		file, text, kept, gone string
	}{
		{"in.csv", "a;b;c\n1;x;true\n2.0;y;false\n3;z;true\n", "a;b;c\n1;x;true\n2.0;\"p;q\";true\n", "a;b;c;synthos_reason\n2.0;y;false;was another\n3;z;true;\"row, \"\"bad\"\"\"\n"},
		{"in.jsonl", "{\"a\":1,\"b\":\"x\",\"c\":true}\n{\"a\":2.0,\"b\":\"y\",\"c\":false}\n{\"a\":3,\"b\":\"z\",\"c\":true}\n",
			"{\"a\":1,\"b\":\"x\",\"c\":true}\n{\"a\": 2.0, \"b\": \"p;q\", \"c\": true}\n",
			"{\"a\":2.0,\"b\":\"y\",\"c\":false,\"synthos_reason\":\"was another\"}\n{\"a\":3,\"b\":\"z\",\"c\":true,\"synthos_reason\":\"row, \\\"bad\\\"\"}\n"},
		{"in.parquet", "", "", ""},
		{"in.arrow", "", "", ""},
	} {
		dir := t.TempDir()
		in, out, gone := filepath.Join(dir, test.file), filepath.Join(dir, "out"+filepath.Ext(test.file)), filepath.Join(dir, "gone"+filepath.Ext(test.file))
		if test.text != "" {
			writeTexts(t, in, test.text)
		} else if err := Write(in, levels()); err != nil {
			t.Fatal(err)
		}
		e := dropping(2)
		e.Cells = map[Place]Value{{1, "b"}: {Text: &other}, {1, "c"}: {Number: 1}}
		e.Noted = map[int64]string{1: note}
		copied, err := Copy(t.Context(), opened(t, in), out, gone, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		if copied.Kept != 2 || copied.Dropped != 1 {
			t.Errorf("%s: %+v", test.file, copied)
		}
		if test.text != "" {
			for path, want := range map[string]string{out: test.kept, gone: test.gone} {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, string(b)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.file, diff)
				}
			}
			continue
		}
		kept, old := readAll(t, out, Options{}), readAll(t, gone, Options{})
		if diff := cmp.Diff([]string{"x", other}, kept.Columns[1].Strings); diff != "" || kept.Columns[2].Floats[1] != 1 {
			t.Errorf("%s: %+v (-want +got):\n%s", test.file, kept.Columns, diff)
		}
		if diff := cmp.Diff([]string{"y", "z"}, old.Columns[1].Strings); diff != "" || old.Columns[2].Floats[0] != 0 || old.Columns[3].Strings[0] != note {
			t.Errorf("%s: %+v (-want +got):\n%s", test.file, old.Columns, diff)
		}
	}
}

// levels is a table of a number, a level and a truth value.
func levels() *dataset.Table {
	none := make([]bool, 3)
	return &dataset.Table{
		Schema: &dataset.Schema{Fields: []dataset.Field{{Name: "a", Type: dataset.Float}, {Name: "b", Type: dataset.String}, {Name: "c", Type: dataset.Bool}}},
		Columns: []dataset.Vector{
			{Floats: []float64{1, 2, 3}, Null: none}, {Strings: []string{"x", "y", "z"}, Null: none}, {Floats: []float64{1, 0, 1}, Null: none},
		},
		RowIDs: []int64{0, 1, 2},
	}
}

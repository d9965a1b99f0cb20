package load

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// unpackHDF5 returns the path of a file of testdata, which keeps them compressed.
func unpackHDF5(t testing.TB, name string) string {
	t.Helper()
	in, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// frameWant is what testdata/gen.py writes as frame.
func frameWant() map[string][]any {
	want := map[string][]any{
		"x": {0.5, nil, 2.5, -1.0, 1e300, 0.1, 3.0},
		"s": {"a", nil, "ü", "nan?", "", "long text", "b"},
		"b": {1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0},
	}
	for i := range 7 {
		want["y"] = append(want["y"], 1.5*float64(i))
		want["i"] = append(want["i"], 1e12*float64(i))
		want["small"] = append(want["small"], float64(i))
		if i == 3 {
			want["t"] = append(want["t"], nil)
		} else {
			want["t"] = append(want["t"], 1709164800+43200*float64(i))
		}
	}
	return want
}

func TestHDF5Pandas(t *testing.T) {
	category := []any{"low", "high", nil, "low", "low", "high", "high"}
	var days []any
	for i := range 7 {
		days = append(days, 1577836800+86400*float64(i)) // 2020-01-01
	}
	for _, test := range []struct {
		file, reason, sheet string
		columns             string
		more                map[string][]any
	}{
		{"fixed.h5", "blocks of one type, strings pickled", "", "x y i small s t b u", map[string][]any{"u": {"p", nil, "q", "5", "true", "r", nil}}},
		{"table.h5", "records of blocks, a category", "", "x y i small s t b c", map[string][]any{"c": category}},
		{"columns.h5", "records of columns, an index with a name", "/df", "day x y i small s t b c", map[string][]any{"c": category, "day": days}},
	} {
		t.Run(test.file, func(t *testing.T) {
			table := readAll(t, unpackHDF5(t, test.file), Options{Sheet: test.sheet})
			if diff := cmp.Diff(strings.Fields(test.columns), table.Schema.Names()); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			want := frameWant()
			for name, column := range test.more {
				want[name] = column
			}
			if diff := cmp.Diff(want, cells(table)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
			for name, typ := range map[string]dataset.Type{"x": dataset.Float, "s": dataset.String, "b": dataset.Bool, "t": dataset.Time} {
				if f := table.Schema.Fields[table.Schema.Index(name)]; f.Type != typ {
					t.Errorf("column %s is stored as %v, want %v", name, f.Type, typ)
				}
			}
			if f := table.Schema.Fields[table.Schema.Index("i")]; !f.Integer {
				t.Error("column i is not marked as integers")
			}
		})
	}
}

func TestHDF5Codecs(t *testing.T) {
	path := unpackHDF5(t, "codecs.h5")
	for _, codec := range []string{"zlib", "bzip2", "blosc_lz4", "blosc_blosclz", "blosc_zlib", "blosc_zstd"} {
		table := readAll(t, path, Options{Sheet: codec})
		if table.Rows() != 3000 {
			t.Fatalf("%s: %d rows, want 3000", codec, table.Rows())
		}
		for i := range table.Rows() {
			if x, k := table.Columns[0].Floats[i], table.Columns[1].Floats[i]; x != float64(i%7)/4 || k != float64(i) {
				t.Fatalf("%s: row %d is %v, %v", codec, i, x, k)
			}
		}
	}
}

// chunkWant is element (i, j) of what testdata/gen.py writes as c and i.
func chunkWant(name string, i, j int) float64 {
	at := 6*i + j
	c := func(at int) float64 { return math.RoundToEven(math.Sin(float64(at))*100) / 100 }
	switch name {
	case "paged":
		return float64(i % 100)
	case "grows_far":
		return c(6 * (i / 6))
	case "scale_i":
		return float64(at/7) - 50
	case "sparse":
		if i >= 30 && i < 50 {
			return float64(at / 7)
		}
		return 7
	case "never":
		return 1.5
	}
	return c(at)
}

func TestHDF5Chunks(t *testing.T) {
	for _, file := range []string{"chunks_v1.h5", "chunks_v3.h5"} {
		path := unpackHDF5(t, file)
		for _, name := range strings.Fields("plain single implicit fixed paged grows grows_far both both_raw big_endian scale_i scale_f sparse never") {
			t.Run(file+"/"+name, func(t *testing.T) {
				// Datasets of equal length are one table; look at the columns of this one.
				table := readAll(t, path, Options{Sheet: name})
				found := 0
				for j, f := range table.Schema.Fields {
					column := 0
					if f.Name != name {
						if _, err := fmt.Sscanf(f.Name, name+"_%d", &column); err != nil || f.Name != fmt.Sprintf("%s_%d", name, column) {
							continue
						}
					}
					found++
					for i, x := range table.Columns[j].Floats {
						if want := chunkWant(name, i, column); math.Abs(x-want) > 1e-9 {
							t.Fatalf("element (%d, %d) is %v, want %v", i, column, x, want)
						}
					}
				}
				if want := map[bool]int{true: 1, false: 6}[name == "paged" || name == "grows_far"]; found != want {
					t.Errorf("%d columns, want %d", found, want)
				}
			})
		}
		many := readAll(t, path, Options{Sheet: "/many"})
		if len(many.Columns) != 30 || many.Columns[29].Floats[2] != 31 {
			t.Errorf("%s: a group of 30 members has %d columns", file, len(many.Columns))
		}
	}
}

func TestHDF5Types(t *testing.T) {
	path := unpackHDF5(t, "types.h5")
	want := map[string][]any{
		"t_i1": {1.0, -128.0, 127.0}, "t_i2": {1.0, -32768.0, 32767.0}, "t_i4": {1.0, -2147483648.0, 2147483647.0},
		"t_i8": {"1", "-9223372036854775808", "9223372036854775807"},
		"t_u1": {1.0, 0.0, 255.0}, "t_u2": {1.0, 0.0, 65535.0}, "t_u4": {1.0, 0.0, 4294967295.0},
		"t_u8": {"1", "0", "18446744073709551615"}, "t_be_u8": {"1", "0", "18446744073709551615"},
		"t_be_i2": {1.0, -32768.0, 32767.0},
		"t_f2":    {1.0, -0.5, 1.5}, "t_f4": {1.0, -0.5, 1.5}, "t_f8": {1.0, -0.5, 1.5}, "t_be_f4": {1.0, -0.5, 1.5},
		"bool": {1.0, 0.0, 1.0}, "level": {"high", "low", "3"},
		"again": {"ab", "", "exact"}, "utf8": {"ä", "b", ""}, "lists": {"1, 2", "", "3"},
		"c.r": {1.0, 0.0, 0.0}, "c.i": {2.0, 0.0, -1.0},
		"matrix_0": {0.0, 2.0, 4.0}, "matrix_1": {1.0, 3.0, 5.0},
	}
	got := cells(readAll(t, path, Options{Sheet: "/t_i1"})) // again is s5: an object is listed once
	for name, column := range cells(readAll(t, path, Options{Sheet: "/c"})) {
		got["c."+name] = column
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestHDF5Records(t *testing.T) {
	table := readAll(t, unpackHDF5(t, "records.h5"), Options{Types: map[string]dataset.Type{"at.x": dataset.String}})
	want := map[string][]any{
		"id":   {"0", "4503599627370496", "9007199254740992", "13510798882111488", "18014398509481984"},
		"at.x": {"0.5", "0.5", "0.5", "0.5", "0.5"}, "at.y": {0.0, 1.0, 2.0, 3.0, 4.0},
		"v_0": {0.0, 2.0, 4.0, 6.0, 8.0}, "v_1": {1.0, 3.0, 5.0, 7.0, 9.0},
		"name": {"nm", "nm", "nm", "nm", "nm"}, "ok": {1.0, 0.0, 1.0, 1.0, 0.0}, "text": {"t0", "t1", "t2", "t3", "t4"},
	}
	if diff := cmp.Diff(want, cells(table)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestHDF5Choice(t *testing.T) {
	path := unpackHDF5(t, "split.h5")
	for _, test := range []struct {
		sheet, reason string
		rows          int
	}{
		{"/train", "a group", 4},
		{"test", "without the first slash", 2},
		{"/test/y", "a member stands for its group", 2},
	} {
		table := readAll(t, path, Options{Sheet: test.sheet})
		if table.Rows() != test.rows || len(table.Columns) != 3 {
			t.Errorf("%s: %d rows, %d columns, want %d, 3 (%s)", test.sheet, table.Rows(), len(table.Columns), test.rows, test.reason)
		}
	}
}

func TestHDF5Refuses(t *testing.T) {
	for _, test := range []struct {
		name, file, sheet, want string
	}{
		{"several tables", "split.h5", "", "/test (2 rows of 3 columns), /train (4 rows of 3 columns)"},
		{"no such table", "split.h5", "/valid", "/train"},
		{"virtual data", "virtual.h5", "", "a virtual dataset"},
		{"szip", "szip.h5", "", "data filtered by szip: not supported"},
	} {
		path := unpackHDF5(t, test.file)
		_, err := Open(context.Background(), path, Options{Sheet: test.sheet})
		var e *dataset.Error
		if !errors.As(err, &e) || e.Path != path || e.Do == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a *dataset.Error with %q", test.name, err, test.want)
		}
	}
}

func TestHDF5Ranges(t *testing.T) {
	path := unpackHDF5(t, "codecs.h5")
	src, err := Open(context.Background(), path, Options{Sheet: "zlib"})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var got []float64
	for first := int64(0); first < 3000; first += 700 {
		r := dataset.Range{Offset: first, Length: min(700, 3000-first), FirstRow: first}
		err := src.Read(context.Background(), r, func(b *dataset.Batch) error {
			if b.FirstRow != int64(len(got)) {
				t.Fatalf("a batch begins at row %d, want %d", b.FirstRow, len(got))
			}
			got = append(got, b.Columns[1].Floats...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, x := range got {
		if x != float64(i) {
			t.Fatalf("row %d holds %v", i, x)
		}
	}
	if len(got) != 3000 {
		t.Errorf("%d rows, want 3000", len(got))
	}
}

func TestHDF5Damaged(t *testing.T) {
	var paths []string
	for _, name := range []string{"fixed.h5", "types.h5", "records.h5"} {
		paths = append(paths, unpackHDF5(t, name))
	}
	testDamaged(t, paths)
}

func FuzzHDF5(f *testing.F) {
	fuzzFile(f, ".h5", unpackHDF5(f, "records.h5"), unpackHDF5(f, "types.h5"), unpackHDF5(f, "fixed.h5"))
}

// A table of petabytes that are not in the file is refused at once, as every range
// of it would take memory.
func TestHDF5DeclaredSize(t *testing.T) {
	_, err := Open(context.Background(), unpackHDF5(t, "petabytes.h5"), Options{})
	wantError(t, err, "1000000000000000 rows of 8 bytes", "MaxBytes")
}

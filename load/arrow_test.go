package load

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestArrowTypes(t *testing.T) {
	want := maps.Clone(typedWant)
	want["string_view"] = []any{"a", nil, "ü€"}
	want["binary_view"] = []any{"0xff00", nil, "text"}
	want["runs"] = []any{"r", nil, "s"}
	want["span"] = []any{1.5, nil, -0.001}
	for _, test := range []struct {
		file, reason string
		ranges       int
	}{
		{"typed.arrow", "a file of two record batches", 2},
		{"typed_zstd.arrow", "compressed buffers", 2},
		{"typed_lz4.arrows", "a stream: one range", 1},
	} {
		t.Run(test.file, func(t *testing.T) {
			path := filepath.Join("testdata", test.file)
			src, err := Open(context.Background(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			if n := len(src.Ranges()); n != test.ranges {
				t.Errorf("%d ranges, want %d", n, test.ranges)
			}
			table := readAll(t, path, Options{})
			if diff := cmp.Diff(want, cells(table)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
			if diff := cmp.Diff([]int64{0, 1, 2}, table.RowIDs); diff != "" {
				t.Errorf("row numbers (-want +got):\n%s", diff)
			}
		})
	}
}

// writeArrow writes records of one column as an IPC file.
func writeArrow(t testing.TB, typ arrow.DataType, records ...func(array.Builder)) string {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: typ, Nullable: true}}, nil)
	var buf bytes.Buffer
	w, err := ipc.NewFileWriter(&buf, ipc.WithSchema(schema))
	if err != nil {
		t.Fatal(err)
	}
	for _, fill := range records {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		fill(b.Field(0))
		if err := w.Write(b.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "c.arrow")
	if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestArrowNumbers(t *testing.T) {
	ints := func(x ...int64) func(array.Builder) {
		return func(b array.Builder) { b.(*array.Int64Builder).AppendValues(x, nil) }
	}
	floats := func(x ...float64) func(array.Builder) {
		return func(b array.Builder) { b.(*array.Float64Builder).AppendValues(x, nil) }
	}
	const big = 1<<53 + 1
	for _, test := range []struct {
		name, reason string
		path         string
		field        dataset.Field
		cells        []any
		invalid      []dataset.Invalid
	}{
		{"small", "float64 holds them", writeArrow(t, arrow.PrimitiveTypes.Int64, ints(1, -2)),
			dataset.Field{Name: "c", Type: dataset.Float, Integer: true}, []any{1.0, -2.0}, nil},
		{"wide in the sample", "never rounded: text", writeArrow(t, arrow.PrimitiveTypes.Int64, ints(1), ints(2), ints(big)),
			dataset.Field{Name: "c", Type: dataset.String}, []any{"1", "2", "9007199254740993"}, nil},
		{"wide outside of the sample", "never rounded: invalid", writeArrow(t, arrow.PrimitiveTypes.Int64, ints(1), ints(-big), ints(2), ints(3), ints(4)),
			dataset.Field{Name: "c", Type: dataset.Float, Integer: true}, []any{1.0, nil, 2.0, 3.0, 4.0}, []dataset.Invalid{{Row: 1, Text: "-9007199254740993"}}},
		{"whole floats", "as pandas writes integers with nulls", writeArrow(t, arrow.PrimitiveTypes.Float64, floats(1, math.NaN(), 3)),
			dataset.Field{Name: "c", Type: dataset.Float, Integer: true}, []any{1.0, nil, 3.0}, nil},
		{"not finite", "NaN is null, infinities are invalid", writeArrow(t, arrow.PrimitiveTypes.Float64, floats(0.5, math.Inf(1), math.NaN())),
			dataset.Field{Name: "c", Type: dataset.Float}, []any{0.5, nil, nil}, []dataset.Invalid{{Row: 1, Text: "+Inf"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := readAll(t, test.path, Options{})
			if diff := cmp.Diff(test.field, table.Schema.Fields[0]); diff != "" {
				t.Errorf("field (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.cells, cells(table)["c"]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
			if diff := cmp.Diff(test.invalid, table.Columns[0].Invalid); diff != "" {
				t.Errorf("invalid (-want +got):\n%s", diff)
			}
		})
	}
}

func TestArrowLongStringsAndBatches(t *testing.T) {
	const n = 10_000
	want := make([]any, n)
	path := writeArrow(t, arrow.BinaryTypes.String, func(b array.Builder) {
		for i := range n {
			want[i] = strings.Repeat("x", i%300)
			b.(*array.StringBuilder).Append(want[i].(string))
		}
	})
	if diff := cmp.Diff(want, cells(readAll(t, path, Options{}))["c"]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestArrowForcedTypes(t *testing.T) {
	types := map[string]dataset.Type{"float": dataset.String, "dictionary": dataset.Float, "time": dataset.String, "us": dataset.String}
	got := cells(readAll(t, "testdata/typed.arrow", Options{Types: types}))
	for name, want := range map[string][]any{
		"float":      {"0.1", nil, "-2.5"},
		"dictionary": {nil, nil, nil},
		"time":       {"13:05:00.5", nil, "00:00:00"},
		"us":         {"2024-02-29T12:30:15.25Z", nil, "1970-01-01T00:00:00Z"},
	} {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestArrowRefuses(t *testing.T) {
	whole, err := os.ReadFile("testdata/typed.arrow")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, reason, want string
		data               []byte
	}{
		{"feather version 1", "another format, given up in 2020", "version 1", []byte("FEA1\x00\x00\x00\x00FEA1FEA1FEA1")},
		{"cut short", "the footer is at the end", "ARROW1", whole[:len(whole)/2]},
	} {
		path := filepath.Join(t.TempDir(), "x.feather")
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

func TestArrowDamaged(t *testing.T) {
	testDamaged(t, []string{"testdata/typed.arrow", "testdata/typed_zstd.arrow", "testdata/typed_lz4.arrows"})
}

func FuzzArrow(f *testing.F) {
	fuzzFile(f, ".arrow", "testdata/typed.arrow", "testdata/typed_zstd.arrow", "testdata/typed_lz4.arrows")
}

package load

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// shownArrow returns the schema of an Arrow file and its rows as JSON.
func shownArrow(t *testing.T, path string) (string, []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := ipc.NewFileReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i := range r.NumRecords() {
		record, err := r.RecordBatchAt(i)
		if err != nil {
			t.Fatal(err)
		}
		for k := range int(record.NumRows()) {
			line := ""
			for j, c := range record.Columns() {
				line += fmt.Sprintf("%s=%s ", record.ColumnName(j), c.ValueStr(k))
			}
			rows = append(rows, line[:len(line)-1])
		}
	}
	return r.Schema().String(), rows
}

// TestCopyArrow keeps types that our cells do not tell apart, and edits cells of the others.
func TestCopyArrow(t *testing.T) {
	dir := t.TempDir()
	in, out, gone := filepath.Join(dir, "in.feather"), filepath.Join(dir, "out.feather"), filepath.Join(dir, "gone.feather")
	words := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	metadata := arrow.NewMetadata([]string{"made by"}, []string{"us"})
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
		{Name: "x", Type: arrow.PrimitiveTypes.Float32, Nullable: true},
		{Name: "s", Type: arrow.BinaryTypes.LargeString, Nullable: true},
		{Name: "tags", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
		{Name: "word", Type: words, Nullable: true},
		{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		{Name: "money", Type: &arrow.Decimal128Type{Precision: 5, Scale: 2}, Nullable: true},
		{Name: "hole", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	}, &metadata)
	f, err := os.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	w, err := ipc.NewFileWriter(f, ipc.WithSchema(schema))
	if err != nil {
		t.Fatal(err)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, batch := range [][][]string{
		{{"1", "0.1", "10", `["a","b"]`, "u", "2024-01-01", "1.50", ""}, {"2", "0.2", "41 yrs", `[]`, "v", "2024-01-02", "2.50", ""}, {"3", "0.3", "30", `["c"]`, "u", "2024-01-03", "3.50", ""}},
		{{"4", "", "40", "", "v", "2024-01-04", "", ""}, {"5", "0.5", "err", `["d"]`, "", "2024-01-05", "5.50", ""}},
	} {
		for _, row := range batch {
			for j, text := range row {
				if text == "" {
					b.Field(j).AppendNull()
				} else if err := b.Field(j).AppendValueFromString(text); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Write(b.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	src, err := Open(t.Context(), in, Options{Types: map[string]dataset.Type{"s": dataset.Float}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	e := dropping(2)
	e.Numbers = map[string]func(float64) float64{"n": func(x float64) float64 { return x*10 + 0.4 }, "s": func(x float64) float64 { return x / 4 }}
	e.Cells = map[Place]Value{{1, "s"}: {Number: 41}, {4, "s"}: {Null: true}}
	e.Noted = map[int64]string{3: "noted"}
	e.Without = map[string]bool{"hole": true}
	done, err := Copy(t.Context(), src, out, gone, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	if done != (Copied{Kept: 4, Dropped: 1}) {
		t.Errorf("%+v, want 4 kept and 1 dropped", done)
	}
	got, rows := shownArrow(t, out)
	want := []string{
		`n=10 x=0.1 s=2.5 tags=["a","b"] word=u day=2024-01-01 money=1.5`, `n=20 x=0.2 s=41 tags=[] word=v day=2024-01-02 money=2.5`,
		`n=40 x=(null) s=10 tags=(null) word=v day=2024-01-04 money=(null)`, `n=50 x=0.5 s=(null) tags=["d"] word=(null) day=2024-01-05 money=5.5`,
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	fields := schema.Fields()
	if diff := cmp.Diff(arrow.NewSchema(fields[:len(fields)-1], &metadata).String(), got); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	_, lost := shownArrow(t, gone)
	want = []string{
		`n=3 x=0.3 s=30 tags=["c"] word=u day=2024-01-03 money=3.5 synthos_reason=row, "bad"`,
		`n=4 x=(null) s=40 tags=(null) word=v day=2024-01-04 money=(null) synthos_reason=noted`,
	}
	if diff := cmp.Diff(want, lost); diff != "" {
		t.Errorf("dropped rows stay as they were (-want +got):\n%s", diff)
	}
}

package load

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// writtenTable has every storage, nulls, and texts that are hard to write.
func writtenTable() *dataset.Table {
	null := []bool{false, true, false, false}
	return &dataset.Table{
		Schema: &dataset.Schema{Fields: []dataset.Field{
			{Name: "z float", Type: dataset.Float},
			{Name: "integer", Type: dataset.Float, Integer: true},
			{Name: "not, whole", Type: dataset.Float, Integer: true},
			{Name: "bool", Type: dataset.Bool},
			{Name: "date", Type: dataset.Time},
			{Name: "time", Type: dataset.Time},
			{Name: "a string", Type: dataset.String},
		}},
		Columns: []dataset.Vector{
			{Floats: []float64{0.1, 0, -1e300, 5e-324}, Null: null},
			{Floats: []float64{1, 0, -(1 << 53), 1 << 53}, Null: null},
			{Floats: []float64{1, 0, 2.5, 3}, Null: null},
			{Floats: []float64{1, 0, 0, 1}, Null: null},
			{Floats: []float64{0, 0, -86400, 1709164800}, Null: null},
			{Floats: []float64{0.25, 0, -1, 1709209815.000001}, Null: null},
			{Strings: []string{"", "", "a,\"b\"\r\nc", "NA"}, Null: null},
		},
		RowIDs: []int64{0, 1, 2, 3},
	}
}

// readAll reads every range of the file as one table.
func readAll(t *testing.T, path string, o Options) *dataset.Table {
	t.Helper()
	table, err := readTable(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func readTable(path string, o Options) (*dataset.Table, error) {
	ctx := context.Background()
	src, err := Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return wholeTable(src)
}

// wholeTable reads all of src.
func wholeTable(src dataset.Source) (*dataset.Table, error) {
	table := &dataset.Table{Schema: src.Schema(), Columns: make([]dataset.Vector, len(src.Schema().Fields))}
	for _, r := range src.Ranges() {
		part, err := readRange(src, r)
		if err != nil {
			return nil, err
		}
		table = dataset.Concat(table, part)
	}
	return table, nil
}

// readRange reads one range as a table.
func readRange(src dataset.Source, r dataset.Range) (*dataset.Table, error) {
	table := &dataset.Table{Schema: src.Schema(), Columns: make([]dataset.Vector, len(src.Schema().Fields))}
	err := src.Read(context.Background(), r, func(b *dataset.Batch) error {
		n := len(table.RowIDs)
		for i := range b.Rows {
			table.RowIDs = append(table.RowIDs, b.FirstRow+int64(i))
		}
		for j := range b.Columns {
			from, to := &b.Columns[j], &table.Columns[j]
			to.Floats = append(to.Floats, from.Floats...)
			to.Strings = append(to.Strings, from.Strings...)
			to.Null = append(to.Null, from.Null...)
			for _, bad := range from.Invalid {
				to.Invalid = append(to.Invalid, dataset.Invalid{Row: bad.Row + n, Text: bad.Text})
			}
		}
		return nil
	})
	return table, err
}

// cells returns the table's cells as values to compare: nil, float64 or string.
func cells(t *dataset.Table) map[string][]any {
	out := map[string][]any{}
	for j, f := range t.Schema.Fields {
		column := []any{}
		for i := range t.Rows() {
			switch v := &t.Columns[j]; {
			case v.Null[i]:
				column = append(column, nil)
			case f.Type == dataset.String:
				column = append(column, v.Strings[i])
			default:
				column = append(column, v.Floats[i])
			}
		}
		out[f.Name] = column
	}
	return out
}

func TestWriteParquetRoundTrip(t *testing.T) {
	want := writtenTable()
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := WriteParquet(path, want); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, path, Options{})
	if diff := cmp.Diff(cells(want), cells(got)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	want.Schema.Fields[2].Integer = false // 2.5 is not whole
	if diff := cmp.Diff(want.Schema, got.Schema); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
}

func TestWriteParquetRowGroups(t *testing.T) {
	n := groupRows + 5
	want := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{{Name: "x", Type: dataset.Float}}}, RowIDs: make([]int64, n)}
	want.Columns = []dataset.Vector{{Floats: make([]float64, n), Null: make([]bool, n)}}
	for i := range n {
		want.Columns[0].Floats[i] = math.Sqrt(float64(i))
		want.RowIDs[i] = int64(i)
	}
	path := filepath.Join(t.TempDir(), "t.parquet")
	if err := WriteParquet(path, want); err != nil {
		t.Fatal(err)
	}
	src, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if got := src.Ranges(); len(got) != 2 || got[0].Rows != groupRows || got[1].FirstRow != groupRows || got[1].Rows != 5 {
		t.Errorf("ranges %+v, want row groups of %d and 5 rows", got, groupRows)
	}
	if !slices.Equal(want.Columns[0].Floats, readAll(t, path, Options{}).Columns[0].Floats) {
		t.Error("the cells differ")
	}
}

func TestWriteParquetRefuses(t *testing.T) {
	dir := t.TempDir()
	twice := writtenTable()
	twice.Schema.Fields[1].Name = "z float"
	never := writtenTable()
	never.Columns[5].Floats[0] = 1e30
	for _, test := range []struct {
		name, reason string
		table        *dataset.Table
	}{
		{"two columns of one name", "Parquet readers find columns by name", twice},
		{"time out of range", "microseconds in int64 end in the year 294247", never},
	} {
		path := filepath.Join(dir, test.name+".parquet")
		if err := WriteParquet(path, test.table); err == nil {
			t.Errorf("%s: no error (%s)", test.name, test.reason)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files left behind after failures, such as %s", len(left), left[0].Name())
	}
}

func TestWriteCSV(t *testing.T) {
	table := writtenTable()
	table.Columns[0].Invalid = []dataset.Invalid{{Row: 1, Text: "n.k., A"}}
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteCSV(path, table); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "z float,integer,\"not, whole\",bool,date,time,a string\n" +
		"0.1,1,1,true,1970-01-01,1970-01-01T00:00:00.25Z,\"\"\n" +
		"\"n.k., A\",,,,,,\n" +
		"-1e+300,-9007199254740992,2.5,false,1969-12-31,1969-12-31T23:59:59Z,\"a,\"\"b\"\"\r\nc\"\n" +
		"5e-324,9007199254740992,3,true,2024-02-29,2024-02-29T12:30:15.000001Z,\"NA\"\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}

func TestWriteCSVRoundTrip(t *testing.T) {
	want := writtenTable()
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := WriteCSV(path, want); err != nil {
		t.Fatal(err)
	}
	types := map[string]dataset.Type{}
	for _, f := range want.Schema.Fields {
		types[f.Name] = f.Type
	}
	if diff := cmp.Diff(cells(want), cells(readAll(t, path, Options{Types: types}))); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

package load

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What DuckDB and pandas write is read back value for value; testdata/gen.py says
// what they wrote. (Files by pyarrow, h5py, PyTables, openpyxl and XlsxWriter are
// in the tests of their formats.)
func TestInterop(t *testing.T) {
	want := map[string][]any{
		"i":       {1.0, nil, -7.0, 2147483647.0},
		"d":       {1.5, nil, -0.1, 1e300},
		"s":       {`a,"b"`, nil, "", "ü€\n"},
		"day":     {1709164800.0, nil, -86400.0, 946684800.0},
		"moment":  {1709209815.25, nil, -1.0, 946684800.0},
		"ok":      {1.0, nil, 0.0, 1.0},
		"money":   {12.34, nil, -0.05, 0.0},
		"point.x": {1.0, nil, nil, 2.0},
		"point.y": {"p", nil, "q", nil},
		"list":    {"1, 2", nil, "", "3"},
	}
	for file, lacks := range map[string][]string{
		"duckdb.parquet": nil,
		"duckdb.jsonl":   {"list"},
		"duckdb.csv":     {"list", "point.x", "point.y"},
	} {
		expected := maps.Clone(want)
		for _, name := range lacks {
			delete(expected, name)
		}
		if diff := cmp.Diff(expected, cells(readAll(t, "testdata/"+file, Options{}))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	pandas := map[string][]any{
		"column_1": {0.0, 1.0, 2.0}, // the index, whose name pandas leaves out
		"i":        {1.0, nil, -7.0},
		"s":        {"a,b", nil, nil}, // pandas writes None and "" alike
		"at":       {1709209815.25, nil, -86400.0},
		"ok":       {1.0, nil, 0.0},
	}
	if diff := cmp.Diff(pandas, cells(readAll(t, "testdata/pandas.csv", Options{}))); diff != "" {
		t.Errorf("pandas.csv (-want +got):\n%s", diff)
	}
	calc := map[string][]any{
		"id":     {1.0, 2.0, 3.0},
		"day":    {1709164800.0, nil, 946598400.0},
		"amount": {0.1, -1234.5, nil},
		"ok":     {1.0, 0.0, nil},
		"note":   {`it's; a, "note"`, nil, "ü€"},
		"twice":  {0.2, -2469.0, 0.0}, // formulas
	}
	for _, file := range []string{"libreoffice.xlsx", "libreoffice.csv", "libreoffice_semicolon.csv"} {
		if diff := cmp.Diff(calc, cells(readAll(t, "testdata/"+file, Options{}))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestWriteByExtension(t *testing.T) {
	want := writtenTable()
	for _, name := range []string{"t.csv", "t.parquet", "T.CSV", "t.tsv", "t.json", "t.jsonl", "t.ndjson", "t.csv.gz", "t.jsonl.zst", "t.arrow", "t.feather"} {
		path := filepath.Join(t.TempDir(), name)
		if err := CheckWrite(path); err != nil {
			t.Error(err)
		}
		if err := Write(path, want); err != nil {
			t.Fatal(err)
		}
		got := readAll(t, path, Options{})
		if diff := cmp.Diff(want.Schema.Names(), got.Schema.Names()); diff != "" || got.Rows() != want.Rows() {
			t.Errorf("%s: %d rows, columns (-want +got):\n%s", name, got.Rows(), diff)
		}
	}
	for _, name := range []string{"t.docx", "t", "csv", "t.parquet.gz"} {
		path := filepath.Join(t.TempDir(), name)
		for _, err := range []error{CheckWrite(path), Write(path, want)} {
			if err == nil || !strings.Contains(err.Error(), ".arrow or .feather") {
				t.Errorf("%s: error %v, want the extensions that there are", name, err)
			}
		}
	}
}

// TestWriteJSON reads back what was written, cell by cell.
func TestWriteJSON(t *testing.T) {
	want := writtenTable()
	for _, name := range []string{"t.json", "t.jsonl"} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, want); err != nil {
			t.Fatal(err)
		}
		got := readAll(t, path, Options{})
		for j, f := range want.Schema.Fields {
			if g := got.Schema.Fields[j]; g.Type != f.Type {
				t.Errorf("%s: column %s is read back as %v, not %v", name, f.Name, g.Type, f.Type)
				continue
			}
			w, g := &want.Columns[j], &got.Columns[j]
			for i := range w.Null {
				switch {
				case w.Null[i] != g.Null[i]:
					t.Errorf("%s: %s of row %d is null: %v, want %v", name, f.Name, i, g.Null[i], w.Null[i])
				case w.Null[i]:
				case f.Type == dataset.String && w.Strings[i] != g.Strings[i]:
					t.Errorf("%s: %s of row %d is %q, want %q", name, f.Name, i, g.Strings[i], w.Strings[i])
				case f.Type != dataset.String && w.Floats[i] != g.Floats[i]:
					t.Errorf("%s: %s of row %d is %v, want %v", name, f.Name, i, g.Floats[i], w.Floats[i])
				}
			}
		}
	}
	empty := want.Take(nil)
	for name, text := range map[string]string{"e.json": "[]\n", "e.jsonl": ""} {
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, empty); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%s without rows is %q (%v), want %q", name, got, err, text)
		}
	}
}

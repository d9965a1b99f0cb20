package load

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteByExtension(t *testing.T) {
	want := writtenTable()
	for _, name := range []string{"t.csv", "t.parquet", "T.CSV"} {
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
	for _, name := range []string{"t.docx", "t", "csv"} {
		path := filepath.Join(t.TempDir(), name)
		for _, err := range []error{CheckWrite(path), Write(path, want)} {
			if err == nil || !strings.Contains(err.Error(), ".csv or .parquet") {
				t.Errorf("%s: error %v, want the extensions that there are", name, err)
			}
		}
	}
}

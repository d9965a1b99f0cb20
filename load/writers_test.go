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

// TestWritePlace writes where a file stands, through a link, and where there can be none.
func TestWritePlace(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("private.csv", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("private.csv", "link.csv"); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir("dir.csv", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write("link.csv", writtenTable()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat("link.csv"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat("private.csv"); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the file behind the link: %v, %v, want rows in a file of mode 600", info, err)
	}
	if err := os.Symlink(os.DevNull, "null.csv"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"dir.csv":        "dir.csv: this is a folder; name a file in it",
		"null.csv":       "null.csv: this is no regular file, and what is written appears when it is complete; name a file",
		"none/a.csv":     "none/a.csv: there is no folder none; create it first",
		"link.csv/a.csv": "link.csv/a.csv: link.csv is not a folder; name another place",
	} {
		for _, err := range []error{CheckWrite(path), Write(path, writtenTable())} {
			if err == nil || err.Error() != want {
				t.Errorf("error %v, want %q", err, want)
			}
		}
	}
}

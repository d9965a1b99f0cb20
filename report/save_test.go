package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSave(t *testing.T) {
	dir := t.TempDir()
	for _, extension := range append(Extensions(), ".JSON") {
		path := filepath.Join(dir, "report"+extension)
		for range 2 { // a new file, then one that is there
			if err := Save(path, rejected()); err != nil {
				t.Fatal(err)
			}
		}
		if b, err := os.ReadFile(path); err != nil || len(b) < 500 {
			t.Errorf("%s holds %d bytes, %v", path, len(b), err)
		}
	}
	for _, bad := range []string{"report.pdf", "report", "json"} {
		err := Save(filepath.Join(dir, bad), rejected())
		if err == nil || !strings.Contains(err.Error(), ".json .html .md .xml .sarif") {
			t.Errorf("Save(%q) = %v, want an error that lists the extensions", bad, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(Extensions())+1 {
		t.Errorf("the folder holds %d files, want %d: nothing may be left behind", len(entries), len(Extensions())+1)
	}
}

func TestSavePermissions(t *testing.T) {
	dir := t.TempDir()
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	fresh := filepath.Join(dir, "fresh.json")
	if err := Save(fresh, approved()); err != nil {
		t.Fatal(err)
	}
	if m := mode(fresh); m&^0o644 != 0 || m&0o600 != 0o600 {
		t.Errorf("a new report has mode %o, want 644 less the umask", m)
	}
	private := filepath.Join(dir, "private.json")
	if err := os.WriteFile(private, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.json")
	if err := os.Symlink(private, link); err != nil {
		t.Skip(err)
	}
	if err := Save(link, approved()); err != nil {
		t.Fatal(err)
	}
	if m := mode(private); m != 0o600 {
		t.Errorf("a private report became %o", m)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced instead of the file that it leads to")
	}
	if b, err := os.ReadFile(private); err != nil || len(b) == 0 {
		t.Error("the file behind the link was not written")
	}
}

func TestWriteFileKeepsOldOnError(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "report.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := writeFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("new", 10000)); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
	if b, _ := os.ReadFile(path); string(b) != "old" {
		t.Errorf("the old report now holds %d bytes", len(b))
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left, want 1", len(entries))
	}
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path, want string
	}{
		{"a.json", ""},
		{"a.txt", "one of .json .html .md .xml .sarif"},
		{"missing/a.json", "there is no folder"},
		{"folder.json", "is a folder"},
	} {
		err := Check(filepath.Join(dir, test.path))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("Check(%q) = %v, want %q", test.path, err, test.want)
		}
	}
}

package load

import (
	"os"
	"path/filepath"
	"testing"
)

func TestHolds(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.csv", "dir/1.csv", "dir/deep/2.csv"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x\n1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a.csv", "link.csv"); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("dir", "other"); err != nil {
		t.Fatal(err)
	}
	whole, err := filepath.Abs("a.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data, path string
		want       bool
		reason     string
	}{
		{"a.csv", "a.csv", true, "the file itself"},
		{"a.csv", "./a.csv", true, "by another name"},
		{"a.csv", whole, true, "from the root"},
		{"a.csv", "link.csv", true, "by a link"},
		{"a.csv", "b.csv", false, "another file"},
		{"new.csv", "./new.csv", true, "of a name that there is not yet"},
		{"a.csv,dir/1.csv", "dir/1.csv", true, "one of a list"},
		{"a.csv,dir/1.csv", "dir/2.csv", false, "none of a list"},
		{"dir", "dir/deep/2.csv", true, "a file of a folder"},
		{"dir", "other/new.csv", true, "a new one, by a link to the folder"},
		{"dir", "dir/report.html", false, "no data"},
		{"dir", "dir/.hidden.csv", false, "hidden"},
		{"dir", "a.csv", false, "beside the folder"},
		{"dir/*.csv", "dir/9.csv", true, "a new one that matches"},
		{"dir/*.csv", "dir/deep/2.csv", false, "deeper than the pattern"},
		{"dir/**", "dir/deep/2.txt", true, "any name that matches"},
		{"https://example.org/a.csv", "a.csv", false, "elsewhere"},
		{"", "a.csv", false, "no data"},
	} {
		if got := Holds(c.data, c.path, ""); got != c.want {
			t.Errorf("%s: %s holds %s: %v, want %v", c.reason, c.data, c.path, got, c.want)
		}
	}
}

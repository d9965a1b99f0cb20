package cases

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	manifest := "id,file,label\na-1,a.csv,healthy\nb-1,b.csv,defect\n"
	if err := os.WriteFile(filepath.Join(dir, "manifest.csv"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, says string
		code       int
		reason     string
	}{
		{"--help", "the usage", 0, "help is no error"},
		{"", "x: --data is required", 2, "there is nothing to measure"},
		{"--data " + dir + " --cases (", "x: error parsing regexp", 2, "a pattern must be one"},
		{"--data " + dir + " --cases c", `x: no case's id matches "c"`, 2, "nothing measured is no success"},
		{"--data " + dir + " more", `x: unexpected argument "more"`, 2, "what is not understood is not ignored"},
		{"--data " + dir + "/none", "x: ", 2, "the folder must be there"},
	} {
		var out bytes.Buffer
		f := Flags{}
		if _, code, ok := f.Read("x", "the usage", strings.Fields(c.args), nil, &out, &out); ok || code != c.code || !strings.HasPrefix(out.String(), c.says) {
			t.Errorf("%q: ok %v, code %d, %q; want %d and %q: %s", c.args, ok, code, &out, c.code, c.says, c.reason)
		}
	}
	f, own := Flags{Preset: "fast", Seed: 1}, 0
	more := func(fs *flag.FlagSet) { fs.IntVar(&own, "own", 0, "") }
	items, _, ok := f.Read("x", "", []string{"--data", dir, "--cases", "^b", "--own", "3", "--jobs", "2"}, more, os.Stdout, os.Stderr)
	if !ok || len(items) != 2 || f.Chosen("a-1") || !f.Chosen("b-1") || own != 3 || f.Jobs != 2 || f.Preset != "fast" || f.Seed != 1 {
		t.Errorf("read %d cases, %+v, own %d, %v", len(items), f, own, ok)
	}
}

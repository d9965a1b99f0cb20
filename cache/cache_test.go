package cache

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func open(t testing.TB, limit int64) *Dir {
	t.Helper()
	d, err := Open(filepath.Join(t.TempDir(), "deep", "cache"), limit)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func put(t *testing.T, d *Dir, key string, data []byte) {
	t.Helper()
	if err := d.Put(key, "the label of "+key, data); err != nil {
		t.Fatal(err)
	}
}

// age makes an entry look as if it had last been used that long ago.
func age(t *testing.T, d *Dir, key string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(d.file(key), then, then); err != nil {
		t.Fatal(err)
	}
}

func keys(t *testing.T, d *Dir) []string {
	t.Helper()
	entries, err := d.List()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Key)
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	d := open(t, 0)
	if _, ok := d.Get("a"); ok {
		t.Error("an entry in a folder that does not exist")
	}
	if got := keys(t, d); got != nil {
		t.Errorf("a folder that does not exist lists %v", got)
	}
	want := bytes.Repeat([]byte("0123456789"), 10000)
	put(t, d, "a", want)
	put(t, d, "empty", nil)
	if got, ok := d.Get("a"); !ok || !bytes.Equal(got, want) {
		t.Errorf("read back %d bytes, %v; wrote %d", len(got), ok, len(want))
	}
	if got, ok := d.Get("empty"); !ok || len(got) != 0 {
		t.Errorf("an entry without data reads back as %d bytes, %v", len(got), ok)
	}
	put(t, d, "a", []byte("new"))
	if got, _ := d.Get("a"); string(got) != "new" {
		t.Errorf("after a second Put: %q", got)
	}
	entries, err := d.List()
	if err != nil || len(entries) != 2 {
		t.Fatalf("lists %v, %v", entries, err)
	}
	for _, e := range entries {
		if e.Label != "the label of "+e.Key || e.Bytes <= 0 || time.Since(e.Used) > time.Hour {
			t.Errorf("entry %+v", e)
		}
	}
}

// TestDamage cuts and changes the file of an entry in every place: what is
// damaged counts as not there, and does not stay.
func TestDamage(t *testing.T) {
	d := open(t, 0)
	put(t, d, "a", []byte("some data of a training"))
	whole, err := os.ReadFile(d.file("a"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, bad []byte) {
		if err := os.WriteFile(d.file("a"), bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := d.List(); err != nil {
			t.Errorf("%s: List: %v", name, err)
		}
		if got, ok := d.Get("a"); ok {
			t.Errorf("%s: read %q", name, got)
		}
		if _, err := os.Stat(d.file("a")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the damaged file is still there (%v)", name, err)
		}
	}
	for n := range whole {
		check(fmt.Sprintf("cut to %d bytes", n), whole[:n])
		changed := bytes.Clone(whole)
		changed[n] ^= 0x10
		check(fmt.Sprintf("byte %d changed", n), changed)
	}
	check("zeros, as a file system may leave after a crash", make([]byte, len(whole)))
}

// TestCrash checks that what a crash leaves is not seen, and is removed when it
// is old, but not while its writer may still be at work.
func TestCrash(t *testing.T) {
	d := open(t, 0)
	put(t, d, "a", nil)
	left := map[string]time.Duration{"old": 2 * abandoned, "new": 0}
	for name, old := range left {
		path := filepath.Join(d.path, name+".123"+unfinished)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-old)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	put(t, d, "b", nil)
	if diff := cmp.Diff(2, len(keys(t, d))); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	for name, old := range left {
		_, err := os.Stat(filepath.Join(d.path, name+".123"+unfinished))
		if gone := err != nil; gone != (old > abandoned) {
			t.Errorf("what a crash left %v ago is gone: %v", old, gone)
		}
	}
}

func TestLimit(t *testing.T) {
	data := make([]byte, 1000)
	d := open(t, 3500)
	for i, key := range []string{"a", "b", "c"} {
		put(t, d, key, data)
		age(t, d, key, time.Duration(10-i)*time.Minute)
	}
	if _, ok := d.Get("a"); !ok { // now the last used
		t.Fatal("no entry a")
	}
	put(t, d, "d", data)
	if diff := cmp.Diff([]string{"d", "a", "c"}, keys(t, d)); diff != "" {
		t.Errorf("the entry that was not used for the longest time should go (-want +got):\n%s", diff)
	}
	if err := d.Put("e", "", make([]byte, 3501)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v for an entry above the limit", err)
	}
	put(t, d, "f", make([]byte, 3500)) // with its header a little above: alone it may stay
	if diff := cmp.Diff([]string{"f"}, keys(t, d)); diff != "" {
		t.Errorf("entries after one of the size of the folder (-want +got):\n%s", diff)
	}
}

func TestClear(t *testing.T) {
	d := open(t, 0)
	put(t, d, "a", make([]byte, 500))
	put(t, d, "b", make([]byte, 500))
	for _, name := range []string{"old.1" + unfinished, "new.1" + unfinished, "mine.txt"} {
		if err := os.WriteFile(filepath.Join(d.path, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(filepath.Join(d.path, "old.1"+unfinished), then, then); err != nil {
		t.Fatal(err)
	}
	entries, freed, err := d.Clear()
	if err != nil || entries != 2 || freed < 1001 {
		t.Errorf("cleared %d entries, %d bytes, %v", entries, freed, err)
	}
	files, _ := os.ReadDir(d.path)
	if len(files) != 2 || files[0].Name() != "mine.txt" || files[1].Name() != "new.1"+unfinished {
		t.Errorf("left after Clear: %v, want what is not ours and what is being written", files)
	}
	if entries, freed, err := d.Clear(); entries != 0 || freed != 0 || err != nil {
		t.Errorf("cleared %d entries again, %d bytes, %v", entries, freed, err)
	}
}

// TestAtOnce writes, reads, lists and clears one folder from many goroutines,
// each with a Dir of its own as other processes have: what is read is whole.
func TestAtOnce(t *testing.T) {
	path := t.TempDir()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			d, err := Open(path, 20000)
			if err != nil {
				t.Error(err)
				return
			}
			for i := range 20 {
				key := fmt.Sprint("k", (g+i)%5)
				data := bytes.Repeat([]byte(key), 1000)
				if err := d.Put(key, key, data); err != nil {
					t.Errorf("Put: %v", err)
				}
				if got, ok := d.Get(key); ok && !bytes.Equal(got, data) {
					t.Errorf("read %d bytes that are not those of %s", len(got), key)
				}
				if _, err := d.List(); err != nil {
					t.Errorf("List: %v", err)
				}
				if i%7 == 6 {
					if _, _, err := d.Clear(); err != nil {
						t.Errorf("Clear: %v", err)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(filepath.Join(file, "cache"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Get("a"); ok {
		t.Error("an entry below a file")
	}
	if err := d.Put("a", "", nil); err == nil {
		t.Error("a folder below a file can be written")
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("LocalAppData", "")
	if _, err := Open("", 0); err == nil {
		t.Error("a user without a cache directory has one")
	}
}

func TestKey(t *testing.T) {
	name := func(fill func(k *Key)) string {
		k, err := NewKey()
		if err != nil {
			t.Fatal(err)
		}
		fill(k)
		return k.Name()
	}
	base := func(k *Key) { k.Text("ab"); k.Number(3); k.Codes([]uint16{1, 2}) }
	if name(base) != name(base) {
		t.Error("the same things make two keys")
	}
	for reason, other := range map[string]func(k *Key){
		"nothing":                func(k *Key) {},
		"another number":         func(k *Key) { k.Text("ab"); k.Number(4); k.Codes([]uint16{1, 2}) },
		"text cut elsewhere":     func(k *Key) { k.Text("a"); k.Text("b"); k.Number(3); k.Codes([]uint16{1, 2}) },
		"other codes":            func(k *Key) { k.Text("ab"); k.Number(3); k.Codes([]uint16{1, 3}) },
		"codes in the high byte": func(k *Key) { k.Text("ab"); k.Number(3); k.Codes([]uint16{1, 2 << 8}) },
		"numbers instead":        func(k *Key) { k.Text("ab"); k.Number(3); k.Floats([]float32{1, 2}) },
		"one code more":          func(k *Key) { k.Text("ab"); k.Number(3); k.Codes([]uint16{1, 2, 0}) },
	} {
		if name(base) == name(other) {
			t.Errorf("the same key for %s", reason)
		}
	}
	long := make([]uint16, 10000)
	last := make([]uint16, 10000)
	last[9999] = 1
	if name(func(k *Key) { k.Codes(long) }) == name(func(k *Key) { k.Codes(last) }) {
		t.Error("the last of many codes does not count")
	}
}

// TestFingerprint checks that two programs differ, with a build ID and without.
func TestFingerprint(t *testing.T) {
	of := func(content string) string {
		path := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s, err := fingerprint(f)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	far := string(make([]byte, 2*headBytes))
	cases := []struct{ name, a, b, reason string }{
		{"build ID", `Go build ID: "x/y"` + far, `Go build ID: "x/z"` + far, "the code differs"},
		{"ELF note", "\x04\x00\x00\x00Go\x00\x00x/y" + far, "\x04\x00\x00\x00Go\x00\x00x/z" + far, "the code differs"},
		{"stripped", far + "code", far + "edoc", "without a build ID all bytes count"},
		{"empty build ID", `Go build ID: ""` + far + "code", `Go build ID: ""` + far + "edoc", "it says nothing"},
	}
	for _, c := range cases {
		if of(c.a) == of(c.b) {
			t.Errorf("%s: the same fingerprint (%s)", c.name, c.reason)
		}
	}
}

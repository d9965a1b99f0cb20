package load

import (
	"bytes"
	"context"
	"testing"

	"synthos/dataset"
)

// memoryFile is a file that is held in memory: fuzzing opens many a second.
type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

// openMemory opens data as the file called name, as Open does with one on disk
// that is not empty.
func openMemory(name string, data []byte, o Options) (dataset.Source, error) {
	if len(data) == 0 {
		return nil, dataset.NewError(name, "the file is empty", "check what wrote it")
	}
	o.opener = func(context.Context, string) (file, error) { return memoryFile{bytes.NewReader(data)}, nil }
	src, _, err := openOne(context.Background(), name, o.withDefaults())
	return src, err
}

// A file in memory reads like the same on disk.
func TestOpenMemory(t *testing.T) {
	const text = "a,b\n1,x\n2,\"y\nz\"\n"
	src, err := openMemory("a.csv", []byte(text), Options{RangeBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	got, err := readContents(src)
	want := mustRead(t, "a.csv", text, Options{})
	if err != nil || len(got.Rows) != 2 || got.Rows[1] != want.Rows[1] {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

package embeddings

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// testdata/make.py made the files, with NumPy 2.4: number (i-3)/4 + j/8 at row i,
// dimension j.
const fileRows = 7

func at(i int64, j int) float32 { return float32(i-3)/4 + float32(j)/8 }

func take(path string, rows []int64, want int64) ([]float32, error) {
	n, err := OpenNPY(context.Background(), path)
	if err != nil {
		return nil, err
	}
	defer n.Close()
	f, err := n.Take(context.Background(), rows, want)
	if err != nil {
		return nil, err
	}
	return f.Data, nil
}

func TestNPYReadsTheRowsThatAreAskedFor(t *testing.T) {
	for _, rows := range [][]int64{{}, {0}, {2, 5}, {6, 0, 3, 3}, {0, 1, 2, 3, 4, 5, 6}} {
		var want []float32
		for _, i := range rows {
			want = append(want, at(i, 0), at(i, 1), at(i, 2))
		}
		for _, name := range []string{"float16", "float32", "float64", "big_endian", "fortran", "version2"} {
			got, err := take("testdata/"+name+".npy", rows, fileRows)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(want, append([]float32(nil), got...)); diff != "" {
				t.Errorf("%s, rows %v (-want +got):\n%s", name, rows, diff)
			}
		}
	}
}

func TestNPYErrorsSayWhereAndWhatToDo(t *testing.T) {
	whole, err := os.ReadFile("testdata/float32.npy")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := []byte(strings.Replace(string(whole), "(7, 3)", "(7, 9999999)", 1))
	tests := []struct {
		name, path string
		rows       []int64
		want       int64
		says       []string
	}{
		{"more rows than the data", "testdata/float32.npy", nil, 6, []string{"7 vectors", "6 rows"}},
		{"a number that is none", "testdata/nan.npy", []int64{0, 5}, 7, []string{"row 5", "dimension 1 is NaN"}},
		{"one axis", "testdata/one_axis.npy", nil, 7, []string{"1 axes", "(rows, dimensions)"}},
		{"integers", "testdata/integers.npy", nil, 2, []string{"i8", "float32"}},
		{"objects", "testdata/objects.npy", nil, 1, []string{"float32"}},
		{"no dimensions", "testdata/no_dimensions.npy", nil, 7, []string{"no dimensions"}},
		{"an archive", "testdata/archive.npz", nil, 7, []string{".npz", "numpy.save"}},
		{"another file", "testdata/make.py", nil, 7, []string{"no NumPy file"}},
		{"no file", "testdata/none.npy", nil, 7, []string{"cannot be read", "no such file"}},
		{"a folder", "testdata", nil, 7, []string{"is no file"}},
		{"empty", write("empty.npy", nil), nil, 7, []string{"no NumPy file"}},
		{"cut short", write("cut.npy", whole[:len(whole)-13]), []int64{0}, 7, []string{"after 5 of 7 vectors"}},
		{"header cut short", write("head.npy", whole[:40]), nil, 7, []string{"header", "damaged"}},
		{"too many dimensions", write("huge.npy", huge), nil, 7, []string{"9999999 dimensions", "transpose"}},
	}
	for _, test := range tests {
		_, err := take(test.path, test.rows, test.want)
		var e *dataset.Error
		if !errors.As(err, &e) || e.Path != test.path || e.Do == "" {
			t.Errorf("%s: error %v, want one that names %s and says what to do", test.name, err, test.path)
			continue
		}
		for _, s := range test.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", test.name, err, s)
			}
		}
	}
	if _, err := take("testdata/nan.npy", []int64{0, 4, 6}, 7); err != nil {
		t.Errorf("a NaN in a row that is not asked for: %v", err)
	}
}

func TestIsNPY(t *testing.T) {
	b, err := os.ReadFile("testdata/float32.npy")
	if err != nil {
		t.Fatal(err)
	}
	unnamed := filepath.Join(t.TempDir(), "vectors")
	if err := os.WriteFile(unnamed, b, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"none.NPY": true, unnamed: true, "testdata/make.py": false, "https://a/x.npy": true, "https://a/x.csv": false, "none": false} {
		if got := IsNPY(path); got != want {
			t.Errorf("IsNPY(%q) = %v, want %v", path, got, want)
		}
	}
}

// NumPy's conversion of every float16 to float32, as the sum of the bits that
// testdata/make.py prints.
func TestHalfIsNumPys(t *testing.T) {
	sum := uint64(0)
	for x := range 1 << 16 {
		if f := half(uint16(x)); f == f {
			sum += uint64(math.Float32bits(f))
		} else if x&0x7C00 != 0x7C00 || x&0x3FF == 0 {
			t.Errorf("half(%#x) is NaN", x)
		}
	}
	if want := uint64(136060361244672); sum != want {
		t.Errorf("the bits of all numbers add up to %d, want %d", sum, want)
	}
}

func TestNPYStopsWithTheContext(t *testing.T) {
	n, err := OpenNPY(context.Background(), "testdata/float32.npy")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := n.Take(ctx, []int64{1}, fileRows); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func FuzzNPY(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.np?")
	if len(files) == 0 {
		f.Fatal("no files to start from")
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "x.npy")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := OpenNPY(context.Background(), path)
		if err != nil {
			return
		}
		defer n.Close()
		var rows []int64
		for i := int64(0); i < min(n.Rows, 10); i++ {
			rows = append(rows, i)
		}
		if f, err := n.Take(context.Background(), rows, n.Rows); err == nil && len(f.Data) != len(rows)*n.D {
			t.Errorf("%d numbers of %d rows x %d", len(f.Data), len(rows), n.D)
		}
	})
}

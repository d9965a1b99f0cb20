package hdf5

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unpack returns a file of ../testdata, written by testdata/gen.py.
func unpack(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open("../testdata/" + name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestObjects(t *testing.T) {
	objects, err := open(t, unpack(t, "split.h5")).Objects()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, o := range objects {
		paths = append(paths, o.Path)
	}
	want := []string{"/", "/test", "/test/X", "/test/y", "/train", "/train/X", "/train/y"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uint64{4, 2}, objects[5].Dataset.Dims); diff != "" {
		t.Errorf("dimensions of /train/X (-want +got):\n%s", diff)
	}
}

func TestUserBlock(t *testing.T) {
	data := append(make([]byte, 1024), unpack(t, "split.h5")...)
	if _, err := open(t, data).Objects(); err == nil {
		t.Error("a file moved by 1024 bytes, without the base address that says so, was read")
	}
	// The base address of superblock 0 is at byte 24.
	data[1024+25] = 4
	objects, err := open(t, data).Objects()
	if err != nil || len(objects) != 7 {
		t.Errorf("behind a user block: %d objects, %v, want 7", len(objects), err)
	}
}

func TestAttributes(t *testing.T) {
	for _, test := range []struct{ file, reason string }{
		{"chunks_v1.h5", "attributes in the header, which continues elsewhere"},
		{"chunks_v3.h5", "attributes in a heap, found by a tree"},
	} {
		objects, err := open(t, unpack(t, test.file)).Objects()
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			if o.Path != "/plain" {
				continue
			}
			attributes, err := o.Attributes()
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]string{}
			for _, a := range attributes {
				found[a.Name], _ = a.Text()
			}
			if len(found) != 40 || found["a7"] != "7" || found["a39"] != "39" {
				t.Errorf("%s: attributes %v, want a0 to a39 (%s)", test.file, found, test.reason)
			}
		}
	}
}

func TestReaderParts(t *testing.T) {
	objects, err := open(t, unpack(t, "chunks_v3.h5")).Objects()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		if o.Dataset == nil || len(o.Dataset.Dims) != 2 {
			continue
		}
		whole := rows(t, o.Dataset, 0, 1000, 1000)
		for _, most := range []int{1, 7, 64} {
			if got := rows(t, o.Dataset, 0, 1000, most); !bytes.Equal(got, whole) {
				t.Errorf("%s: %d rows at a time give other bytes", o.Path, most)
			}
		}
		size := len(whole) / 100
		if got := rows(t, o.Dataset, 33, 41, 10); !bytes.Equal(got, whole[33*size:74*size]) {
			t.Errorf("%s: rows 33 to 73 differ when read alone", o.Path)
		}
	}
}

func rows(t *testing.T, d *Dataset, first, n uint64, most int) []byte {
	t.Helper()
	var out []byte
	for r := d.NewReader(first, n); ; {
		b, k, err := r.Next(most)
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if k > most {
			t.Fatalf("%d rows, at most %d were asked for", k, most)
		}
		out = append(out, b...)
	}
}

func TestFloat(t *testing.T) {
	integer := func(size, offset, precision int, signed, big bool) *Type {
		return &Type{Class: Integer, Size: size, Signed: signed, BigEndian: big, bitOffset: offset, precision: precision}
	}
	bfloat := &Type{Class: Float, Size: 2, exponentAt: 7, exponent: 8, mantissa: 7, signAt: 15, bias: 127, impliedOne: true}
	half := &Type{Class: Float, Size: 2, exponentAt: 10, exponent: 5, mantissa: 10, signAt: 15, bias: 15, impliedOne: true}
	for _, test := range []struct {
		name  string
		typ   *Type
		bytes []byte
		want  float64
		exact bool
	}{
		{"int16, highest byte first", integer(2, 0, 16, true, true), []byte{0xff, 0xfe}, -2, true},
		{"uint16", integer(2, 0, 16, false, false), []byte{0xfe, 0xff}, 65534, true},
		{"12 of 16 bits", integer(2, 4, 12, true, false), []byte{0xf0, 0xff}, -1, true},
		{"2^53", integer(8, 0, 64, true, false), []byte{0, 0, 0, 0, 0, 0, 0x20, 0}, 1 << 53, true},
		{"2^53 + 1", integer(8, 0, 64, true, false), []byte{1, 0, 0, 0, 0, 0, 0x20, 0}, 1 << 53, false},
		{"uint64", integer(8, 0, 64, false, false), bytes.Repeat([]byte{255}, 8), 1 << 64, false},
		{"bfloat16 1.5", bfloat, []byte{0xc0, 0x3f}, 1.5, true},
		{"half -2", half, []byte{0x00, 0xc0}, -2, true},
		{"half least", half, []byte{0x01, 0x00}, 0x1p-24, true},
		{"half infinity", half, []byte{0x00, 0x7c}, math.Inf(1), true},
	} {
		got, exact := test.typ.Float(test.bytes)
		if got != test.want || exact != test.exact {
			t.Errorf("%s: %v, %v, want %v, %v", test.name, got, exact, test.want, test.exact)
		}
	}
	if x, _ := half.Float([]byte{0x01, 0x7c}); !math.IsNaN(x) {
		t.Errorf("half NaN is %v", x)
	}
}

func TestUnpickle(t *testing.T) {
	list := func(items ...any) *Sequence { return &Sequence{items} }
	for _, test := range []struct {
		name, reason, pickle string
		want                 any
	}{
		{"protocol 0", "as PyTables writes attributes", "(lp0\nVx\np1\naV\xfc\\u20ac \"q\"\np2\na.", list("x", `ü€ "q"`)},
		{"None", "an index without a name", "N.", nil},
		{"numbers", "of protocol 0", "(I5\nI01\nL123456789012L\nF0.5\nt.", list(int64(5), true, int64(123456789012), 0.5)},
		{"string of Python 2", "its repr", "S'it\\'s \\x41'\np0\n.", "it's A"},
		{"binary numbers", "of protocol 2", "\x80\x02(K\x05M\x01\x02J\xff\xff\xff\xff\x8a\x02\x00\x80G\x3f\xe0\x00\x00\x00\x00\x00\x00\x88t.",
			list(int64(5), int64(513), int64(-1), int64(-32768), 0.5, true)},
		{"dictionary", "items one by one and many", "\x80\x02}q\x00(X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00bNus.", nil},
		{"shared", "a value used again", "\x80\x04\x8c\x02xy\x94h\x00\x86.", list("xy", "xy")},
		{"object", "never made, only described", "cbuiltins\neval\n(Vprint(1)\ntR.", &Instance{Class: "builtins.eval", Args: list("print(1)")}},
	} {
		got, err := Unpickle([]byte(test.pickle))
		if test.name == "dictionary" {
			if err == nil {
				t.Error("a key without a value was accepted")
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v (%s)", test.name, err, test.reason)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	for name, pickle := range map[string]string{
		"empty": "", "no stop": "N", "nothing to return": ".", "no mark": "t.", "short": "X\xff\xff\xff\x7fa.", "persistent": "P1\n.",
	} {
		if v, err := Unpickle([]byte(pickle)); err == nil {
			t.Errorf("%s: no error, but %v", name, v)
		}
	}
}

func TestUnLZF(t *testing.T) {
	// Three bytes as they are, then a copy of 5 from 3 back, which overlaps itself.
	if got := string(unlzf([]byte{2, 'a', 'b', 'c', 3 << 5, 2}, 100)); got != "abcabcab" {
		t.Errorf("LZF gives %q, want abcabcab", got)
	}
}

func TestFletcher32(t *testing.T) {
	// Sums by hand: words 0x6162, 0x6364, 0x6500; the second sum is of the first.
	want := uint32((0x6162*3+0x6364*2+0x6500)%65535<<16 | (0x6162+0x6364+0x6500)%65535)
	if got := fletcher32([]byte("abcde")); got != want {
		t.Errorf("fletcher32 of abcde is %08x, want %08x", got, want)
	}
}

func TestUnbitshuffle(t *testing.T) {
	// Eight elements of two bytes, i and 0x80: bit k of byte j of all of them in one byte.
	in := make([]byte, 16)
	want := make([]byte, 16)
	for i := range 8 {
		want[2*i], want[2*i+1] = byte(i), 0x80
		for k := range 8 {
			in[k] |= byte(i) >> k & 1 << i
			in[8+k] |= byte(0x80) >> k & 1 << i
		}
	}
	if got := unbitshuffle(in, 2); !bytes.Equal(got, want) {
		t.Errorf("unbitshuffle gives %x, want %x", got, want)
	}
}

func TestUnsupported(t *testing.T) {
	objects, err := open(t, unpack(t, "szip.h5")).Objects()
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = objects[1].Dataset.NewReader(0, 1).Next(1)
	var missing *UnsupportedError
	if !errors.As(err, &missing) || !strings.Contains(missing.Feature, "szip") {
		t.Errorf("szip: %v, want an *UnsupportedError", err)
	}
}

func TestNotHDF5(t *testing.T) {
	for _, data := range []string{"", "x", strings.Repeat("x", 5000)} {
		if _, err := Open(strings.NewReader(data), int64(len(data))); err != ErrNotHDF5 {
			t.Errorf("%d bytes of something else: %v, want ErrNotHDF5", len(data), err)
		}
	}
}

// FuzzRead reads everything in changed files.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"records.h5", "types.h5", "split.h5"} {
		f.Add(unpack(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		objects, err := file.Objects()
		if err != nil {
			return
		}
		for _, o := range objects {
			attributes, _ := o.Attributes()
			for _, a := range attributes {
				a.Text()
			}
			if o.Dataset == nil {
				continue
			}
			r := o.Dataset.NewReader(0, 10_000)
			for {
				b, n, err := r.Next(100)
				if err != nil {
					break
				}
				if n > 0 && len(b) >= o.Dataset.Type.Size {
					file.Text(o.Dataset.Type, b)
				}
			}
		}
	})
}

func FuzzUnpickle(f *testing.F) {
	f.Add([]byte("(lp0\nVx\np1\na."))
	f.Add([]byte("\x80\x02(K\x05M\x01\x02J\xff\xff\xff\xff\x8a\x02\x00\x80t."))
	f.Fuzz(func(t *testing.T, data []byte) { Unpickle(data) })
}

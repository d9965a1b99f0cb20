package load

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packedTable is "a,b\n1,x\n2,y\n" as compressed by Python 3.11's bz2 and lzma.
const (
	packedBzip2 = "QlpoOTFBWSZTWbzHKEUAAARZgAAQAAQwADAAAGAgADEMCCNBmo4EIheLuSKcKEheY5QigA=="
	packedXZ    = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQALYSxiCjEseAoyLHkKAEzgt25dEyFzAAEkDKYY2NgftvN9AQAAAAAEWVo="
)

func decoded(t *testing.T, text string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// zipped makes an archive of files, given as name and text in turn.
func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPackings(t *testing.T) {
	const text = "a,b\n1,x\n2,y\n"
	want := mustRead(t, "a.csv", text, Options{})
	bz, xz := decoded(t, packedBzip2), decoded(t, packedXZ)
	for _, test := range []struct{ name, reason, file, text string }{
		{"bzip2", "by another program", "a.csv.bz2", bz},
		{"xz", "by another program", "a.csv.xz", xz},
		{"found by content", "whatever the name says", "a.csv", xz},
		{"zip", "the name of the member tells the format", "a.zip", zipped(t, "a.csv", text)},
		{"zip of a Mac", "what it adds is no data", "a.csv.zip", zipped(t, "data/a.csv", text, "__MACOSX/data/._a.csv", "\x00\x05", ".DS_Store", "x")},
		{"zip without extensions", "the content tells", "a.zip", zipped(t, "table", text)},
	} {
		got := mustRead(t, test.file, test.text, Options{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s (-plain +compressed):\n%s", test.name, test.reason, diff)
		}
	}
	// Two streams, one after the other, are one text.
	double := mustRead(t, "a.csv", text+text, Options{})
	for name, packed := range map[string]string{"a.csv.bz2": bz + bz, "a.csv.xz": xz + xz} {
		if diff := cmp.Diff(double, mustRead(t, name, packed, Options{})); diff != "" {
			t.Errorf("%s (-plain +two streams):\n%s", name, diff)
		}
	}
}

func TestPackingErrors(t *testing.T) {
	bz, xz := decoded(t, packedBzip2), decoded(t, packedXZ)
	for _, test := range []struct {
		name, reason string
		file, text   string
		words        []string
	}{
		{"bzip2 cut short", "a download that broke off", "a.csv.bz2", bz[:len(bz)-8], []string{"bzip2"}},
		{"bzip2 broken", "a flipped bit", "a.csv.bz2", bz[:12] + "\xff" + bz[13:], []string{"bzip2 compression is broken"}},
		{"xz cut short", "a download that broke off", "a.csv.xz", xz[:len(xz)-20], []string{"xz"}},
		{"xz broken", "flipped bits", "a.csv.xz", xz[:26] + "\xff\xff" + xz[28:], []string{"xz compression", "fetch or write it again"}},
		{"zip of two", "which one is meant?", "a.zip", zipped(t, "a.csv", "a\n1\n", "b.csv", "a\n1\n"), []string{"2 files", "a.csv, b.csv"}},
		{"zip of none", "nothing in it", "a.zip", zipped(t, "folder/", "", "a/.b", "x"), []string{"no file in the zip"}},
		{"zip cut short", "no table of contents", "a.zip", zipped(t, "a.csv", "a\n1\n")[:50], []string{"zip compression is broken"}},
		{"zip of Parquet", "it cannot be read from within", "a.zip", zipped(t, "a.parquet", "PAR1\x00\x01\x02"), []string{"parquet file inside zip", "decompress"}},
		{"lz4", "a compression that is not read", "a.csv.lz4", "\x04\x22\x4d\x18\x64\x40\xa7", []string{"lz4", "bzip2, xz and zip are read"}},
		{"7-Zip", "nor is this", "a.7z", "7z\xbc\xaf\x27\x1c\x00\x04", []string{"7-Zip"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := openTemp(t, test.file, test.text, Options{})
			if err == nil {
				_, err = readContents(s)
			}
			if err == nil {
				t.Fatalf("no error: %s", test.reason)
			}
			wantError(t, err, test.words...)
		})
	}
}

// FuzzPacking opens any bytes as a compressed file.
func FuzzPacking(f *testing.F) {
	for _, text := range []string{packedBzip2, packedXZ} {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(gzipped("a\n1\n")))
	f.Add([]byte(zstdCompressed("a\n1\n")))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := fuzzRead("a.csv", data, 1<<20)
		if err != nil {
			asError(t, err)
			return
		}
		again, err := fuzzRead("a.csv", data, 1<<20)
		if err != nil || cmp.Diff(got, again) != "" {
			t.Fatalf("read again: %v, %s", err, cmp.Diff(got, again))
		}
	})
}

package load

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos/dataset"
)

// asError returns err as the *dataset.Error that it must be.
func asError(t testing.TB, err error) *dataset.Error {
	t.Helper()
	var e *dataset.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is no *dataset.Error", err)
	}
	return e
}

// wantError checks that err names its file, says what to do and holds the given words.
func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	e := asError(t, err)
	if e.Path == "" || e.Do == "" {
		t.Errorf("error %q without its file or advice", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	parquet := "PAR1" + strings.Repeat("\x00\x01\x02\x03", 100)
	tests := []struct {
		name, reason string
		file, text   string
		format       string
		words        []string
	}{
		{"empty", "there is nothing to judge", "data.csv", "", "", []string{"empty"}},
		{"white space", "nor is there here", "data.csv", " \n\n ", "", []string{"white space"}},
		{"white space in JSON", "nor here", "data.json", "\n\n", "", []string{"white space"}},
		{"unknown", "no extension, no known content", "data", "\x01\x02\x03\x04", "", []string{"known format", "csv"}},
		{"unknown format", "a typing error in the format's name", "data.csv", "a\n1\n", "cvs", []string{`"cvs"`, "csv, excel, feather"}},
		{"named csv, is parquet", "the name lies", "data.csv", parquet, "", []string{"ends in .csv", "use format parquet"}},
		{"asked for csv, is parquet", "the user errs", "data.parquet", parquet, "csv", []string{"asked to read it as csv", "parquet"}},
		{"named parquet, is text", "the name lies the other way", "data.parquet", "a,b\n1,2\n", "", []string{"ends in .parquet", "text"}},
		{"binary named csv", "what is in it is no text", "data.csv", strings.Repeat("\x00\x01\x02a", 50), "", []string{"binary"}},
		{"a web page", "the address gave an error page", "data.csv", "\n<!DOCTYPE html><html>a,b</html>", "", []string{"web page"}},
		{"UTF-32", "its zeros are not white space", "data.csv", "\xff\xfe\x00\x00a\x00\x00\x00,\x00\x00\x00", "", []string{"UTF-32", "UTF-8"}},
		{"an old workbook", "the extension is that of no format", "data.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 500), "", []string{".xls", ".xlsx"}},
		{"an OpenDocument file", "a zip archive that is no CSV", "data.ods", "PK\x03\x04\x14\x00\x00\x08\x00\x00\x00\x00!\x00\x85l9\x8a.\x00\x00\x00.\x00\x00\x00\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "", []string{".ods", ".xlsx"}},
		{"lists for records", "they have no names", "data.jsonl", "[1,2]\n[3,4]\n", "", []string{"not a JSON object", "write each record as an object"}},
		{"columns apart", "pandas writes that by default", "data.json", `{"a":{"0":1,"1":2},"b":{"0":3,"1":4}}`, "", []string{"each column", `orient="records"`}},
		{"rows by number", "or like that", "data.json", `{"0":{"a":1,"b":2},"1":{"a":3,"b":4}}`, "", []string{"each column or row", `orient="records"`}},
		{"names apart", "or like that", "data.json", `{"columns":["a"],"index":[0,1],"data":[[1],[2]]}`, "", []string{"names and rows apart", `orient="records"`}},
		{"bzip2", "nothing behind the header", "data.csv.bz2", "BZh91AY&SY", "", []string{"bzip2", "fetch or write it again"}},
		{"zip", "a header without a table of contents", "data.zip", "PK\x03\x04\x14\x00\x00\x00a.csv", "", []string{"zip"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := openTemp(t, test.file, test.text, Options{Format: test.format})
			if err == nil {
				t.Fatalf("opened: %v; %s", s.Schema().Names(), test.reason)
			}
			wantError(t, err, test.words...)
		})
	}
}

func TestOpenNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(context.Background(), filepath.Join(dir, "gone.csv"), Options{})
	wantError(t, err, "no such file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not wrap fs.ErrNotExist", err)
	}
	_, err = Open(context.Background(), dir, Options{})
	wantError(t, err, "no file of a known format")
	if os.Getuid() != 0 {
		path := writeTemp(t, "data.csv", "a\n1\n")
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		_, err = Open(context.Background(), path, Options{})
		wantError(t, err, "cannot be opened")
	}
}

func TestFormatIsFound(t *testing.T) {
	tests := []struct{ name, file, text, format, want string }{
		{"by extension", "a.csv", "a;b\n1;2\n", "", "csv"},
		{"capitals", "A.CSV", "a,b\n1,2\n", "", "csv"},
		{"tsv", "a.tsv", "a\tb\n", "", "tsv"},
		{"jsonl is ndjson", "a.jsonl", `{"a":1}`, "", "ndjson"},
		{"double extension", "a.json.gz", `[{"a":1}]`, "", "json"},
		{"no extension, records", "data", "{\"a\":1}\n", "", "ndjson"},
		{"no extension, array", "data", "[{\"a\":1}]\n", "", "json"},
		{"no extension, table", "data", "a,b\n1,2\n", "", "csv"},
		{"extension as format", "data.x", "{\"a\":1}\n", "jsonl", "ndjson"},
		{"format over extension", "data.csv", "{\"a\":1}\n", "ndjson", "ndjson"},
	}
	for _, test := range tests {
		f, err := pick(test.file, test.file, test.format, []byte(test.text))
		if err != nil || f.Name != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, f.Name, err, test.want)
		}
	}
}

func TestSniff(t *testing.T) {
	tests := []struct{ name, head, want string }{
		{"parquet", "PAR1\x15\x04", "parquet"},
		{"arrow file", "ARROW1\x00\x00\xff", "arrow"},
		{"arrow stream", "\xff\xff\xff\xff\x10\x01\x00\x00\x10", "arrow"},
		{"feather 1", "FEA1\x00\x00\x00\x00", "feather"},
		{"hdf5", "\x89HDF\r\n\x1a\n\x00", "hdf5"},
		{"hdf5 behind a user block", strings.Repeat("\x00", 1024) + "\x89HDF\r\n\x1a\n", "hdf5"},
		{"excel", "PK\x03\x04\x14\x00[Content_Types].xml", "excel"},
	}
	for _, test := range tests {
		f, err := pick("data", "data", "", []byte(test.head))
		if err != nil || f.Name != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, f.Name, err, test.want)
		}
	}
}

// Every line of the table can be read and reached by its name and extensions.
func TestFormats(t *testing.T) {
	taken := map[string]string{}
	for _, f := range Formats() {
		if f.Name == "" || f.About == "" || f.open == nil || len(f.Extensions) == 0 {
			t.Errorf("format %+v is not complete", f)
		}
		for _, ext := range f.Extensions {
			if other := taken[ext]; other != "" {
				t.Errorf("%s is an extension of %s and of %s", ext, other, f.Name)
			}
			taken[ext] = f.Name
			if ext != strings.ToLower(ext) || ext[0] != '.' {
				t.Errorf("extension %q is not in lower case with a dot", ext)
			}
		}
	}
}

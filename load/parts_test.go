package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// writeTree writes files below a new folder and returns it.
func writeTree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestParts(t *testing.T) {
	tests := []struct {
		name, reason string
		files        map[string]string
		path         string // below the folder; pieces of a list are each below it
		options      Options
		want         contents
	}{
		{"folder", "a folder of parts is one dataset, in the order of the names; what Spark and people leave beside them is not data",
			map[string]string{"b.csv": "x,y\n3,c\n", "a.csv": "x,y\n1,a\n2,b\n", "_SUCCESS": "", "README.md": "text", ".a.csv.crc": "x"}, "", Options{},
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1 | a", "1: | 2 | b", "2: | 3 | c"},
				Findings: []string{`-1 : 1 files are empty or no data and were left out: ROOT/README.md`}}},
		{"pattern", "only what matches counts", map[string]string{"p-1.csv": "x\n1\n", "p-2.csv": "x\n2\n", "q.csv": "x\n9\n"}, "p-*.csv", Options{},
			contents{Columns: []string{"x float"}, Rows: []string{"0: | 1", "1: | 2"}}},
		{"any depth", "** stands for folders", map[string]string{"a/b/1.csv": "x\n1\n", "2.csv": "x\n2\n", "a/3.txt": "x\n3\n"}, "**/*.csv", Options{},
			contents{Columns: []string{"x float"}, Rows: []string{"0: | 2", "1: | 1"}}},
		{"list", "separated by commas, in the order given", map[string]string{"a.csv": "x\n1\n", "b.csv": "x\n2\n"}, "b.csv,a.csv", Options{},
			contents{Columns: []string{"x float"}, Rows: []string{"0: | 2", "1: | 1"}}},
		{"a name with special characters", "what exists means itself", map[string]string{"a[1],*.csv": "x\n1\n"}, "a[1],*.csv", Options{},
			contents{Columns: []string{"x float"}, Rows: []string{"0: | 1"}}},
		{"partitions", "keys become columns, with types, after those of the files; Hive's word for null is null",
			map[string]string{"year=2023/land=at/a.csv": "x\n1\n", "year=2024/land=d%20e/a.csv": "x\n2\n", "year=2024/land=__HIVE_DEFAULT_PARTITION__/a.csv": "x\n3\n"}, "", Options{},
			contents{Columns: []string{"x float", "year float", "land string"}, Rows: []string{"0: | 1 | 2023 | at", "1: | 3 | 2024 | <null>", "2: | 2 | 2024 | d e"}}},
		{"partitions of one file", "even one has its keys", map[string]string{"day=2024-02-29/a.csv": "x\n1\n"}, "", Options{},
			contents{Columns: []string{"x float", "day time"}, Rows: []string{"0: | 1 | 1.7091648e+09"}}},
		{"columns in another order", "names decide", map[string]string{"a.csv": "x,y\n1,a\n", "b.csv": "y,x\nb,2\n"}, "", Options{},
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1 | a", "1: | 2 | b"}}},
		{"a new column", "schemas grow over time", map[string]string{"a.csv": "x,y\n1,a\n", "b.csv": "x,y,z\n2,b,true\n"}, "", Options{},
			contents{Columns: []string{"x float", "y string", "z bool"}, Rows: []string{"0: | 1 | a | <null>", "1: | 2 | b | 1"},
				Findings: []string{"-1 z: 1 of 2 files do not have this column; its cells are null there"}}},
		{"an empty column", "it says nothing about the type", map[string]string{"a.csv": "x,y\n1,\n", "b.csv": "x,y\n2,b\n"}, "", Options{},
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1 | <null>", "1: | 2 | b"}}},
		{"types differ", "without a majority of nine in ten, text keeps all", map[string]string{"a.csv": "x\n1\n2\n", "b.csv": "x\nlow\nhigh\n"}, "", Options{},
			contents{Columns: []string{"x string"}, Rows: []string{"0: | 1", "1: | 2", "2: | low", "3: | high"},
				Findings: []string{"-1 x: the column is float in ROOT/a.csv, string in ROOT/b.csv; read as string in all"}}},
		{"one bad file", "numbers with a file of junk are numbers with junk", map[string]string{"a.csv": "x\n" + strings.Repeat("1\n", 30), "b.csv": "x\nlow\n"}, "", Options{},
			contents{Columns: []string{"x float"}, Rows: append(sameRows(30, "| 1"), "30: | <invalid low>"),
				Findings: []string{"-1 x: the column is float in ROOT/a.csv, string in ROOT/b.csv; read as float in all"}}},
		{"one file of codes", "their zeros are not lost, however few they are", map[string]string{"a.csv": "x\n" + strings.Repeat("1\n", 30), "b.csv": "x\n007\n"}, "", Options{},
			contents{Columns: []string{"x string"}, Rows: append(sameRows(30, "| 1"), "30: | 007"),
				Findings: []string{"-1 x: the column is float in ROOT/a.csv, string in ROOT/b.csv; read as string in all"}}},
		{"dates that one file tells", "day and month stand alike in all files", map[string]string{"a.csv": "x\n02/03/2024\n", "b.csv": "x\n29/02/2024\n"}, "", Options{},
			contents{Columns: []string{"x time"}, Rows: []string{"0: | 1.7093376e+09", "1: | 1.7091648e+09"}}},
		{"commas that one file tells", "and so do decimals", map[string]string{"a.csv": "x;y\n1,234;a\n", "b.csv": "x;y\n1,5;a\n"}, "", Options{},
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1.234 | a", "1: | 1.5 | a"}}},
		{"streams", "rows are numbered through files that do not tell how many they have; broken lines keep their numbers",
			map[string]string{"a.jsonl.gz": gzipped("{\"x\":1}\n" + strings.Repeat("{\"x\":2}\n", 2) + "bad\n"), "b.jsonl.gz": gzipped("{\"x\":3}\n")}, "", Options{BadRows: SkipBadRows},
			contents{Columns: []string{"x float"}, Rows: []string{"0: | 1", "1: | 2", "2: | 2", "4: | 3"}, Skipped: []int64{3}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := writeTree(t, test.files)
			path := root
			if test.path != "" {
				pieces := []string{test.path}
				if _, err := os.Stat(filepath.Join(root, test.path)); err != nil {
					pieces = strings.Split(test.path, ",")
				}
				for i := range pieces {
					pieces[i] = filepath.Join(root, pieces[i])
				}
				path = strings.Join(pieces, ",")
			}
			s, err := Open(context.Background(), path, test.options)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			got, err := readContents(s)
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Findings {
				got.Findings[i] = strings.ReplaceAll(got.Findings[i], root, "ROOT")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// sameRows returns n rows of the same cells.
func sameRows(n int, cells string) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("%d: %s", i, cells)
	}
	return rows
}

func TestPartsErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		path  string
		words []string
	}{
		{"no match", map[string]string{"a.csv": "x\n1\n"}, "*.parquet", []string{"*.parquet", "no file matches"}},
		{"no data", map[string]string{"README.md": "x"}, "", []string{"no file of a known format", "README.md", "csv"}},
		{"no folder", map[string]string{"a.csv": "x\n1\n"}, "gone/*.csv", []string{"no such folder"}},
		{"malformed", map[string]string{"a.csv": "x\n1\n"}, "[a.csv", []string{"malformed"}},
		{"two formats", map[string]string{"a.csv": "x\n1\n", "b.jsonl": "{\"x\":1}\n"}, "", []string{"b.jsonl: is ndjson, but", "a.csv is csv", "*.csv"}},
		{"other columns", map[string]string{"a.csv": "x,y\n1,2\n", "b.csv": "v,w\n1,2\n"}, "", []string{"b.csv", `column "v"`, "v, w instead of x, y", "header"}},
		{"other keys", map[string]string{"y=1/a.csv": "x\n1\n", "z=1/a.csv": "x\n1\n"}, "", []string{"z=1", "y=1", "partitioned"}},
		{"a broken part", map[string]string{"a.csv": "x\n1\n", "b.csv": "\n\n"}, "", []string{"b.csv", "white space"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Open(context.Background(), filepath.Join(writeTree(t, test.files), test.path), Options{})
			wantError(t, err, test.words...)
		})
	}
}

type timed struct {
	At int64 `parquet:"at,timestamp"`
	N  int64 `parquet:"n"`
}

type counted struct {
	At float64 `parquet:"at"`
	N  float64 `parquet:"n"`
}

// Points in time in one Parquet file and numbers in the next cannot both be meant.
func TestPartsTypeConflict(t *testing.T) {
	root := t.TempDir()
	if err := parquet.WriteFile(filepath.Join(root, "a.parquet"), []timed{{1, 2}}); err != nil {
		t.Fatal(err)
	}
	if err := parquet.WriteFile(filepath.Join(root, "b.parquet"), []counted{{1.5, 2.5}}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), root, Options{})
	wantError(t, err, "b.parquet", `column "at"`, "float in", "time in", "a.parquet")
	s, err := Open(context.Background(), root, Options{Types: map[string]dataset.Type{"at": dataset.String}})
	if err != nil {
		t.Fatalf("with the type given: %v", err)
	}
	s.Close()
}

// A dataset may have more files than may be open at once, and they are all
// closed in the end.
func TestManyParts(t *testing.T) {
	root := t.TempDir()
	const n = 300
	for i := range n {
		text := fmt.Sprintf("x\n%d\n", i)
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("%04d.csv", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(context.Background(), root, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := readContents(s)
		if err != nil || len(got.Rows) != n || got.Rows[n-1] != "299: | 299" {
			t.Fatalf("%d rows, the last %q, %v", len(got.Rows), got.Rows[len(got.Rows)-1], err)
		}
	}
	handles.mu.Lock()
	open := handles.idle.Len()
	handles.mu.Unlock()
	if open > handles.most {
		t.Errorf("%d files are open, at most %d may be", open, handles.most)
	}
	s.Close()
	handles.mu.Lock()
	defer handles.mu.Unlock()
	for e := handles.idle.Front(); e != nil; e = e.Next() {
		if strings.HasPrefix(e.Value.(*handle).of.path, root) {
			t.Fatalf("%s is still open", e.Value.(*handle).of.path)
		}
	}
}

// A file that was replaced while it was closed is an error, not other rows.
func TestReplacedFile(t *testing.T) {
	path := writeTemp(t, "a.csv", "x\n1\n")
	f, err := openLocal(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := handles.drop(f.(*localFile)); err != nil {
		t.Fatal(err)
	}
	os.Rename(path, path+".old")
	if err := os.WriteFile(path, []byte("x\n2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = f.ReadAt(make([]byte, 1), 0)
	wantError(t, err, "replaced")
}

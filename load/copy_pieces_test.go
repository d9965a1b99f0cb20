package load

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCopyPieces copies several files into one.
func TestCopyPieces(t *testing.T) {
	for _, c := range []struct {
		reason     string
		files      map[string]string
		out        string
		edit       Edit
		kept, gone string
	}{
		{"records stay as they stand, and rows are numbered through",
			map[string]string{"1.csv": "a,b\n1.50,NA\n2,x\n", "2.csv": "a,b\n\"3\",007\nerr,y\n5,z\n", "3.csv": "a,b\n6,w\n"}, "out.csv",
			Edit{Dropped: dropping(1, 4).Dropped, Cells: map[Place]Value{{3, "a"}: {Null: true}}},
			"a,b\n1.50,NA\n\"3\",007\n,y\n6,w\n", "a,b,synthos_reason\n2,x,\"row, \"\"bad\"\"\"\n5,z,\"row, \"\"bad\"\"\"\n"},
		{"records of JSON too, with the members that only some files have",
			map[string]string{"1.jsonl": "{\"a\": 1.0, \"b\": [1]}\n{\"a\": 2, \"b\": []}\n", "2.jsonl": "{\"a\": 3, \"c\": \"x\"}\n"}, "out.jsonl",
			dropping(0), "{\"a\": 2, \"b\": []}\n{\"a\": 3, \"c\": \"x\"}\n", "{\"a\": 1.0, \"b\": [1],\"synthos_reason\":\"row, \\\"bad\\\"\"}\n"},
		{"columns in another order are brought into one", map[string]string{"1.csv": "a,b\n1.50,x\n", "2.csv": "b,a\ny,2\n"}, "out.csv",
			Edit{}, "a,b\n1.5,x\n2,y\n", "a,b,synthos_reason\n"},
		{"as cells they are numbered through too", map[string]string{"1.csv": "a,b\n1.50,x\n2,y\n", "2.csv": "a,b\n3,z\n4.0,w\n"}, "out.tsv",
			dropping(1, 2), "a\tb\n1.5\tx\n4\tw\n", "a\tb\tsynthos_reason\n2\ty\t\"row, \"\"bad\"\"\"\n3\tz\t\"row, \"\"bad\"\"\"\n"},
		{"folders are columns", map[string]string{"k=u/1.csv": "a\n1.50\n", "k=v/1.csv": "a\n2\n"}, "out.csv",
			Edit{}, "a,k\n1.5,u\n2,v\n", "a,k,synthos_reason\n"},
	} {
		src := opened(t, writeTree(t, c.files))
		folder := t.TempDir()
		kept, gone := filepath.Join(folder, c.out), filepath.Join(folder, "gone"+filepath.Ext(c.out))
		if err := CanCopy(src, kept); err != nil {
			t.Errorf("%s: %v", c.reason, err)
		}
		if _, err := Copy(t.Context(), src, kept, gone, c.edit, nil); err != nil {
			t.Errorf("%s: %v", c.reason, err)
			continue
		}
		for path, want := range map[string]string{kept: c.kept, gone: c.gone} {
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", c.reason, filepath.Base(path), diff)
			}
		}
	}
}

// TestCopyPiecesParquet copies Parquet files into one of the same schema.
func TestCopyPiecesParquet(t *testing.T) {
	folder := t.TempDir()
	in := filepath.Join(folder, "in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"1.parquet", "2.parquet"} {
		if err := WriteParquet(filepath.Join(in, name), writtenTable()); err != nil {
			t.Fatal(err)
		}
	}
	src := opened(t, in)
	out := filepath.Join(folder, "out.parquet")
	n := int64(writtenTable().Rows())
	done, err := Copy(t.Context(), src, out, "", dropping(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	if done.Kept != 2*n-1 || done.Dropped != 1 {
		t.Errorf("%+v of two files of %d rows", done, n)
	}
	one, err := opened(t, filepath.Join(in, "1.parquet")).(*parquetSource).whole()
	if err != nil {
		t.Fatal(err)
	}
	both, err := opened(t, out).(*parquetSource).whole()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.Schema().String(), both.Schema().String()); diff != "" {
		t.Errorf("the schema differs (-want +got):\n%s", diff)
	}
	want, got := readAll(t, in, Options{}), readAll(t, out, Options{})
	var rest []int
	for i := range want.Rows() {
		if int64(i) != n {
			rest = append(rest, i)
		}
	}
	if diff := cmp.Diff(want.Take(rest).Columns, got.Columns); diff != "" {
		t.Errorf("the cells differ (-want +got):\n%s", diff)
	}
}

package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The many ways in which programs write what is called CSV.
func TestCSVMarks(t *testing.T) {
	tests := []struct {
		name, reason, text string
		want               contents
	}{
		{"single quotes", "some programs quote with them", "id,name\n1,'Smith, J'\n2,'O''Neil'\n3,'a\nb'\n",
			contents{Columns: []string{"id float", "name string"}, Rows: []string{"0: | 1 | Smith, J", "1: | 2 | O'Neil", "2: | 3 | a\nb"}}},
		{"single quotes around names too", "the header as well", "'id';'name'\n'1';'a;b'\n'2';'c'\n",
			contents{Columns: []string{"id float", "name string"}, Rows: []string{"0: | 1 | a;b", "1: | 2 | c"}}},
		{"apostrophes", "are no quotes where they do not enclose", "id,name\n1,'tis\n2,the dogs'\n3,'n'\n4,rock 'n' roll\n",
			contents{Columns: []string{"id float", "name string"}, Rows: []string{"0: | 1 | 'tis", "1: | 2 | the dogs'", "2: | 3 | 'n'", "3: | 4 | rock 'n' roll"}}},
		{"both quotes", "a single quote within double ones is a character", "id,name\n1,\"'a'\"\n2,\"'b, c'\"\n",
			contents{Columns: []string{"id float", "name string"}, Rows: []string{"0: | 1 | 'a'", "1: | 2 | 'b, c'"}}},
		{"backslashes before quotes", "Spark and MySQL write quotes like that", "id,name\n1,\"say \\\"a, b\\\" now\"\n2,\"\\\"\"\n3,\"plain\"\n",
			contents{Columns: []string{"id float", "name string"}, Rows: []string{`0: | 1 | say "a, b" now`, `1: | 2 | "`, "2: | 3 | plain"}}},
		{"backslashes at the end", "a path in quotes is no escape", "id,path\n1,\"C:\\dir\\\"\n2,\"D:\\\"\n",
			contents{Columns: []string{"id float", "path string"}, Rows: []string{`0: | 1 | C:\dir\`, `1: | 2 | D:\`}}},
		{"comments within", "they are no rows, and do not count", "a,b\n1,2\n# checked until here\n3,4\n#\n5,6\n",
			contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | 1 | 2", "1: | 3 | 4", "2: | 5 | 6"},
				Findings: []string{"-1 : 2 comment lines, which begin with #, were left out"}}},
		{"a comment at the end", "as programs sign their output", "a,b\n1,2\n3,4\n# 2 rows",
			contents{Columns: []string{"a float", "b float"}, Rows: []string{"0: | 1 | 2", "1: | 3 | 4"},
				Findings: []string{"-1 : 1 comment lines, which begin with #, were left out"}}},
		{"cells that begin with #", "a record with all its fields is none", "colour,n\n#ff0000,1\n#00ff00,2\n",
			contents{Columns: []string{"colour string", "n float"}, Rows: []string{"0: | #ff0000 | 1", "1: | #00ff00 | 2"}}},
		{"a record over two lines that begins with #", "its first line alone has too few fields", "tag,text,n\n#a,\"x\ny\",1\n#b,\"z\",2\n# c\n",
			contents{Columns: []string{"tag string", "text string", "n float"}, Rows: []string{"0: | #a | x\ny | 1", "1: | #b | z | 2"},
				Findings: []string{"-1 : 1 comment lines, which begin with #, were left out"}}},
		{"spaces before quotes", "a quote is one behind a space too, where it is so throughout", "a, b, c\n1, \"x, y\", 2\n3, \"z\", 4\n",
			contents{Columns: []string{"a float", "b string", "c float"}, Rows: []string{"0: | 1 | x, y | 2", "1: | 3 | z | 4"}}},
		{"carets", "a rare delimiter that cuts all lines alike", "a^b\n1^x\n2^y\n",
			contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x", "1: | 2 | y"}}},
		{"Hive", "its fields are separated by a control character", "a\x01b\n1\x01x\n2\x01y\n",
			contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x", "1: | 2 | y"}}},
		{"single spaces", "three columns, one of numbers, and names above", "a b c\n1 x 0.5\n2 y 1.5\n",
			contents{Columns: []string{"a float", "b string", "c float"}, Rows: []string{"0: | 1 | x | 0.5", "1: | 2 | y | 1.5"}}},
		{"texts of two words", "spaces in texts are no delimiters", "full name\nann lee\nbob ray\n",
			contents{Columns: []string{"full name string"}, Rows: []string{"0: | ann lee", "1: | bob ray"}}},
		{"times of day", "nor are the colons in them", "at\n10:30\n11:45\n",
			contents{Columns: []string{"at float"}, Rows: []string{"0: | 37800", "1: | 42300"}, Findings: []string{"-1 at: times of day, read as seconds since midnight"}}},
		{"carriage returns", "end lines on old Macintoshes", "a,b\r1,x\r2,y\r",
			contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x", "1: | 2 | y"},
				Findings: []string{"-1 : the lines end in carriage returns, as on old Macintoshes; read as newlines"}}},
		{"a delimiter at the end of each line", "is no column", "a,b,\n1,x,\n2,y,\n",
			contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x", "1: | 2 | y"}}},
		{"telephone numbers", "with a plus they are names", "tel,n\n+4930123456,+5\n+4930123457,-6\n",
			contents{Columns: []string{"tel string", "n float"}, Rows: []string{"0: | +4930123456 | 5", "1: | +4930123457 | -6"}}},
		{"infinities", "cells of numbers that are none", "x,y\n1,a\ninf,b\n-Infinity,c\n2,d\n",
			contents{Columns: []string{"x float", "y string"}, Rows: []string{"0: | 1 | a", "1: | <invalid inf> | b", "2: | <invalid -Infinity> | c", "3: | 2 | d"}}},
		{"dates without separators", "where the name says that they are dates", "date,n\n20240229,20240229\n20240301,20240301\n",
			contents{Columns: []string{"date time", "n float"}, Rows: []string{"0: | 1.7091648e+09 | 2.0240229e+07", "1: | 1.7092512e+09 | 2.0240301e+07"}}},
		{"seconds with decimals", "as time.time() writes them", "ts,ts_ns\n1700000000.5,1700000000000000001\n1700000001,1700000001000000000\n",
			contents{Columns: []string{"ts time", "ts_ns time"}, Rows: []string{"0: | 1.7000000005e+09 | 1.7e+09", "1: | 1.700000001e+09 | 1.700000001e+09"}}},
		{"hashes in a single column", "they may be tags", "tag\n#a\n#b\n",
			contents{Columns: []string{"tag string"}, Rows: []string{"0: | #a", "1: | #b"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, o := range []Options{{}, {RangeBytes: 7}} {
				if diff := cmp.Diff(test.want, mustRead(t, "data.csv", test.text, o)); diff != "" {
					t.Errorf("%s, ranges of %d bytes (-want +got):\n%s", test.reason, o.RangeBytes, diff)
				}
			}
			if diff := cmp.Diff(test.want, mustRead(t, "data.csv.gz", gzipped(test.text), Options{})); diff != "" {
				t.Errorf("%s, as a stream (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// A comment that comes late is told by a full read, which says to look at all rows.
func TestLateComment(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 500) + "# half\n" + strings.Repeat("3,4\n", 500)
	path := writeTemp(t, "data.csv", text)
	for _, whole := range []bool{false, true} {
		s, err := Open(context.Background(), path, Options{Whole: whole})
		if err != nil {
			t.Fatal(err)
		}
		got, err := readContents(s)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{false: 1001, true: 1000}[whole]; len(got.Rows) != want {
			t.Errorf("whole %v: %d rows, want %d; %v", whole, len(got.Rows), want, got.Findings)
		}
		if Misjudged(s, nil, nil) == whole {
			t.Errorf("whole %v: misjudged %v", whole, !whole)
		}
		s.Close()
	}
}

// A copy keeps the marks, and leaves out what is no row.
func TestCopyKeepsMarks(t *testing.T) {
	for name, text := range map[string]string{
		"single":   "# made by hand\n'id','a, name'\n1,'x, y'\n2,'b'\n3,'it''s'\n",
		"escaped":  "id,name\n1,\"a \\\"b\\\" c\"\n2,\"d\"\n3,\"e\"\n",
		"comments": "id,name\n1,a\n# comment\n2,b\n3,c\n",
	} {
		for _, file := range []string{"data.csv", "data.csv.gz"} {
			whole := text
			if strings.HasSuffix(file, ".gz") {
				whole = gzipped(text)
			}
			want := mustRead(t, file, whole, Options{})
			src := opened(t, writeTemp(t, file, whole))
			out := filepath.Join(t.TempDir(), file)
			if _, err := Copy(context.Background(), src, out, "", dropping(1), nil); err != nil {
				t.Fatal(err)
			}
			copied, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			got := mustRead(t, file, string(copied), Options{})
			want.Rows = []string{want.Rows[0], strings.Replace(want.Rows[2], "2:", "1:", 1)}
			if fmt.Sprint(got.Columns, got.Rows) != fmt.Sprint(want.Columns, want.Rows) {
				t.Errorf("%s in %s: %q %q, want %q %q", name, file, got.Columns, got.Rows, want.Columns, want.Rows)
			}
		}
	}
}

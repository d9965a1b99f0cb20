package load

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A file that is one object with a list of objects in it holds these as records.
func TestWrappedJSON(t *testing.T) {
	two := []string{"0: | 1", "1: | 2"}
	tests := []struct {
		name, reason, file, text string
		rows                     []string
		findings                 []string
	}{
		{"an API's answer", "what stands beside the list is told", "a.json", `{"count": 2, "data": [{"a":1}, {"a":2}], "next": null}`, two,
			[]string{`-1 : the records are those of the member "data"; left out are count, next`}},
		{"pandas with orient=table", "a list below another member is not looked for", "a.json", `{"schema":{"fields":[{"name":"a"}]},"data":[{"a":1},{"a":2}]}`, two,
			[]string{`-1 : the records are those of the member "data"; left out are schema`}},
		{"several objects", "each is a record, with a list in it", "a.json", `{"a":[{"b":1}]} {"a":[{"b":2}]}`, []string{`0: | [{"b":1}]`, `1: | [{"b":2}]`}, nil},
		{"lines of JSON", "each line is a record, though there is only one", "a.jsonl", `{"a":[{"b":1}]}`, []string{`0: | [{"b":1}]`}, nil},
		{"one record", "an object without a list is one", "a.json", `{"a":1}`, []string{"0: | 1"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, file := range []string{test.file, test.file + ".gz"} {
				text := test.text
				if strings.HasSuffix(file, ".gz") {
					text = gzipped(text)
				}
				got := mustRead(t, file, text, Options{})
				if diff := cmp.Diff(test.rows, got.Rows); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", file, test.reason, diff)
				}
				if diff := cmp.Diff(test.findings, got.Findings); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", file, test.reason, diff)
				}
			}
		})
	}
	var long strings.Builder // longer than what is looked at first, on one line
	long.WriteString(`{"version":1,"data":[{"a":0,"t":"first"}`)
	for i := 1; i < 60_000; i++ {
		fmt.Fprintf(&long, `,{"a":%d,"t":"some text to fill it"}`, i)
	}
	long.WriteString(`],"end":true}`)
	if got := mustRead(t, "a.json", long.String(), Options{}); len(got.Rows) != 60_000 || got.Rows[59_999] != "59999: | 59999 | some text to fill it" {
		t.Errorf("%d rows", len(got.Rows))
	}
}

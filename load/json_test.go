package load

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestJSON(t *testing.T) {
	tests := []struct {
		name, reason string
		file         string // "" = data.jsonl
		text         string
		types        map[string]dataset.Type
		want         contents
	}{
		{
			name: "types", reason: "each value keeps the type that JSON gives it",
			text: `{"n":1,"x":-0.5e1,"flag":true,"day":"2024-02-29","zip":"00123","s":"NA"}` + "\n" + `{"n":2,"x":1,"flag":false,"day":"2024-03-01","zip":"12345","s":""}`,
			want: contents{
				Columns: []string{"n float", "x float", "flag bool", "day time", "zip string", "s string"},
				Rows:    []string{"0: | 1 | -5 | 1 | 1.7091648e+09 | 00123 | NA", "1: | 2 | 1 | 0 | 1.7092512e+09 | 12345 | "},
			},
		},
		{
			name: "nulls", reason: "null, NaN and an absent key are the same",
			text: "{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":null}\n{\"a\":NaN}\n{}\n",
			want: contents{
				Columns: []string{"a float", "b string"},
				Rows:    []string{"0: | 1 | x", "1: | <null> | <null>", "2: | <null> | <null>", "3: | <null> | <null>"},
			},
		},
		{
			name: "nested", reason: "members get dotted names where they first appear; the last of two equal keys counts",
			text: `{"id":1,"user":{"name":"ann","home":{"zip":1}},"x":2}` + "\n" + `{"x":3,"user":{"home":{"zip":5,"zip":6},"age":9},"id":4,"user":null}` + "\n" + `{"user":{"age":1}}`,
			want: contents{
				Columns: []string{"id float", "user.name string", "user.home.zip float", "user.age float", "x float"},
				Rows:    []string{"0: | 1 | ann | 1 | <null> | 2", "1: | 4 | <null> | <null> | <null> | 3", "2: | <null> | <null> | <null> | 1 | <null>"},
			},
		},
		{
			name: "arrays", reason: "lists of scalars are joined, conversations are columns, the rest is compact JSON",
			text: `{"tags":["a",1,true],"messages":[{"role":"user","content":"hi\n\"you\""},{"role":"assistant","content":"yes"}],"m":[[1, 2],[3]]}` + "\n" +
				`{"tags":[],"messages":[{"from":"human","value":"hey"}],"m":{"k": [1]}}`,
			want: contents{
				Columns: []string{"tags string", "messages.user string", "messages.assistant string", "messages.human string", "messages.turns float", "m string"},
				Rows: []string{
					"0: | a, 1, true | hi\n\"you\" | yes | <null> | 2 | [[1,2],[3]]",
					`1: |  | <null> | <null> | hey | 1 | {"k":[1]}`,
				},
				Findings: []string{"-1 messages: " + chatFinding("messages.user, messages.assistant, messages.human") + "; how many messages there are in messages.turns"},
			},
		},
		{
			name: "escapes", reason: "all of JSON's escapes, surrogate pairs, and a lone half",
			text: `{"s":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d!"}`,
			want: contents{Columns: []string{"s string"}, Rows: []string{"0: | \"\\/\b\f\n\r\té😀\ufffd!"}},
		},
		{
			name: "mixed", reason: "nine numbers in ten make a column of numbers; strings that read as numbers are",
			text: strings.Repeat("{\"a\":1}\n", 18) + "{\"a\":\"7\"}\n{\"a\":\"x\"}\n",
			want: contents{
				Columns: []string{"a float"},
				Rows:    append(numbered(18, "1"), "18: | 7", "19: | <invalid x>"),
			},
		},
		{
			name: "mixed text", reason: "less make a column of strings; the numbers stay as they are written",
			text: "{\"a\":1.50}\n{\"a\":\"x\"}\n{\"a\":true}\n",
			want: contents{Columns: []string{"a string"}, Rows: []string{"0: | 1.50", "1: | x", "2: | true"}},
		},
		{
			name: "large integers", reason: "beyond 2^53 they are names",
			text: "{\"a\":9007199254740993}\n{\"a\":1}\n",
			want: contents{Columns: []string{"a string"}, Rows: []string{"0: | 9007199254740993", "1: | 1"}},
		},
		{
			name: "objects and scalars", reason: "what is an object here and a string there stays text",
			text: "{\"a\":{\"b\":1}}\n{\"a\":\"x\"}\n{\"a\":{}}\n",
			want: contents{Columns: []string{"a string"}, Rows: []string{"0: | {\"b\":1}", "1: | x", "2: | {}"}},
		},
		{
			name: "same name", reason: "a key with a dot and a nested key",
			text: `{"a.b":1,"a":{"b":2}}`,
			want: contents{
				Columns:  []string{"a.b float", "a.b_2 float"},
				Rows:     []string{"0: | 1 | 2"},
				Findings: []string{`-1 a.b_2: column 2 is called "a.b", which is empty or taken: read as "a.b_2"`},
			},
		},
		{
			name: "bad lines", reason: "one in a small file is skipped and keeps its number",
			text: "{\"a\":1}\n{\"a\":\n{\"a\":3}\n",
			want: contents{Columns: []string{"a float"}, Rows: []string{"0: | 1", "2: | 3"}, Skipped: []int64{1}},
		},
		{
			name: "forced types", reason: "the reference's storage wins",
			text: "{\"a\":1,\"b\":\"5\"}\n{\"a\":\"x\",\"b\":\"y\"}\n", types: map[string]dataset.Type{"a": dataset.String, "b": dataset.Float},
			want: contents{Columns: []string{"a string", "b float"}, Rows: []string{"0: | 1 | 5", "1: | x | <invalid y>"}},
		},
		{
			name: "array", reason: "one array of records, on several lines", file: "data.json",
			text: " [\n {\"a\": 1,\n \"b\": \"x\"},\n {\"a\": 2}, 5 ] \n",
			want: contents{Columns: []string{"a float", "b string"}, Rows: []string{"0: | 1 | x", "1: | 2 | <null>"}, Skipped: []int64{2}},
		},
		{
			name: "pretty", reason: "records one behind the other over several lines", file: "data.json",
			text: "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n",
			want: contents{Columns: []string{"a float"}, Rows: []string{"0: | 1", "1: | 2"}},
		},
		{
			name: "lines in .json", reason: "many write lines of JSON and call them .json", file: "data.json",
			text: "{\"a\":1}\n{\"a\":2}\n",
			want: contents{Columns: []string{"a float"}, Rows: []string{"0: | 1", "1: | 2"}},
		},
		{
			name: "array in .jsonl", reason: "and the other way round",
			text: `[{"a":1},{"a":2}]`,
			want: contents{Columns: []string{"a float"}, Rows: []string{"0: | 1", "1: | 2"}},
		},
		{
			name: "first line broken", reason: "the second shows that these are lines",
			text: "{\"a\":\n{\"a\":2}\n{\"a\":3}\n",
			want: contents{Columns: []string{"a float"}, Rows: []string{"1: | 2", "2: | 3"}, Skipped: []int64{0}},
		},
		{
			name: "infinite", reason: "Python writes it; it is there, but it is no number",
			text: strings.Repeat("{\"a\":1}\n", 9) + "{\"a\":-Infinity}\n",
			want: contents{Columns: []string{"a float"}, Rows: append(numbered(9, "1"), "9: | <invalid -Infinity>")},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := test.file
			if file == "" {
				file = "data.jsonl"
			}
			got := mustRead(t, file, test.text, Options{Types: test.types})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
		})
	}
}

// numbered returns n rows with the same cell.
func numbered(n int, cell string) (rows []string) {
	for i := range n {
		rows = append(rows, fmt.Sprintf("%d: | %s", i, cell))
	}
	return rows
}

func TestJSONErrors(t *testing.T) {
	good := strings.Repeat("{\"a\":1}\n", 300)
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	tests := []struct {
		name, reason, file, text string
		row                      int64
		words                    []string
	}{
		{"many bad lines", "more than one in a hundred", "a.jsonl", good + strings.Repeat("{\"a\":1\n", 4), 300, []string{"4 of 304 records"}},
		{"only bad lines", "nothing is left", "a.jsonl", "{\"a\"\n{\"b\"\n", 0, nil},
		{"scalars", "records are objects", "a.jsonl", "1\n2\n", 0, []string{"not a JSON object"}},
		{"no members", "nothing to judge", "a.jsonl", "{}\n{}\n", -1, []string{"no record in it has a member"}},
		{"array cut short", "a download that broke off", "a.json", `[{"a":1},{"a":2},{"a"`, 2, []string{"ends in the middle"}},
		{"array without end", "the same, between records", "a.json", `[{"a":1},{"a":2}`, 2, []string{"end of the array"}},
		{"no comma", "the array is broken", "a.json", `[{"a":1} {"a":2}]`, 1, []string{"comma"}},
		{"text behind the array", "it is not read, and it is not ignored", "a.json", `[{"a":1}] [`, 1, []string{"end of the file"}},
		{"empty array", "there is nothing", "a.json", `[]`, -1, []string{"no record"}},
		{"deep", "values are nested without end", "a.jsonl", "{\"a\":" + deep + "}\n{\"a\":" + deep + "}\n", 0, []string{"deeper than 64"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := openTemp(t, test.file, test.text, Options{})
			if err == nil {
				t.Fatalf("no error: %s", test.reason)
			}
			wantError(t, err, test.words...)
			if row := asError(t, err).Row; row != test.row {
				t.Errorf("the error %q is about row %d, want %d", err, row, test.row)
			}
		})
	}
	_, err := openTemp(t, "a.jsonl", "{\"a\":\""+strings.Repeat("x", 600_000)+"\"}\n", Options{FieldBytes: 100_000})
	wantError(t, err, "100000 bytes", "FieldBytes")
}

// What the sample does not show is counted where it turns up.
func TestJSONOutsideSample(t *testing.T) {
	n := sampleRecords(sampleColumns)
	line := "{\"a\":1,\"b\":{\"c\":2}}\n"
	at := n / 2 // between the parts of the sample
	text := strings.Repeat(line, at) + "{\"a\":1,\"new\":{\"x\":[1]},\"b\":5}\n{\"b\":null}\n" + strings.Repeat(line, n+at)
	got := mustRead(t, "a.jsonl", text, Options{RangeBytes: 10_000})
	if row := fmt.Sprintf("%d: | 1 | <null>", at); got.Rows[at] != row {
		t.Errorf("row %q, want %q", got.Rows[at], row)
	}
	want := []string{
		fmt.Sprintf(`%d : the key "new" is not in the sample that decided the columns; left out`, at),
		fmt.Sprintf(`%d : the key "b" holds 5 where the sample shows objects; left out`, at),
	}
	if diff := cmp.Diff(want, got.Findings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Objects whose keys are data become text, not thousands of columns.
func TestJSONWideObjects(t *testing.T) {
	var b strings.Builder
	for i := range maxMembers + 1 {
		fmt.Fprintf(&b, "{\"id\":%d,\"scores\":{\"user %d\":1}}\n", i, i)
	}
	got := mustRead(t, "a.jsonl", b.String(), Options{})
	if diff := cmp.Diff([]string{"id float", "scores string"}, got.Columns); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Rows[7] != `7: | 7 | {"user 7":1}` || len(got.Findings) != 1 {
		t.Errorf("row %q, findings %v", got.Rows[7], got.Findings)
	}
}

// The parser takes what encoding/json takes, and reads it alike.
func checkJSON(t *testing.T, text []byte) {
	t.Helper()
	d := jsonParser{b: text}
	v, err := d.nested(0)
	if err == nil {
		err = d.finish()
	}
	var want any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	valid := utf8.Valid(text) && json.Valid(text) && decoder.Decode(&want) == nil
	if !valid {
		return // control characters and Python's NaN are taken too, and UTF-8 is made valid before
	}
	if err != nil {
		if strings.Contains(err.Error(), "deeper") {
			return
		}
		t.Fatalf("%q: %v", text, err)
	}
	if diff := cmp.Diff(want, standardJSON(v)); diff != "" {
		t.Fatalf("%q (-encoding/json +got):\n%s", text, diff)
	}
	skipper := jsonParser{b: text}
	if err := skipper.skip(0); err != nil || skipper.p != d.p && skipper.finish() != nil {
		t.Fatalf("%q: skip ends at %d with %v, the value at %d", text, skipper.p, err, d.p)
	}
}

// standardJSON returns a nested value as encoding/json would.
func standardJSON(v any) any {
	switch v := v.(type) {
	case string:
		return v
	case literal:
		switch v {
		case "true", "false":
			return v == "true"
		}
		return json.Number(v)
	case []any:
		list := []any{}
		for _, x := range v {
			list = append(list, standardJSON(x))
		}
		return list
	case *record:
		m := map[string]any{}
		for i, name := range v.names {
			m[name] = standardJSON(v.values[i])
		}
		return m
	}
	return nil
}

func TestJSONParser(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, ` false `, `0`, `-0`, `12.5e-3`, `1E+2`, `""`, `"a"`, `"\u0041\\\""`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`,
		`[]`, `[1,[2,[]],{}]`, `{}`, `{"a":{"b":[null]},"c":"d"}`, `{"a":1,"a":2}`, "[ 1 ,\t2\r\n]", `"😀é"`,
	} {
		checkJSON(t, []byte(text))
	}
	for _, text := range []string{
		``, `tru`, `nul`, `01`, `1.`, `.5`, `-`, `1e`, `+1`, `"a`, `"\x"`, `"\u12"`, `[1,]`, `[1 2]`, `[`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1,}`, `1 2`, `truex`,
	} {
		d := jsonParser{b: []byte(text)}
		v, err := d.nested(0)
		if err == nil {
			err = d.finish()
		}
		if err == nil {
			t.Errorf("%q is read as %v", text, v)
		}
	}
}

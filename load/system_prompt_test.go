package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A system prompt that all rows share is told and no column, in every format; one that
// varies, or that few rows have, is a column. A copy has it all the same.
func TestSystemPrompt(t *testing.T) {
	lines := func(system func(i int) string, n int) (csv, json string) {
		csv = "instruction,output,system\n"
		for i := range n {
			csv += fmt.Sprintf("add %d,so %d,%s\n", i, i, system(i))
			json += fmt.Sprintf(`{"instruction":"add %d","output":"so %d","system":"%s"}`+"\n", i, i, system(i))
		}
		return csv, json
	}
	kind := func(int) string { return "be kind" }
	told := `-1 system: all rows have the same system prompt, which is no column: "be kind"`
	for _, test := range []struct {
		name   string
		system func(int) string
		rows   int
		fixed  bool
	}{
		{"constant", kind, 30, true},
		{"few rows", kind, fewChats - 1, false},
		{"varying", func(i int) string { return fmt.Sprint("be ", i%2) }, 30, false},
	} {
		csv, json := lines(test.system, test.rows)
		for name, text := range map[string]string{"a.csv": csv, "a.jsonl": json} {
			got := mustRead(t, name, text, Options{})
			if slices.Contains(got.Columns, "system string") == test.fixed || slices.Contains(got.Findings, told) != test.fixed || len(got.Rows) != test.rows {
				t.Errorf("%s, %s: columns %v, findings %v", test.name, name, got.Columns, got.Findings)
			}
		}
	}

	csv, _ := lines(kind, 30)
	src, err := openTemp(t, "a.csv", csv, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.csv", "b.parquet"} {
		path := filepath.Join(t.TempDir(), name)
		if _, err := Copy(context.Background(), src, path, "", Edit{}, nil); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || name == "b.csv" && string(text) != csv {
			t.Errorf("the copy is %.80q, %v", text, err)
		}
		copied := opened(t, path)
		if got, err := readContents(copied); err != nil || !slices.Contains(got.Findings, told) {
			t.Errorf("%s: findings %v, %v", name, got.Findings, err)
		}
	}

	// What the sample did not show makes all rows be looked at.
	csv, _ = lines(kind, 3*chatSample)
	csv = strings.Replace(csv, fmt.Sprintf("so %d,be kind", 3*chatSample-500), fmt.Sprintf("so %d,be quick", 3*chatSample-500), 1)
	src, err = openTemp(t, "a.csv", csv, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := readContents(src)
	if err != nil || !Misjudged(src, nil, nil) || !strings.Contains(strings.Join(got.Findings, "\n"), "another system prompt") {
		t.Errorf("another prompt in a late row was not seen: %v, %v", got.Findings, err)
	}
	src, err = openTemp(t, "a.csv", csv, Options{Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	if src.Schema().Index("system") < 0 {
		t.Error("a prompt that varies is no column")
	}
}

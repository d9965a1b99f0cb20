package synthos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"synthos/report"
	"synthos/verdict"
)

// A number or a date of the data begins where another number does not go on.
var canary = regexp.MustCompile(`xkcanary|(^|[^0-9.])(7713[0-9]|77,13|1913-)`)

// Canaries are values that occur nowhere but in the data: levels, texts, names,
// numbers and dates. None may stand in any output of a sensitive run.
func TestSensitiveHoldsNoCanary(t *testing.T) {
	if testing.Short() {
		t.Skip("trains networks")
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 1))
	levels := []string{"xkcanarya", "xkcanaryb", "xkcanaryc"}
	write := func(name string, lost bool) string {
		var b strings.Builder
		b.WriteString("customer,level,amount,day,comment\n")
		for i := range 400 {
			level := levels[rng.IntN(3)]
			if lost && level == levels[2] {
				level = levels[0]
			}
			amount := fmt.Sprintf("7713%d.5", rng.IntN(90))
			if lost && i%40 == 0 {
				amount = "xkcanarybroken"
			}
			if lost && i%97 == 1 {
				level = "xkcanarynew"
			}
			comment := fmt.Sprintf("xkcanaryword%d says %d xkcanarytemplate again and again", rng.IntN(5), rng.IntN(3))
			fmt.Fprintf(&b, "xkcanaryid%s%d,%s,%s,1913-%02d-17,%s\n", name[:1], i, level, amount, 1+rng.IntN(12), comment)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	o := New()
	o.Reference, o.Preset, o.UseCache = write("reference.csv", false), "fast", false
	data := write("data.csv", true)
	leaks := func(sensitive bool) (found int) {
		o.Sensitive = sensitive
		result, err := o.Validate(context.Background(), data, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, extension := range report.Extensions() {
			path := filepath.Join(dir, "report"+extension)
			if err := result.SaveReport(path); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if at := canary.FindIndex(b); at != nil {
				found++
				if sensitive {
					t.Errorf("%s holds a value: ...%s...", extension, b[max(0, at[0]-150):min(len(b), at[1]+60)])
				}
			}
		}
		var others bytes.Buffer // what goes to the terminal, and the outputs of rank
		ranking := &verdict.Ranking{Candidates: []verdict.Candidate{{Rank: 1, Data: data, Result: &result.Result}}}
		err = errors.Join(
			report.Text(&others, &result.Result, false), report.RankingText(&others, ranking, false), report.RankingMarkdown(&others, ranking),
			report.RankingHTML(&others, ranking), report.RankingJSON(&others, ranking))
		if err != nil {
			t.Fatal(err)
		}
		if at := canary.FindIndex(others.Bytes()); at != nil {
			found++
			if b := others.Bytes(); sensitive {
				t.Errorf("the terminal or the ranking holds a value: ...%s...", b[max(0, at[0]-150):min(len(b), at[1]+60)])
			}
		}
		return found
	}
	if leaks(false) == 0 {
		t.Error("an open run shows no canary, so this test could not fail")
	}
	leaks(true)
}

// An error about a cell keeps its place and loses what stood there.
func TestSensitiveErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n3,\"xkcanary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := New()
	o.Sensitive, o.BadRows = true, "stop"
	if _, err := o.Validate(context.Background(), path, "csv"); err != nil && strings.Contains(err.Error(), "xkcanary") {
		t.Errorf("the error quotes the data: %v", err)
	}
}

func TestRecordLines(t *testing.T) {
	for _, test := range []struct {
		name, text      string
		quoted          bool
		header, records int64
		lines           map[int64]int64
	}{
		{"plain", "a,b\n1,2\n3,4\n", true, 1, 3, map[int64]int64{0: 2, 1: 3}},
		{"blank lines", "a\n\n1\n\n\n2", true, 1, 3, map[int64]int64{0: 3, 1: 6}},
		{"line break in quotes", "a\n\"x\ny\"\n2\n", true, 1, 3, map[int64]int64{0: 2, 1: 4}},
		{"quotes in JSON mean nothing", "{\"a\":1}\n{\"a\":\"\\\"\"}\n{}\n", false, 0, 3, map[int64]int64{0: 1, 1: 2}},
		{"longer than the buffer", "a\n" + strings.Repeat("x", 3<<20) + "\n1\n", true, 1, 3, map[int64]int64{0: 2, 1: 3}},
	} {
		lines, records := recordLines(strings.NewReader(test.text), []int64{1, 0, 1}, test.header, test.quoted)
		if records != test.records {
			t.Errorf("%s: %d records, want %d", test.name, records, test.records)
		}
		for row, want := range test.lines {
			if lines[row] != want {
				t.Errorf("%s: row %d is on line %d, want %d", test.name, row, lines[row], want)
			}
		}
	}
}

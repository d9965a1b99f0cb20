package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synthos/bench/quality/headline"
	"synthos/collapse"
)

// made writes a benchmark of four sources. Copies show in duplicate_rows, noise in
// tail_loss only; harmless cases show a little of both. column_shift is noise in all.
func made(t *testing.T) (dir, statistics string) {
	t.Helper()
	dir = t.TempDir()
	rng := rand.New(rand.NewPCG(4, 2))
	var manifest, lines strings.Builder
	manifest.WriteString("id,source,file,label,label_basis,expect,defect,dose,dimension,borderline,tstr_loss,tail_loss\n")
	add := func(id, source, rest string, duplicates, tails float64) {
		fmt.Fprintf(&manifest, "%s,%s,f.csv,%s\n", id, source, rest)
		type statistic struct {
			Of    string  `json:"of"`
			Name  string  `json:"name"`
			Value float64 `json:"value"`
			Floor float64 `json:"floor"`
			Noise float64 `json:"noise"`
		}
		line, err := json.Marshal(map[string]any{"id": id, "statistics": []statistic{
			{"pattern_repetition", "duplicate_rows", duplicates + 0.1, 0.09, 0.01},
			{"diversity_loss", "tail_loss", tails, 0, 0},
			{"distribution_shift", "column_shift", 0.05 * rng.Float64(), 0, 0},
		}})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	for _, source := range []string{"a", "b", "c", "paper-c", "d"} {
		for i := range 6 {
			name := fmt.Sprint(source, i)
			add("good-"+name, source, "healthy,real,approve,,,none,0,,", 0.03*rng.Float64(), 0.2*rng.Float64())
			add("copies-"+name, source, "defect,planted,reject,exact_dup,severe,pattern_repetition,0,,", 0.2+0.3*rng.Float64(), 0.2*rng.Float64())
			add("tails-"+name, source, "collapsed,yardstick,reject,,,none,0,0.02,0.6", 0.03*rng.Float64(), 0.5+0.3*rng.Float64())
		}
	}
	for name, content := range map[string]string{"manifest.csv": manifest.String(), "statistics.jsonl": lines.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, filepath.Join(dir, "statistics.jsonl")
}

func TestFitSeparates(t *testing.T) {
	dir, statistics := made(t)
	items, err := headline.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := readCases(items, statistics, collapse.ReferenceMode)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.sources(), " "); got != "a b c d" {
		t.Errorf("sources %q, want paper-c to be one with c", got)
	}
	for _, left := range c.sources() {
		scales := c.fit(c.without(left))
		for _, k := range c.list {
			if k.source != left {
				continue
			}
			overall, dims := c.damage(k, scales)
			if k.item.Harmful() != (overall > 1) {
				t.Errorf("%s was left out and has damage %.2f", k.item.ID, overall)
			}
			if k.item.Defect != "" && dims[7] < dims[4] {
				t.Errorf("%s: pattern_repetition has damage %.2f, diversity_loss %.2f", k.item.ID, dims[7], dims[4])
			}
		}
	}
}

func TestWritesGoSource(t *testing.T) {
	dir, statistics := made(t)
	path := filepath.Join(dir, "calibration.go")
	var out, complaints bytes.Buffer
	if code := run([]string{"--data", dir, "--statistics", statistics, "--write", path}, &out, &complaints); code != 0 {
		t.Fatalf("exit code %d: %s", code, &complaints)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), path, source, 0); err != nil {
		t.Error(err)
	}
	for mode, table := range map[string]map[string]collapse.Scale{
		"ReferenceMode": collapse.Calibration(collapse.ReferenceMode), "SelfMode": collapse.Calibration(collapse.SelfMode),
	} {
		if !strings.Contains(string(source), mode+": {") {
			t.Errorf("the table has no half for %s", mode)
		}
		for name := range table {
			if !strings.Contains(string(source), fmt.Sprintf("%q:", name)) {
				t.Errorf("the table lost %s", name)
			}
		}
	}
	if !strings.Contains(out.String(), "each source judged by scales fitted on the others") {
		t.Errorf("the figures of left-out sources are missing in:\n%s", &out)
	}
	if code := run([]string{"--data", dir, "--statistics", statistics, "--mode", "other"}, &out, &complaints); code != 2 {
		t.Errorf("an unknown mode ends with code %d, want 2", code)
	}
}

package main

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"synthos"
	"synthos/collapse"
	"synthos/demo"
	"synthos/load"
)

// documentation returns the text of every page for users, by its path; all but
// docs/cli.md, which is the help.
func documentation(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../docs/dimensions/*.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal("no documentation found: ", pattern, err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Base(path) != "cli.md" {
				pages[path] = string(b)
			}
		}
	}
	return pages
}

// A block is what stands between two fences.
type block struct {
	language string
	lines    []string
}

func blocks(page string) []block {
	var out []block
	inside := false
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		language, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && !inside:
			out = append(out, block{language: language})
			inside = true
		case fence:
			inside = false
		case inside:
			out[len(out)-1].lines = append(out[len(out)-1].lines, line)
		}
	}
	return out
}

var documented = regexp.MustCompile(`^(?:- )?(?:run: |entry: |\$ )?(?:\./)?(synthos [a-z]+.*)$`)

// commandsIn returns the commands of a page, as they stand in its blocks.
func commandsIn(page string) []string {
	var out []string
	for _, b := range blocks(page) {
		for _, line := range b.lines {
			m := documented.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil {
				continue
			}
			command, _, _ := strings.Cut(m[1], " #")
			if strings.HasPrefix(strings.TrimSpace(line), "entry: ") {
				command += " data/train.csv" // as pre-commit does
			}
			if _, ok := findCommand(strings.Fields(command)[1]); ok {
				out = append(out, strings.TrimSpace(command))
			}
		}
	}
	return out
}

// Every command in the documentation is run, in a folder that has the files it
// names, and decides something: 0 or 1.
func TestDocumentedCommands(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || testing.Short() {
		t.Skip("runs a shell and trains networks")
	}
	dir := t.TempDir()
	data := demo.Customers(900, 1)
	half := func(from int) []int {
		rows := make([]int, 300)
		for i := range rows {
			rows[i] = from + i
		}
		return rows
	}
	reference, synthetic, other := data.Take(half(0)), data.Take(half(300)), data.Take(half(600))
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"real.csv", "reference.csv", "synthetic.csv", "data.csv", "data/train.csv", "a.csv", "b.csv", "c.csv", "ctgan.csv", "tvae.csv", "copula.csv", "part-1.csv", "part-2.csv"} {
		table := synthetic
		switch name {
		case "real.csv", "reference.csv":
			table = reference
		case "b.csv", "tvae.csv", "part-2.csv":
			table = other
		}
		if err := load.WriteCSV(filepath.Join(dir, name), table); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"real.parquet", "reference.parquet"} {
		if err := load.WriteParquet(filepath.Join(dir, name), reference); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"data.npy", "real.npy"} {
		if err := os.WriteFile(filepath.Join(dir, name), vectors(300, 8), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ran := map[string]bool{}
	execute := func(page, command string) {
		if ran[command] {
			return
		}
		ran[command] = true
		if strings.HasPrefix(command, "synthos demo") {
			command += " --rows 400" // of 20,000
		}
		began := time.Now()
		c := exec.Command(bash, "-c", command)
		c.Dir = dir
		c.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "SYNTHOS_PRESET=fast")
		out, err := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); err != nil && code != exitRejected {
			t.Errorf("%s: %s\nended with %v:\n%s", page, command, err, out)
		}
		t.Logf("%.1fs  %s", time.Since(began).Seconds(), command)
	}
	execute("before", "synthos validate synthetic.csv --reference real.csv --quiet --output report.json")
	report, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"main", "old", "branch", "new"} {
		if err := os.WriteFile(filepath.Join(dir, name+".json"), report, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages := documentation(t)
	for _, page := range slices.Sorted(maps.Keys(pages)) {
		for _, command := range commandsIn(pages[page]) {
			execute(page, command)
		}
	}
	if len(ran) < 20 {
		t.Errorf("only %d commands were found in the documentation", len(ran))
	}
}

// vectors returns a NumPy file of n vectors of d numbers.
func vectors(n, d int) []byte {
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n", n, d)
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0)
	b = append(b, header...)
	for i := range n * d {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(math.Sin(float64(i*i)))))
	}
	return b
}

// The examples of configuration are read: YAML, and synthos.yaml by synthos.
func TestDocumentedConfiguration(t *testing.T) {
	settings := 0
	for page, text := range documentation(t) {
		for _, b := range blocks(text) {
			if b.language != "yaml" {
				continue
			}
			text := strings.Join(b.lines, "\n") + "\n"
			var value any
			if err := yaml.Unmarshal([]byte(text), &value); err != nil {
				t.Errorf("%s: %v:\n%s", page, err, text)
			}
			if b.lines[0] != "# "+configName {
				continue
			}
			settings++
			path := filepath.Join(t.TempDir(), configName)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			r := &request{Orchestrator: synthos.New()}
			if err := configure(r.flags(), nil, "", path); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if settings == 0 {
		t.Error("no synthos.yaml was found in the documentation")
	}
}

// Go code in the documentation stands in example_test.go, which is compiled and run.
func TestDocumentedCode(t *testing.T) {
	b, err := os.ReadFile("../../example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	code := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		code[strings.TrimSpace(line)] = true
	}
	for page, text := range documentation(t) {
		for _, b := range blocks(text) {
			for _, line := range b.lines {
				if b.language == "go" && !code[strings.TrimSpace(line)] {
					t.Errorf("%s: not in example_test.go: %s", page, line)
				}
			}
		}
	}
}

// Every dimension has a page, which names all its statistics and no other.
func TestDimensionPages(t *testing.T) {
	where := map[string]string{}
	for _, d := range collapse.Dimensions() {
		b, err := os.ReadFile("../../docs/dimensions/" + d.Name + ".md")
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|.*\\| (with and without|with a reference|without a reference) \\|").FindAllStringSubmatch(string(b), -1) {
			if where[m[1]] != "" {
				t.Errorf("%s stands on the pages of %s and %s", m[1], where[m[1]], d.Name)
			}
			where[m[1]] = d.Name
			_, with := collapse.Calibration(collapse.ReferenceMode)[m[1]]
			_, without := collapse.Calibration(collapse.SelfMode)[m[1]]
			if said := fmt.Sprint(m[2] != "without a reference", m[2] != "with a reference"); said != fmt.Sprint(with, without) {
				t.Errorf("%s: said to be judged %s; with a reference %v, without %v", m[1], m[2], with, without)
			}
		}
	}
	for _, mode := range []string{collapse.ReferenceMode, collapse.SelfMode} {
		for name := range collapse.Calibration(mode) {
			if where[name] == "" {
				t.Errorf("the statistic %s stands on no page of docs/dimensions", name)
			}
		}
	}
}

// Links between pages lead somewhere.
func TestDocumentedLinks(t *testing.T) {
	for page, text := range documentation(t) {
		for _, m := range regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`).FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: a link to %s, which is not there", page, m[1])
			}
		}
	}
}

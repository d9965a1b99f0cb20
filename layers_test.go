package synthos

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layer says which packages of ours a package may import. The arrows of the
// layers point one way; docs/ARCHITECTURE.md draws them.
type layer struct {
	name string // path below the module; "x/..." = everything below x
	may  []string
	why  string
}

var anything = []string{"..."}

// layers is the table of all packages, from the ground up.
var layers = []layer{
	{"dataset", nil, "the nouns that come in; everybody reads them"},
	{"verdict", []string{"dataset"}, "the nouns that come out; they name kinds and findings"},

	{"stats", nil, "numbers in, a number out"},
	{"sketch", nil, "summaries of values, not of columns"},
	{"cache", nil, "outcomes in files and in memory, by all that they depend on"},
	{"linalg", nil, "kernels on slices"},
	{"linalg/internal/gen", nil, "writes the assembly of linalg"},
	{"linalg/internal/emulate", nil, "runs the tests of linalg on an emulated AVX-512"},
	{"linalg/internal/emulate/init", nil, "what the emulated machine runs"},
	{"text", nil, "measures of strings"},
	{"forest", nil, "works on codes, wherever they come from"},
	{"templates", []string{"dataset", "sketch"}, "works on hashes of cells; stages 4 and 5 ask it"},
	{"neighbors", []string{"linalg"}, "distances are matrix products"},

	{"scan", []string{"dataset"}, "passes over a Source"},
	{"encode", []string{"dataset", "stats", "text"}, "rows to numbers, texts to vectors"},
	{"profile", []string{"dataset", "scan", "sketch", "verdict"}, "the first pass, and its section of the report"},
	{"resonance", []string{"linalg"}, "one network on codes; knows no table"},

	{"load", []string{"dataset", "load/hdf5", "load/remote"}, "stage 1"},
	{"load/hdf5", nil, "a file format, of use to anybody"},
	{"load/remote", nil, "files elsewhere, as readers at places"},
	{"embeddings", []string{"cache", "dataset", "encode", "load/remote", "scan"}, "vectors of rows from files and endpoints; knows no column's meaning"},
	{"diversity", []string{"dataset", "encode", "neighbors", "profile", "stats", "text", "verdict"}, "stage 2; RowHash of profile says which rows are equal"},
	{"cascade", []string{"dataset", "linalg", "resonance", "stats", "verdict"}, "stage 3"},
	{"collapse", []string{"cache", "dataset", "encode", "forest", "neighbors", "profile", "stats", "templates", "text", "verdict"}, "stage 4; gets what the networks showed through an interface"},
	{"localize", []string{"cache", "cascade", "dataset", "encode", "forest", "neighbors", "profile", "scan", "sketch", "stats", "templates", "text", "verdict"}, "stage 5; a second pass with the trained networks"},
	{"recommend", []string{"dataset", "encode", "forest", "neighbors", "profile", "sketch", "stats", "text", "verdict"}, "stage 6; gets stage 4 as a function"},

	{"mend", []string{"dataset", "load", "profile", "recommend", "scan", "sketch"}, "the row and column fixes of stage 6, applied to a file that stage 1 reads and copies"},
	{"baseline", []string{"verdict"}, "two results, side by side"},
	{"comparison", []string{"dataset", "encode", "stats", "verdict"}, "what a report shows of both sides; decides nothing"},
	{"report", []string{"dataset", "text", "verdict"}, "draws a Result, computes nothing"},
	{"demo", []string{"dataset", "stats"}, "makes tables"},
	{".", []string{
		"cache", "cascade", "collapse", "comparison", "dataset", "diversity", "embeddings", "encode", "linalg", "load", "localize", "mend", "profile", "recommend", "report", "scan", "sketch", "stats", "text", "verdict",
	}, "the pipeline: what one stage leaves for the next"},
	{"cmd/...", anything, "programs"},
	{"bench/...", anything, "programs"},
}

// stages are the packages that are steps of the pipeline.
var stages = []string{"load", "diversity", "cascade", "collapse", "localize", "recommend"}

// stageArrows are the only arrows between stages.
var stageArrows = map[[2]string]string{
	{"localize", "cascade"}: "rows are scored with the networks that stage 3 trained; they are its result, not its work",
}

// TestLayers holds every import of ours in code that is not a test to the table.
func TestLayers(t *testing.T) {
	imports := ourImports(t)
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		l, ok := layerOf(pkg)
		if !ok {
			t.Errorf("package %s has no line in the table of layers", pkg)
			continue
		}
		if slices.Equal(l.may, anything) {
			continue
		}
		for _, imported := range imports[pkg] {
			if !slices.Contains(l.may, imported) {
				t.Errorf("package %s imports %s; it may import %v (%s)", pkg, imported, l.may, l.why)
			}
		}
	}
	for _, l := range layers {
		if _, there := imports[l.name]; !there && !strings.HasSuffix(l.name, "/...") {
			t.Errorf("the table of layers has a line for %s, which is no package", l.name)
		}
	}
}

// TestStages holds the table itself to the rule that no stage knows another one.
func TestStages(t *testing.T) {
	for _, l := range layers {
		if !slices.Contains(stages, l.name) {
			continue
		}
		for _, name := range l.may {
			if _, excepted := stageArrows[[2]string{l.name, name}]; slices.Contains(stages, name) && !excepted {
				t.Errorf("the table lets stage %s import stage %s", l.name, name)
			}
		}
	}
	// And each line may only use lines above it, so there is an order.
	above := map[string]bool{"load/hdf5": true, "load/remote": true} // parts of load
	for _, l := range layers {
		for _, name := range l.may {
			if name != "..." && !above[name] {
				t.Errorf("the table lets %s import %s, which does not stand above it", l.name, name)
			}
		}
		above[l.name] = true
	}
}

// layerOf returns the line of a package.
func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		if below, all := strings.CutSuffix(l.name, "..."); l.name == pkg || all && strings.HasPrefix(pkg, below) {
			return l, true
		}
	}
	return layer{}, false
}

// ourImports returns for every package of the module, by its path below it, the
// packages of the module that its code imports, without tests.
func ourImports(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	eachGoFile(t, func(pkg, file string, imported []string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, p := range imported {
			if below, ours := strings.CutPrefix(p, "synthos/"); ours {
				imports[pkg] = append(imports[pkg], below)
			} else if p == "synthos" {
				imports[pkg] = append(imports[pkg], ".")
			}
		}
	})
	for pkg := range imports {
		slices.Sort(imports[pkg])
		imports[pkg] = slices.Compact(imports[pkg])
	}
	return imports
}

// eachGoFile calls yield with every Go file of the module: the path of its
// package below the module, its own path, and what it imports.
func eachGoFile(t *testing.T, yield func(pkg, file string, imported []string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imported []string
		for _, s := range parsed.Imports {
			p, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			imported = append(imported, p)
		}
		yield(path.Dir(filepath.ToSlash(file)), file, imported)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDependencies holds the imports from other modules to the list in
// docs/DEPENDENCIES.md, in both directions.
func TestDependencies(t *testing.T) {
	const document = "docs/DEPENDENCIES.md"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{} // module -> is imported
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			module, _, _ := strings.Cut(rest, "`")
			documented[module] = false
		}
	}
	eachGoFile(t, func(pkg, file string, imported []string) {
		for _, p := range imported {
			first, _, _ := strings.Cut(p, "/")
			if first == "synthos" || !strings.Contains(first, ".") {
				continue // ours, or the standard library
			}
			found := false
			for module := range documented {
				if p == module || strings.HasPrefix(p, module+"/") {
					documented[module], found = true, true
				}
			}
			if !found {
				t.Errorf("%s imports %s, which %s does not list", file, p, document)
			}
		}
	})
	for _, module := range slices.Sorted(maps.Keys(documented)) {
		if !documented[module] {
			t.Errorf("%s lists %s, which nothing imports", document, module)
		}
	}
}

package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	generate "github.com/invopop/jsonschema"
	validate "github.com/santhosh-tekuri/jsonschema/v6"

	"synthos/dataset"
	"synthos/verdict"
)

// published are the schemas of the JSON reports, by where they stand.
var published = []struct {
	path, title string
	of          any
}{
	{"../docs/report.schema.json", "synthos report, schema version " + verdict.SchemaVersion, &verdict.Result{}},
	{"../docs/ranking.schema.json", "synthos ranking, schema version " + verdict.RankingVersion, &verdict.Ranking{}},
}

// schemaOf returns the schema of x, made from its type.
func schemaOf(t *testing.T, path, title string, x any) []byte {
	t.Helper()
	number := func(low, high json.Number) *generate.Schema {
		return &generate.Schema{OneOf: []*generate.Schema{{Type: "number", Minimum: low, Maximum: high}, {Type: "null"}}}
	}
	words := func(list ...any) *generate.Schema { return &generate.Schema{Type: "string", Enum: list} }
	r := generate.Reflector{
		AllowAdditionalProperties: true, // a newer report of the same major version may hold more
		Mapper: func(x reflect.Type) *generate.Schema {
			switch x {
			case reflect.TypeFor[verdict.Score]():
				return number("0", "100")
			case reflect.TypeFor[verdict.Number](), reflect.TypeFor[float64](), reflect.TypeFor[*float64]():
				return number("", "")
			case reflect.TypeFor[dataset.Kind]():
				return words("unknown", "numerical", "categorical", "boolean", "datetime", "text", "id")
			case reflect.TypeFor[dataset.Type]():
				return words("float", "bool", "time", "string", "")
			}
			return nil
		},
	}
	if err := r.AddGoComments("synthos/verdict", "../verdict"); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(x)
	nullable(t, s.Definitions, reflect.TypeOf(x), map[reflect.Type]bool{})
	s.ID = generate.ID("https://synthos.invalid/" + filepath.Base(path))
	s.Title = title
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// nullable lets every section that is a pointer, and is not left out when there
// is none, be null: those that did not come about.
func nullable(t *testing.T, definitions generate.Definitions, x reflect.Type, seen map[reflect.Type]bool) {
	for x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice {
		x = x.Elem()
	}
	if x.Kind() != reflect.Struct || seen[x] {
		return
	}
	seen[x] = true
	for i := range x.NumField() {
		f := x.Field(i)
		nullable(t, definitions, f.Type, seen)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() != reflect.Pointer || f.Type.Elem().Kind() != reflect.Struct || options != "" {
			continue
		}
		property, ok := definitions[x.Name()].Properties.Get(name)
		if !ok {
			t.Fatalf("%s has no property %s", x.Name(), name)
		}
		definitions[x.Name()].Properties.Set(name, &generate.Schema{OneOf: []*generate.Schema{property, {Type: "null"}}})
	}
}

func TestSchemaIsPublished(t *testing.T) {
	for _, p := range published {
		got := schemaOf(t, p.path, p.title, p.of)
		if *update {
			if err := os.WriteFile(p.path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(p.path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
			t.Errorf("%s is not what the types say; go test ./report -run Schema -update (-published +types):\n%s", p.path, diff)
		}
	}
}

// compiledSchema returns the schema that is published at path.
func compiledSchema(t *testing.T, path string) *validate.Schema {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	document, err := validate.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validate.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Rankings follow their schema, and damaged ones do not.
func TestRankingsFollowSchema(t *testing.T) {
	schema := compiledSchema(t, "../docs/ranking.schema.json")
	text := func(r *verdict.Ranking) string {
		var b strings.Builder
		if err := RankingJSON(&b, r); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	follows := func(text string) error {
		value, err := validate.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for name, r := range map[string]*verdict.Ranking{"three": ranked(), "empty": {}} {
		if err := follows(text(r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, damage := range []struct{ from, to, reason string }{
		{`"rank": 1`, `"rank": "1"`, "a rank is a number"},
		{`"candidates"`, `"candidate"`, "there must be candidates"},
		{`"collapse_score": 31.25`, `"collapse_score": 131.25`, "results follow the schema of results"},
	} {
		whole := text(ranked())
		if !strings.Contains(whole, damage.from) {
			t.Fatalf("the ranking does not hold %s", damage.from)
		}
		if follows(strings.Replace(whole, damage.from, damage.to, 1)) == nil {
			t.Errorf("a ranking with %s passes: %s", damage.to, damage.reason)
		}
	}
}

// A ranking is read as it was written, also by a newer program of the same major
// version, and is no report about one dataset.
func TestReadRanking(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ranking.json")
	if err := SaveRanking(path, ranked()); err != nil {
		t.Fatal(err)
	}
	result, ranking, err := ReadAny(path)
	if err != nil || result != nil || len(ranking.Candidates) != 3 || ranking.Candidates[1].Result.CollapseScore != rejected().CollapseScore {
		t.Errorf("read %+v, %+v, %v", result, ranking, err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "about 3 datasets; name the report of one") {
		t.Errorf("Read of a ranking: %v", err)
	}
	for text, want := range map[string]string{
		`{"schema_version": "1.7", "reference": "", "candidates": [], "new": 1}`: "",
		`{"schema_version": "2.0", "candidates": []}`:                            "schema version",
		`{"schema_version": "1.0", "candidates": 7}`:                             "candidates holds a number",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadAny(path); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
	}
}

// Every report that can be written follows the schema, and damaged ones do not.
func TestReportsFollowSchema(t *testing.T) {
	schema := compiledSchema(t, "../docs/report.schema.json")
	for name, make := range map[string]func() *verdict.Result{"approved": approved, "rejected": rejected, "partial": partial, "hostile": hostile, "empty": func() *verdict.Result { return &verdict.Result{} }} {
		report := render(t, JSON, make())
		value, err := validate.UnmarshalJSON(strings.NewReader(report))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, damage := range []struct{ from, to, reason string }{
		{`"collapse_score": 31.25`, `"collapse_score": 131.25`, "a score is at most 100"},
		{`"collapse_score": 31.25`, `"collapse_score": "31.25"`, "a score is a number"},
		{`"kind": "categorical"`, `"kind": "colour"`, "kinds are listed"},
		{`"schema_version"`, `"scheme_version"`, "the version is required"},
	} {
		report := render(t, JSON, rejected())
		if !strings.Contains(report, damage.from) {
			t.Fatalf("the report does not hold %s", damage.from)
		}
		value, err := validate.UnmarshalJSON(strings.NewReader(strings.Replace(report, damage.from, damage.to, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("a report with %s passes: %s", damage.to, damage.reason)
		}
	}
}

// A report of an older or a newer program of the same major version can be read.
func TestReadOtherVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	write := func(s string) {
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"schema_version": "1.0", "approved_for_training": true, "collapse_score": 90, "diversity_score": null, "confidence": 80, "reason": "old"}`)
	r, err := Read(path)
	if err != nil || !r.ApprovedForTraining || r.CollapseScore.Or(0) != 90 {
		t.Fatalf("an old report: %+v, %v", r, err)
	}
	for _, w := range writers {
		render(t, w.write, r) // draws without what it lacks
	}
	write(`{"schema_version": "1.99", "collapse_score": 90, "something_new": {"x": [1]}}`)
	if _, err := Read(path); err != nil {
		t.Errorf("a newer report: %v", err)
	}
	for _, bad := range []string{"", "[]", "null", `{"schema_version": 1}`, `{"schema_version": "2.0"}`, `{"schema_version": "1.0", "collapse_score": 900}`, `{"schema_version": "1.0", "stages": {}}`, strings.Repeat("[", 100000)} {
		write(bad)
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Read of %.40q = %v, want an error that names the file", bad, err)
		}
	}
}

// SARIF's own demands: version, rules that are referred to by index, locations
// with URIs, lines from 1.
func TestSARIF(t *testing.T) {
	r := rejected()
	r.Localization.Rows[0].Line = 12347
	r.Baseline = &verdict.Baseline{Path: "old.json", Regressed: true, Changes: []verdict.Change{{Name: "collapse_score", Before: verdict.NewScore(80), After: r.CollapseScore, Fell: true}}}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(render(t, SARIF, r)), &log); err != nil {
		t.Fatal(err)
	}
	levels, lines := map[string]int{}, 0
	for _, result := range log.Runs[0].Results {
		levels[result.Level]++
		if rules := log.Runs[0].Tool.Driver.Rules; rules[result.RuleIndex].ID != result.RuleID || result.Message.Text == "" {
			t.Errorf("result %+v does not refer to its rule", result)
		}
		for _, l := range result.Locations {
			if l.PhysicalLocation.ArtifactLocation.URI != "collapsed.csv" {
				t.Errorf("location %q", l.PhysicalLocation.ArtifactLocation.URI)
			}
			if region := l.PhysicalLocation.Region; region != nil {
				lines++
				if region.StartLine != 12347 {
					t.Errorf("line %d", region.StartLine)
				}
			}
		}
	}
	// Errors: the rejection, two fatal dimensions, one regression. Warnings: the two
	// poor dimensions and seven rows.
	if diff := cmp.Diff(map[string]int{"error": 4, "warning": 9}, levels); diff != "" || lines != 1 || log.Version != "2.1.0" {
		t.Errorf("levels (-want +got):\n%s%d lines, version %s", diff, lines, log.Version)
	}
}

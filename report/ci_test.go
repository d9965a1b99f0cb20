package report

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"synthos/verdict"
)

// SARIF is held to the schema of the standard (testdata/sarif/NOTICE).
func TestSARIFSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	several := rejected()
	several.Config.Data = "part-*.csv"
	several.Load.Files = []verdict.File{{Path: "part-1.csv", Rows: 1000}, {Path: "s3://bucket/a b/part-2.csv", FirstRow: 1000, Rows: 14000}}
	for name, r := range map[string]*verdict.Result{
		"approved": approved(), "rejected": rejected(), "partial": partial(), "hostile": hostile(), "huge": huge(), "several": several, "empty": {},
	} {
		out := render(t, SARIF, r)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "several" && !(strings.Contains(out, `"part-1.csv"`) && strings.Contains(out, `"s3://bucket/a%20b/part-2.csv"`)) {
			t.Errorf("rows are not in their files:\n%s", out)
		}
	}
	// The schema can refuse: a log without its version, a line 0.
	for _, broken := range []string{
		`{"runs": []}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "x"}, "locations": [{"physicalLocation": {"region": {"startLine": 0}}}]}]}]}`,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(broken))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("the schema takes %s", broken)
		}
	}
}

// JUnit XML is held to what Jenkins' schema (junit-10.xsd) and the older one of Ant
// have in common; there is no official one.
func TestJUnitRules(t *testing.T) {
	may := map[string]struct {
		parent   string
		required []string
		optional string
	}{
		"testsuites": {"", []string{"name", "tests", "failures", "errors", "time"}, "skipped"},
		"testsuite":  {"testsuites", []string{"name", "tests", "failures", "errors", "time"}, "skipped timestamp"},
		"properties": {"testsuite", nil, ""},
		"property":   {"properties", []string{"name", "value"}, ""},
		"testcase":   {"testsuite", []string{"name", "classname", "time"}, ""},
		"failure":    {"testcase", []string{"message", "type"}, ""},
		"error":      {"testcase", []string{"message", "type"}, ""},
		"skipped":    {"testcase", []string{"message"}, "type"},
	}
	numbers := regexp.MustCompile(`^\d+$`)
	seconds := regexp.MustCompile(`^\d+\.\d{3}$`)
	timestamp := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)
	for name, r := range map[string]*verdict.Result{"approved": approved(), "rejected": rejected(), "partial": partial(), "huge": huge()} {
		d := xml.NewDecoder(strings.NewReader(render(t, JUnit, r)))
		var open []string
		seen := map[string]bool{}
		outcomes, cases := 0, 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				parent := ""
				if len(open) > 0 {
					parent = open[len(open)-1]
				}
				open = append(open, e.Name.Local)
				rule, known := may[e.Name.Local]
				if !known || rule.parent != parent {
					t.Fatalf("%s: <%s> in <%s>", name, e.Name.Local, parent)
				}
				given := map[string]string{}
				for _, a := range e.Attr {
					given[a.Name.Local] = a.Value
					if !strings.Contains(" "+strings.Join(rule.required, " ")+" "+rule.optional+" ", " "+a.Name.Local+" ") {
						t.Errorf("%s: <%s> has the attribute %s", name, e.Name.Local, a.Name.Local)
					}
					switch a.Name.Local {
					case "tests", "failures", "errors":
						check(t, numbers, a.Value)
					case "time":
						if r.TotalTimeSeconds == r.TotalTimeSeconds && name != "huge" {
							check(t, seconds, a.Value)
						}
					case "timestamp":
						if name != "huge" {
							check(t, timestamp, a.Value)
						}
					}
				}
				for _, a := range rule.required {
					if _, there := given[a]; !there {
						t.Errorf("%s: <%s> has no %s", name, e.Name.Local, a)
					}
				}
				switch e.Name.Local {
				case "properties":
					if cases > 0 {
						t.Errorf("%s: properties after test cases", name)
					}
				case "testcase":
					cases++
					outcomes = 0
					if id := given["classname"] + "." + given["name"]; seen[id] {
						t.Errorf("%s: two test cases are called %s", name, id)
					} else {
						seen[id] = true
					}
				case "failure", "error", "skipped":
					if outcomes++; outcomes > 1 {
						t.Errorf("%s: a test case with two outcomes", name)
					}
				}
			case xml.EndElement:
				open = open[:len(open)-1]
			}
		}
		if cases == 0 {
			t.Errorf("%s: no test case", name)
		}
	}
}

func check(t *testing.T, rule *regexp.Regexp, value string) {
	t.Helper()
	if !rule.MatchString(value) {
		t.Errorf("%q does not match %s", value, rule)
	}
}

package profile

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/scan"
)

func cycle[T any](values ...T) func(i int) T {
	return func(i int) T { return values[i%len(values)] }
}

func TestKinds(t *testing.T) {
	sentence := func(i int) string { return fmt.Sprintf("the answer to question %d is yes", i) }
	prompt := strings.Repeat("please summarise the following text ", 3)
	hash := func(i int) string { return fmt.Sprintf("%064x", uint64(i)*0x9e3779b97f4a7c15) }
	tests := []struct {
		name   string
		n      int
		column named
		want   dataset.Kind
		reason string
	}{
		{"stored bool", 4, floats("", 4, cycle(0.0, 1)).as(dataset.Bool), dataset.Boolean, "by storage"},
		{"stored time", 4, floats("", 4, cycle(0.0, 1)).as(dataset.Time), dataset.Datetime, "by storage, even if all are 0 or 1"},
		{"0 and 1", 90, floats("", 90, cycle(0.0, 1, 1)), dataset.Boolean, "a flag stored as numbers"},
		{"only 0", 90, floats("", 90, cycle(0.0)), dataset.Boolean, "a flag that is never set"},
		{"0, 1 and 0.5", 90, floats("", 90, cycle(0.0, 1, 0.5)), dataset.Numerical, "not a flag"},
		{"0, 1 and 2", 90, floats("", 90, cycle(0.0, 1, 2)), dataset.Numerical, "numbers stay numbers without other evidence"},
		{"running number", 100, floats("", 100, func(i int) float64 { return float64(i*37%100 + 5) }), dataset.ID, "100 whole numbers without gaps in any order"},
		{"running number with gaps", 100, floats("", 100, func(i int) float64 { return float64(2 * i) }), dataset.ID, "every second place is taken"},
		{"running number of many rows", 9000, floats("", 9000, func(i int) float64 { return float64(i) }), dataset.ID, "more values than levels are kept"},
		{"sparse whole numbers", 100, floats("", 100, func(i int) float64 { return float64(3 * i) }), dataset.Numerical, "too many gaps"},
		{"sparse whole numbers of many rows", 1000, floats("", 1000, func(i int) float64 { return float64(i*7919%8009 + 5) }), dataset.ID, "chance would make 62 pairs of equal ones"},
		{"49 running numbers", 49, floats("", 49, func(i int) float64 { return float64(i) }), dataset.Numerical, "too few to tell"},
		{"one repeated number", 100, floats("", 100, func(i int) float64 { return float64(max(1, i)) }), dataset.Numerical, "an id never repeats"},
		{"one repeated number of many", 9000, floats("", 9000, func(i int) float64 { return float64(i % 8000) }), dataset.Numerical, "also when only some levels are kept"},
		{"running halves", 100, floats("", 100, func(i int) float64 { return float64(i) + 0.5 }), dataset.Numerical, "not whole"},
		{"ids with nulls", 200, floats("", 200, func(i int) float64 { return float64(i) }).null(func(i int) bool { return i%3 == 0 }), dataset.ID, "nulls do not count"},
		{"all null", 9, texts("", 9, cycle("x")).null(func(int) bool { return true }), dataset.Unknown, "no evidence"},
		{"yes and No", 9, texts("", 9, cycle("yes", "No")), dataset.Boolean, "in any case"},
		{"T and F", 9, texts("", 9, cycle("T", "F")), dataset.Boolean, "letters"},
		{"on and off", 9, texts("", 9, cycle("on", "OFF")), dataset.Boolean, "a switch"},
		{"ja and nein", 9, texts("", 9, cycle("Ja", "nein")), dataset.Boolean, "in German"},
		{"si and no", 9, texts("", 9, cycle("no", "sí")), dataset.Boolean, "in Spanish"},
		{"yes, no and maybe", 9, texts("", 9, cycle("yes", "no", "maybe")), dataset.Categorical, "a third value"},
		{"yes and maybe", 9, texts("", 9, cycle("yes", "maybe")), dataset.Categorical, "not a pair"},
		{"yes and true", 9, texts("", 9, cycle("yes", "true")), dataset.Categorical, "not one pair"},
		{"yes", 9, texts("", 9, cycle("yes")), dataset.Categorical, "one level is no pair"},
		{"colors", 90, texts("", 90, cycle("red", "green", "blue")), dataset.Categorical, "few levels"},
		{"names of rows", 90, texts("", 90, func(i int) string { return fmt.Sprint("user-", i) }), dataset.ID, "all differ"},
		{"names of many rows", 9000, texts("", 9000, func(i int) string { return fmt.Sprint("user-", i) }), dataset.ID, "all differ, more than are kept"},
		{"49 names", 49, texts("", 49, func(i int) string { return fmt.Sprint("user-", i) }), dataset.Categorical, "too few to tell"},
		{"names, 10 % repeated", 90, texts("", 90, func(i int) string { return fmt.Sprint("user-", i%81) }), dataset.Categorical, "not unique"},
		{"sentences", 90, texts("", 90, sentence), dataset.Text, "words, mostly distinct"},
		{"few short sentences", 90, texts("", 90, func(i int) string { return sentence(i % 9) }), dataset.Categorical, "10 % distinct and short: levels that are phrases"},
		{"few long prompts", 90, texts("", 90, func(i int) string { return prompt + fmt.Sprint(i%3) }), dataset.Text, "text that collapsed to templates is still text"},
		{"hashes", 90, texts("", 90, hash), dataset.ID, "long, but one word"},
		{"repeated hashes", 90, texts("", 90, func(i int) string { return hash(i % 9) }), dataset.Categorical, "long, but one word"},
		{"Chinese", 90, texts("", 90, func(i int) string { return fmt.Sprintf("请总结以下第%d篇文章的内容", i) }), dataset.Text, "no spaces, but words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.column.field.Name = "x"
			src := table(tt.n, tt.column)
			p := run(t, scan.Memory(src, 3), 2, Options{})
			c := p.Columns[0]
			if c.Kind != tt.want {
				t.Errorf("%v (%s), want %v: %s", c.Kind, c.KindEvidence, tt.want, tt.reason)
			}
			if c.KindEvidence == "" || p.Schema.Fields[0].Kind != c.Kind || p.Sample.Schema.Fields[0].Kind != c.Kind {
				t.Errorf("evidence %q, kind %v in the schema", c.KindEvidence, p.Schema.Fields[0].Kind)
			}
			if src.Schema.Fields[0].Kind != dataset.Unknown {
				t.Error("the source's own schema was changed")
			}
		})
	}
}

func TestIntegerFromAllRows(t *testing.T) {
	whole := floats("whole", 9, cycle(1.0, 1e300, -7))
	broken := floats("broken", 9, func(i int) float64 { return float64(i) + float64(i/8)/2 })
	broken.field.Integer = true // what the loader saw
	p := run(t, scan.Memory(table(9, whole, broken), 2), 0, Options{})
	if !p.Schema.Fields[0].Integer || p.Schema.Fields[1].Integer {
		t.Errorf("integer: %v and %v, want true and false", p.Schema.Fields[0].Integer, p.Schema.Fields[1].Integer)
	}
}

func TestAdopt(t *testing.T) {
	reference := &dataset.Schema{Fields: []dataset.Field{
		{Name: "code", Type: dataset.Float, Kind: dataset.Categorical},
		{Name: "flag", Type: dataset.Bool, Kind: dataset.Boolean},
		{Name: "age", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "when", Type: dataset.Time, Kind: dataset.Datetime},
		{Name: "empty", Type: dataset.Float, Kind: dataset.Unknown},
		{Name: "gone", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "city", Type: dataset.String, Kind: dataset.Text},
	}}
	src := table(60,
		texts("city", 60, cycle("Rome", "Paris")),
		floats("code", 60, cycle(1.0, 2, 3)),
		floats("flag", 60, cycle(0.0, 1, 2)),
		texts("age", 60, cycle("old", "young")),
		floats("when", 60, func(i int) float64 { return 1990 + float64(i%20) }),
		floats("empty", 60, cycle(1.5, 2)),
		floats("new", 60, cycle(1.5, 2)),
	)
	p := run(t, scan.Memory(src, 1), 1, Options{})
	p.Adopt(reference)
	want := map[string]dataset.Kind{
		"city": dataset.Text, "code": dataset.Categorical, "flag": dataset.Boolean,
		"age": dataset.Categorical, "when": dataset.Numerical, // stored otherwise
		"empty": dataset.Numerical, "new": dataset.Numerical, // nothing to adopt
	}
	for j, c := range p.Columns {
		if c.Kind != want[c.Name] || p.Schema.Fields[j].Kind != c.Kind || p.Sample.Schema.Fields[j].Kind != c.Kind {
			t.Errorf("%s: %v (%s), %v in the schema, want %v", c.Name, c.Kind, c.KindEvidence, p.Schema.Fields[j].Kind, want[c.Name])
		}
	}
	if !strings.Contains(p.Columns[0].KindEvidence, "reference") {
		t.Errorf("evidence of an adopted kind: %q", p.Columns[0].KindEvidence)
	}
	if len(p.Findings) != 2 || p.Findings[0].Column != "age" || p.Findings[1].Column != "when" {
		t.Errorf("findings %+v, want one about age and one about when", p.Findings)
	}
}

func TestSection(t *testing.T) {
	when := floats("when", 4, cycle(0.0, 86400, 86400, 86400)).as(dataset.Time)
	when.field.Layout = "02.01.2006"
	src := table(4,
		when,
		floats("stamp", 4, cycle(0.5)).as(dataset.Time),
		floats("on", 4, cycle(1.0, 0, 0, 0)).as(dataset.Bool),
		texts("color", 4, cycle("red", "blue", "blue", "red")),
		floats("x", 4, func(i int) float64 { return float64(i) / 4 }).null(func(i int) bool { return i == 3 }),
	)
	b, err := json.MarshalIndent(run(t, scan.Memory(src, 1), 1, Options{}).Section("a.csv", "csv"), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"path": "a.csv"`, `"format": "csv"`, `"rows": 4`, `"sample_rows": 4`, `"findings": []`, `"state_hash": "`,
		`"level": "02.01.1970",
     "count": 3`,
		`"level": "1970-01-01T00:00:00.5Z"`,
		`"level": "false",
     "count": 3`,
		`"level": "blue",
     "count": 2
    },
    {
     "level": "red",`, // a tie, in order
		`"nulls": 1`, `"mean": 0.25`, `"sd": 0.25`, `"distinct_is": "exact"`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	if n := strings.Count(string(b), `"top"`); n != 4 {
		t.Errorf("%d columns with top levels, want 4: in x no value repeats", n)
	}
}

// TestSectionManyLevels: of a column with more levels than are counted, the most
// frequent ones are not known and must not be claimed.
func TestSectionManyLevels(t *testing.T) {
	const n = 3 * LevelsKept
	src := table(n, floats("x", n, func(i int) float64 { return float64(max(0, i-LevelsKept)) / 3 }))
	p := run(t, scan.Memory(src, 2), 2, Options{Sample: 10})
	c := p.Section("", "").Columns[0]
	if c.Top != nil || c.DistinctIs != "estimate" || p.Columns[0].LevelsComplete || len(p.Columns[0].Levels) != LevelsKept {
		t.Errorf("top %v, distinct is %s, %d levels", c.Top, c.DistinctIs, len(p.Columns[0].Levels))
	}
	if want := 2.0 * LevelsKept; float64(c.Distinct) < 0.94*want || float64(c.Distinct) > 1.06*want {
		t.Errorf("%d distinct, want %v within 4 standard errors", c.Distinct, want)
	}
}

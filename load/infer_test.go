package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestInfer(t *testing.T) {
	many := func(n int, texts ...string) (out []string) {
		for range n {
			out = append(out, texts...)
		}
		return out
	}
	tests := []struct {
		name, reason string
		texts        []string
		want         dataset.Field
		ambiguous    bool
	}{
		{"integers", "whole numbers", many(1, "1", "2", "3.0"), dataset.Field{Type: dataset.Float, Integer: true}, false},
		{"nine in ten", "one in ten may be broken", append(many(9, "1.5"), "x"), dataset.Field{Type: dataset.Float}, false},
		{"less than nine in ten", "two in eleven may not", append(many(9, "1.5"), "x", "y"), dataset.Field{Type: dataset.String}, false},
		{"nulls do not count", "nine in ten of the cells that are there", append(many(9, "1.5"), "x", "", "NA", "?"), dataset.Field{Type: dataset.Float}, false},
		{"infinite", "inf is a text", many(5, "inf", "nan"), dataset.Field{Type: dataset.String}, false},
		{"rare code", "one leading zero in 2,000 numbers is a typing error", append(many(1000, "1", "20"), "05"), dataset.Field{Type: dataset.Float, Integer: true}, false},
		{"codes", "one in 100 is a rule", append(many(50, "1", "20"), "05"), dataset.Field{Type: dataset.String}, false},
		{"booleans", "true and false in any case", many(3, "true", "False", "TRUE"), dataset.Field{Type: dataset.Bool}, false},
		{"yes and no", "are two levels", many(3, "yes", "no"), dataset.Field{Type: dataset.String}, false},
		{"zero and one", "stay numbers", many(3, "0", "1"), dataset.Field{Type: dataset.Float, Integer: true}, false},
		{"numbers and booleans", "neither is nine in ten", many(3, "0", "true"), dataset.Field{Type: dataset.String}, false},
		{"ISO dates", "the standard", many(3, "2024-01-31"), dataset.Field{Type: dataset.Time, Layout: "2006-01-02"}, false},
		{"ISO times", "with a fraction", many(3, "2024-01-31 23:59:59.250"), dataset.Field{Type: dataset.Time, Layout: "2006-01-02 15:04:05.999"}, false},
		{"day first", "a first value above 12", many(3, "01/02/2024", "13/02/2024"), dataset.Field{Type: dataset.Time, Layout: "02/01/2006"}, false},
		{"month first", "a second value above 12", many(3, "01/02/2024", "02/13/2024"), dataset.Field{Type: dataset.Time, Layout: "01/02/2006"}, false},
		{"ambiguous", "no value above 12", many(3, "01/02/2024"), dataset.Field{Type: dataset.Time, Layout: "01/02/2006"}, true},
		{"German", "points stand between day, month and year", many(3, "1.2.2024"), dataset.Field{Type: dataset.Time, Layout: "2.1.2006"}, false},
		{"short year", "two digits and a clock", many(3, "31.12.99 08:15"), dataset.Field{Type: dataset.Time, Layout: "02.01.06 15:04"}, false},
		{"American clock", "with PM", many(3, "1/31/2024 3:04 PM"), dataset.Field{Type: dataset.Time, Layout: "1/2/2006 3:04 PM"}, false},
		{"named month", "day, name, year", many(3, "5 Jan 2024"), dataset.Field{Type: dataset.Time, Layout: "2 Jan 2006"}, false},
		{"web server", "Apache's layout", many(3, "10/Oct/2000:13:55:36 -0700"), dataset.Field{Type: dataset.Time, Layout: "02/Jan/2006:15:04:05 -0700"}, false},
		{"impossible dates", "a 31st of February is no date", many(3, "2024-02-31"), dataset.Field{Type: dataset.String}, false},
		{"versions", "look a little like dates", many(3, "1.2.3"), dataset.Field{Type: dataset.String}, false},
		{"nothing", "no evidence", nil, dataset.Field{Type: dataset.Float}, false},
	}
	for _, test := range tests {
		cells := make([]cell, len(test.texts))
		for i, s := range test.texts {
			cells[i].text = s
		}
		got, finding := infer(cells, false)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.reason, diff)
		}
		if (finding != "") != test.ambiguous {
			t.Errorf("%s: finding %q", test.name, finding)
		}
	}
}

// Strings of JSON are strings, whatever they look like, unless they are times.
func TestInferTyped(t *testing.T) {
	for text, want := range map[string]dataset.Type{"12": dataset.String, "true": dataset.String, "2024-01-01": dataset.Time, "": dataset.String} {
		if got, _ := infer([]cell{{text: text, quoted: true}}, true); got.Type != want {
			t.Errorf("the JSON string %q is %v, want %v", text, got.Type, want)
		}
	}
}

package report

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/verdict"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct{ got, want, reason string }{
		{count(0), "0", "no comma"},
		{count(999), "999", "no comma"},
		{count(1000), "1,000", "one comma"},
		{count(-1234567), "-1,234,567", "no comma after the sign"},
		{count(-123456), "-123,456", "no comma after the sign"},
		{count(math.MinInt64), "-9,223,372,036,854,775,808", "the least there is"},
		{plural(1, "row"), "1 row", "singular"},
		{plural(0, "row"), "0 rows", "plural"},
		{number(0.123456), "0.1235", "four digits"},
		{number(43), "43", "whole"},
		{number(1215.6), "1,216", "large numbers need no decimals"},
		{number(1e300), "1e+300", "too large for commas"},
		{number(nan), "-", "unknown"},
		{number(verdict.Number(math.Inf(1))), "-", "unknown"},
		{date(0), "1970-01-01", "the epoch"},
		{date(-0.5), "1969-12-31", "just before it"},
		{date(253402300799), "9999-12-31", "the last day with four digits"},
		{date(253402300800), "-", "beyond"},
		{date(nan), "-", "unknown"},
		{points(2), "+2.0", "a gain has a sign"},
		{points(-0.04), "-0.0", "so has a loss"},
		{points(nan), "-", "unknown"},
		{dollars(0.4), "$0.40", "cents"},
		{dollars(1234.4), "$1,234", "no cents on large sums"},
		{dollars(nan), "-", "unknown"},
		{seconds(0.416), "0.42 s", "two decimals"},
		{seconds(9.996), "10.0 s", "rounds into one decimal"},
		{seconds(125.4), "2 min 5 s", "minutes"},
		{seconds(math.NaN()), "-", "unknown"},
		{size(0), "-", "unknown"},
		{size(48e6), "48 MB", "megabytes"},
		{size(1536e6), "1.5 GB", "gigabytes"},
		{percent(0.126), "13 %", "no decimals"},
		{interval(verdict.Interval{Low: 47.6, High: 100}), "48-100", "no decimals"},
		{interval(verdict.Interval{Low: nan, High: 3}), "", "unknown"},
	} {
		if test.reason == "" {
			t.Error("a case without a reason")
		}
		if test.got != test.want {
			t.Errorf("got %q, want %q: %s", test.got, test.want, test.reason)
		}
	}
}

func TestClean(t *testing.T) {
	for _, test := range []struct{ in, want, reason string }{
		{"plain, ünïcode 表", "plain, ünïcode 表", "printable text stays"},
		{"a\nb\tc\r", `a\nb\tc\r`, "white space must not break a line"},
		{"\x1b[31m\x00\x7f", `\x1b[31m\x00\x7f`, "terminal escapes"},
		{"\u202e\u200b\u009b", `\u202e\u200b\u009b`, "direction marks, invisible characters, C1 controls"},
		{"\U000e0041", `\U000e0041`, "tags beyond the BMP"},
		{"a\xffb", `a\xffb`, "not UTF-8"},
		{"a\ufffdb", "a\ufffdb", "the replacement character itself is text"},
	} {
		if got := Clean(test.in); got != test.want {
			t.Errorf("Clean(%q) = %q, want %q: %s", test.in, got, test.want, test.reason)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(hostileText)
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if again := Clean(got); again != got {
			t.Errorf("clean is not idempotent: %q, %q", got, again)
		}
		if strings.ContainsAny(got, "\n\r\t\x1b\x00\x7f\u009b\u202e") {
			t.Errorf("Clean(%q) = %q", s, got)
		}
		for _, n := range []int{1, 7, 40} {
			if w := cells(fit(got, n)); w > n {
				t.Errorf("fit to %d columns takes %d: %q", n, w, got)
			}
			for _, line := range Wrap(got, n, 3) {
				if cells(line) > n {
					t.Errorf("wrapped to %d columns: %q", n, line)
				}
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text string
		n    int
		most int
		want []string
	}{
		{"", 10, 3, nil},
		{"one two three", 7, 3, []string{"one two", "three"}},
		{"one two three four five", 7, 2, []string{"one two", "three…"}},
		{"incomprehensible", 7, 2, []string{"incomp…"}},
		{"表表 表表", 4, 2, []string{"表表", "表表"}},
	} {
		if diff := cmp.Diff(test.want, Wrap(test.text, test.n, test.most)); diff != "" {
			t.Errorf("Wrap(%q, %d, %d) (-want +got):\n%s", test.text, test.n, test.most, diff)
		}
	}
}

// A curve starts at the left, ends at the right, and the greatest loss is at
// the top: checked against the corners of the drawing area.
func TestLossCharts(t *testing.T) {
	charts, levels := lossCharts([]verdict.Training{
		{Tier: "tiny", TrainLoss: []verdict.Number{3, 2, 1}, HeldOutLoss: []verdict.Number{3, nan, 1}},
		{Tier: "base", TrainLoss: []verdict.Number{2}},
		{Tier: "tiny", TrainLoss: []verdict.Number{2, 2, 2}},
	})
	if diff := cmp.Diff([]string{"3", "2", "1"}, levels); diff != "" {
		t.Errorf("axis (-want +got):\n%s", diff)
	}
	want := []chart{
		{Tier: "tiny", Networks: 2, Parameters: "0", Epochs: 3, Curves: []curve{
			{Path: "M38.0 10.0L175.0 80.0L312.0 150.0"}, {HeldOut: true, Path: "M38.0 10.0M312.0 150.0"},
			{Path: "M38.0 80.0L175.0 80.0L312.0 80.0"}, {HeldOut: true},
		}},
		{Tier: "base", Networks: 1, Parameters: "0", Epochs: 1, Curves: []curve{{Path: "M38.0 80.0", Dots: []dot{{38, 80}}}, {HeldOut: true}}},
	}
	if diff := cmp.Diff(want, charts); diff != "" {
		t.Errorf("charts (-want +got):\n%s", diff)
	}
	if charts, _ := lossCharts([]verdict.Training{{TrainLoss: []verdict.Number{nan}}}); charts != nil {
		t.Error("losses that are all unknown were drawn")
	}
}

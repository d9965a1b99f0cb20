package baseline

import (
	"math"
	"testing"

	"synthos/verdict"
)

func result(collapse, memorization float64, low, high float64) *verdict.Result {
	return &verdict.Result{
		CollapseScore: verdict.NewScore(collapse), DiversityScore: verdict.NewScore(80),
		Collapse: &verdict.Collapse{Dimensions: []verdict.Dimension{{
			Name: "memorization", Score: verdict.NewScore(memorization), Interval: verdict.Interval{Low: verdict.Number(low), High: verdict.Number(high)},
		}}},
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name          string
		before, after *verdict.Result
		fell          []bool // collapse, diversity, memorization
		overlap       bool
		reason        string
	}{
		{"same", result(80, 70, 65, 75), result(80, 70, 65, 75), []bool{false, false, false}, true, "nothing moved"},
		{"exactly the drop", result(80, 70, 65, 75), result(75, 65, 60, 70), []bool{false, false, false}, true, "more than the drop fails, the drop itself does not"},
		{"beyond", result(80, 70, 68, 72), result(74.9, 40, 38, 42), []bool{true, false, true}, false, "5.1 and 30 points"},
		{"rise", result(40, 40, 38, 42), result(80, 90, 88, 92), []bool{false, false, false}, false, "better is not worse"},
		{"not measured any more", result(80, 70, 65, 75), result(80, math.NaN(), math.NaN(), math.NaN()), []bool{false, false, true}, false, "unknown cannot pass"},
		{"measured now", result(80, math.NaN(), math.NaN(), math.NaN()), result(80, 10, 5, 15), []bool{false, false, false}, false, "nothing to fall from"},
	} {
		b := Compare("old.json", test.before, test.after, 5)
		any := false
		for i, want := range test.fell {
			any = any || want
			if b.Changes[i].Fell != want {
				t.Errorf("%s: %s fell = %v, want %v: %s", test.name, b.Changes[i].Name, b.Changes[i].Fell, want, test.reason)
			}
		}
		if b.Regressed != any || b.Changes[2].Overlap != test.overlap {
			t.Errorf("%s: regressed %v, overlap %v; want %v, %v", test.name, b.Regressed, b.Changes[2].Overlap, any, test.overlap)
		}
	}
}

// A report without stage 4, and one with other dimensions, can be compared.
func TestCompareUnlike(t *testing.T) {
	b := Compare("old.json", &verdict.Result{}, result(80, 70, 65, 75), 5)
	if len(b.Changes) != 3 || b.Regressed {
		t.Errorf("%+v", b)
	}
	if b = Compare("old.json", result(80, 70, 65, 75), &verdict.Result{}, 5); !b.Regressed {
		t.Error("every score is gone, and it is no regression")
	}
}

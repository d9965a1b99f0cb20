package verdict

import (
	"maps"
	"slices"
	"testing"
)

func TestFlaggedRows(t *testing.T) {
	for _, rows := range [][]int64{nil, {0}, {2, 3, 4}, {0, 1 << 40}} {
		var f FlaggedRows
		f.SetRows(rows)
		got, err := f.Rows()
		if err != nil || !slices.Equal(got, rows) {
			t.Errorf("%v became %q and then %v, %v", rows, f.Steps, got, err)
		}
	}
	if f := (FlaggedRows{Steps: "3 1 1"}); f.Steps != "3 1 1" {
		t.Fatal(f)
	} else if got, _ := f.Rows(); !slices.Equal(got, []int64{2, 3, 4}) {
		t.Errorf("3 1 1 is %v, want rows 2, 3 and 4", got)
	}
	for _, bad := range []string{"0", "-1", "3 x", "3 0", "9223372036854775807 9223372036854775807"} {
		if got, err := (&FlaggedRows{Steps: bad}).Rows(); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func TestUnreadable(t *testing.T) {
	l := Localization{
		Flagged: []FlaggedRows{{Cause: "unreadable", Column: "x", Steps: "3 4 1"}, {Cause: "unreadable", Steps: "20"}, {Cause: "near duplicate", Column: "x", Steps: "31"}},
		Rows: []Row{
			{Row: 6, Dimensions: []string{"quality_degradation", "pattern_repetition"}, Columns: []string{"x"}},
			{Row: 40, Dimensions: []string{"quality_degradation"}, Columns: []string{"x", "y"}},
		},
	}
	want := map[int64][]string{2: {"x"}, 7: {"x"}, 40: {"x", "y"}}
	if got := l.Unreadable(); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("unreadable alone are %v, want %v: row 6 has a twin too", got, want)
	}
}

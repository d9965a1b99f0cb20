package synthos

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"synthos/verdict"
)

// TestFixAddsRows restores levels that the data lost with real rows, none of which
// stands in the data or in the reference.
func TestFixAddsRows(t *testing.T) {
	rare := []string{"IT", "ES", "PL"}
	lost := func(i int, row []string) {
		if slices.Contains(rare, row[3]) {
			row[3] = "DE"
		}
	}
	reference, more := writeOrders(t, 900, 1, nil), writeOrders(t, 1500, 5, nil)
	path := writeOrders(t, 900, 2, lost)
	linesOf := func(path string) []string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	old := linesOf(reference) // some of the real rows are the reference's
	if err := os.WriteFile(more, []byte(strings.Join(slices.Concat(linesOf(more), old[1:200]), "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	o := quick(reference)
	report := through(t, validate(t, o, path))
	i := slices.IndexFunc(report.Recommendations, func(x verdict.Recommendation) bool { return x.Kind == "restore_modes" })
	if i < 0 {
		t.Fatalf("restore_modes is not recommended: %+v", report.Recommendations)
	}
	options := FixOptions{Output: filepath.Join(t.TempDir(), "clean.csv"), Only: []string{"restore_modes"}}
	without, err := o.Fix(context.Background(), path, "", report, FixOptions{Only: options.Only, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if without.Added != 0 || !strings.Contains(without.Steps[0].Passed, "copies of the reference's rows would be memorization") {
		t.Errorf("without rows to add: %+v", without.Steps)
	}
	options.AddFrom = more
	fixed, err := o.Fix(context.Background(), path, "", report, options)
	if err != nil {
		t.Fatal(err)
	}
	data, out, from := linesOf(path), linesOf(options.Output), linesOf(more)
	if len(out) != len(data)+int(fixed.Added) || fixed.Added == 0 || fixed.Added > report.Recommendations[i].RowsTotal {
		t.Fatalf("%d rows, %d of them added, of %d before", len(out)-1, fixed.Added, len(data)-1)
	}
	if !slices.Equal(out[:len(data)], data) {
		t.Error("the rows of the data were changed")
	}
	restored := 0
	for _, line := range out[len(data):] {
		if !slices.Contains(from, line) || slices.Contains(old, line) || slices.Contains(data, line) {
			t.Errorf("%q was added", line)
		}
		if slices.Contains(rare, strings.Split(line, ",")[3]) {
			restored++
		}
	}
	if 2*restored < int(fixed.Added) {
		t.Errorf("of %d rows that were added only %d are of the lost levels", fixed.Added, restored)
	}
	if gain := fixed.After.CollapseScore.Or(0) - report.CollapseScore.Or(0); gain < 10 {
		t.Errorf("the fix gained %.1f points, from %s to %s", gain, report.CollapseScore, fixed.After.CollapseScore)
	}

	options.AddFrom = reference
	none, err := o.Fix(context.Background(), path, "", report, FixOptions{AddFrom: reference, Only: options.Only, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if none.Added != 0 || none.Steps[0].Passed == "" {
		t.Errorf("rows of the reference were added: %+v", none.Steps)
	}
	options.AddFrom = writeFile(t, "other.csv", "a,b\n1,2\n")
	if _, err := o.Fix(context.Background(), path, "", report, options); err == nil || !strings.Contains(err.Error(), "has no column") {
		t.Errorf("rows with other columns were added: %v", err)
	}
}

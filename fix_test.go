package synthos

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"synthos/verdict"
)

// repeatedOrders writes orders of which one in three repeats an earlier one and some
// cannot be read, and returns the lines that a perfect fix keeps.
func repeatedOrders(t *testing.T) (path string, kept []string) {
	t.Helper()
	b, err := os.ReadFile(writeOrders(t, 600, 2, nil))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	for i := 0; i < 600; i += 20 {
		cells := strings.Split(lines[1+i], ",")
		cells[2] += " each"
		lines[1+i] = strings.Join(cells, ",")
	}
	for i, line := range lines {
		if i == 0 || !slices.Contains(lines[:i], line) { // two orders may be equal by chance
			kept = append(kept, line)
		}
	}
	lines = append(lines, lines[1:301]...)
	return writeFile(t, "orders.csv", strings.Join(lines, "\n")+"\n"), kept
}

// through writes a result as a report and reads it again, as the command does.
func through(t *testing.T, r *Result) *verdict.Result {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var out verdict.Result
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

// TestFix mends a file and validates the outcome.
func TestFix(t *testing.T) {
	reference := writeOrders(t, 900, 1, nil)
	path, kept := repeatedOrders(t)
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := quick(reference)
	before := validate(t, o, path)
	report := through(t, before)
	dir := t.TempDir()
	options := FixOptions{Output: filepath.Join(dir, "clean.csv"), Quarantine: filepath.Join(dir, "bad.csv"), Only: []string{"drop_duplicates", "repair_cells"}}

	dry := options
	dry.DryRun = true
	planned, err := o.Fix(context.Background(), path, "", report, dry)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 || planned.After != nil {
		t.Errorf("a dry run wrote %v", left)
	}
	fixed, err := o.Fix(context.Background(), path, "", report, options)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(planned.Steps) != fmt.Sprint(fixed.Steps) || planned.Kept != fixed.Kept {
		t.Errorf("the dry run said %+v, what was done is %+v", planned, fixed)
	}
	b, err := os.ReadFile(options.Output)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(strings.Join(kept, "\n")+"\n", " each", "")
	got := string(b)
	same, lines := 0, strings.Split(got, "\n")
	for i, line := range strings.Split(want, "\n") {
		if i < len(lines) && numerically(lines[i]) == numerically(line) {
			same++
		}
	}
	if same < len(kept) || len(lines) != len(kept)+1 {
		t.Errorf("%d lines, of which %d are as wanted of %d", len(lines)-1, same, len(kept))
	}
	if now, _ := os.ReadFile(path); string(now) != string(original) {
		t.Error("the input was changed")
	}
	if gain := fixed.After.CollapseScore.Or(0) - before.CollapseScore.Or(0); gain < 10 {
		t.Errorf("the fix gained %.1f points, from %s to %s", gain, before.CollapseScore, fixed.After.CollapseScore)
	}

	if _, err := o.Fix(context.Background(), reference, "", report, options); err == nil || !strings.Contains(err.Error(), "not the file that the report is about") {
		t.Errorf("another file was fixed by this report: %v", err)
	}
	changed := filepath.Join(dir, "changed.csv")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(original), "\n", "\n\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Fix(context.Background(), changed, "", report, dry); err != nil {
		t.Errorf("an empty line changes no row: %v", err)
	}
	lines[1], lines[2] = lines[2], lines[1]
	if err := os.WriteFile(changed, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Fix(context.Background(), changed, "", report, dry); err == nil {
		t.Error("a file with other rows was fixed by this report")
	}
	half := *report
	half.Stages = []verdict.Stage{{Name: "recommend", Status: verdict.StageOmitted}}
	if _, err := o.Fix(context.Background(), path, "", &half, FixOptions{DryRun: true}); err == nil || !strings.Contains(err.Error(), "its stage recommend failed or was left out") {
		t.Errorf("a report without recommendations recommends nothing: %v", err)
	}
	if _, err := o.Fix(context.Background(), path, "", &half, dry); err != nil {
		t.Errorf("fixes that were named need no recommendation: %v", err)
	}
	options.Output = path
	if _, err := o.Fix(context.Background(), path, "", report, options); err == nil || !strings.Contains(err.Error(), "this is the input") {
		t.Errorf("the input was overwritten: %v", err)
	}
}

// numerically returns a line without zeros at the end of its price.
func numerically(line string) string {
	cells := strings.Split(line, ",")
	if len(cells) > 2 && strings.Contains(cells[2], ".") {
		cells[2] = strings.TrimRight(strings.TrimRight(cells[2], "0"), ".")
	}
	return strings.Join(cells, ",")
}

// TestFixBeyondTheReport fixes a file with more flagged rows than a report lists.
func TestFixBeyondTheReport(t *testing.T) {
	path := writeOrders(t, 1200, 3, func(i int, row []string) {
		if i%6 == 0 {
			row[2] = "99999999"
		}
	})
	o := quick(writeOrders(t, 900, 1, nil))
	report := through(t, validate(t, o, path))
	if report.Localization.RowsFlagged < 150 {
		t.Fatalf("only %d rows are flagged", report.Localization.RowsFlagged)
	}
	report.Localization.Rows = report.Localization.Rows[:20] // as if there were many more
	out := filepath.Join(t.TempDir(), "clean.csv")
	fixed, err := o.Fix(context.Background(), path, "", report, FixOptions{Output: out, Only: []string{"drop_rows"}})
	if err != nil {
		t.Fatal(err)
	}
	if fixed.Dropped != report.Localization.RowsFlagged {
		t.Errorf("%d rows were dropped of %d that were flagged", fixed.Dropped, report.Localization.RowsFlagged)
	}
	if b, _ := os.ReadFile(out); strings.Contains(string(b), "99999999") {
		t.Error("a flagged row is still there")
	}
	if math.IsNaN(fixed.After.CollapseScore.Or(math.NaN())) {
		t.Error("the outcome was not scored")
	}
}

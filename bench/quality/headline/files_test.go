package headline

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowScoresRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows", "case.csv.gz") // the folder is made
	if err := WriteRowScores(path, []float32{0, 0.25, 0, 1, 0.1}); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRowScores(path, 6)
	if err != nil {
		t.Fatal(err)
	}
	// Rows without suspicion tie below the lowest that has any, 0.1.
	want := []float64{-0.9, 0.25, -0.9, 1, 0.1, -0.9}
	if diff := cmp.Diff(want, rounded(got)); diff != "" {
		t.Errorf("row scores differ (-want +got):\n%s", diff)
	}
}

func rounded(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Round(v*1e6) / 1e6
	}
	return out
}

func TestReadRowScores(t *testing.T) {
	for _, c := range []struct {
		name, content string
		want          []float64
		fails, reason string
	}{
		{"ranked", "2\n0\n", []float64{1, 0, 2}, "", "one row a line, most suspect first"},
		{"ranked twice", "2\n0\n2\n", []float64{2, 0, 3}, "", "the first mention counts"},
		{"white space", "row score\n1\t3\n", []float64{2, 3, 2}, "", "commas, blanks and tabs separate"},
		{"nothing", "row,score\n", []float64{0, 0, 0}, "", "a tool that suspects no row"},
		{"row beyond the end", "3,1\n", nil, "no row 3", "it belongs to another file"},
		{"word in the middle", "1,2\nx,3\n", nil, "line 2", "only the first line may be a header"},
	} {
		path := filepath.Join(t.TempDir(), "rows.csv")
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := ReadRowScores(path, 3)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: error is %v, want one with %q: %s", c.name, err, c.fails, c.reason)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v; %s (-want +got):\n%s", c.name, err, c.reason, diff)
		}
	}
}

func TestResultsRoundTrip(t *testing.T) {
	none := math.NaN()
	want := []Outcome{
		{ID: "a,b", Overall: 71.25, Decision: "approve", Dimensions: [8]float64{1, 2, 3, none, 5, 6, 7, 100}, Diversity: 55.5, RowsFile: "rows/a.csv.gz", Seconds: 1.234, PeakMB: 87.5},
		{ID: "c", Overall: none, Decision: "", Dimensions: [8]float64{none, none, none, none, none, none, none, none}, Diversity: none, Seconds: none, PeakMB: none},
	}
	path := filepath.Join(t.TempDir(), "results.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	w.Write(Header())
	for i := range want {
		w.Write(want[i].Record())
	}
	w.Flush()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := ReadResults(path)
	if diff := cmp.Diff(want, got, near); err != nil || diff != "" {
		t.Errorf("%v; results differ (-want +got):\n%s", err, diff)
	}
}

func TestReadManifestErrors(t *testing.T) {
	for _, c := range []struct{ name, content, fails, reason string }{
		{"empty", "", "empty", "there is not even a header"},
		{"no label", "id,file\na,a.csv\n", `no column "label"`, "nothing could be judged"},
		{"same id", "id,file,label\na,a.csv,healthy\na,b.csv,healthy\n", "occurs twice", "a result could not be told to which it belongs"},
		{"severity is a word", "id,file,label,severity\na,a.csv,healthy,much\n", "line 2", "the place is named"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "manifest.csv"), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifest(dir); err == nil || !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: error is %v, want one with %q: %s", c.name, err, c.fails, c.reason)
		}
	}
}

package synthos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"synthos/verdict"
)

// writePlants writes n plants whose kind follows from their measures, and the lines
// that belong there; in one row of wrong the kind is another one. wrong 0 = never.
func writePlants(t *testing.T, n int, seed uint64, wrong int) (path string, right []string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0x1abe1))
	kinds := []string{"moss", "fern, large", "pine"}
	lines := []string{"height,width,leaves,kind,soil"}
	right = slices.Clone(lines)
	for i := range n {
		k := rng.IntN(3)
		row := fmt.Sprintf("%.3f,%.3f,%.1f", float64(5*k)+rng.NormFloat64()/2, float64(3*k)+rng.NormFloat64()/2, float64(40-15*k)+2*rng.NormFloat64())
		soil := []string{"wet", "dry"}[rng.IntN(2)]
		line := func(k int) string {
			kind := kinds[k]
			if strings.Contains(kind, ",") {
				kind = `"` + kind + `"`
			}
			return row + "," + kind + "," + soil
		}
		right = append(right, line(k))
		if wrong > 0 && i%wrong == 0 {
			k = (k + 1) % 3
		}
		lines = append(lines, line(k))
	}
	return writeFile(t, "plants.csv", strings.Join(lines, "\n")+"\n"), right
}

// TestFixRelabels gives rows with wrong labels the right ones, and keeps the old ones.
func TestFixRelabels(t *testing.T) {
	reference, _ := writePlants(t, 1500, 1, 0)
	path, right := writePlants(t, 1500, 2, 6)
	o := quick(reference)
	before := validate(t, o, path)
	report := through(t, before)
	i := slices.IndexFunc(report.Recommendations, func(x verdict.Recommendation) bool { return x.Kind == "relabel" })
	if i < 0 || !slices.Equal(report.Recommendations[i].Columns, []string{"kind"}) {
		t.Fatalf("relabel of kind is not recommended: %+v", report.Recommendations)
	}
	dir := t.TempDir()
	options := FixOptions{Output: filepath.Join(dir, "clean.csv"), Quarantine: filepath.Join(dir, "bad.csv"), Only: []string{"relabel"}}
	fixed, err := o.Fix(context.Background(), path, "", report, options)
	if err != nil {
		t.Fatal(err)
	}
	lines := func(path string) []string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	old, now, noted := lines(path), lines(options.Output), lines(options.Quarantine)
	if len(now) != len(right) {
		t.Fatalf("%d lines of %d are left", len(now), len(right))
	}
	mended, spoilt := 0, 0
	for i := range right {
		if old[i] != right[i] && now[i] == right[i] {
			mended++
		}
		if old[i] == right[i] && now[i] != right[i] {
			spoilt++
		}
	}
	if mended < 200 || spoilt > 0 { // of 250
		t.Errorf("%d labels were mended, %d spoilt", mended, spoilt)
	}
	if int(fixed.Steps[0].Rows) != len(noted)-1 || fixed.Dropped != 0 || !strings.Contains(noted[1], "relabelled: kind is ") {
		t.Errorf("%+v, and %d old rows in quarantine, such as %q", fixed, len(noted)-1, noted[1])
	}
	gain := fixed.After.CollapseScore.Or(0) - before.CollapseScore.Or(0)
	if gain < 20 {
		t.Errorf("the fix gained %.1f points, from %s to %s", gain, before.CollapseScore, fixed.After.CollapseScore)
	}
}

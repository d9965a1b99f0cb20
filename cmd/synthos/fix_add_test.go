package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"synthos/report"
	"synthos/verdict"
)

// trips returns n lines of CSV, a header above: a distance, and a duration, a fare and a
// way to pay that follow from it; in loose ones much less closely.
func trips(n int, seed uint64, loose bool) []string {
	rng := rand.New(rand.NewPCG(seed, 0x7219))
	noise, guessed := 0.0, 0.0
	if loose {
		noise, guessed = 0.25, 0.5
	}
	lines := []string{"distance,duration,fare,payment"}
	for range n {
		distance := math.Exp(1 + 0.8*rng.NormFloat64())
		duration := 4 + 3*distance*math.Exp(math.Hypot(0.2, noise)*rng.NormFloat64())
		fare := (2.5 + 0.7*distance + 0.4*duration) * math.Exp(noise*rng.NormFloat64())
		payment := "cash"
		if fare > 8+8*rng.Float64() {
			payment = "card"
		}
		if rng.Float64() < guessed {
			payment = []string{"cash", "card"}[rng.IntN(2)]
		}
		lines = append(lines, fmt.Sprintf("%.2f,%.1f,%.2f,%s", distance, duration, fare, payment))
	}
	return lines
}

// TestMixReal plants data that no row or column fix mends, and mixes in real rows: as
// many as the plan promises, each once, none that the reference holds.
func TestMixReal(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, lines []string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	reference, data := trips(900, 1, false), trips(700, 2, true)
	real := trips(3000, 3, false)
	real = append(real, reference[1:300]...) // known already
	real = append(real, real[1:100]...)      // twice in the file
	referencePath, dataPath, realPath := write("reference.csv", reference), write("data.csv", data), write("real.csv", real)
	reportPath, out := filepath.Join(dir, "report.json"), filepath.Join(dir, "clean.csv")

	var stdout, stderr bytes.Buffer
	if code := run([]string{"validate", dataPath, "--reference", referencePath, "--preset", "fast", "--no-cache", "--quiet", "--output", reportPath}, nil, &stdout, &stderr); code != exitRejected {
		t.Fatalf("exit code %d, want %d: the data are broken\n%s%s", code, exitRejected, &stdout, &stderr)
	}
	before, err := report.Read(reportPath)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(before.Recommendations, func(r verdict.Recommendation) bool { return r.Kind == "mix_real" })
	if i < 0 {
		t.Fatalf("mix_real is not recommended: %+v", before.Recommendations)
	}
	promised := int(before.Recommendations[i].RowsTotal)

	stdout.Reset()
	code := run([]string{"fix", dataPath, "--report", reportPath, "--output", out, "--only", "mix_real", "--add-from", realPath, "--quiet"}, nil, &stdout, &stderr)
	if code != exitApproved && code != exitRejected {
		t.Fatalf("exit code %d\n%s%s", code, &stdout, &stderr)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(written)), "\n")
	if !slices.Equal(lines[:len(data)], data) {
		t.Error("the rows of the data were changed")
	}
	added := lines[len(data):]
	if len(added) != promised {
		t.Errorf("%d rows were added, want the %d of the plan", len(added), promised)
	}
	once := map[string]bool{}
	for _, line := range added {
		switch {
		case once[line]:
			t.Errorf("%q was added twice", line)
		case slices.Contains(reference, line):
			t.Errorf("%q stands in the reference, and was added", line)
		case !slices.Contains(real, line):
			t.Errorf("%q is no row of the file of real rows", line)
		}
		once[line] = true
	}
	said := stdout.String()
	for _, want := range []string{
		fmt.Sprintf("Applied mix_real, %d rows", promised),
		fmt.Sprintf("%d rows before, %d after, 0 dropped, %d added", len(data)-1, len(data)-1+promised, promised),
		"verdict          REJECTED before",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the output does not say %q:\n%s", want, said)
		}
	}
	scores := regexp.MustCompile(`collapse score +(\S+) before, (\S+) after`).FindStringSubmatch(said)
	if scores == nil {
		t.Fatalf("the validation of the outcome is not told:\n%s", said)
	}
	from, _ := strconv.ParseFloat(scores[1], 64)
	to, _ := strconv.ParseFloat(scores[2], 64)
	if gain := float64(before.Recommendations[i].EstimatedImpact); to <= from || math.Abs(to-from-gain) > 5 {
		t.Errorf("collapse score %v before, %v after, with %d real rows; they were to gain %.1f points", from, to, promised, gain)
	}
}

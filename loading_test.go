package synthos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
)

// What hashes of all rows tell must not depend on how many rows are in the sample.
func TestCopiesAndRepeatsAreCountedOverAllRows(t *testing.T) {
	reference := writeOrders(t, 4000, 1, nil)
	lines := func(path string) []string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.SplitAfter(strings.TrimSpace(string(text))+"\n", "\n")
	}
	real, own := lines(reference), lines(writeOrders(t, 4000, 2, nil))
	copied := append([]string{}, own...)
	repeated := append([]string{}, own...)
	for i := 1; i < 4000; i += 5 {
		copied[i] = real[i]
		repeated[i] = own[i+1]
	}
	for _, test := range []struct {
		what, dimension string
		rows            []string
	}{
		{"a fifth are copies of the reference", "memorization", copied},
		{"a fifth repeat another row", "pattern_repetition", repeated},
	} {
		path := writeFile(t, "data.csv", strings.Join(test.rows, ""))
		score := func(sample int) float64 {
			o := quick(reference)
			o.Sample, o.Omit = sample, []string{"localize", "recommend"}
			return validate(t, o, path).Collapse.Dimension(test.dimension).Score.Or(100)
		}
		whole, part := score(20000), score(500)
		if whole > 65 || part > 65 {
			t.Errorf("%s: %s is %.1f by all rows and %.1f by a sample of 500, want both below 65", test.what, test.dimension, whole, part)
		}
	}
}

// Of a wide table fewer rows are compared than were asked for, and the report says so.
func TestFewerRowsOfWideTables(t *testing.T) {
	made := func(rows, columns int, seed uint64) string {
		rng := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		for j := range columns {
			fmt.Fprintf(&b, ",c%d", j)
		}
		text := b.String()[1:] + "\n"
		b.Reset()
		for range rows {
			for j := range columns {
				if j > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, "%.3f", rng.NormFloat64())
			}
			b.WriteByte('\n')
		}
		return writeFile(t, "data.csv", text+b.String())
	}
	for _, test := range []struct {
		columns, sampled int
		told             bool
		reason           string
	}{
		{20, 700, false, "an ordinary table: all rows"},
		{400, 500, true, "of 1,000 rows half as many of 400 columns as of 200"},
	} {
		o := New()
		o.Sample, o.Omit = 1000, []string{"cascade", "localize", "recommend"}
		r := validate(t, o, made(700, test.columns, 1))
		told := slices.ContainsFunc(r.Load.Findings, func(f dataset.Finding) bool { return strings.Contains(f.Message, "holds 500 rows, not 1000") })
		if r.Load.SampleRows != test.sampled || told != test.told || r.Rows != 700 {
			t.Errorf("%s: a sample of %d of %d rows, told: %v", test.reason, r.Load.SampleRows, r.Rows, told)
		}
	}
}

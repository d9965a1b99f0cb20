package synthos

import (
	"os"
	"strings"
	"testing"
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

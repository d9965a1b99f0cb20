package localize

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
)

// TestPlantedAlone plants damage in data without a reference, as many bad rows as a rejected
// dataset has, and wants most of them flagged, hardly any other, and the right sentence.
func TestPlantedAlone(t *testing.T) {
	lack := func(rng *rand.Rand, data *dataset.Table, share int) []int {
		bad := some(rng, data.Rows(), data.Rows()*share/100)
		for _, i := range bad {
			for j := range data.Columns {
				if rng.IntN(2) == 0 {
					data.Columns[j].Null[i] = true
				}
			}
		}
		return bad
	}
	contradict := func(rng *rand.Rand, data *dataset.Table, share int) []int {
		order := some(rng, data.Rows(), data.Rows()*share/50)
		var bad []int
		for k := 0; k+1 < len(order); k += 2 {
			i, from := order[k], order[k+1]
			copyRow(data, i, data, from)
			v := column(data, "city")
			for v.Strings[i] == v.Strings[from] {
				v.Strings[i] = []string{"Bern", "Genf", "Chur", "Thun", "Zug"}[rng.IntN(5)]
			}
			bad = append(bad, i, from) // nothing tells which of the two is right
		}
		return bad
	}
	fill := func(rng *rand.Rand, data *dataset.Table, share int) []int {
		bad := some(rng, data.Rows(), data.Rows()*share/100)
		for k, i := range bad {
			x, gap := column(data, "x").Floats[i], column(data, "gap").Floats[i]
			copyRow(data, i, data, bad[k%3]) // three templates that leave two columns open
			column(data, "x").Floats[i], column(data, "gap").Floats[i], column(data, "gap").Null[i] = x, gap, false
		}
		return bad
	}
	far := func(rng *rand.Rand, data *dataset.Table, share int) []int {
		bad := some(rng, data.Rows(), data.Rows()*share/100)
		for _, i := range bad {
			switch v := data.Columns[rng.IntN(5)].Floats; rng.IntN(3) {
			case 0:
				v[i] = -999e6
			case 1:
				v[i] = 999999e6
			case 2:
				v[i] *= 1e9
			}
		}
		return bad
	}
	for _, c := range []struct {
		name   string
		plant  func(rng *rand.Rand, data *dataset.Table, share int) []int
		share  int // percent of the rows
		recall float64
		says   string
	}{
		{"a few numbers far out", far, 2, 0.9, "far from what is usual"},
		{"numbers far out", far, 25, 0.8, "far from what is usual"},
		{"a few bursts of nulls", lack, 6, 0.5, "if each column lacked its cells by itself"},
		{"bursts of nulls", lack, 20, 0.5, "if each column lacked its cells by itself"},
		{"a few contradictions", contradict, 5, 0.9, "contradicts row"},
		{"contradictions", contradict, 15, 0.9, "contradicts row"},
		{"a few rows of templates", fill, 10, 0.9, "follows a template"},
		{"rows of templates", fill, 50, 0.9, "follows a template"},
		{"contradictions of most rows", contradict, 30, 0.9, "contradicts row"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := made(1, 3000)
			bad := c.plant(rand.New(rand.NewPCG(5, 6)), data, c.share)
			l := localized(t, data, nil)
			recall, others := caught(l, bad)
			if recall < c.recall || others > 30 {
				t.Errorf("%.0f %% of the bad rows and %d others are flagged", 100*recall, others)
			}
			said := 0
			for _, r := range l.Rows {
				if strings.Contains(r.Reason, c.says) {
					said++
				}
			}
			if said == 0 || said < len(l.Rows)*9/10 {
				t.Errorf("%d of %d sentences hold %q; the first: %+v", said, len(l.Rows), c.says, l.Rows[:min(1, len(l.Rows))])
			}
		})
	}
}

// TestNullsByDesign accuses nobody who skipped a part of a questionnaire, or one question here and
// there.
func TestNullsByDesign(t *testing.T) {
	data := made(1, 3000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		if rng.IntN(5) == 0 { // a part
			for _, name := range []string{"price", "code", "gap", "city"} {
				column(data, name).Null[i] = true
			}
		}
		if rng.IntN(10) == 0 {
			data.Columns[rng.IntN(7)].Null[i] = true
		}
	}
	if l := localized(t, data, nil); len(flagged(l)) > 15 {
		t.Errorf("%d rows are flagged: %+v", len(flagged(l)), l.Rows[0])
	}
}

// TestLacksOfChance compares the strengths of rows whose columns lack cells by themselves with what
// they should be: minus the logarithm of the share of the rows that lack as many.
func TestLacksOfChance(t *testing.T) {
	data := made(1, 20000)
	rng := rand.New(rand.NewPCG(3, 3))
	rates := []float64{0.3, 0.2, 0.1, 0.2, 0.3, 0.05, 0.9} // the last lacks most: it does not count
	n := make([]int, 20000)
	for i := range n {
		for j, p := range rates {
			data.Columns[j].Null[i] = rng.Float64() < p
			if j < 6 && data.Columns[j].Null[i] {
				n[i]++
			}
		}
	}
	j := judgeOf(t, data.Take(rangeOf(0, 6000)), nil)
	l := fitLacks(j.view.rowsOf(data))
	for k := 2; k <= 5; k++ {
		more := 0.0
		for _, m := range n {
			if m >= k {
				more += 1.0 / 20000
			}
		}
		if got := math.Exp(-l.strength[k]); math.Abs(got-more) > 0.1*more+0.001 {
			t.Errorf("%d cells or more: a chance of %v, %v of the rows", k, got, more)
		}
	}
	if l.strength[0] != 0 || l.strength[1] != 0 || !slices.IsSorted(l.strength) {
		t.Errorf("strengths %v", l.strength)
	}
}

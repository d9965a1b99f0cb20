package localize

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// made returns n rows of a table whose columns depend on each other: y on x,
// price on x, city on x, label on x and city; code is almost unique, gap is null now and then.
func made(seed uint64, n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 7))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "x", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "y", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "price", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "code", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
		{Name: "gap", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "city", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "label", Type: dataset.String, Kind: dataset.Boolean},
	}}, Columns: make([]dataset.Vector, 7)}
	for j := range t.Columns {
		v := &t.Columns[j]
		v.Null = make([]bool, n)
		if j < 5 {
			v.Floats = make([]float64, n)
		} else {
			v.Strings = make([]string, n)
		}
	}
	for i := range n {
		x := rng.NormFloat64()
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Floats[i] = x
		t.Columns[1].Floats[i] = 2*x + 0.3*rng.NormFloat64()
		t.Columns[2].Floats[i] = 10 * math.Exp(x/2+0.2*rng.NormFloat64())
		t.Columns[3].Floats[i] = float64(rng.IntN(1_000_000))
		t.Columns[4].Floats[i] = rng.NormFloat64()
		t.Columns[4].Null[i] = rng.IntN(20) == 0
		city := min(4, max(0, int(math.Floor(x+2.5))))
		t.Columns[5].Strings[i] = []string{"Bern", "Genf", "Chur", "Thun", "Zug"}[city]
		t.Columns[6].Strings[i] = map[bool]string{true: "yes", false: "no"}[x+0.1*rng.NormFloat64() > 0]
	}
	return t
}

// column returns a column of t by name.
func column(t *dataset.Table, name string) *dataset.Vector { return &t.Columns[t.Schema.Index(name)] }

// copyRow writes row k of from over row i of t, null by null.
func copyRow(t *dataset.Table, i int, from *dataset.Table, k int) {
	for j := range t.Columns {
		a, b := &t.Columns[j], &from.Columns[j]
		a.Null[i] = b.Null[k]
		if a.Floats != nil {
			a.Floats[i] = b.Floats[k]
		} else {
			a.Strings[i] = b.Strings[k]
		}
	}
}

// localized runs the whole stage on a table that is its own sample.
func localized(t *testing.T, data, reference *dataset.Table) *verdict.Localization {
	t.Helper()
	in := Input{Schema: data.Schema, Sample: data, Reference: reference, Seed: 1, Jobs: 2, KeepRowScores: true}
	return runOn(t, data, in, 3)
}

func runOn(t *testing.T, data *dataset.Table, in Input, ranges int) *verdict.Localization {
	t.Helper()
	out, err := Run(context.Background(), scan.Local{Jobs: in.Jobs}, scan.Memory(data, ranges), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// flagged returns the rows of a score of at least FlagAt.
func flagged(l *verdict.Localization) []int {
	var out []int
	for i, s := range l.RowScores {
		if float64(s) >= FlagAt {
			out = append(out, i)
		}
	}
	return out
}

// found returns which share of bad was flagged, and how many others were.
func caught(l *verdict.Localization, bad []int) (recall float64, false int) {
	hits := 0
	for _, i := range flagged(l) {
		if slices.Contains(bad, i) {
			hits++
		} else {
			false++
		}
	}
	return float64(hits) / float64(len(bad)), false
}

// about returns what is reported of row i.
func about(l *verdict.Localization, i int) (verdict.Row, error) {
	for _, r := range l.Rows {
		if r.Row == int64(i) {
			return r, nil
		}
	}
	return verdict.Row{}, fmt.Errorf("row %d is not reported", i)
}

// planted is one kind of damage.
type planted struct {
	name      string
	reason    string                                                     // why this must be seen
	plant     func(rng *rand.Rand, data, reference *dataset.Table) []int // returns the bad rows
	recall    float64                                                    // least share of them that is flagged
	says      string                                                     // stands in the sentence of a bad row, with %d for partner
	column    string                                                     // is blamed
	dimension string
	ignore    func(data *dataset.Table) []int // rows that may be flagged or not
}

// some returns n of the rows below from.
func some(rng *rand.Rand, from, n int) []int { return rng.Perm(from)[:n] }

var damages = []planted{
	{name: "unreadable", reason: "text in a column of numbers is never right", recall: 1, says: "'err' in y cannot be read as a number", column: "y", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			bad := some(rng, data.Rows(), 5)
			for _, i := range bad {
				v := column(data, "y")
				v.Null[i] = true
				v.Invalid = append(v.Invalid, dataset.Invalid{Row: i, Text: "err"})
			}
			return bad
		}},
	{name: "out of range", reason: "a price a thousand times the largest", recall: 1, says: "x the largest seen", column: "price", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			bad := some(rng, data.Rows(), 12)
			for _, i := range bad {
				column(data, "price").Floats[i] = 99999
			}
			return bad
		}},
	{name: "unseen level", reason: "a misspelt city that the reference does not have", recall: 1, says: "city is 'Zgu', a level that the reference does not have", column: "city", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			bad := some(rng, data.Rows(), 30)
			for _, i := range bad {
				column(data, "city").Strings[i] = "Zgu"
			}
			return bad
		}},
	{name: "nulls", reason: "rows that are mostly null, where real rows have at most one", recall: 1, says: "null in 4 of 7 columns", column: "city", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			bad := some(rng, data.Rows(), 40)
			for _, i := range bad {
				for _, name := range []string{"x", "y", "price", "city"} {
					column(data, name).Null[i] = true
				}
				column(data, "gap").Null[i] = false
			}
			return bad
		}},
	{name: "label noise", reason: "labels flipped where x decides them", recall: 0.6, says: "similar rows have", column: "label", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			bad := some(rng, data.Rows(), 120)
			for _, i := range bad {
				v := column(data, "label")
				v.Strings[i] = map[string]string{"yes": "no", "no": "yes"}[v.Strings[i]]
			}
			return bad
		}},
	{name: "broken characters", reason: "UTF-8 that was read as Windows-1252", recall: 1, says: "city holds broken characters: 'ZÃ¼rich'", column: "city", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, reference *dataset.Table) []int {
			bad := some(rng, data.Rows(), 3)
			for _, i := range bad {
				column(data, "city").Strings[i] = "ZÃ¼rich"
			}
			return bad
		}},
	{name: "duplicates", reason: "one row in five stands twice", recall: 1, says: "exactly (", dimension: "pattern_repetition",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			var bad []int
			for i := 0; i < 100; i++ {
				copyRow(data, 500+i, data, i)
				bad = append(bad, 500+i)
			}
			return bad
		},
		ignore: func(*dataset.Table) []int { return upTo(100) }},
	{name: "near duplicates", reason: "rows copied with a little noise in every number", recall: 0.9, says: "near duplicate of row", dimension: "pattern_repetition",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			var bad []int
			for i := range 100 {
				copyRow(data, 500+i, data, i)
				for _, name := range []string{"x", "y", "gap"} {
					column(data, name).Floats[500+i] += 0.002 * rng.NormFloat64()
				}
				bad = append(bad, 500+i)
			}
			return bad
		},
		ignore: func(*dataset.Table) []int { return upTo(100) }},
	{name: "template", reason: "groups of 20 rows that differ only in gap, which nothing else tells", recall: 0.9, says: "of one pattern", dimension: "pattern_repetition",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			var bad []int
			for i := range 120 {
				copyRow(data, 480+i, data, i/20)
				column(data, "gap").Null[480+i] = false
				column(data, "gap").Floats[480+i] = rng.NormFloat64()
				bad = append(bad, 480+i)
			}
			return bad
		},
		ignore: func(*dataset.Table) []int { return upTo(6) }},
	{name: "contradictions", reason: "rows copied with another label", recall: 0.9, says: "contradicts row", column: "label", dimension: "quality_degradation",
		plant: func(rng *rand.Rand, data, _ *dataset.Table) []int {
			var bad []int
			for i := range 80 {
				copyRow(data, 500+i, data, i)
				v := column(data, "label")
				v.Strings[500+i] = map[string]string{"yes": "no", "no": "yes"}[v.Strings[i]]
				bad = append(bad, 500+i)
			}
			return bad
		},
		ignore: func(*dataset.Table) []int { return upTo(80) }},
	{name: "copies", reason: "reference rows, word for word", recall: 1, says: "copy of reference row", dimension: "memorization",
		plant: func(rng *rand.Rand, data, reference *dataset.Table) []int {
			bad := some(rng, data.Rows(), 60)
			for k, i := range bad {
				copyRow(data, i, reference, 3*k)
			}
			return bad
		}},
	{name: "near copies", reason: "reference rows with a little noise in every number", recall: 0.9, says: "copy of reference row", dimension: "memorization",
		plant: func(rng *rand.Rand, data, reference *dataset.Table) []int {
			bad := some(rng, data.Rows(), 100)
			for k, i := range bad {
				copyRow(data, i, reference, 3*k)
				for _, name := range []string{"x", "y", "gap"} {
					column(data, name).Floats[i] += 0.002 * rng.NormFloat64()
				}
			}
			return bad
		}},
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// TestPlanted plants each kind of damage and checks that the rows to blame are
// the planted ones, and that the sentence says what was done to them.
func TestPlanted(t *testing.T) {
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			data, reference := made(1, 600), made(2, 600)
			bad := d.plant(rand.New(rand.NewPCG(3, 4)), data, reference)
			l := localized(t, data, reference)
			recall, false := caught(l, bad)
			if d.ignore != nil {
				for _, i := range flagged(l) {
					if slices.Contains(d.ignore(data), i) && !slices.Contains(bad, i) {
						false--
					}
				}
			}
			if recall < d.recall || false > 6 {
				t.Errorf("%s: %.0f %% of the bad rows and %d others are flagged", d.reason, 100*recall, false)
			}
			said, blamed, hurt := 0, 0, 0
			for _, i := range bad {
				r, err := about(l, i)
				if err != nil {
					continue
				}
				if strings.Contains(r.Reason, d.says) {
					said++
				}
				if d.column == "" || slices.Contains(r.Columns, d.column) {
					blamed++
				}
				if slices.Contains(r.Dimensions, d.dimension) {
					hurt++
				}
			}
			least := int(0.8 * d.recall * float64(len(bad)))
			if said < least || blamed < least || hurt < least {
				r, _ := about(l, bad[0])
				t.Errorf("of %d bad rows, %d sentences hold %q, %d blame %q, %d name %s; row %d: %+v", len(bad), said, d.says, blamed, d.column, hurt, d.dimension, bad[0], r)
			}
			if l.Severity == "none" && len(bad) > 12 {
				t.Errorf("severity none with %d of %d rows bad", len(bad), data.Rows())
			}
		})
	}
}

// TestHealthy compares halves of the same source.
func TestHealthy(t *testing.T) {
	for seed := range uint64(4) {
		l := localized(t, made(10+seed, 600), made(20+seed, 500))
		if n := len(flagged(l)); n > 3 || int64(n) != l.RowsFlagged {
			t.Errorf("seed %d: %d rows of healthy data are flagged, %d counted", seed, n, l.RowsFlagged)
		}
		if l.Severity != "none" {
			t.Errorf("seed %d: severity %s of healthy data", seed, l.Severity)
		}
	}
}

// TestPartner checks that sentences name the right partner.
func TestPartner(t *testing.T) {
	data, reference := made(1, 400), made(2, 400)
	copyRow(data, 300, data, 17)
	copyRow(data, 301, data, 17)
	for k := range 10 {
		copyRow(data, 310+k, reference, 44+k)
	}
	l := localized(t, data, reference)
	for i, want := range map[int]string{300: "repeats row 17 exactly (3 rows alike)", 310: "copy of reference row 44 in all 7 columns", 319: "copy of reference row 53 in all 7 columns"} {
		r, err := about(l, i)
		if err != nil || !strings.HasPrefix(r.Reason, want) {
			t.Errorf("row %d: %q (%v), want %q", i, r.Reason, err, want)
		}
	}
}

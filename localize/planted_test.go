package localize

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
)

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
	{name: "template", reason: "groups of 20 rows that differ only in gap, which nothing else tells", recall: 0.9, says: " of 7 columns", dimension: "pattern_repetition",
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

package localize

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// TestDrift plants a stretch in which a column is not what it is elsewhere.
func TestDrift(t *testing.T) {
	shuffled := func(data *dataset.Table, by string) *dataset.Table {
		order := upTo(data.Rows())
		c := column(data, by)
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case c.Floats != nil && c.Floats[a] != c.Floats[b]:
				return int(math.Copysign(1, c.Floats[a]-c.Floats[b]))
			case c.Strings != nil:
				return strings.Compare(c.Strings[a], c.Strings[b])
			}
			return 0
		})
		out := data.Take(order)
		for i := range out.RowIDs {
			out.RowIDs[i] = int64(i)
		}
		return out
	}
	for _, c := range []struct {
		name, reason string
		plant        func(data *dataset.Table) *dataset.Table
		column       string // that drifts; "" = none does
	}{
		{"level", "a sensor with an offset", func(data *dataset.Table) *dataset.Table {
			for i := 1200; i < 1400; i++ {
				column(data, "price").Floats[i] *= 8
			}
			return data
		}, "price"},
		{"category", "another source was merged in", func(data *dataset.Table) *dataset.Table {
			for i := 1200; i < 1400; i++ {
				column(data, "city").Strings[i] = "Thun"
			}
			return data
		}, "city"},
		{"nulls", "a field was not filled for a while", func(data *dataset.Table) *dataset.Table {
			for i := 1200; i < 1400; i++ {
				column(data, "gap").Null[i] = i%2 == 0
			}
			return data
		}, "gap"},
		{"healthy", "nothing is planted", func(data *dataset.Table) *dataset.Table { return data }, ""},
		{"sorted by a number", "the order of a file is no damage", func(data *dataset.Table) *dataset.Table { return shuffled(data, "x") }, ""},
		{"sorted by a level", "the same", func(data *dataset.Table) *dataset.Table { return shuffled(data, "city") }, ""},
		{"odd rows everywhere", "they are no stretch", func(data *dataset.Table) *dataset.Table {
			rng := rand.New(rand.NewPCG(1, 2))
			for range 200 {
				column(data, "price").Floats[rng.IntN(3000)] *= 8
			}
			return data
		}, ""},
	} {
		for _, mode := range []string{"reference", "self"} {
			data, in := c.plant(made(1, 3000)), Input{Seed: 1, Jobs: 2}
			in.Schema, in.Sample = data.Schema, data
			if mode == "reference" {
				in.Reference = made(2, 2000)
			}
			v, err := newView(t.Context(), scan.Memory(data, 1), in)
			if err != nil {
				t.Fatal(err)
			}
			got := v.drifts()
			if c.column == "" {
				if len(got) > 0 {
					t.Errorf("%s, %s mode: %+v, want none: %s", c.name, mode, got, c.reason)
				}
				continue
			}
			at := slices.IndexFunc(got, func(g verdict.RowGroup) bool { return g.Columns[0] == c.column })
			if at < 0 {
				t.Errorf("%s, %s mode: %+v, want one in %s: %s", c.name, mode, got, c.column, c.reason)
				continue
			}
			if g := got[at]; len(got) > 1 || g.From < 1190 || g.From > 1210 || g.To < 1389 || g.To > 1409 || !strings.Contains(g.Detail, "drift in "+c.column) {
				t.Errorf("%s, %s mode: %+v, want rows 1200 to 1399 of %s: %s", c.name, mode, got, c.column, c.reason)
			}
		}
	}
}

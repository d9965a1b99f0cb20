package recommend

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

// shop returns n rows of customers: numbers and levels that depend on each other.
// Tables of different seeds are samples of one population. Row numbers have gaps,
// as those of a sample do.
func shop(n int, seed uint64) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x5409))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "age", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "income", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "visits", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
		{Name: "city", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "plan", Type: dataset.String, Kind: dataset.Categorical},
	}}, Columns: make([]dataset.Vector, 5)}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(7*i+3))
		age := 18 + 50*rng.Float64()
		income := math.Exp(9 + 0.02*age + 0.3*rng.NormFloat64())
		for j, x := range []float64{age, income, math.Floor(30*rng.ExpFloat64() + age/10)} {
			t.Columns[j].Floats = append(t.Columns[j].Floats, x)
		}
		city := fmt.Sprint("city ", int(6*math.Pow(rng.Float64(), 2)))
		plan := []string{"basic", "plus", "pro"}[min(2, int(income/25000+rng.Float64()))]
		t.Columns[3].Strings = append(t.Columns[3].Strings, city)
		t.Columns[4].Strings = append(t.Columns[4].Strings, plan)
		for j := range t.Columns {
			t.Columns[j].Null = append(t.Columns[j].Null, false)
		}
	}
	return t
}

// keep returns the rows of t that f wants.
func keep(t *dataset.Table, f func(i int) bool) *dataset.Table {
	var rows []int
	for i := range t.Rows() {
		if f(i) {
			rows = append(rows, i)
		}
	}
	return t.Take(rows)
}

// again returns t with each row i replaced by row from(i), keeping row numbers.
func again(t *dataset.Table, from func(i int) int) *dataset.Table {
	rows := make([]int, t.Rows())
	for i := range rows {
		rows[i] = from(i)
	}
	out := t.Take(rows)
	copy(out.RowIDs, t.RowIDs)
	return out
}

// judge is a simple honest score: repeated rows, the distance of each column's
// distribution from the reference's, and cells that cannot be read.
func judge(t *dataset.Table, reference *dataset.Table) *verdict.Collapse {
	repeated := 1 - float64(distinct(hashesOf(t)))/float64(t.Rows())
	invalid, shift := 0.0, 0.0
	for _, c := range t.Columns {
		invalid = max(invalid, float64(len(c.Invalid))/float64(t.Rows()))
	}
	if reference != nil {
		s := encode.Fit(reference, nil)
		d, r := s.Codes(t), s.Codes(reference)
		for j := range s.Slots {
			p, q := make([]float64, s.Slots[j].Card), make([]float64, s.Slots[j].Card)
			for i := range d.N {
				p[d.Row(i)[j]] += 1 / float64(d.N)
			}
			for i := range r.N {
				q[r.Row(i)[j]] += 1 / float64(r.N)
			}
			shift = max(shift, stats.TVD(p, q)-0.05)
		}
	}
	c := &verdict.Collapse{Mode: "reference"}
	var damages []float64
	for _, d := range []struct {
		name   string
		damage float64
	}{{"pattern_repetition", repeated}, {"mode_collapse", shift}, {"distribution_shift", shift}, {"quality_degradation", 4 * invalid}} {
		damage := yardstick.Damage(d.name, d.damage)
		damages = append(damages, damage)
		c.Dimensions = append(c.Dimensions, verdict.Dimension{Name: d.name, Score: verdict.NewScore(yardstick.Score(damage)), Statistics: []verdict.Statistic{
			{Name: d.name, Value: verdict.Number(d.damage), Damage: verdict.Number(damage)},
		}})
	}
	c.Overall = verdict.NewScore(yardstick.Score(yardstick.Join(damages)))
	return c
}

// yardstick is that of judge.
var yardstick = Yardstick{
	Damage: func(_ string, excess float64) float64 { return 4 * max(0, excess) },
	Join: func(damages []float64) float64 {
		sum := 0.0
		for _, x := range damages {
			sum += x * x * x
		}
		return math.Cbrt(sum)
	},
	Score: func(damage float64) float64 { return 100 * math.Pow(0.65, damage) },
}

func hashesOf(t *dataset.Table) []uint64 {
	v := &view{}
	for j := range t.Columns {
		v.columns = append(v.columns, j)
	}
	return v.hashes(t)
}

// counter counts calls.
type counter struct{ calls int }

// inputOf returns the Input of a case, scored by judge.
func inputOf(t *testing.T, data, reference *dataset.Table, n *counter) Input {
	t.Helper()
	in := Input{Data: data, Reference: reference, Rows: 10 * int64(data.Rows()), Collapse: judge(data, reference), Yardstick: yardstick, Seed: 1}
	in.Score = func(ctx context.Context, d *dataset.Table) (*verdict.Collapse, error) {
		n.calls++
		return judge(d, reference), ctx.Err()
	}
	if reference != nil {
		in.ScoreAgainst = func(ctx context.Context, d, r *dataset.Table) (*verdict.Collapse, error) {
			n.calls++
			return judge(d, r), ctx.Err()
		}
	}
	return in
}

// damaged is one case: what was done to the data, and what must be proposed.
type damaged struct {
	name, reason string
	input        func(t *testing.T, n *counter) Input
	kind         string  // of the fix that must be there
	column       string  // that it must name; "" = none
	text         string  // that its title or detail must hold
	gain         float64 // points that the plan must gain, at least
}

func cases() []damaged {
	reference := shop(1600, 1)
	with := func(data func() *dataset.Table) func(*testing.T, *counter) Input {
		return func(t *testing.T, n *counter) Input { return inputOf(t, data(), reference, n) }
	}
	alone := func(data func() *dataset.Table) func(*testing.T, *counter) Input {
		return func(t *testing.T, n *counter) Input { return inputOf(t, data(), nil, n) }
	}
	duplicated := func() *dataset.Table {
		return again(shop(1200, 2), func(i int) int { return i % 700 })
	}
	return []damaged{
		{"duplicates", "500 of 1,200 rows repeat another", with(duplicated), "drop_duplicates", "", "5,000", 10},
		{"duplicates alone", "the same without a reference", alone(duplicated), "drop_duplicates", "", "5,000", 10},
		{"unit", "incomes are in thousandths", with(func() *dataset.Table {
			d := shop(1200, 3)
			for i := range d.Columns[1].Floats {
				d.Columns[1].Floats[i] *= 1000
			}
			return d
		}), "repair_column", "income", "divide it by 1000", 30},
		{"offset", "ages count from another year", with(func() *dataset.Table {
			d := shop(1200, 4)
			for i := range d.Columns[0].Floats {
				d.Columns[0].Floats[i] -= 500
			}
			return d
		}), "repair_column", "age", "add 500", 30},
		{"wrapped numbers", "a fifth of the visits carry a unit", with(func() *dataset.Table {
			d := shop(1200, 5)
			c := &d.Columns[2]
			for i := 0; i < d.Rows(); i += 5 {
				c.Invalid = append(c.Invalid, dataset.Invalid{Row: i, Text: fmt.Sprintf("%.0f visits", c.Floats[i])})
				c.Null[i], c.Floats[i] = true, 0
			}
			return d
		}), "repair_cells", "visits", "Read the numbers", 20},
		{"lost level", "nobody is from city 1", with(func() *dataset.Table {
			d := shop(1400, 6)
			return keep(d, func(i int) bool { return d.Columns[3].Strings[i] != "city 1" })
		}), "restore_modes", "city", "city city 1", 6},
		{"one kind repeated", "nine of ten rows are young", with(func() *dataset.Table {
			d := shop(8000, 7)
			return keep(d, func(i int) bool { return d.Columns[0].Floats[i] < 26 || i%12 == 0 })
		}), "reweight", "age", "shares of the reference", 5},
		{"constant column", "every city is the same", with(func() *dataset.Table {
			d := shop(1200, 8)
			for i := range d.Columns[3].Strings {
				d.Columns[3].Strings[i] = "city 0"
			}
			return d
		}), "refill_column", "city", "Generate the column again", 20},
		{"another population", "everybody is fifteen years older and richer, in part", with(func() *dataset.Table {
			d := shop(1200, 9)
			rng := rand.New(rand.NewPCG(9, 9))
			for i := range d.Columns[0].Floats {
				d.Columns[0].Floats[i] = 40 + 60*math.Pow(rng.Float64(), 3)
				d.Columns[1].Floats[i] *= 3 * math.Exp(rng.NormFloat64())
				d.Columns[2].Floats[i] = 100 * rng.Float64()
			}
			return d
		}), "mix_real", "", "real rows", 5},
		{"blamed rows", "a fifth of the rows hold nonsense, and were flagged", func(t *testing.T, n *counter) Input {
			d := shop(1200, 10)
			l := &verdict.Localization{RowsScored: 12000, Severity: "high"}
			for i := 0; i < d.Rows(); i += 5 {
				d.Columns[1].Floats[i] = -1e9
				d.Columns[3].Strings[i] = "?"
				l.Rows = append(l.Rows, verdict.Row{Row: d.RowIDs[i], Score: 0.9, Columns: []string{"income"}, Reason: "income is -1e9"})
			}
			l.RowsFlagged = int64(len(l.Rows))
			in := inputOf(t, d, reference, n)
			in.Localization = l
			return in
		}, "drop_rows", "income", "income is -1e9", 10},
	}
}

func kindsOf(p *Plan) []string {
	var out []string
	for _, r := range p.Recommendations {
		out = append(out, r.Kind)
	}
	return out
}

func find(p *Plan, kind string) *verdict.Recommendation {
	if i := slices.Index(kindsOf(p), kind); i >= 0 {
		return &p.Recommendations[i]
	}
	return nil
}

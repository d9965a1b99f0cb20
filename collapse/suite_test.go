package collapse

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/dataset"
	"synthos/verdict"
)

// shop returns n rows of customers: numbers and levels that depend on each
// other. Tables of different seeds are samples of the same population.
func shop(n int, seed uint64) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x5409))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "age", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "income", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "spend", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "visits", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
		{Name: "city", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "plan", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "churn", Type: dataset.String, Kind: dataset.Boolean},
	}}}
	t.Columns = make([]dataset.Vector, 7)
	number := func(j int, x float64) {
		t.Columns[j].Floats = append(t.Columns[j].Floats, x)
		t.Columns[j].Null = append(t.Columns[j].Null, false)
	}
	level := func(j int, s string) {
		t.Columns[j].Strings = append(t.Columns[j].Strings, s)
		t.Columns[j].Null = append(t.Columns[j].Null, false)
	}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		age := 18 + 50*rng.Float64()
		income := math.Exp(9 + 0.02*age + 0.3*rng.NormFloat64())
		plan := []string{"basic", "plus", "pro"}[min(2, int(income/25000+rng.Float64()))]
		spend := income * (0.05 + 0.03*rng.Float64())
		visits := math.Floor(30*rng.ExpFloat64() + age/10)
		city := fmt.Sprint("city ", int(12*math.Pow(rng.Float64(), 2)))
		churn := "no"
		if 1/(1+math.Exp(6*(visits/20-1))) > rng.Float64() {
			churn = "yes"
		}
		number(0, age)
		number(1, income)
		number(2, spend)
		number(3, visits)
		level(4, city)
		level(5, plan)
		level(6, churn)
	}
	return t
}

func detect(t *testing.T, data, reference *dataset.Table) *verdict.Collapse {
	t.Helper()
	space, err := Fit(data, reference)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Detect(context.Background(), Input{Data: data, Reference: reference, Space: space, Seed: 1, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clone returns a copy of t whose cells can be changed.
func clone(t *dataset.Table) *dataset.Table {
	rows := make([]int, t.Rows())
	for i := range rows {
		rows[i] = i
	}
	return t.Take(rows)
}

func score(t *testing.T, c *verdict.Collapse, name string) float64 {
	t.Helper()
	d := c.Dimension(name)
	if d == nil {
		t.Fatalf("no dimension %s", name)
	}
	v, ok := d.Score.Value()
	if !ok {
		t.Fatalf("%s was not measured: %s", name, d.NullReason)
	}
	return v
}

// lowest returns the names of the two lowest dimensions.
func lowest(c *verdict.Collapse) []string {
	dims := slices.Clone(c.Dimensions)
	slices.SortStableFunc(dims, func(a, b verdict.Dimension) int {
		return int(math.Copysign(1, a.Score.Or(101)-b.Score.Or(101)))
	})
	return []string{dims[0].Name, dims[1].Name}
}

const suiteRows = 1200

func TestAnotherSampleOfTheSamePopulationIsHealthy(t *testing.T) {
	for seed := range uint64(3) {
		c := detect(t, shop(suiteRows, 10+seed), shop(suiteRows, 20+seed))
		if v := c.Overall.Or(0); v < 85 {
			t.Errorf("seed %d: overall %.1f, want at least 85", seed, v)
		}
		for _, d := range c.Dimensions {
			if v := d.Score.Or(0); v < 85 {
				t.Errorf("seed %d: %s is %.1f (%s), want at least 85", seed, d.Name, v, d.Reason)
			}
			if d.Reason == "" {
				t.Errorf("%s has no reason", d.Name)
			}
		}
	}
}

func TestFewerRowsAreAsHealthy(t *testing.T) {
	c := detect(t, shop(150, 31), shop(suiteRows, 32))
	if v := c.Overall.Or(0); v < 80 {
		t.Errorf("150 healthy rows score %.1f, want at least 80", v)
	}
}

func TestRightDimensionForRightDamage(t *testing.T) {
	reference := shop(suiteRows, 41)
	tests := []struct {
		name, reason string
		damage       func(*dataset.Table, *rand.Rand) *dataset.Table
		dimensions   []string // one of these is among the two lowest
	}{
		{"duplicates", "a third of the rows repeat others", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			rows := rng.Perm(d.Rows())
			copy(rows[800:], rows[:400])
			return d.Take(rows)
		}, []string{"pattern_repetition"}},
		{"copies", "a third of the rows are reference rows", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			return dataset.Concat(d.Take(rng.Perm(d.Rows())[:800]), reference.Take(rng.Perm(reference.Rows())[:400]))
		}, []string{"memorization"}},
		{"shuffled columns", "a column that is shuffled goes together with nothing", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			for _, j := range []int{1, 2} {
				rng.Shuffle(d.Rows(), func(a, b int) {
					x := d.Columns[j].Floats
					x[a], x[b] = x[b], x[a]
				})
			}
			return d
		}, []string{"spectral_degradation"}},
		{"shift", "a number is 50 % too large everywhere", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			for i := range d.Columns[0].Floats {
				d.Columns[0].Floats[i] *= 1.5
			}
			return d
		}, []string{"distribution_shift", "quality_degradation"}},
		{"lost plans", "two of three levels are missing", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			var rows []int
			for i, s := range d.Columns[5].Strings {
				if s == "basic" {
					rows = append(rows, i)
				}
			}
			return d.Take(rows)
		}, []string{"mode_collapse"}},
		{"unreadable cells", "a fifth of the incomes are no numbers", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			for i := range d.Rows() {
				if rng.IntN(5) == 0 {
					d.Columns[1].Null[i] = true
					d.Columns[1].Invalid = append(d.Columns[1].Invalid, dataset.Invalid{Row: i, Text: "err"})
				}
			}
			return d
		}, []string{"quality_degradation"}},
		{"wrong labels", "a third of the labels are flipped", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			for i, s := range d.Columns[6].Strings {
				if rng.IntN(3) == 0 {
					d.Columns[6].Strings[i] = map[string]string{"yes": "no", "no": "yes"}[s]
				}
			}
			return d
		}, []string{"gradient_pathology"}},
		{"no tails", "numbers are drawn in to half their spread", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			for j := range 4 {
				x := d.Columns[j].Floats
				m := mean(x)
				for i := range x {
					x[i] = m + (x[i]-m)/2
				}
			}
			return d
		}, []string{"diversity_loss"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := detect(t, test.damage(shop(suiteRows, 42), rand.New(rand.NewPCG(1, 2))), reference)
			if v := c.Overall.Or(100); v >= 65 {
				t.Errorf("overall %.1f, want below 65: %s", v, test.reason)
			}
			low := lowest(c)
			if !slices.ContainsFunc(low, func(name string) bool { return slices.Contains(test.dimensions, name) }) {
				t.Errorf("lowest are %v, want one of %v: %s", low, test.dimensions, test.reason)
			}
		})
	}
}

func TestOrderAndUnitsChangeNothing(t *testing.T) {
	data, reference := shop(suiteRows, 51), shop(suiteRows, 52)
	for i := range data.Columns[0].Floats {
		data.Columns[0].Floats[i] *= 1.1 // so that there is something to see
	}
	want := detect(t, data, reference).Overall.Or(0)

	swapped := data.Select([]int{6, 5, 4, 3, 2, 1, 0})
	if got := detect(t, swapped, reference).Overall.Or(0); got != want {
		t.Errorf("columns of the data in another order: %.4f, want %.4f", got, want)
	}
	other := func(x *dataset.Table) *dataset.Table {
		x = clone(x)
		for i := range x.Columns[1].Floats {
			x.Columns[1].Floats[i] = x.Columns[1].Floats[i]*1000 + 32
		}
		return x
	}
	if got := detect(t, other(data), other(reference)).Overall.Or(0); math.Abs(got-want) > 0.5 {
		t.Errorf("income in another unit: %.2f, want %.2f", got, want)
	}
	rows := rand.New(rand.NewPCG(5, 5)).Perm(suiteRows)
	if got := detect(t, data.Take(rows), reference.Take(rows)).Overall.Or(0); got != want {
		t.Errorf("rows in another order: %.4f, want %.4f", got, want)
	}
}

func TestJobsChangeNothing(t *testing.T) {
	data, reference := shop(500, 61), shop(500, 62)
	space, err := Fit(data, reference)
	if err != nil {
		t.Fatal(err)
	}
	var first *verdict.Collapse
	for _, jobs := range []int{1, 3} {
		c, err := Detect(context.Background(), Input{Data: data, Reference: reference, Space: space, Seed: 7, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = c
		}
		for i, d := range c.Dimensions {
			if a, b := d.Score.Or(-1), first.Dimensions[i].Score.Or(-1); a != b {
				t.Errorf("%s is %v with %d jobs, %v with 1", d.Name, a, jobs, b)
			}
		}
	}
}

func TestCopiedReferenceIsMemorization(t *testing.T) {
	reference := shop(800, 71)
	c := detect(t, clone(reference), reference)
	if v := score(t, c, "memorization"); v >= 40 {
		t.Errorf("the reference itself scores %.1f in memorization, want below 40: it is a copy, not health", v)
	}
}

func TestSelfModeSeesRepetition(t *testing.T) {
	healthy, d := shop(800, 81), shop(800, 82)
	rows := rand.New(rand.NewPCG(8, 8)).Perm(800)
	copy(rows[400:], rows[:400])
	bad := detect(t, d.Take(rows), nil)
	good := detect(t, healthy, nil)
	if v := score(t, bad, "pattern_repetition"); v >= 40 {
		t.Errorf("every row twice scores %.1f, want below 40", v)
	}
	if v := good.Overall.Or(0); v < 65 {
		t.Errorf("a healthy table scores %.1f by itself, want at least 65", v)
	}
	if d := good.Dimension("memorization"); d.NullReason == "" {
		t.Error("memorization cannot be measured without a reference, and must say so")
	}
}

func TestFewRowsAreAnError(t *testing.T) {
	data, reference := shop(10, 91), shop(500, 92)
	space, err := Fit(data, reference)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Detect(context.Background(), Input{Data: data, Reference: reference, Space: space, Seed: 1, Jobs: 1}); err == nil {
		t.Error("10 rows were judged; they say nothing")
	}
}

func TestCancelledDetectReturns(t *testing.T) {
	data, reference := shop(500, 93), shop(500, 94)
	space, err := Fit(data, reference)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Detect(ctx, Input{Data: data, Reference: reference, Space: space, Seed: 1, Jobs: 1}); err == nil {
		t.Error("no error although the context had ended")
	}
}

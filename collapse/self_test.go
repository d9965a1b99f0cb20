package collapse

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/dataset"
)

// alone returns the view of a table that is judged by itself.
func alone(t *testing.T, d *dataset.Table) *view {
	t.Helper()
	space, err := Fit(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := newView(context.Background(), Input{Data: d, Space: space, Seed: 1, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// numbers returns a table of numerical columns called a, b, c, ...
func numbers(columns ...[]float64) *dataset.Table {
	d := &dataset.Table{Schema: &dataset.Schema{}}
	for j, x := range columns {
		d.Schema.Fields = append(d.Schema.Fields, dataset.Field{Name: string(rune('a' + j)), Type: dataset.Float, Kind: dataset.Numerical})
		d.Columns = append(d.Columns, dataset.Vector{Floats: x, Null: make([]bool, len(x))})
	}
	for i := range columns[0] {
		d.RowIDs = append(d.RowIDs, int64(i))
	}
	return d
}

func normals(n int, seed uint64, from, to float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, 0, n)
	for len(x) < n {
		if z := rng.NormFloat64(); z > from && z < to {
			x = append(x, z)
		}
	}
	return x
}

func TestAbruptEdges(t *testing.T) {
	whole := alone(t, numbers(normals(4000, 1, -9, 9), normals(4000, 2, -9, 9))).abruptEdges()
	if got := whole.value[0]; got != 0 {
		t.Errorf("%.0f %% of the ends of normal columns are abrupt, want none", 100*got)
	}
	cut := alone(t, numbers(normals(4000, 1, -1.3, 1.3), normals(4000, 2, -1.3, 9))).abruptEdges()
	if got := cut.value[0]; got != 0.75 {
		t.Errorf("%.0f %% of the ends are abrupt, want the three of four that were cut", 100*got)
	}
	// Two ends of one column may stop so by habit, those of ten do not.
	one, ten := alone(t, numbers(normals(4000, 1, -1.3, 1.3))).abruptEdges(), make([][]float64, 10)
	for j := range ten {
		ten[j] = normals(4000, uint64(j), -1.3, 1.3)
	}
	many := alone(t, numbers(ten...)).abruptEdges()
	if a, b := one.value[0]-one.chance, many.value[0]-many.chance; a > 0.5 || b < 0.75 {
		t.Errorf("beyond chance, one column that is cut off shows %.2f, ten show %.2f; want less than 0.5 and more than 0.75", a, b)
	}
}

func TestShortTails(t *testing.T) {
	columns := func(from, to float64) *dataset.Table {
		return numbers(normals(4000, 1, from, to), normals(4000, 2, from, to), normals(4000, 3, from, to), normals(4000, 4, from, to))
	}
	// Of 4000 normal values the largest is near 3.5, so the reach is ln(3.5/1.28) = 1.0.
	if got := alone(t, columns(-9, 9)).shortTails().value[0]; got != 0 {
		t.Errorf("normal columns lack %.2f of their reach, want nothing", got)
	}
	// Cut at 1.64, where 90 % lie within, the outer tenth begins at the 95 % - 9 % = 86 % quantile,
	// 1.08: ln(1.64/1.08) = 0.42 of 0.8.
	if got := alone(t, columns(-1.64, 1.64)).shortTails().value[0]; math.Abs(got-0.48) > 0.04 {
		t.Errorf("normal columns cut at 1.64 lack %.2f of their reach, want about 0.48", got)
	}
}

// A bootstrap adds one twin a row: Poisson(1) copies of each row have 1 other
// copy on average, and another bootstrap adds another.
func TestSurplusTwins(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x := make([]float64, 4000)
	for i := range x {
		x[i] = math.Round(1000*(5+rng.NormFloat64())) / 1000
	}
	habit := slices.Clone(x)
	for i := range habit {
		if i%3 == 0 {
			habit[i] = math.Round(habit[i]*20) / 20 // a third of the people round
		}
	}
	bootstrap := func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i := range out {
			out[i] = x[rng.IntN(len(x))]
		}
		return out
	}
	for _, test := range []struct {
		name      string
		x         []float64
		low, high float64
	}{
		{"a sample", x, -0.2, 0.2},
		{"a sample with round numbers", habit, -0.5, 1.5},
		{"one bootstrap", bootstrap(x), 0.8, 1.2},
		{"three bootstraps", bootstrap(bootstrap(bootstrap(x))), 2.3, 3.4},
	} {
		slices.Sort(test.x)
		got, ok := surplusTwins(test.x)
		if !ok || got < test.low || got > test.high {
			t.Errorf("%s: a row has %.2f twins too many, want %v to %v", test.name, got, test.low, test.high)
		}
	}
}

func TestGridOf(t *testing.T) {
	for _, test := range []struct {
		x    []float64
		unit float64
		ok   bool
	}{
		{[]float64{1, 4, 10}, 3, true},
		{[]float64{0.05, 0.1, 0.3}, 0.05, true},
		{[]float64{0.5, 1.25}, 0.75, true},
		{[]float64{1.0 / 3, 0.5}, 0, false},
		{[]float64{7, 7}, 0, false},
	} {
		unit, ok := gridOf(test.x)
		if ok != test.ok || math.Abs(unit-test.unit) > 1e-12 {
			t.Errorf("gridOf(%v) = %v, %v; want %v, %v", test.x, unit, ok, test.unit, test.ok)
		}
	}
}

func TestTooRegular(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	columns := func(bend float64) *dataset.Table {
		a, b, c, d := make([]float64, 3000), make([]float64, 3000), make([]float64, 3000), make([]float64, 3000)
		for i := range a {
			a[i], b[i] = rng.NormFloat64(), rng.NormFloat64()
			c[i] = a[i] + b[i] + bend*a[i]*b[i] + 0.5*rng.NormFloat64()
			d[i] = a[i] - b[i] + 0.5*rng.NormFloat64()
		}
		return numbers(a, b, c, d)
	}
	for _, test := range []struct {
		bend, low, high float64
		reason          string
	}{{0, 0.4, 1, "sums of normals are straight lines, as far as 3,000 rows tell"}, {1, 0, 0.1, "a product is not"}} {
		m := alone(t, columns(test.bend)).tooRegular()
		if len(m.value) != 1 {
			t.Fatal("not measured")
		}
		if got := m.value[0]; got < test.low || got > test.high {
			t.Errorf("bend %v: %.2f, want %v to %v: %s", test.bend, got, test.low, test.high, test.reason)
		}
	}
}

func TestFlatDirectionsAndLoneColumns(t *testing.T) {
	a, b, e := normals(2000, 7, -9, 9), normals(2000, 8, -9, 9), normals(2000, 9, -9, 9)
	sum, difference := make([]float64, 2000), make([]float64, 2000)
	for i := range a {
		sum[i], difference[i] = a[i]+b[i], a[i]-2*b[i]
	}
	v := alone(t, numbers(a, b, sum, difference, e, normals(2000, 10, -9, 9)))
	if got := v.flatDirections().value[0]; got != 1.0/6 {
		t.Errorf("flat directions %v, want 1 of 6: two columns are sums of others, and one may be", got)
	}
	if got := v.loneColumns().value[0]; got != 1.0/6 {
		t.Errorf("lone columns %v, want 1 of 6: two are independent, and one may be", got)
	}
}

// TestPartnersAreFoundAmongManyColumns checks that a column is not called lone for want of a look:
// of 120 columns every second is the sum of the one before and noise, and a third of them are compared.
func TestPartnersAreFoundAmongManyColumns(t *testing.T) {
	var columns [][]float64
	for j := range uint64(60) {
		x, e := normals(1200, 100+j, -9, 9), normals(1200, 200+j, -9, 9)
		for i := range e {
			e[i] = x[i] + 0.5*e[i]
		}
		columns = append(columns, x, e)
	}
	if got := alone(t, numbers(columns...)).loneColumns().value[0]; got != 0 {
		t.Errorf("lone columns %v, want 0", got)
	}
}

// TestFreshRowsFollowNoTemplate checks that many columns, whose bins were fitted on few rows, do not
// make other rows of the same population look alike.
func TestFreshRowsFollowNoTemplate(t *testing.T) {
	many := func(seed uint64) *dataset.Table {
		var columns [][]float64
		for j := range uint64(1500) {
			columns = append(columns, normals(150, 1000*seed+j, -9, 9))
		}
		return numbers(columns...)
	}
	reference := many(1)
	space, err := Fit(many(2), reference)
	if err != nil {
		t.Fatal(err)
	}
	v, err := newView(context.Background(), Input{Data: many(2), Reference: reference, Space: space, Seed: 1, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	m, err := v.templateRows()
	if err != nil {
		t.Fatal(err)
	}
	if mean(m.value) > 0.1 {
		t.Errorf("%s", m.reason)
	}
}

func TestFewLevelsRepeatByNature(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	data := shop(600, 70).Select([]int{4, 5, 6}) // city, plan, churn: 72 combinations
	exact := func(data *dataset.Table) float64 {
		v := byItself(t, data)
		ms, err := selfRepetition(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ms {
			if m.name == "duplicate_rows" {
				return m.value[0] - m.floor[0]
			}
		}
		t.Fatal("not measured")
		return 0
	}
	if x := exact(data); x > 0.06 {
		t.Errorf("rows of few levels repeat %.3f more than by nature", x)
	}
	full := shop(600, 71)
	rows := make([]int, 600)
	for i := range rows {
		rows[i] = rng.IntN(300)
	}
	if x := exact(full.Take(rows)); x < 0.4 {
		t.Errorf("half of the rows drawn twice: %.3f repeat", x)
	}
}

package collapse

import (
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/stats"
)

// What the values of a column show by themselves, without a reference.

const (
	leastValues = 50  // different values of a column that says something
	leastCells  = 200 // cells of it
)

// numberColumn is an ordered column of the data.
type numberColumn struct {
	name  string
	cells *dataset.Vector
	known []float64 // its cells that are not null
	rows  []int     // where they stand
}

// numbers returns the ordered columns that are stored as numbers.
func (v *view) numbers() []numberColumn {
	var out []numberColumn
	for i := range v.space.Columns {
		c := &v.space.Columns[i]
		cells := v.cells(v.data, i)
		if c.Text() || c.Nominal() || cells.Floats == nil {
			continue
		}
		n := numberColumn{name: c.Field.Name, cells: cells}
		for r, null := range cells.Null {
			if !null {
				n.known, n.rows = append(n.known, cells.Floats[r]), append(n.rows, r)
			}
		}
		out = append(out, n)
	}
	return out
}

// valuesOf returns the numbers of each ordered column with enough of them,
// ascending, and the columns' names.
func (v *view) valuesOf() (values [][]float64, names []string) {
	for _, c := range v.numbers() {
		x := slices.Clone(c.known)
		slices.Sort(x)
		different := 0
		for r := range x {
			if r == 0 || x[r] != x[r-1] {
				different++
			}
		}
		if len(x) >= leastCells && different >= leastValues {
			values, names = append(values, x), append(names, c.name)
		}
	}
	return values, names
}

// abruptEdges measures at how many ends of the numerical columns the density
// stops all at once instead of thinning out: the outermost 0.5 % of the values
// span less than abrupt times what the next 1 % span. An exponential tail gives a
// multiple that grows with the logarithm of the rows, a density that is cut off
// gives a half. Ends that many rows share are natural bounds and do not count. The
// fewer values lie outermost, the more often they are close together by chance: the floor
// is one end in as many. Some columns of real tables stop so too (years, shares, designs),
// so a few ends say little.
func (v *view) abruptEdges() measurement {
	const (
		abrupt  = 0.8
		usually = 0.25 // share of the ends that stop abruptly in real tables, by design or habit
	)
	m := measurement{name: "abrupt_edges"}
	values, names := v.valuesOf()
	ends, cut, chance := 0, 0, 0.0
	top := ""
	for c, x := range values {
		n := len(x)
		k := max(5, n/200)
		low := [3]float64{x[0], x[k], x[3*k]}
		high := [3]float64{-x[n-1], -x[n-1-k], -x[n-1-3*k]}
		for _, e := range [][3]float64{low, high} {
			outer, next := e[1]-e[0], e[2]-e[1]
			if outer <= 0 || next <= 0 {
				continue
			}
			ends++
			chance += 1 / float64(k)
			if outer < abrupt*next {
				cut++
				top = names[c]
			}
		}
	}
	if ends < 2 {
		return m
	}
	m.add(float64(cut)/float64(ends), chance/float64(ends))
	m.chance = 2 * math.Sqrt(usually*(1-usually)/float64(ends))
	m.reason = fmt.Sprintf("%d of %d ends of the numerical columns stop abruptly, such as that of %s: the tails look cut off", cut, ends, top)
	return m
}

// shortTails measures by how much less the numerical columns reach out than real
// ones do. Of every end, the reach is the logarithm of the distance from the median
// to the outermost value by that to the outer tenth: about 0.2 for a uniform
// density, 0.9 for a normal one, 1.5 for an exponential one. The measure is the share
// that the mean reach lacks to usual.
func (v *view) shortTails() measurement {
	usual := 0.85 * math.Log(stats.NormalQuantile(1-1/float64(v.data.n()))/stats.NormalQuantile(0.9))
	m := measurement{name: "short_tails"}
	values, _ := v.valuesOf()
	sum, ends := 0.0, 0.0
	var reaches []float64 // of each column
	for _, x := range values {
		n := len(x)
		middle := x[n/2]
		before, had := sum, ends
		for _, e := range [][2]float64{{middle - x[0], middle - x[n/10]}, {x[n-1] - middle, x[n-1-n/10] - middle}} {
			if e[1] > 0 {
				sum += math.Log(e[0] / e[1])
				ends++
			}
		}
		if ends > had {
			reaches = append(reaches, (sum-before)/(ends-had))
		}
	}
	if ends < 8 {
		return m
	}
	m.add(max(0, 1-sum/ends/usual), 0)
	m.chance = 2 * deviation(reaches) / math.Sqrt(float64(len(reaches))) / usual // what other columns of the same kind would show
	m.reason = fmt.Sprintf("the extreme values of the numerical columns lie only %.1f times as far out as their outer tenths: the tails look cut off", math.Exp(sum/ends))
	return m
}

// resampledValues measures how many more rows share their exact value in a
// column than chance makes them. A generator that draws from the values it has
// seen adds about one such twin a row and generation. By chance a row has as
// many twins as there are rows at a value of the same roundness nearby, which
// the counts at a few steps along the column's grid tell. The measure is the
// least over the columns: resampling touches all of them, and a habit of people
// (round incomes) only some.
//
// It is the index of dispersion (Fisher, Statistical Methods for Research
// Workers, 1925) of the counts per grid point, less 1, with the local mean taken
// from the lagged products and counts cut at mostTwins.
func (v *view) resampledValues() measurement {
	m := measurement{name: "resampled_values"}
	values, names := v.valuesOf()
	if len(values) < leastTwinColumns {
		return m
	}
	least, name := math.Inf(1), ""
	for i, x := range values {
		if s, ok := surplusTwins(x); ok && s < least {
			least, name = s, names[i]
		}
	}
	if name == "" {
		return m
	}
	m.add(max(0, least), 0)
	m.reason = fmt.Sprintf("in every numerical column, even %s, a row shares its exact value with %.1f rows more than chance makes, as if values had been drawn from few", name, least)
	return m
}

// leastTwinColumns is how many columns must have twins for it not to be a habit of people.
const leastTwinColumns = 3

// mostTwins is where the number of rows with a value is cut: more are a habit.
const mostTwins = 12

// surplusTwins returns how many other rows have the same value as a row, above
// what the neighbourhood of its value explains, on average. x is ascending. ok is
// false for columns of so few values that every row has many twins anyway.
func surplusTwins(x []float64) (surplus float64, ok bool) {
	unit, ok := gridOf(x)
	if !ok { // so fine a grid that chance makes no twins
		return continuousTwins(x), true
	}
	count := map[int64]float64{}
	var at []int64
	for _, z := range x[len(x)/20 : len(x)-len(x)/20] { // without the tails, where densities fall fast
		p := int64(math.Round(z / unit))
		if count[p] == 0 {
			at = append(at, p)
		}
		count[p]++
	}
	if len(at) < leastValues || len(x) > len(at)*mostTwins/2 {
		return 0, false
	}
	same, n := 0.0, 0.0
	for _, p := range at {
		c := count[p]
		same += c * min(mostTwins, c-1)
		n += c
	}
	most := 0.0
	for _, lag := range []int64{1, 2, 5, 10, 100, 1000} {
		near := 0.0
		for _, p := range at {
			near += count[p] * (min(mostTwins, count[p-lag]) + min(mostTwins, count[p+lag])) / 2
		}
		most = max(most, near)
	}
	return (same - most) / n, true
}

// continuousTwins returns how many other rows have the same value as a row.
func continuousTwins(x []float64) float64 {
	same, from := 0.0, 0
	for i := range x {
		if x[i] != x[from] {
			from = i
		}
		if i+1 == len(x) || x[i+1] != x[i] {
			c := float64(i + 1 - from)
			same += c * min(mostTwins, c-1)
		}
	}
	return same / float64(len(x))
}

// gridOf returns the step of the decimal grid that all values lie on; ok is false
// if they need more than six decimals.
func gridOf(x []float64) (unit float64, ok bool) {
	for decimals := range 7 {
		scale := math.Pow(10, float64(decimals))
		on := true
		for _, z := range x {
			if y := z * scale; math.Abs(y-math.Round(y)) > 1e-6*max(1, math.Abs(y)*1e-6) {
				on = false
				break
			}
		}
		if !on {
			continue
		}
		var step int64 // the greatest common divisor of the gaps
		first := int64(math.Round(x[0] * scale))
		for _, z := range x {
			step = gcd(step, int64(math.Round(z*scale))-first)
			if step == 1 {
				break
			}
		}
		if step == 0 {
			return 0, false
		}
		return float64(step) / scale, true
	}
	return 0, false
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	if a < 0 {
		return -a
	}
	return a
}

package comparison

import (
	"slices"
	"sort"
	"strconv"

	"synthos/dataset"
	"synthos/verdict"
)

const (
	pairColumns = 32 // columns whose pairs are compared, at most
	pairRows    = 5000
	pairGroups  = 6 // groups of a column's values
	pairAbove   = 2 // times the floor: less is not worth a picture
)

// grouped is a column in few groups.
type grouped struct {
	name      string
	labels    []string // the last is null, if a cell is
	data, ref []uint8  // the group of each row
}

// pairs returns the pairs of columns whose joint distribution changed most,
// beyond what the two columns changed by themselves.
func pairs(columns []pair, halves []bool) []verdict.PairComparison {
	var usable []pair
	for _, c := range columns {
		if c.field.Kind != dataset.Text {
			usable = append(usable, c)
		}
	}
	m := min(len(usable), pairColumns)
	list := make([]grouped, m)
	for i := range list {
		list[i] = group(&usable[i*len(usable)/m])
	}
	out := []verdict.PairComparison{}
	for i := range list {
		for j := range i {
			p := joint(&list[j], &list[i], halves)
			if p.Change > pairAbove*p.Floor {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b verdict.PairComparison) int {
		return descending(excess(a.Change, a.Floor), excess(b.Change, b.Floor))
	})
	return out[:min(maxPairs, len(out))]
}

// group puts the values of a column into groups of about equal mass of the
// reference, or into its most frequent levels and the rest.
func group(p *pair) grouped {
	g := grouped{name: p.field.Name}
	var of func(v *dataset.Vector, i int) uint8
	if nominal(p.field) {
		b := fitLevels(p.field, p.ref)
		last := uint8(min(pairGroups, len(b.levels)) - 1)
		g.labels = append(slices.Clone(b.levels[:last]), "(others)")
		of = func(v *dataset.Vector, i int) uint8 { return min(last, uint8(b.of(p.field, v, i))) }
	} else {
		var cuts []float64
		cuts, g.labels = quantileCuts(p.field, p.ref)
		of = func(v *dataset.Vector, i int) uint8 {
			return uint8(sort.Search(len(cuts), func(k int) bool { return v.Floats[i] < cuts[k] }))
		}
	}
	null := uint8(len(g.labels))
	anyNull := false
	take := func(v *dataset.Vector) []uint8 {
		n := len(v.Null)
		out := make([]uint8, min(n, pairRows))
		for k := range out {
			if i := k * n / len(out); v.Null[i] {
				out[k], anyNull = null, true
			} else {
				out[k] = of(v, i)
			}
		}
		return out
	}
	g.data, g.ref = take(p.data), take(p.ref)
	if anyNull {
		g.labels = append(g.labels, "null")
	}
	if g.labels[null-1] == "(others)" && !slices.Contains(g.data, null-1) && !slices.Contains(g.ref, null-1) {
		g.labels = slices.Delete(g.labels, int(null)-1, int(null)) // null moves up
		for _, side := range [][]uint8{g.data, g.ref} {
			for i, k := range side {
				side[i] = min(k, null-1)
			}
		}
	}
	return g
}

// quantileCuts returns the inner bounds of groups of about equal mass, and
// their labels.
func quantileCuts(f dataset.Field, v *dataset.Vector) (cuts []float64, labels []string) {
	var sorted []float64
	for i, x := range v.Floats {
		if !v.Null[i] {
			sorted = append(sorted, x)
		}
	}
	slices.Sort(sorted)
	for k := 1; k < pairGroups && len(sorted) > 0; k++ {
		if c := sorted[k*len(sorted)/pairGroups]; c > sorted[0] && (len(cuts) == 0 || c > cuts[len(cuts)-1]) {
			cuts = append(cuts, c)
		}
	}
	show := func(x float64) string {
		if f.Type == dataset.Time {
			return showTime(x)
		}
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	for k := range len(cuts) + 1 {
		switch {
		case len(cuts) == 0:
			labels = append(labels, "any")
		case k == 0:
			labels = append(labels, "< "+show(cuts[0]))
		case k == len(cuts) || f.Type == dataset.Time:
			labels = append(labels, "≥ "+show(cuts[k-1]))
		default:
			labels = append(labels, show(cuts[k-1])+"–"+show(cuts[k]))
		}
	}
	return cuts, labels
}

// joint compares the joint distributions of x and y.
func joint(x, y *grouped, halves []bool) verdict.PairComparison {
	n, m := len(x.labels), len(y.labels)
	count := func(a, b []uint8, keep func(int) bool) []float64 {
		table := make([]float64, n*m)
		for i := range a {
			if keep == nil || keep(i) {
				table[int(a[i])*m+int(b[i])]++
			}
		}
		return table
	}
	// Row k of the groups is row k*len(halves)/len(x.ref) of the reference: any split will do.
	data, ref := count(x.data, y.data, nil), count(x.ref, y.ref, nil)
	first := count(x.ref, y.ref, func(i int) bool { return !halves[i] })
	second := count(x.ref, y.ref, func(i int) bool { return halves[i] })
	return verdict.PairComparison{
		X: x.name, Y: y.name, XGroups: x.labels, YGroups: y.labels, Data: grid(data, n, m), Reference: grid(ref, n, m),
		Change: rounded(jointChange(data, ref, n, m)),
		Floor:  rounded(jointChange(first, second, n, m) * floorScale(len(x.data), len(x.ref))),
	}
}

// jointChange returns the distance of two contingency tables less that of their
// margins, whichever is larger: what the columns by themselves do not explain.
func jointChange(a, b []float64, n, m int) float64 {
	margins := func(t []float64) (rows, cols []float64) {
		rows, cols = make([]float64, n), make([]float64, m)
		for i, c := range t {
			rows[i/m] += c
			cols[i%m] += c
		}
		return rows, cols
	}
	ar, ac := margins(a)
	br, bc := margins(b)
	return max(0, distance(a, b)-max(distance(ar, br), distance(ac, bc)))
}

func grid(table []float64, n, m int) [][]verdict.Number {
	s := shares(table)
	out := make([][]verdict.Number, n)
	for i := range out {
		out[i] = s[i*m : (i+1)*m]
	}
	return out
}

package recommend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"synthos/dataset"
	"synthos/stats"
)

var repairColumn = fix{
	kind:  "repair_column",
	about: "undo a change of unit: a column that is a factor or an offset away from the reference",
	need: func(v *view) float64 {
		for _, j := range v.columns {
			if _, ok := v.unitOf(j); ok {
				return v.worst()
			}
		}
		return 0
	},
	apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
		out, d := t, details{total: max(v.in.Rows, int64(v.in.Data.Rows()))}
		var what []string
		for _, j := range v.columns {
			u, ok := v.unitOf(j)
			if !ok {
				continue
			}
			var c *dataset.Vector
			out, c = withColumn(out, j)
			for i, id := range t.RowIDs {
				if id >= 0 {
					c.Floats[i] = u.undo(c.Floats[i])
				}
			}
			name := v.in.Data.Schema.Fields[j].Name
			d.columns = append(d.columns, name)
			what = append(what, u.say(name))
		}
		if out == t {
			return nil, d, false
		}
		d.title = "Rescale " + strings.Join(d.columns, ", ") + " to the reference"
		d.text = strings.Join(what, "; ") + "."
		return out, d, true
	},
	cost: func(p *Prices, d *details) float64 {
		return p.ReviewedRow*float64(10*len(d.columns)) + passing(p, d.total)
	},
}

// unit says that the numbers of a column are factor times the reference's, plus offset.
type unit struct{ factor, offset float64 }

func (u unit) undo(x float64) float64 { return (x - u.offset) / u.factor }

func (u unit) say(column string) string {
	switch {
	case u.offset == 0 && u.factor >= 1:
		return fmt.Sprintf("%s is %.4g times the reference's: divide it by %.4g", column, u.factor, u.factor)
	case u.offset == 0:
		return fmt.Sprintf("%s is 1/%.4g of the reference's: multiply it by %.4g", column, 1/u.factor, 1/u.factor)
	case u.factor == 1 && u.offset > 0:
		return fmt.Sprintf("%s is %.4g above the reference's: subtract %.4g", column, u.offset, u.offset)
	case u.factor == 1:
		return fmt.Sprintf("%s is %.4g below the reference's: add %.4g", column, -u.offset, -u.offset)
	}
	return fmt.Sprintf("%s is %.4g times the reference's plus %.4g: subtract %.4g, then divide by %.4g", column, u.factor, u.offset, u.offset, u.factor)
}

const (
	unitRows  = 50   // numbers on each side without which a unit is not guessed
	shifted   = 0.30 // KS distance from which a column needs another unit
	sameShape = 0.12 // KS distance after the change up to which it is the explanation
)

// known are factors between units and their inverses: powers of ten, time,
// lengths, weights. A factor near one of them is taken for it.
var known = []float64{10, 100, 1e3, 1e4, 1e6, 1e9, 60, 3600, 86400, 24, 7, 12, 2.54, 25.4, 0.3048, 1.609344, 0.45359237, 28.349523}

// temperatures are Celsius to Fahrenheit and back.
var temperatures = []unit{{1.8, 32}, {1 / 1.8, -32 / 1.8}}

// unitOf returns the change of unit that explains how the numbers of column j of
// the data differ from the reference's; ok is false if they do not differ, or if
// no change of unit explains it.
func (v *view) unitOf(j int) (best unit, ok bool) {
	f := v.in.Data.Schema.Fields[j]
	if v.donors == nil || !f.Type.Numeric() || f.Kind == dataset.Boolean || f.Kind == dataset.Categorical {
		return unit{}, false
	}
	d, r := v.sorted(j, false), v.sorted(j, true)
	if len(d) < unitRows || len(r) < unitRows || d[0] == d[len(d)-1] || r[0] == r[len(r)-1] {
		return unit{}, false
	}
	if stats.KS(d, r) < shifted {
		return unit{}, false
	}
	distance := math.Inf(1)
	for _, u := range guesses(d, r) {
		back := make([]float64, len(d))
		for i, x := range d {
			back[i] = u.undo(x)
		}
		// A later guess is a more special one, and has to be clearly better.
		if ks := stats.KS(back, r); ks <= sameShape && ks < distance-0.02 {
			best, distance, ok = u, ks, true
		}
	}
	return best, ok
}

// guesses returns the changes of unit that match the quantiles of d to those of r,
// both ascending: one factor, one offset, the conversions of temperatures.
func guesses(d, r []float64) []unit {
	ps := make([]float64, 19)
	for i := range ps {
		ps[i] = float64(i+1) / 20
	}
	qd, qr := stats.Quantiles(d, ps), stats.Quantiles(r, ps)
	var factors, offsets []float64
	for i := range ps {
		offsets = append(offsets, qd[i]-qr[i])
		if qr[i] != 0 {
			factors = append(factors, qd[i]/qr[i])
		}
	}
	var out []unit
	if len(factors) > len(ps)/2 {
		if k := stats.Quantile(factors, 0.5); k > 0 {
			out = append(out, unit{snap(k), 0})
		}
	}
	out = append(out, unit{1, round3(stats.Quantile(offsets, 0.5))})
	return append(out, temperatures...)
}

// snap returns the known factor within 3 % of k, or k to three digits.
func snap(k float64) float64 {
	for _, x := range known {
		for _, y := range []float64{x, 1 / x} {
			if math.Abs(math.Log(k/y)) < 0.03 {
				return y
			}
		}
	}
	return round3(k)
}

// round3 rounds x to three significant digits.
func round3(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-2)
	return math.Round(x/unit) * unit
}

package collapse

import (
	"fmt"
	"math"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
)

// selfQuality: cells that cannot be read, levels that look like slips, values
// far outside the bulk, and rows with bursts of nulls.
func selfQuality(v *view) ([]measurement, error) {
	invalid := measurement{name: "invalid_rows"}
	invalid.add(invalidRows(v.data.table, v.space), 0)
	invalid.reason = fmt.Sprintf("%.1f %% of the rows have a cell that cannot be read as its column's type", 100*invalid.value[0])
	garbled := measurement{name: "garbled_rows"}
	garbled.add(garbledRows(v.data.table, v.space), 0)
	garbled.reason = fmt.Sprintf("%.1f %% of the rows hold characters that were decoded wrongly", 100*garbled.value[0])
	outliers := measurement{name: "outlying_rows"}
	outliers.add(v.outlyingRows(), 0)
	outliers.reason = fmt.Sprintf("%.1f %% of the rows hold a value far outside its column or a level that occurs only once", 100*outliers.value[0])
	return append(selfTextQuality(v), invalid, garbled, outliers, v.scatteredNulls()), nil
}

// outlyingRows returns the share of rows with a number that lies apart from its column or
// with a level that looks like a slip.
func (v *view) outlyingRows() float64 {
	bad := make([]bool, v.data.n())
	for i := range v.space.Columns {
		c := &v.space.Columns[i]
		cells := v.cells(v.data, i)
		switch {
		case c.Text():
		case c.Nominal():
			slips(cells, bad)
		default:
			apart(cells, bad)
		}
	}
	return shareOf(bad)
}

// slips marks rows whose level occurs once in a column of levels that repeat, if there are
// more such levels than the levels that occur twice foretell: whatever the law that frequencies
// follow, of rare levels there are a few times as many with one row as with two (three times
// by Zipf's; Good, Biometrika 40, 1953), while slips are each of its own.
func slips(cells *dataset.Vector, bad []bool) {
	const (
		repeating = 0.8 // share of the cells that must hold levels of three cells and more
		usual     = 4   // levels of one cell beside one of two
		chance    = 3   // levels of one cell that are always excused, beside those of one more of two
	)
	count := map[string]int{}
	known := 0
	for r := range bad {
		if !cells.Null[r] {
			count[encode.Cell(cells, r)]++
			known++
		}
	}
	once, twice := 0, 0
	for _, n := range count {
		switch n {
		case 1:
			once++
		case 2:
			twice++
		}
	}
	if float64(known-once-2*twice) < repeating*float64(known) || once <= usual*(twice+1)+chance {
		return
	}
	for r := range bad {
		if !cells.Null[r] && count[encode.Cell(cells, r)] == 1 {
			bad[r] = true
		}
	}
}

// apart marks rows whose number lies more than 20 interquartile ranges outside the quartiles,
// and as far from the median as nothing does that spreads over orders of magnitude: on the scale of
// logarithms, more than 4 interquartile ranges of the distances to the median above them.
func apart(cells *dataset.Vector, bad []bool) {
	var x []float64
	for r := range bad {
		if !cells.Null[r] {
			x = append(x, cells.Floats[r])
		}
	}
	if len(x) < MinRows {
		return
	}
	q := stats.Quantiles(x, []float64{0.25, 0.5, 0.75})
	width := 20 * (q[2] - q[0])
	var distances []float64
	for _, y := range x {
		if y != q[1] {
			distances = append(distances, math.Log(math.Abs(y-q[1])))
		}
	}
	if width == 0 || len(distances) == 0 {
		return
	}
	d := stats.Quantiles(distances, []float64{0.25, 0.75})
	far := math.Exp(d[1] + 4*(d[1]-d[0]))
	for r := range bad {
		if y := cells.Floats[r]; !cells.Null[r] && (y < q[0]-width || y > q[2]+width) && math.Abs(y-q[1]) > far {
			bad[r] = true
		}
	}
}

// shareOf returns the share of x that is true.
func shareOf(x []bool) float64 {
	n := 0
	for _, b := range x {
		if b {
			n++
		}
	}
	return float64(n) / float64(max(1, len(x)))
}

// scatteredNulls measures the share of rows whose nulls came over the row as a
// whole: how many more rows are complete than if every column lacked its cells by
// itself, as far as the others lack cells in combinations of columns that hardly
// another row shares. Where columns lack their cells together by design (a part of a
// questionnaire), few combinations repeat.
func (v *view) scatteredNulls() measurement {
	m := measurement{name: "null_bursts"}
	c := v.data.codes
	complete := 1.0
	var slots []int
	for j := range c.D {
		if p := codeShares(c, j)[0]; p < 0.5 {
			slots = append(slots, j)
			complete *= 1 - p
		}
	}
	patterns := map[uint64]int{}
	whole, lacking := 0.0, 0.0
	hashes := make([]uint64, 0, c.N)
	for i := range c.N {
		h, nulls := uint64(0), 0
		row := c.Row(i)
		for _, j := range slots {
			if row[j] == 0 {
				h += mix(uint64(j) + 1)
				nulls++
			}
		}
		if nulls == 0 {
			whole++
			continue
		}
		lacking++
		if nulls >= 2 {
			patterns[h]++
			hashes = append(hashes, h)
		}
	}
	if lacking == 0 {
		m.add(0, 0)
		return m
	}
	rare := 0.0
	for _, h := range hashes {
		if float64(patterns[h]) < max(2, 0.05*lacking) {
			rare++
		}
	}
	n := float64(c.N)
	m.add(max(0, min(whole/n-complete, lacking/n))*rare/lacking, 0)
	m.reason = fmt.Sprintf("%.1f %% of the rows lack several cells at once, in ever other columns, more than independent nulls would make", 100*m.value[0])
	return m
}

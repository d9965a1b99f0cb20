// Package table makes the tables of the benchmarks of speed, and writes them as
// files of several formats, row by row.
package table

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// kind is what a column holds.
type kind int

const (
	boolean kind = iota
	date
	float
	integer
	category
)

const (
	factors   = 4    // unseen causes that correlate the columns
	nullShare = 0.02 // of all cells
)

// column is one column of a table: a mix of the factors and of chance of its
// own, given the form of its kind.
type column struct {
	name   string
	kind   kind
	mix    [factors]float64 // weights of the factors; with own, of length 1
	own    float64
	offset float64
	scale  float64
	skewed bool     // float: log-normal
	levels []string // category
}

// Table is a table that is made row by row, so that it never stands in memory.
type Table struct {
	rows    int
	columns []column // in the order of their names
	seed    uint64
}

// cell is one value; number holds seconds since 1970 of a date, 0 or 1 of a boolean.
type cell struct {
	null   bool
	number float64
	text   string // category
}

// New returns a table whose columns depend only on how many there are, and
// whose rows on the seed: two seeds give two samples of the same population.
func New(rows, cols int, seed uint64) *Table {
	t := &Table{rows: rows, seed: seed}
	some := func(share float64) int { return max(1, int(math.Round(share*float64(cols)))) }
	integers, categories, dates, booleans := some(0.16), some(0.10), some(0.02), some(0.02)
	rng := rand.New(rand.NewPCG(1, 0))
	for _, k := range []struct {
		kind  kind
		name  string
		count int
	}{
		{boolean, "bool", booleans}, {date, "date", dates}, {float, "float", cols - integers - categories - dates - booleans},
		{integer, "int", integers}, {category, "string", categories},
	} {
		for i := range k.count {
			t.columns = append(t.columns, newColumn(fmt.Sprintf("%s_%04d", k.name, i), k.kind, i, rng))
		}
	}
	return t
}

func newColumn(name string, k kind, i int, rng *rand.Rand) column {
	c := column{name: name, kind: k, own: 0.6, offset: 100 * rng.NormFloat64(), scale: math.Exp(rng.NormFloat64()), skewed: i%3 == 2}
	length := 0.0
	for f := range c.mix {
		c.mix[f] = rng.NormFloat64()
		length += c.mix[f] * c.mix[f]
	}
	for f := range c.mix {
		c.mix[f] *= math.Sqrt((1 - c.own*c.own) / length)
	}
	if k == category {
		for l := range []int{4, 12, 50, 200, 1000}[i%5] {
			c.levels = append(c.levels, fmt.Sprintf("level-%d", l))
		}
	}
	return c
}

// each calls yield with every row in order; the cells are reused.
func (t *Table) each(yield func(row []cell) error) error {
	rng := rand.New(rand.NewPCG(t.seed, 1))
	row := make([]cell, len(t.columns))
	var cause [factors]float64
	for range t.rows {
		for f := range cause {
			cause[f] = rng.NormFloat64()
		}
		for j := range t.columns {
			row[j] = t.columns[j].draw(&cause, rng)
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}

var firstDay = float64(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Unix())

// draw makes one cell.
func (c *column) draw(cause *[factors]float64, rng *rand.Rand) cell {
	z := c.own * rng.NormFloat64()
	for f, w := range c.mix {
		z += w * cause[f]
	}
	if rng.Float64() < nullShare {
		return cell{null: true}
	}
	switch c.kind {
	case boolean:
		if z > 0.5 {
			return cell{number: 1}
		}
		return cell{}
	case date:
		return cell{number: firstDay + 86400*math.Round(200*z)}
	case integer:
		return cell{number: math.Round(50 + 15*z)}
	case category:
		share := math.Erfc(-z/math.Sqrt2) / 2 // uniform from 0 to 1
		return cell{text: c.levels[min(len(c.levels)-1, int(share*share*float64(len(c.levels))))]}
	}
	if c.skewed {
		z = math.Exp(z)
	}
	return cell{number: math.Round(1e5*(c.offset+c.scale*z)) / 1e5}
}

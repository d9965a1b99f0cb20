package demo

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/dataset"
)

const (
	maxBins   = 16 // of a numerical column
	maxLevels = 24 // of a text column, as far as other columns depend on it
)

// codec turns the cells of a column into small integers and back. Code 0 is
// null, the others are bins (numbers) or levels (strings).
type codec struct {
	bins   []bin    // numbers
	day    bool     // numbers are days, in seconds
	whole  bool     // numbers are integers
	levels []string // strings, the most frequent first
	text   bool     // strings are sentences; a level is the first of them, the last code is any other
}

// bin is a range of numbers and how those in it are spread.
type bin struct {
	low, high float64 // the least and the greatest number seen
	mean, sd  float64
}

// newCodec fits a codec to the cells of v.
func newCodec(f dataset.Field, v *dataset.Vector) codec {
	if f.Type.Numeric() {
		return codec{bins: newBins(v), day: f.Type == dataset.Time, whole: f.Integer || f.Type == dataset.Bool}
	}
	c := codec{text: f.Kind == dataset.Text}
	counts := make(map[string]int)
	for i, s := range v.Strings {
		if !v.Null[i] {
			counts[c.level(s)]++
		}
	}
	for s := range counts {
		c.levels = append(c.levels, s)
	}
	slices.SortFunc(c.levels, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	if c.text && len(c.levels) > maxLevels {
		c.levels = c.levels[:maxLevels]
	}
	return c
}

// newBins cuts the numbers of v into at most maxBins bins of about equally many,
// never between equal numbers.
func newBins(v *dataset.Vector) []bin {
	var x []float64
	for i := range v.Floats {
		if !v.Null[i] {
			x = append(x, v.Floats[i])
		}
	}
	slices.Sort(x)
	var bins []bin
	for start := 0; start < len(x); {
		left := maxBins - len(bins)
		end := min(len(x), start+max(1, (len(x)-start)/left))
		for end < len(x) && (left == 1 || x[end] == x[end-1]) {
			end++
		}
		bins = append(bins, newBin(x[start:end]))
		start = end
	}
	return bins
}

func newBin(x []float64) bin {
	b := bin{low: x[0], high: x[len(x)-1]}
	for _, v := range x {
		b.mean += v / float64(len(x))
	}
	for _, v := range x {
		b.sd += (v - b.mean) * (v - b.mean) / float64(len(x))
	}
	b.sd = math.Sqrt(b.sd)
	return b
}

// size returns the number of codes.
func (c *codec) size() int {
	n := 1 + len(c.bins) + len(c.levels)
	if c.text {
		n++
	}
	return n
}

// level returns what a string is coded by.
func (c *codec) level(s string) string {
	if c.text {
		return sentences(s)[0]
	}
	return s
}

// encode returns the code of every cell of v, the column that c was fitted to.
func (c *codec) encode(v *dataset.Vector) []int {
	index := make(map[string]int, len(c.levels))
	for i, s := range c.levels {
		index[s] = i + 1
	}
	codes := make([]int, len(v.Null))
	for i := range codes {
		switch {
		case v.Null[i]:
		case c.bins != nil:
			b, _ := slices.BinarySearchFunc(c.bins, v.Floats[i], func(b bin, x float64) int { return cmp.Compare(b.high, x) })
			codes[i] = b + 1
		default:
			code, ok := index[c.level(v.Strings[i])]
			if !ok {
				code = len(c.levels) + 1
			}
			codes[i] = code
		}
	}
	return codes
}

// decode writes a cell with the given code to row i of v: null, a number drawn
// from the bin, or the level. Of a text it writes only whether it is null.
func (c *codec) decode(rng *rand.Rand, code int, v *dataset.Vector, i int) {
	switch {
	case code == 0:
		v.Null[i] = true
	case c.bins != nil:
		b := &c.bins[code-1]
		x := min(b.high, max(b.low, b.mean+temperature*b.sd*rng.NormFloat64()))
		switch {
		case c.day:
			x = math.Round(x/day) * day
		case c.whole:
			x = math.Round(x)
		default:
			x = cents(x)
		}
		v.Floats[i] = x
	case !c.text:
		v.Strings[i] = c.levels[code-1]
	}
}

package comparison

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/verdict"
)

const (
	maxBins    = 24  // of a number or a time
	maxLevels  = 12  // levels with a bin of their own
	crowded    = 0.4 // share of the values in the first bin from which the picture is flat
	otherLevel = "(other levels)"
	newLevel   = "(new levels)"
)

// bins assigns the cells of a column to bins that were fitted on one side.
type bins struct {
	edges  []float64      // of numbers, times and lengths: len(edges)-1 bins, the outer ones open
	levels []string       // of categories
	index  map[string]int // level -> bin; levels beyond maxLevels lead to the bin of the others
	words  bool           // cells are texts, counted in words
}

// fitBins makes the bins of a column from v, which has a value.
func fitBins(f dataset.Field, v *dataset.Vector) *bins {
	switch {
	case f.Kind == dataset.Text && f.Type == dataset.String:
		var counts []float64
		for i, s := range v.Strings {
			if !v.Null[i] {
				counts = append(counts, wordCount(s))
			}
		}
		return &bins{edges: edges(counts, true), words: true}
	case nominal(f):
		return fitLevels(f, v)
	}
	var values []float64
	for i, x := range v.Floats {
		if !v.Null[i] && !math.IsNaN(x) && !math.IsInf(x, 0) {
			values = append(values, x)
		}
	}
	return &bins{edges: edges(values, f.Integer && f.Type == dataset.Float)}
}

func nominal(f dataset.Field) bool {
	return f.Type == dataset.String || f.Type == dataset.Bool || f.Kind == dataset.Categorical || f.Kind == dataset.Boolean
}

func wordCount(s string) float64 { return float64(len(strings.Fields(s))) }

// trims are the shares of the values that may lie beyond the outer edges, on
// each side: the first with which no bin holds most of the values. A few outliers,
// or a long tail, must not flatten the picture.
var trims = []float64{0.005, 0.02, 0.05, 0.10}

// edges returns the edges of at most maxBins bins of equal width over the bulk
// of values. Bins of whole numbers hold equally many of them. It sorts values.
func edges(values []float64, whole bool) []float64 {
	if len(values) == 0 {
		return []float64{0, 1}
	}
	slices.Sort(values)
	n := float64(len(values) - 1)
	if values[0] == values[len(values)-1] {
		half := max(0.5, math.Abs(values[0])/2)
		return []float64{values[0] - half, values[0] + half}
	}
	for _, trim := range trims {
		low, high := values[int(trim*n)], values[int(math.Ceil((1-trim)*n))]
		if low == high {
			break
		}
		out := evenly(low, high, whole)
		if first := sort.SearchFloat64s(values, out[1]); trim == trims[len(trims)-1] || float64(first) < crowded*n {
			return out
		}
	}
	return evenly(values[0], values[len(values)-1], whole)
}

// evenly returns the edges of bins of equal width from low to high.
func evenly(low, high float64, whole bool) []float64 {
	count, width := maxBins, (high-low)/maxBins
	if whole {
		width = max(1, math.Ceil((high-low+1)/maxBins))
		count = int(math.Ceil((high - low + 1) / width))
	}
	out := make([]float64, count+1)
	for i := range out {
		out[i] = low + float64(i)*width
	}
	return out
}

func fitLevels(f dataset.Field, v *dataset.Vector) *bins {
	count := map[string]int{}
	for i := range v.Null {
		if !v.Null[i] {
			count[level(f, v, i)]++
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	b := &bins{index: make(map[string]int, len(names))}
	own := len(names)
	if own > maxLevels {
		own = maxLevels - 1
	}
	for k, name := range names {
		b.index[name] = min(k, own)
	}
	for _, name := range names[:own] {
		b.levels = append(b.levels, clip(name))
	}
	if own < len(names) {
		b.levels = append(b.levels, otherLevel)
	}
	b.levels = append(b.levels, newLevel)
	return b
}

// level returns cell i as its level is called.
func level(f dataset.Field, v *dataset.Vector, i int) string {
	switch {
	case v.Strings != nil:
		return v.Strings[i]
	case f.Type == dataset.Bool:
		return strconv.FormatBool(v.Floats[i] != 0)
	case f.Type == dataset.Time:
		return showTime(v.Floats[i])
	}
	return strconv.FormatFloat(v.Floats[i], 'g', -1, 64)
}

func (b *bins) count() int {
	if b.levels != nil {
		return len(b.levels)
	}
	return len(b.edges) - 1
}

// of returns the bin of cell i of v, which is not null.
func (b *bins) of(f dataset.Field, v *dataset.Vector, i int) int {
	if b.levels != nil {
		if k, known := b.index[level(f, v, i)]; known {
			return k
		}
		return len(b.levels) - 1
	}
	var x float64
	if b.words {
		x = wordCount(v.Strings[i])
	} else {
		x = v.Floats[i]
	}
	inner := b.edges[1 : len(b.edges)-1]
	return sort.Search(len(inner), func(k int) bool { return x < inner[k] })
}

func numbers(x []float64) []verdict.Number {
	out := make([]verdict.Number, len(x))
	for i, v := range x {
		out[i] = verdict.Number(v)
	}
	return out
}

// clip returns s cut to maxText characters.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText-1]) + "…"
}

func showTime(x float64) string {
	if !(math.Abs(x) < 1e11) {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	t := time.Unix(int64(math.Floor(x)), 0).UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

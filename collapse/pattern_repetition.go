package collapse

import (
	"fmt"

	"synthos/stats"
)

var patternRepetition = Dimension{
	Name:      "pattern_repetition",
	About:     "rows repeat each other: exactly, nearly, or by a template",
	Reference: measureRepetition,
	Self:      selfRepetition,
}

func measureRepetition(v *view) ([]measurement, error) {
	exact := measurement{name: "duplicate_rows"}
	if w := v.in.Whole; w != nil {
		exact.add(w.Repeats, w.UsualRepeats)
	} else {
		data, ref := v.hashed()
		n := min(len(data), len(ref))
		exact.add(repeats(data[:n]), repeats(ref[:n]))
	}
	exact.reason = fmt.Sprintf("%.1f %% of the rows repeat an earlier row exactly (%.1f %% in the reference)", 100*exact.value[0], 100*exact.floor[0])

	w, err := v.nearest()
	if err != nil {
		return nil, err
	}
	unit := medianPositive(w.refRef)
	near := measurement{name: "near_duplicates"}
	near.add(spike(scaled(w.dataData, unit)), spike(scaled(w.refRef, unit)))
	near.reason = fmt.Sprintf("%.1f %% of the rows are near duplicates of another (%.1f %% in the reference)", 100*near.value[0], 100*near.floor[0])
	paired := measurement{name: "paired_rows"}
	paired.add(pairedShare(w.dataData, w.dataNext), pairedShare(w.refRef, w.refNext))
	paired.reason = fmt.Sprintf("%.1f %% of the rows are far nearer to one other row than to any third (%.1f %% in the reference)", 100*paired.value[0], 100*paired.floor[0])
	out := append(textRepetition(v), exact, near, paired)
	if m := v.agreeingRows(w); len(m.value) > 0 {
		out = append(out, m)
	}
	alike, err := v.templateRows()
	if err != nil {
		return nil, err
	}
	return append(out, alike), nil
}

// spikes are the widths at which spike looks.
var spikes = []float64{0.02, 0.05, 0.1}

// spike returns how much mass of x >= 0 lies at and close above 0 beyond a
// smooth density: the largest of P(x < t) - P(t <= x < 2t). Rows that were
// copied, exactly or with a little noise, make a spike; rows that lie between
// others, however densely, do not.
func spike(x []float64) float64 {
	most := 0.0
	for _, t := range spikes {
		inner, next := 0, 0
		for _, v := range x {
			switch {
			case v < t:
				inner++
			case v < 2*t:
				next++
			}
		}
		most = max(most, float64(inner-next)/float64(len(x)))
	}
	return most
}

func scaled(x []float32, unit float64) []float64 {
	out := make([]float64, len(x))
	for i, d := range x {
		if unit > 0 {
			out[i] = float64(d) / unit
		}
	}
	return out
}

// pairedRatio is how much nearer the nearest row must be than the second nearest.
const pairedRatio = 0.3

// pairedShare returns the share of rows whose nearest row is less than
// pairedRatio as far as the second nearest, and apart from it. In m dimensions
// the ratio r of a smooth density is that small for r^m of the rows.
func pairedShare(first, second []float32) float64 {
	n := 0
	for i, d := range first {
		if d > 0 && d < pairedRatio*second[i] {
			n++
		}
	}
	return float64(n) / float64(len(first))
}

// repeats returns the share of hashes that stood before.
func repeats(hashes []uint64) float64 {
	seen := make(map[uint64]bool, len(hashes))
	for _, h := range hashes {
		seen[h] = true
	}
	return 1 - float64(len(seen))/float64(len(hashes))
}

// medianPositive returns the median of the distances that are not 0, or 0.
func medianPositive(x []float32) float64 { return positiveQuantile(x, 0.5) }

// positiveQuantile returns a quantile of the distances that are not 0, or 0.
func positiveQuantile(x []float32, q float64) float64 {
	var p []float64
	for _, d := range x {
		if d > 0 {
			p = append(p, float64(d))
		}
	}
	if len(p) == 0 {
		return 0
	}
	return stats.Quantile(p, q)
}

func shareUpTo(x []float32, limit float64) float64 {
	n := 0
	for _, d := range x {
		if float64(d) <= limit {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

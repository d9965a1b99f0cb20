package collapse

import (
	"fmt"
	"math"

	"synthos/stats"
)

// agreeingRows measures the share of rows that are copies of another with a little
// noise. Such a copy is near its original, and keeps some cells as they are: it
// agrees with its nearest row in more cells, exactly, than all but 2 % of the
// reference rows do. That two rows agree in a rare value tells more than that they agree
// in a frequent one, so agreement counts in bits, the sum of -log2 of the shares of
// the values that both have, as in the matching of records (Fellegi & Sunter, JASA
// 64, 1969). Generators that put rows together from cells of others agree as much,
// but are not as near.
func (v *view) agreeingRows(w *nearest) measurement {
	const nearer = 0.35 // of the median distance to the nearest row
	m := measurement{name: "agreeing_rows"}
	data, ref := v.agreement(v.data, w.dataPair), v.agreement(v.ref, w.refPair)
	if len(ref) < 10*MinRows {
		return m
	}
	half := len(ref) / 2
	limit, width := stats.Quantile(ref[:half], 0.98), nearer*medianPositive(w.refRef)
	share := func(bits []float64, distance []float32) float64 {
		n := 0
		for i, b := range bits {
			if b > limit && float64(distance[i]) < width {
				n++
			}
		}
		return float64(n) / float64(len(bits))
	}
	m.add(share(data, w.dataData), share(ref[half:], w.refRef[half:]))
	m.reason = fmt.Sprintf("%.1f %% of the rows are near another row and agree with it in more cells, or in rarer values, than all but 2 %% of the reference rows do", 100*m.value[0])
	return m
}

// agreement returns the bits that each pair of rows of p agrees in.
func (v *view) agreement(p *part, pairs [][2]int) []float64 {
	bits := make([]float64, len(pairs))
	n := float64(len(pairs))
	for i := range v.space.Columns {
		cells := v.cells(p, i)
		if cells.Floats != nil {
			addBits(bits, pairs, cells.Null, cells.Floats, n)
		} else {
			addBits(bits, pairs, cells.Null, cells.Strings, n)
		}
	}
	return bits
}

func addBits[T comparable](bits []float64, pairs [][2]int, null []bool, cells []T, n float64) {
	count, nulls := make(map[T]float64, len(pairs)/4), 0.0
	for _, p := range pairs {
		if null[p[0]] {
			nulls++
		} else {
			count[cells[p[0]]]++
		}
	}
	for k, p := range pairs {
		switch {
		case null[p[0]] != null[p[1]]:
		case null[p[0]]:
			bits[k] -= math.Log2(nulls / n)
		case cells[p[0]] == cells[p[1]]:
			bits[k] -= math.Log2(count[cells[p[0]]] / n)
		}
	}
}

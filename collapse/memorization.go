package collapse

import (
	"fmt"
	"math"
)

var memorization = Dimension{
	Name:      "memorization",
	About:     "rows are copies, or near copies, of real rows",
	Reference: measureMemorization,
	Self:      selfMemorization,
}

func measureMemorization(v *view) ([]measurement, error) {
	exact := measurement{name: "exact_copies"}
	if w := v.in.Whole; w != nil {
		exact.add(w.Copies, w.UsualCopies)
	} else {
		exact.add(v.copies())
	}
	exact.reason = fmt.Sprintf("%.1f %% of the rows are copies of reference rows (%.1f %% of the reference rows repeat another)", 100*exact.value[0], 100*exact.floor[0])

	w, err := v.nearest()
	if err != nil {
		return nil, err
	}
	near := measurement{name: "near_copies"}
	near.add(spike(ratios(w.dataRef, w.dataMatch)), spike(ratios(w.refOther, w.refOtherToo)))
	near.reason = fmt.Sprintf("%.1f %% of the rows are copies or near copies of reference rows (%.1f %% of real rows)", 100*near.value[0], 100*near.floor[0])
	return append(append(textCopies(v), exact, near), v.trainingGap()...), nil
}

// copies returns the share of rows of the data's sample that stand in the
// reference's, and the share of those that stand in it twice.
func (v *view) copies() (copied, own float64) {
	data, ref := v.hashed()
	count := map[uint64]int{}
	for _, h := range ref {
		count[h]++
	}
	for _, h := range data {
		if count[h] > 0 {
			copied++
		}
	}
	for _, h := range ref {
		if count[h] > 1 {
			own++
		}
	}
	return copied / float64(len(data)), own / float64(len(ref))
}

// ratios returns how far each row is from its reference row, relative to how far
// that one is from its nearest other (authenticity, Alaa et al., ICML 2022). A
// row at a reference row that has a twin counts as far: it needs no copying.
func ratios(distance, room []float32) []float64 {
	out := make([]float64, len(distance))
	for i, d := range distance {
		out[i] = math.Inf(1)
		if room[i] > 0 {
			out[i] = float64(d / room[i])
		}
	}
	return out
}

// trainingGap measures by how much more the networks learn the data by heart
// than the reference: the excess of the held-out over the training loss.
func (v *view) trainingGap() []measurement {
	if v.in.Networks == nil {
		return nil
	}
	d, r := v.in.Networks.Gap()
	if math.IsNaN(d) || math.IsNaN(r) {
		return nil
	}
	m := measurement{name: "training_gap"}
	m.add(max(0, d), max(0, r))
	m.reason = fmt.Sprintf("networks learn the data by heart: held-out loss exceeds training loss by %.2f nats a cell, on the reference by %.2f", d, r)
	return []measurement{m}
}

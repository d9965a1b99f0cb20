package collapse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

	out := append(textCopies(v), exact)
	near, err := v.nearCopies()
	if err != nil {
		return nil, err
	}
	out = append(out, measured(near)...)
	return append(out, v.trainingGap()...), nil
}

// leastKnown is the least share of the reference file that copies are looked up
// among: what is found there stands for what stands in all of it.
const leastKnown = 0.02

// nearCopies measures the share of rows that are far nearer to a reference row than
// real rows are to each other.
func (v *view) nearCopies() (measurement, error) {
	m := measurement{name: "near_copies"}
	known := 1.0
	if all := float64(v.in.ReferenceRows); all > 0 {
		known = min(1, float64(v.ref.n())/all)
	}
	if known < leastKnown {
		return m, nil
	}
	data, real, err := v.copyRatios()
	if err != nil {
		return m, err
	}
	m.add(min(1, spike(data)/known), min(1, spike(real)/known))
	m.reason = fmt.Sprintf("%.1f %% of the rows are copies or near copies of reference rows (%.1f %% of real rows)", 100*m.value[0], 100*m.floor[0])
	return m, nil
}

// copyRatios returns how far rows of the data are from their reference row, and
// reference rows from their nearest other, as ratios says.
func (v *view) copyRatios() (data, real []float64, err error) {
	rng := rand.New(rand.NewPCG(v.in.Seed, 0xc0b1))
	all := v.ref.features
	// Of each row, named by its index, the distance to its nearest other row but one, and which it is.
	nearestBut := func(rows, but []int, lookUp finder) (dist []float32, which []int, err error) {
		idx, d, err := lookUp(all.Take(rows), all, 3, false)
		for i := range rows {
			for k := 3 * i; k < 3*i+3; k++ {
				if other := int(idx[k]); other != rows[i] && other != but[i] {
					dist, which = append(dist, d[k]), append(which, other)
					break
				}
			}
		}
		return dist, which, err
	}
	nobody := func(n int) []int { return slices.Repeat([]int{-1}, n) }
	q := v.data.features.Take(choose(rng, v.data.n(), min(v.data.n(), v.effort.copies)))
	idx, dist, err := v.lookUp(q, all, 1, false)
	if err != nil {
		return nil, nil, err
	}
	match := make([]int, len(idx))
	for i, j := range idx {
		match[i] = int(j)
	}
	room, _, err := nearestBut(match, nobody(len(match)), v.lookUp)
	if err != nil {
		return nil, nil, err
	}
	r := choose(rng, v.ref.n(), min(v.ref.n(), v.effort.copies))
	other, which, err := nearestBut(r, nobody(len(r)), v.known)
	if err != nil {
		return nil, nil, err
	}
	roomToo, _, err := nearestBut(which, r, v.known)
	if err != nil {
		return nil, nil, err
	}
	return ratios(dist, room), ratios(other, roomToo), nil
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

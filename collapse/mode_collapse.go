package collapse

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"synthos/cache"
	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

var modeCollapse = Dimension{
	Name:      "mode_collapse",
	About:     "whole kinds of rows, levels or values of the real data are missing",
	Reference: measureModes,
	Self:      selfModes,
}

// modes are the micro-clusters of the reference in the encoded space.
type modes struct {
	k         int
	data, ref []int32 // the cluster of each row
}

// clusters finds about sqrt(m) micro-clusters of the reference by k-means and
// assigns every row of both sides to the nearest (NDB, Richardson & Weiss,
// NeurIPS 2018).
func (v *view) clusters() (*modes, error) {
	return v.modes.get(v.findClusters)
}

func (v *view) findClusters() (*modes, error) {
	n := v.rows()
	k := max(2, min(64, int(math.Sqrt(float64(n)))))
	fit := v.ref.features.Take(v.splits[0].a)
	key := func() *cache.Key {
		key := cache.NewContentKey("clusters")
		for _, n := range []int{fit.N, fit.D, k} {
			key.Number(uint64(n))
		}
		key.Number(v.in.Seed)
		key.Floats(fit.Data)
		return key
	}
	centroids, err := cache.Recall(v.in.Memory, key, func() ([]float32, error) {
		centroids, _ := stats.KMeans(fit.Data, fit.N, fit.D, k, v.in.Seed, 10)
		return centroids, nil
	})
	if err != nil {
		return nil, err
	}
	k = len(centroids) / fit.D
	assign := func(f *encode.Features, lookUp finder) ([]int32, error) {
		idx, _, err := lookUp(f, &encode.Features{N: k, D: f.D, Data: centroids}, 1, false)
		return idx, err
	}
	m := &modes{k: k}
	if m.data, err = assign(v.data.features, v.lookUp); err != nil {
		return nil, err
	}
	if m.ref, err = assign(v.ref.features, v.known); err != nil {
		return nil, err
	}
	return m, nil
}

func shares(of []int32, rows []int, k int) []float64 {
	out := make([]float64, k)
	for _, i := range rows {
		out[of[i]] += 1 / float64(len(rows))
	}
	return out
}

// lost returns the mass of q that p has abandoned: what p holds less than a
// quarter of.
func lost(p, q []float64) float64 {
	sum := 0.0
	for i := range q {
		sum += max(0, q[i]-4*p[i])
	}
	return sum
}

// lostByChance returns the standard deviation of lost between a sample with the shares q and
// another of n rows of the same population, whose kinds of rows come by Poisson's law.
func lostByChance(q []float64, n int) float64 {
	variance := 0.0
	for _, share := range q {
		if mean := share * float64(n); mean > 0 {
			few := distuv.Poisson{Lambda: mean}.CDF(math.Ceil(mean/4) - 1) // less than a quarter
			variance += share * share * few * (1 - few)
		}
	}
	return math.Sqrt(variance)
}

func measureModes(v *view) ([]measurement, error) {
	m, err := v.clusters()
	if err != nil {
		return nil, err
	}
	abandoned := measurement{name: "abandoned_modes"}
	effective := measurement{name: "effective_modes_lost"}
	levels := measurement{name: "values_lost"}
	columns := newColumnwise(len(v.space.Slots))
	for _, s := range v.splits {
		d, a, b := shares(m.data, s.d, m.k), shares(m.ref, s.a, m.k), shares(m.ref, s.b, m.k)
		abandoned.add(lost(d, a), lost(b, a))
		abandoned.chance += 2 * lostByChance(a, min(len(s.d), len(s.b))) / float64(len(v.splits))
		whole := math.Exp(stats.Entropy(a))
		effective.add(max(0, 1-math.Exp(stats.Entropy(d))/whole), max(0, 1-math.Exp(stats.Entropy(b))/whole))
		dc, ac, bc := v.data.codes.Take(s.d), v.ref.codes.Take(s.a), v.ref.codes.Take(s.b)
		for j := range v.space.Slots {
			q := codeShares(ac, j)
			columns.add(j, lost(codeShares(dc, j), q), lost(codeShares(bc, j), q))
		}
	}
	columns.worst(&levels, func(int) bool { return true })
	perSlot := columns.excess()
	v.lostLevels(&levels, perSlot)
	abandoned.reason = fmt.Sprintf("kinds of rows that make up %.0f %% of the reference are (nearly) missing", 100*mean(abandoned.value))
	v.nameRegions(&abandoned)
	effective.reason = fmt.Sprintf("the rows concentrate on few kinds: %.0f %% fewer effective modes than in the reference", 100*mean(effective.value))
	top := byDescending(perSlot)[0]
	levels.reason = fmt.Sprintf("values that make up %.0f %% of %s in the reference are (nearly) missing", 100*perSlot[top], v.columnOf(top))
	return []measurement{abandoned, effective, levels}, nil
}

// lostLevels names the levels and ranges that the data abandoned.
func (v *view) lostLevels(m *measurement, perSlot []float64) {
	for _, j := range byDescending(perSlot)[:min(3, len(perSlot))] {
		if perSlot[j] < 0.02 {
			return
		}
		p, q := codeShares(v.data.codes, j), codeShares(v.ref.codes, j)
		worst := 0
		for code := range q {
			if q[code]-4*p[code] > q[worst]-4*p[worst] {
				worst = code
			}
		}
		m.contributors = append(m.contributors, verdict.Contributor{
			Columns: []string{v.columnOf(j)},
			Detail:  fmt.Sprintf("lost: %s, %.1f %% of the reference, %.1f %% here", v.space.Level(j, uint16(worst)), 100*q[worst], 100*p[worst]),
			Damage:  verdict.Number(perSlot[j] / scaleOf(ReferenceMode, m.name).PerDamage),
		})
	}
}

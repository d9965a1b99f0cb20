package cascade

import (
	"math"

	"synthos/linalg"
	"synthos/stats"
	"synthos/verdict"
)

// rankMe returns the effective rank of n states, n*d row-major: exp of the
// entropy of their normalized singular values, 1 to min(n, d); NaN if all are
// zero or one is not finite.
//
// Source: Garrido et al., arXiv:2210.02885. The squares of the singular values
// are the eigenvalues of the smaller of the two Gram matrices.
func rankMe(kernels *linalg.Kernels, states []float32, n, d int) float64 {
	k := min(n, d)
	gram := make([]float32, k*k)
	if d <= n {
		kernels.TN(d, d, n, states, d, states, d, gram, d, false)
	} else {
		kernels.NT(n, n, d, states, d, states, d, gram, n, false)
	}
	wide := make([]float64, k*k)
	for i, x := range gram {
		wide[i] = float64(x)
	}
	values := stats.SymmetricEigenvalues(wide, k)
	// Rounding leaves traces in the place of zeros, and the square root makes
	// them large: float32 products of size |largest| are exact to about 1e-6.
	for i, v := range values {
		if v <= 1e-6*values[0] {
			v = 0
		}
		values[i] = math.Sqrt(v)
	}
	return stats.EffectiveRank(values)
}

// tiers summarizes the trainings by tier, in the order of the members.
func (c *Cascade) tiers() []verdict.TierTraining {
	var out []verdict.TierTraining
	var members [][]*verdict.Training
	for i := range c.Members {
		t := &c.Members[i].Training
		if len(out) == 0 || out[len(out)-1].Tier != t.Tier {
			out, members = append(out, verdict.TierTraining{Tier: t.Tier, Parameters: t.Parameters}), append(members, nil)
		}
		of := &out[len(out)-1]
		of.Networks++
		of.Seconds += t.Seconds
		if t.Diverged {
			of.Diverged++
			continue
		}
		members[len(members)-1] = append(members[len(members)-1], t)
	}
	for i, ms := range members {
		over := func(of func(t *verdict.Training) verdict.Number) verdict.Spread {
			var x []float64
			for _, t := range ms {
				if v := float64(of(t)); !math.IsNaN(v) && !math.IsInf(v, 0) {
					x = append(x, v)
				}
			}
			mean, variance := stats.MeanVar(x)
			return verdict.Spread{Mean: verdict.Number(mean), SD: verdict.Number(math.Sqrt(variance))}
		}
		t := &out[i]
		t.TrainLoss = over(func(t *verdict.Training) verdict.Number { return t.FinalTrainLoss })
		t.HeldOutLoss = over(func(t *verdict.Training) verdict.Number { return t.FinalHeldOutLoss })
		t.MemorizationGap = over(func(t *verdict.Training) verdict.Number { return t.MemorizationGap })
		t.GradientNoise = over(func(t *verdict.Training) verdict.Number { return t.GradientNoise })
		t.GradientConflict = over(func(t *verdict.Training) verdict.Number { return t.GradientConflict })
		t.HiddenRank = over(func(t *verdict.Training) verdict.Number { return t.HiddenRank })
	}
	return out
}

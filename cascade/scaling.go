package cascade

import (
	"math"
	"math/rand/v2"

	"synthos/stats"
	"synthos/verdict"
)

const (
	scalingResamples = 400
	scalingSeed      = 0x7363616c65
	leastLoss        = 1e-4 // nats a cell; below it there is nothing left to learn
)

// largerBy are the sizes, in base networks, whose loss is predicted.
var largerBy = []int{10, 100}

// A size is the held-out losses of the networks of one tier.
type size struct {
	parameters int
	losses     []float64
}

// scaling fits a power law to the held-out losses of the networks. The interval
// comes from drawing the networks of each tier again with replacement.
//
// Source: Kaplan et al., arXiv:2001.08361, equation 1.1, without their constant
// that makes the base of the power dimensionless. An irreducible loss, as in
// Hoffmann et al., arXiv:2203.15556, cannot be told from three sizes.
//
// Larger networks learn more only from more rows, so none is fitted where all saw as many.
func (c *Cascade) scaling() *verdict.Scaling {
	if !c.sawMore() {
		return noScaling("networks of all sizes saw as many rows, from which larger ones learn no more: the presets cpu and full show larger ones more, of tables with enough rows")
	}
	var sizes []size
	for i := range c.Members {
		t := &c.Members[i].Training
		if t.Diverged || math.IsNaN(float64(t.FinalHeldOutLoss)) {
			continue
		}
		if n := len(sizes); n == 0 || sizes[n-1].parameters != t.Parameters {
			sizes = append(sizes, size{parameters: t.Parameters})
		}
		s := &sizes[len(sizes)-1]
		s.losses = append(s.losses, float64(t.FinalHeldOutLoss))
	}
	return fitScaling(sizes)
}

// sawMore reports whether larger networks were trained on more rows, repeats counted, than
// smaller ones.
func (c *Cascade) sawMore() bool {
	p, most := presetOf(c.Preset), mostEpochs*c.RowsTrained
	if c.visits != p.tiers[0].visits {
		return false // the same number was asked of all
	}
	for i := 1; i < len(p.tiers); i++ {
		if min(p.tiers[i].visits, most) <= min(p.tiers[i-1].visits, most) {
			return false
		}
	}
	return true
}

// noScaling says why there is no fit.
func noScaling(why string) *verdict.Scaling {
	unknown := verdict.Number(math.NaN())
	return &verdict.Scaling{Exponent: unknown, Interval: verdict.Interval{Low: unknown, High: unknown}, NullReason: why}
}

func fitScaling(sizes []size) *verdict.Scaling {
	if len(sizes) < 3 {
		return noScaling("networks of three sizes that did not diverge are needed")
	}
	for _, s := range sizes {
		for _, l := range s.losses {
			if l < leastLoss {
				return noScaling("the loss is nearly zero at a size already: the columns follow from each other")
			}
		}
	}
	mean := func(s size) []float64 { return s.losses }
	exponent, intercept := powerLaw(sizes, mean)
	largest := sizes[len(sizes)-1].parameters
	out := &verdict.Scaling{Exponent: verdict.Number(exponent)}
	exponents := make([]float64, scalingResamples)
	losses := make([][]float64, len(largerBy))
	for r := range exponents {
		rng := rand.New(rand.NewPCG(scalingSeed, uint64(r)))
		e, a := powerLaw(sizes, func(s size) []float64 {
			again := make([]float64, len(s.losses))
			for i := range again {
				again[i] = s.losses[rng.IntN(len(s.losses))]
			}
			return again
		})
		exponents[r] = e
		for k, times := range largerBy {
			losses[k] = append(losses[k], math.Exp(a-e*math.Log(float64(largest*times))))
		}
	}
	out.Interval = interval(exponents)
	for k, times := range largerBy {
		out.Predicted = append(out.Predicted, verdict.Predicted{
			Parameters: largest * times,
			Loss:       verdict.Number(math.Exp(intercept - exponent*math.Log(float64(largest*times)))),
			Interval:   interval(losses[k]),
		})
	}
	return out
}

// powerLaw fits ln(mean loss) = intercept - exponent ln(parameters) to the sizes
// by least squares; each counts as the mean of what draw returns for it.
func powerLaw(sizes []size, draw func(s size) []float64) (exponent, intercept float64) {
	x, y := make([]float64, len(sizes)), make([]float64, len(sizes))
	for i, s := range sizes {
		loss, _ := stats.MeanVar(draw(s))
		x[i], y[i] = math.Log(float64(s.parameters)), math.Log(loss)
	}
	slope, at := line(x, y)
	return -slope, at
}

// line returns slope and intercept of the least-squares line through (x, y).
func line(x, y []float64) (slope, intercept float64) {
	mx, _ := stats.MeanVar(x)
	my, _ := stats.MeanVar(y)
	var xy, xx float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
	}
	slope = xy / xx
	return slope, my - slope*mx
}

// interval returns where nine of ten values lie.
func interval(values []float64) verdict.Interval {
	low, high := stats.Interval(values, 0.9)
	return verdict.Interval{Low: verdict.Number(low), High: verdict.Number(high)}
}

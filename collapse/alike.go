package collapse

import (
	"fmt"
	"math"
	"slices"

	"synthos/cache"
	"synthos/encode"
	"synthos/templates"
)

const (
	templateTwins = templates.Twins // rows that a row must resemble to follow a template
	templateFloor = 0.02            // share of reference rows that may resemble so many so closely
)

// templateRows measures the share of rows that agree with at least templateTwins
// others in more columns than all but templateFloor of the reference rows do.
func (v *view) templateRows() (measurement, error) {
	m := measurement{name: "template_rows"}
	agree := 0.0
	for _, s := range v.splits[:v.effort.alikeOn] {
		a, err := v.usualDisagreements(v.ref.codes.Take(head(s.a, v.effort.alike)))
		if err != nil {
			return m, err
		}
		b, err := v.usualDisagreements(v.ref.codes.Take(head(s.b, v.effort.alike)))
		if err != nil {
			return m, err
		}
		d, err := v.disagreements(v.data.codes.Take(head(s.d, v.effort.alike)))
		if err != nil {
			return m, err
		}
		limit := -1.0
		for h := range len(v.space.Slots) {
			if shareWithin(a, float64(h)) > templateFloor {
				break
			}
			limit = float64(h)
		}
		m.add(shareWithin(d, limit-v.fitted()), shareWithin(b, limit))
		agree += (float64(len(v.space.Slots)) - limit) / float64(v.effort.alikeOn)
	}
	m.reason = fmt.Sprintf("%.1f %% of the rows agree with %d others in at least %.0f of %d columns (%.1f %% in the reference)",
		100*mean(m.value), templateTwins, agree, len(v.space.Slots), 100*mean(m.floor))
	return m, nil
}

// usualDisagreements is disagreements of rows that say nothing of the data: what comes out is kept.
func (v *view) usualDisagreements(c *encode.Codes) ([]float64, error) {
	key := func() *cache.Key {
		key := cache.NewContentKey("disagreements")
		addCodes(key, c)
		return key
	}
	return cache.Recall(v.in.Memory, key, func() ([]float64, error) { return v.disagreements(c) })
}

// addCodes adds c to the key of an outcome.
func addCodes(key *cache.Key, c *encode.Codes) {
	key.Number(uint64(c.N))
	key.Number(uint64(c.D))
	for j, card := range c.Cards {
		key.Number(uint64(card))
		if c.Nominal[j] {
			key.Number(1)
		}
	}
	key.Codes(c.Data)
}

// fitted returns in how many columns more two rows that were not there when the bins were
// fitted agree, in whole columns. Quantiles make bins of equally many of the n rows that they are
// fitted on, of which others have shares that scatter (as order statistics do, by the beta
// distribution): two rows agree in a column by about 2/n more. Few columns do not show that.
func (v *view) fitted() float64 {
	ordered := 0.0
	for _, s := range v.space.Slots {
		if !s.Nominal {
			ordered++
		}
	}
	return math.Floor(2 * ordered / float64(v.ref.n()))
}

// disagreements returns for each row in how many columns it differs from the
// templateTwins-th most similar other row. Levels that the space does not know are all unlike.
func (v *view) disagreements(c *encode.Codes) ([]float64, error) {
	packed := templates.Pack(unknownApart(c).Data, c.N, c.D)
	differing := make([]int32, c.N*(c.D+1)) // [row][number of columns]: how many other rows differ in so many
	for i := range c.N {
		if i%256 == 0 && v.ctx.Err() != nil {
			return nil, v.ctx.Err()
		}
		for j := i + 1; j < c.N; j++ {
			n := packed.Differing(i, j)
			differing[i*(c.D+1)+n]++
			differing[j*(c.D+1)+n]++
		}
	}
	k := int32(min(templateTwins, c.N-1))
	out := make([]float64, c.N)
	for i := range out {
		seen := int32(0)
		for n, rows := range differing[i*(c.D+1) : (i+1)*(c.D+1)] {
			if seen += rows; seen >= k {
				out[i] = float64(n)
				break
			}
		}
	}
	return out, nil
}

// unknownApart returns codes in which each level that the space does not know, whose code is the
// last one of a nominal column, has a code of its own.
func unknownApart(c *encode.Codes) *encode.Codes {
	const own = 1 << 15
	out := *c
	out.Data = slices.Clone(c.Data)
	for j, nominal := range c.Nominal {
		if last := c.Cards[j] - 1; nominal && last < own {
			for i := range c.N {
				if int(out.Data[i*c.D+j]) == last {
					out.Data[i*c.D+j] = own + uint16(i%own)
				}
			}
		}
	}
	return &out
}

func shareWithin(x []float64, limit float64) float64 {
	n := 0
	for _, v := range x {
		if v <= limit {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

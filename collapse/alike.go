package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
)

const (
	templateSplits = 2
	templateSample = 2000 // rows compared, at most
	templateTwins  = 5    // rows that a row must resemble to follow a template
	templateFloor  = 0.02 // share of reference rows that may resemble so many so closely
)

// templateRows measures the share of rows that agree with at least templateTwins
// others in more columns than all but templateFloor of the reference rows do.
func (v *view) templateRows() (measurement, error) {
	m := measurement{name: "template_rows"}
	agree := 0.0
	for _, s := range v.splits[:templateSplits] {
		a, err := v.disagreements(v.ref.codes.Take(head(s.a, templateSample)))
		if err != nil {
			return m, err
		}
		b, err := v.disagreements(v.ref.codes.Take(head(s.b, templateSample)))
		if err != nil {
			return m, err
		}
		d, err := v.disagreements(v.data.codes.Take(head(s.d, templateSample)))
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
		m.add(shareWithin(d, limit), shareWithin(b, limit))
		agree += (float64(len(v.space.Slots)) - limit) / templateSplits
	}
	m.reason = fmt.Sprintf("%.1f %% of the rows agree with %d others in at least %.0f of %d columns (%.1f %% in the reference)",
		100*mean(m.value), templateTwins, agree, len(v.space.Slots), 100*mean(m.floor))
	return m, nil
}

// disagreements returns for each row in how many columns it differs from the
// templateTwins-th most similar other row.
func (v *view) disagreements(c *encode.Codes) ([]float64, error) {
	at, width := make([]int, c.D), 0
	for j, card := range c.Cards {
		at[j] = width
		width += card
	}
	// One-hot by 1/sqrt(2): the squared distance is the number of columns that differ.
	f := &encode.Features{N: c.N, D: width, Data: make([]float32, c.N*width)}
	for i := range c.N {
		for j, code := range c.Row(i) {
			f.Data[i*width+at[j]+int(code)] = math.Sqrt2 / 2
		}
	}
	k := min(templateTwins, c.N-1)
	_, dist, err := v.lookUp(f, f, k, true)
	if err != nil {
		return nil, err
	}
	out := make([]float64, c.N)
	for i := range out {
		d := float64(dist[(i+1)*k-1])
		out[i] = math.Round(d * d)
	}
	return out, nil
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

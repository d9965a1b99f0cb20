package collapse

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// detect measures every dimension and joins their damage.
func (v *view) detect() (*verdict.Collapse, error) {
	if v.rows() < minRows {
		return nil, fmt.Errorf("collapse: %d comparable rows are too few to measure anything (%d are needed)", v.rows(), minRows)
	}
	out, healthy := &verdict.Collapse{Mode: "reference"}, "like another sample of the same real data"
	if v.in.Reference == nil {
		out.Mode, healthy = "self", "nothing wrong shows in the data by themselves"
	}
	var damages [][]float64
	for i := range dimensions {
		d := &dimensions[i]
		measure := d.Reference
		if v.in.Reference == nil {
			measure = d.Self
		}
		ms, err := measure(v)
		if v.ctx.Err() != nil {
			return nil, v.ctx.Err()
		}
		r := grade(d, ms, err, healthy)
		if r.damage != nil {
			damages = append(damages, r.damage)
		}
		out.Dimensions = append(out.Dimensions, r.dimension)
	}
	if len(damages) == 0 {
		return nil, fmt.Errorf("collapse: no dimension could be measured")
	}
	overall := make([]float64, splitCount)
	for k := range overall {
		of := make([]float64, len(damages))
		for i, d := range damages {
			of[i] = d[k]
		}
		overall[k] = joined(of)
	}
	out.Overall = verdict.NewScore(toScore(mean(overall)))
	out.Interval = interval(overall)
	if math.IsNaN(mean(overall)) {
		return nil, fmt.Errorf("collapse: a measurement gave no number")
	}
	return out, nil
}

package collapse

import (
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"synthos/verdict"
)

// told reports that one more dimension is measured.
func (v *view) told() {
	if v.in.Progress == nil {
		return
	}
	v.telling.Lock()
	defer v.telling.Unlock()
	v.measured++
	v.in.Progress(float64(v.measured)/float64(len(dimensions)), fmt.Sprintf("%d of %d dimensions", v.measured, len(dimensions)))
}

// detect measures every dimension and joins their damage.
func (v *view) detect() (*verdict.Collapse, error) {
	if v.rows() < MinRows {
		return nil, fmt.Errorf("collapse: %d comparable rows are too few to measure anything (%d are needed)", v.rows(), MinRows)
	}
	out, healthy := &verdict.Collapse{Mode: ReferenceMode}, "like another sample of the same real data"
	side := min(v.data.n(), v.ref.n()/2)
	if v.in.Reference == nil {
		out.Mode, healthy, side = SelfMode, "nothing wrong shows in the data by themselves", 0
	}
	results := make([]result, len(dimensions))
	var g errgroup.Group
	g.SetLimit(max(1, v.in.Jobs))
	for i := range dimensions {
		g.Go(func() error {
			d := &dimensions[i]
			measure := d.Reference
			if v.in.Reference == nil {
				measure = d.Self
			}
			var ms []measurement
			err := guarded(func() (err error) {
				ms, err = measure(v)
				return err
			})
			results[i] = grade(d, ms, err, out.Mode, healthy, v.effort.splits, side)
			v.told()
			return nil
		})
	}
	g.Wait()
	if v.ctx.Err() != nil {
		return nil, v.ctx.Err()
	}
	var means []float64
	var damages [][]float64
	for _, r := range results {
		if r.damage != nil {
			means = append(means, r.mean)
			damages = append(damages, r.damage)
		}
		out.Dimensions = append(out.Dimensions, r.dimension)
	}
	if len(damages) == 0 {
		return nil, fmt.Errorf("collapse: no dimension could be measured")
	}
	overall := make([]float64, v.effort.splits)
	for k := range overall {
		of := make([]float64, len(damages))
		for i, d := range damages {
			of[i] = d[k]
		}
		overall[k] = Join(of)
	}
	whole := Join(means)
	out.Overall = verdict.NewScore(ToScore(whole))
	out.Interval = interval(whole, overall)
	if math.IsNaN(whole) {
		return nil, fmt.Errorf("collapse: a measurement gave no number")
	}
	return out, nil
}

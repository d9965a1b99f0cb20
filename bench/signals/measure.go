package main

import (
	"context"
	"errors"
	"math"

	"synthos/bench/internal/cases"
	"synthos/bench/internal/whole"
	"synthos/cascade"
	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
)

// mostRows of the data and of each half of the reference are looked at.
const mostRows = 4000

// measure returns the signals of one case.
func measure(ctx context.Context, o *cases.Flags, visits int, path, referencePath string) (map[string]float64, error) {
	reference, err := whole.Sample(ctx, referencePath, nil, 2*mostRows, o.Jobs)
	if err != nil {
		return nil, err
	}
	data, err := whole.Sample(ctx, path, reference.Schema, 2*mostRows, o.Jobs)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range reference.Schema.Fields {
		if j := data.Schema.Index(f.Name); j >= 0 && data.Schema.Fields[j].Type.Numeric() == f.Type.Numeric() {
			names = append(names, f.Name)
		}
	}
	space := encode.Fit(reference, names)
	if len(space.Slots) == 0 {
		return nil, errors.New("no column in common")
	}
	own, half, held := every(data, 0, 1), every(reference, 0, 2), every(reference, 1, 2)
	options := cascade.Options{Preset: o.Preset, Seed: o.Seed, Jobs: o.Jobs, RowVisits: visits}
	ofData, err := cascade.Train(ctx, coded(space, own), options)
	if err != nil {
		return nil, err
	}
	ofHalf, err := cascade.Train(ctx, coded(space, half), options)
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for _, tier := range []string{cascade.Tiny, cascade.Small, cascade.Base} {
		a, b := only(ofData, tier), only(ofHalf, tier)
		heldByData, err1 := losses(ctx, a, coded(space, held))
		heldByHalf, err2 := losses(ctx, b, coded(space, held))
		dataByHalf, err3 := losses(ctx, b, coded(space, own))
		if err := errors.Join(err1, err2, err3); err != nil {
			return nil, err
		}
		out[tier+" transfer"], out[tier+" transfer worst"] = excess(heldByData, heldByHalf)
		out[tier+" surprise"], out[tier+" surprise worst"] = excess(dataByHalf, heldByHalf)
	}
	out["growth"] = out[cascade.Base+" transfer"] - out[cascade.Tiny+" transfer"]
	out["gap"] = gap(ofData) - gap(ofHalf)
	out["noise"] = math.Abs(math.Log(noise(ofData) / noise(ofHalf)))
	return out, nil
}

// every returns the rows from, from+step, ... of t, at most mostRows.
func every(t *dataset.Table, from, step int) *dataset.Table {
	var rows []int
	for i := from; i < t.Rows() && len(rows) < mostRows; i += step {
		rows = append(rows, i)
	}
	return t.Take(rows)
}

func coded(space *encode.Space, t *dataset.Table) cascade.Data {
	c := space.Codes(t)
	return cascade.Data{Rows: c.N, Cards: c.Cards, Codes: c.Data, Names: space.SlotNames(), Nominal: c.Nominal}
}

// only returns a cascade of the networks of one tier. They stand as tiny ones, of
// which Score asks the two whose mask rates are nearest to a quarter.
func only(c *cascade.Cascade, tier string) *cascade.Cascade {
	out := *c
	out.Members = nil
	for _, m := range c.Members {
		if m.Training.Tier == tier {
			m.Training.Tier = cascade.Tiny
			out.Members = append(out.Members, m)
		}
	}
	return &out
}

// losses returns the mean loss of the cells of each column, nats.
func losses(ctx context.Context, c *cascade.Cascade, d cascade.Data) ([]float64, error) {
	s, err := c.Score(ctx, d.Codes, d.Rows)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(d.Cards))
	for at, x := range s.Cells {
		out[at%len(out)] += float64(x) / float64(d.Rows)
	}
	return out, nil
}

// excess returns by how much losses exceed others: in the mean over columns, and
// in the worst.
func excess(x, than []float64) (mean, worst float64) {
	worst = math.Inf(-1)
	for j := range x {
		mean += (x[j] - than[j]) / float64(len(x))
		worst = max(worst, x[j]-than[j])
	}
	return mean, worst
}

func gap(c *cascade.Cascade) float64 {
	var sum, n float64
	for _, m := range c.Members {
		if m.Training.Tier == cascade.Tiny {
			sum, n = sum+m.HeldOutLoss-m.TrainLoss, n+1
		}
	}
	return sum / n
}

func noise(c *cascade.Cascade) float64 {
	var scales []float64
	for _, m := range c.Members {
		if g := float64(m.Training.GradientNoise); m.Training.Tier == cascade.Tiny && g > 0 {
			scales = append(scales, g)
		}
	}
	return stats.Quantile(scales, 0.5)
}

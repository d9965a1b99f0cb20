package synthos

import (
	"context"
	"math"
	"slices"

	"synthos/cascade"
	"synthos/collapse"
	"synthos/dataset"
	"synthos/encode"
	"synthos/load"
	"synthos/stats"
	"synthos/verdict"
)

const (
	trainingRows   = 20000 // rows of the sample that the networks see, at most
	predictionRows = 4000  // rows drawn from them
	trainingSlots  = 512   // coded columns that the networks model, at most
)

// training is the trained cascade, in the space the tables are compared in.
// It implements collapse.Networks.
type training struct {
	own, twins  *cascade.Cascade // on the data; the tiny ones again on the reference, nil without one
	slots       []int            // the coded columns that are modelled
	predictions *encode.Codes
	// Held-out reference rows: one half gives the direction, the other the floor.
	direction, floor []uint16
}

// cascade is stage 3.
func (r *run) cascade(ctx context.Context) error {
	space, err := r.fitted()
	if err != nil {
		return err
	}
	t := &training{slots: thinnedSlots(len(space.Slots))}
	data := t.encode(space, r.data.table)
	var ref *cascade.Data
	if r.reference != nil {
		d := t.encode(space, r.reference.table)
		ref = &d
	}
	rows := min(predictionRows, r.data.table.Rows())
	memory := r.memoryOf(&data, ref, rows)
	codes, section, ok := memory.recall(t)
	if !ok {
		if codes, section, err = r.train(ctx, t, data, ref, rows); err != nil {
			return err
		}
		memory.keep(t, codes, section)
	}
	if ref != nil {
		t.holdOut(*ref)
	}
	t.predictions = t.spread(space, codes)
	t.noteLeftOut(section, space)
	r.training, r.result.Cascade = t, section
	return r.savePredictions(space)
}

// savePredictions writes the rows drawn from the networks, as values, if that is
// asked for. Columns that were not modelled are not among them.
func (r *run) savePredictions(space *encode.Space) error {
	if r.o.SavePredictions == "" {
		return nil
	}
	var columns []int
	for k := range space.Columns {
		if slices.Contains(r.training.slots, space.Columns[k].Slot) {
			columns = append(columns, k)
		}
	}
	rows := space.Decode(r.training.predictions, r.data.table, r.o.Seed).Select(columns)
	return load.Write(r.o.SavePredictions, rows)
}

// train trains the networks, fills them in t, and returns the rows drawn from
// them and the section of the report.
func (r *run) train(ctx context.Context, t *training, data cascade.Data, ref *cascade.Data, rows int) ([]uint16, *verdict.Cascade, error) {
	if err := cascade.CheckMemory(r.o.Preset, data.Cards, r.jobs, freeMemory()); err != nil {
		return nil, nil, err
	}
	progress := func(from, to float64) func(float64, string) {
		return func(done float64, detail string) { r.meter.at("cascade", from+done*(to-from), detail) }
	}
	options := cascade.Options{Preset: r.o.Preset, Seed: r.o.Seed, Jobs: r.jobs, Progress: progress(0, 0.6)}
	var err error
	if t.own, err = cascade.Train(ctx, data, options); err != nil {
		return nil, nil, err
	}
	section := t.own.Report()
	if ref != nil {
		options.Progress = progress(0.6, 0.8)
		if t.twins, err = cascade.TrainTwins(ctx, *ref, t.own, options); err != nil {
			return nil, nil, err
		}
	}
	options.Progress = progress(0.8, 0.95)
	if section.Recursion, err = cascade.Recur(ctx, data, ref, options); err != nil {
		return nil, nil, err
	}
	codes, err := t.own.Predict(ctx, rows, r.o.Seed)
	if err != nil {
		return nil, nil, err
	}
	section.PredictionsRows = rows
	return codes, section, nil
}

// noteLeftOut records the columns that were not modelled, and why.
func (t *training) noteLeftOut(section *verdict.Cascade, space *encode.Space) {
	for _, l := range space.LeftOut {
		section.LeftOut = append(section.LeftOut, verdict.LeftOut{Column: l.Name, Reason: l.Reason})
	}
	if left := len(space.Slots) - len(t.slots); left > 0 {
		section.LeftOut = append(section.LeftOut, verdict.LeftOut{Column: "", Reason: "of so many columns only every so-manieth is modelled"})
	}
}

// fitted returns the space that data and reference are compared in.
func (r *run) fitted() (*encode.Space, error) {
	if r.space == nil {
		space, err := collapse.Fit(r.data.table, r.reference.sample())
		if err != nil {
			return nil, err
		}
		r.space = space
	}
	return r.space, nil
}

func (r *run) collapseInput(data *dataset.Table) collapse.Input {
	in := collapse.Input{Data: data, Reference: r.reference.sample(), Holdout: r.holdout.sample(), Space: r.space, Seed: r.o.Seed, Jobs: r.jobs}
	if r.training != nil {
		in.Networks = r.training
	}
	return in
}

// coarseInput is for scores that are only compared with each other.
func (r *run) coarseInput(data, reference *dataset.Table) collapse.Input {
	in := r.collapseInput(data)
	in.Reference, in.Coarse = reference, true
	return in
}

// thinnedSlots returns all of n slots, or evenly chosen ones if there are too many.
func thinnedSlots(n int) []int {
	m := min(n, trainingSlots)
	out := make([]int, m)
	for i := range out {
		out[i] = i * n / m
	}
	return out
}

// encode returns the modelled codes of a table, of evenly chosen rows if there
// are more than trainingRows.
func (t *training) encode(space *encode.Space, table *dataset.Table) cascade.Data {
	c := space.Codes(table)
	n := min(c.N, trainingRows)
	d := cascade.Data{Rows: n, Codes: make([]uint16, 0, n*len(t.slots))}
	for _, j := range t.slots {
		d.Cards = append(d.Cards, c.Cards[j])
		d.Names = append(d.Names, space.Slots[j].Name)
		d.Nominal = append(d.Nominal, space.Slots[j].Nominal)
	}
	for i := range n {
		row := c.Row(i * c.N / n)
		for _, j := range t.slots {
			d.Codes = append(d.Codes, row[j])
		}
	}
	return d
}

// spread turns modelled codes into codes of the space; slots that were not
// modelled are null.
func (t *training) spread(space *encode.Space, codes []uint16) *encode.Codes {
	k := len(t.slots)
	out := &encode.Codes{N: len(codes) / k, D: len(space.Slots), Cards: space.Cards(), Nominal: make([]bool, len(space.Slots))}
	out.Data = make([]uint16, out.N*out.D)
	for j := range space.Slots {
		out.Nominal[j] = space.Slots[j].Nominal
	}
	for i := range out.N {
		for x, j := range t.slots {
			out.Data[i*out.D+j] = codes[i*k+x]
		}
	}
	return out
}

// holdOut keeps the reference rows that the twins were not trained on.
func (t *training) holdOut(ref cascade.Data) {
	k := len(ref.Cards)
	for n, i := range t.twins.HeldOut {
		row := ref.Codes[i*k : (i+1)*k]
		if n%2 == 0 {
			t.direction = append(t.direction, row...)
		} else {
			t.floor = append(t.floor, row...)
		}
	}
}

// Opposed implements collapse.Networks.
func (t *training) Opposed(ctx context.Context, rows *encode.Codes) (share, floor float64, ok bool, err error) {
	k := len(t.slots)
	if t.twins == nil || len(t.floor) < 10*k {
		return 0, 0, false, nil
	}
	modelled := make([]uint16, 0, rows.N*k)
	for i := range rows.N {
		for _, j := range t.slots {
			modelled = append(modelled, rows.Row(i)[j])
		}
	}
	opposed := func(codes []uint16) (float64, error) {
		cosines, err := t.twins.Alignment(ctx, codes, len(codes)/k, t.direction, len(t.direction)/k)
		n := 0
		for _, c := range cosines {
			if c < 0 {
				n++
			}
		}
		return float64(n) / float64(len(cosines)), err
	}
	if share, err = opposed(modelled); err != nil {
		return 0, 0, false, err
	}
	floor, err = opposed(t.floor)
	return share, floor, true, err
}

// GradientNoise implements collapse.Networks: the median over the tiny networks,
// since single estimates differ by much.
func (t *training) GradientNoise() (data, reference float64) {
	noise := func(c *cascade.Cascade) float64 {
		var scales []float64
		for _, m := range tinyOf(c) {
			if g := float64(m.Training.GradientNoise); g > 0 && !math.IsInf(g, 0) {
				scales = append(scales, g)
			}
		}
		return stats.Quantile(scales, 0.5)
	}
	return noise(t.own), noise(t.twins)
}

// Gap implements collapse.Networks: the mean over the tiny networks. A network
// learns fewer rows by heart more: what it gains by that falls as one by the rows (as
// in Akaike's criterion, 1974), so the reference's gap is taken to the data's rows.
func (t *training) Gap() (data, reference float64) {
	gap := func(c *cascade.Cascade) float64 {
		sum, n := 0.0, 0.0
		for _, m := range tinyOf(c) {
			if g := m.HeldOutLoss - m.TrainLoss; !m.Training.Diverged && !math.IsNaN(g) {
				sum += g
				n++
			}
		}
		return sum / n
	}
	data, reference = gap(t.own), gap(t.twins)
	if t.twins != nil && t.own.RowsTrained > 0 {
		reference *= max(1, float64(t.twins.RowsTrained)/float64(t.own.RowsTrained))
	}
	return data, reference
}

// tinyOf returns the tiny networks of c, none if c is nil.
func tinyOf(c *cascade.Cascade) []cascade.Member {
	var out []cascade.Member
	if c != nil {
		for _, m := range c.Members {
			if m.Training.Tier == cascade.Tiny {
				out = append(out, m)
			}
		}
	}
	return out
}

// Diverged implements collapse.Networks.
func (t *training) Diverged() float64 {
	n := 0
	for _, m := range t.own.Members {
		if m.Training.Diverged {
			n++
		}
	}
	return float64(n) / float64(len(t.own.Members))
}

// Predictions implements collapse.Networks.
func (t *training) Predictions() *encode.Codes { return t.predictions }

// scorer returns the networks that tell what a normal row is: those trained on
// the reference, or without one those trained on the data.
func (t *training) scorer() *cascade.Cascade {
	if t.twins != nil {
		return t.twins
	}
	return t.own
}

package synthos

import (
	"context"
	"fmt"
	"slices"

	"synthos/cascade"
	"synthos/collapse"
	"synthos/dataset"
	"synthos/encode"
	"synthos/load"
	"synthos/verdict"
)

const (
	trainingRows   = 20000 // rows of the sample that the networks see, at most
	predictionRows = 4000  // rows drawn from them
	trainingSlots  = 512   // coded columns that the networks model, at most
	textSlots      = 4     // that a column has, at most
)

// training is the trained cascade, in the space the tables are compared in.
// It implements collapse.Networks.
type training struct {
	own, twins  *cascade.Cascade // on the data; the tiny ones again on the reference, nil without one
	space       *encode.Space    // of the columns that are modelled
	slots       []int            // their slots in the space that the tables are compared in
	allSlots    int              // how many that has
	predictions *encode.Codes
	// Held-out reference rows: one half gives the direction, the other the floor.
	direction, floor []uint16
	unseen           []uint16 // held-out rows of the data, if there is a reference
}

// cascade is stage 3.
func (r *run) cascade(ctx context.Context) error {
	space, err := r.fitted()
	if err != nil {
		return err
	}
	t := newTraining(space)
	data := t.encode(r.data.table)
	var ref *cascade.Data
	if r.reference != nil {
		d := t.encode(r.reference.table)
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
		t.holdOut(*ref, data)
	}
	t.predictions = &encode.Codes{N: len(codes) / len(t.slots), D: len(t.slots), Cards: data.Cards, Nominal: data.Nominal, Data: codes}
	t.noteLeftOut(section, space)
	r.training, r.result.Cascade = t, section
	return r.savePredictions()
}

// savePredictions writes the rows drawn from the networks, as values, if that is
// asked for. Columns that were not modelled are not among them.
func (r *run) savePredictions() error {
	if r.o.SavePredictions == "" {
		return nil
	}
	return load.Write(r.o.SavePredictions, r.training.space.Decode(r.training.predictions, r.data.table, r.o.Seed))
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
	trained := 0.8 // of the stage's time
	if ref != nil {
		trained = 0.6
	}
	options := cascade.Options{Preset: r.o.Preset, Seed: r.o.Seed, Jobs: r.jobs, Progress: progress(0, trained)}
	var err error
	if t.own, err = cascade.Train(ctx, data, options); err != nil {
		return nil, nil, err
	}
	section := t.own.Report()
	if ref != nil {
		options.Progress = progress(0.6, 0.8)
		if t.twins, err = r.trainTwins(ctx, *ref, t.own, options); err != nil {
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
	if all, modelled := len(space.Columns), len(t.space.Columns); modelled < all {
		section.LeftOut = append(section.LeftOut, verdict.LeftOut{Column: "", Reason: fmt.Sprintf("%d of %d columns: the networks model %d of so many, evenly chosen", all-modelled, all, modelled)})
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
	in := collapse.Input{Data: data, Reference: r.reference.sample(), Holdout: r.holdout.sample(), Space: r.space, Seed: r.o.Seed, Jobs: r.jobs, Memory: r.memory}
	if r.reference != nil && r.reference.hashes != nil {
		in.ReferenceRows = r.reference.hashes.Total()
	}
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

// newTraining chooses the columns that are modelled: all, or evenly chosen ones
// if they have more than trainingSlots slots. At least one.
func newTraining(space *encode.Space) *training {
	columns := len(space.Columns)
	n := max(1, min(columns, columns*trainingSlots/len(space.Slots)))
	for {
		t := &training{allSlots: len(space.Slots)}
		var chosen []int
		for i := range n {
			chosen = append(chosen, i*columns/n)
		}
		for j := range space.Slots {
			if _, ok := slices.BinarySearch(chosen, space.Slots[j].Column); ok {
				t.slots = append(t.slots, j)
			}
		}
		if len(t.slots) <= trainingSlots || n == 1 {
			t.space = space.Select(chosen)
			return t
		}
		n -= (len(t.slots) - trainingSlots + textSlots - 1) / textSlots
	}
}

// encode returns the modelled codes of a table, of evenly chosen rows if there
// are more than trainingRows.
func (t *training) encode(table *dataset.Table) cascade.Data {
	c := t.space.Codes(table)
	d := cascade.Data{Rows: c.N, Cards: c.Cards, Codes: c.Data, Names: t.space.SlotNames(), Nominal: c.Nominal}
	if n := trainingRows; c.N > n {
		d.Rows, d.Codes = n, make([]uint16, 0, n*c.D)
		for i := range n {
			d.Codes = append(d.Codes, c.Row(i*c.N/n)...)
		}
	}
	return d
}

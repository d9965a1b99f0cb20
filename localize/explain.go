package localize

import (
	"context"
	"errors"
	"fmt"
	"math"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// Explain judges one row of src as Run does, and tells all that is known about it.
// It errs where Run does, and if there is no such row.
func Explain(ctx context.Context, e scan.Engine, src dataset.Source, in Input, row int64) (*verdict.Explanation, error) {
	in.Jobs, in.Worst = max(1, in.Jobs), max(1, in.Worst)
	v, err := newView(ctx, src, in)
	if err != nil {
		return nil, err
	}
	t, err := v.only(src, row)
	if err != nil {
		return nil, err
	}
	if err := v.study(ctx, e, src); err != nil {
		return nil, err
	}
	j, err := fit(v)
	if err != nil {
		return nil, err
	}
	h, at := j.fitted, 0
	r := v.data
	if place, heard := j.at[row]; heard {
		at = place
	} else {
		r = v.rowsOf(t)
		if h, err = j.hear(r); err != nil {
			return nil, err
		}
	}
	score, charges := h.score(at)
	out := &verdict.Explanation{Row: row, Score: score, Flagged: score >= FlagAt, InSample: h == j.fitted, Charges: []verdict.Charge{}}
	for _, c := range charges {
		charge := verdict.Charge{
			Kind: j.list[c.at].name, Dimension: h.dimension(c), Suspicion: c.suspicion, Columns: []string{},
			Reason: h.said[c.witness].say(c.channel, at),
		}
		for _, column := range h.columns(c, at) {
			charge.Columns = append(charge.Columns, v.names[column])
		}
		out.Charges = append(out.Charges, charge)
	}
	if out.Cells, err = j.evidence(r, at); err != nil {
		return nil, err
	}
	out.Neighbours, err = j.neighbours(r, at)
	return out, err
}

// only reads one row of src.
func (v *view) only(src dataset.Source, row int64) (*dataset.Table, error) {
	errFound := errors.New("found")
	var out *dataset.Table
	rows := int64(0)
	for _, r := range src.Ranges() {
		if r.Rows >= 0 && (row < r.FirstRow || row >= r.FirstRow+r.Rows) {
			rows = max(rows, r.FirstRow+r.Rows)
			continue
		}
		err := src.Read(v.ctx, r, func(b *dataset.Batch) error {
			rows = max(rows, b.FirstRow+int64(b.Rows))
			if row < b.FirstRow || row >= b.FirstRow+int64(b.Rows) {
				return nil
			}
			out = owned(v.batch(b).Take([]int{int(row - b.FirstRow)}))
			return errFound
		})
		if out != nil {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("localize: there is no row %d that can be read; rows are numbered from 0 to %d", row, rows-1)
}

// evidence tells about each cell of row i of r.
func (j *judge) evidence(r *rows, i int) ([]verdict.Evidence, error) {
	v := j.view
	one := v.rowsOf(r.table.Take([]int{i}))
	out := make([]verdict.Evidence, len(v.names))
	nan := verdict.Number(math.NaN())
	for c := range out {
		field := v.space.Columns[c].Field
		out[c] = verdict.Evidence{Column: v.names[c], Value: showCell(field, one.columns[c], 0), Surprise: nan, NetworkLoss: nan}
		if text, bad := one.invalid[c][0]; bad {
			out[c].Value = quote(text) + " (cannot be read)"
		}
	}
	for _, w := range j.witnesses {
		switch w := w.(type) {
		case *cells:
			for c := range out {
				out[c].Beyond = verdict.Number(max(w.level(c, one.columns[c], 0, false), w.beyond(c, one.columns[c], 0, false)))
			}
		case *surprise:
			if err := w.explain(one, out); err != nil {
				return nil, err
			}
		case *networks:
			if len(w.list) == 0 {
				continue
			}
			scores, err := w.nets.Score(v.ctx, w.codes(one), 1)
			if err != nil {
				return nil, err
			}
			for k, slot := range w.slots {
				name := w.space.Columns[w.space.Slots[slot].Column].Field.Name
				for c := range out {
					if out[c].Column == name && !(float64(out[c].NetworkLoss) >= float64(scores.Cells[k])) {
						out[c].NetworkLoss = verdict.Number(scores.Cells[k])
					}
				}
			}
		}
	}
	return out, nil
}

// explain fills in how surprising each cell of a single row is, and what is
// expected there.
func (w *surprise) explain(one *rows, out []verdict.Evidence) error {
	if len(w.targets) == 0 {
		return nil
	}
	strengths, err := w.strengths(one)
	if err != nil {
		return err
	}
	codes := one.codes()
	for k := range w.targets {
		t := &w.targets[k]
		c := w.view.space.Slots[t.slot].Column
		forest := t.forest[w.forestOf(one.table.RowIDs[0])]
		if forest == nil || float64(out[c].Surprise) >= strengths[k][0] {
			continue
		}
		out[c].Surprise = verdict.Number(strengths[k][0])
		p := make([]float32, t.classes)
		forest.PredictClasses(forestData(codes), p)
		mode := 0
		for class := range p {
			if p[class] > p[mode] {
				mode = class
			}
		}
		slot := &w.view.space.Slots[t.slot]
		level := w.view.space.Level(t.slot, uint16(mode+1))
		if slot.Nominal && mode == t.classes-1 && slot.Card-2 > t.classes {
			level = "a rare level"
		}
		out[c].Expected = fmt.Sprintf("%s (%.0f %%)", level, 100*p[mode])
	}
	return nil
}

// neighbours returns the rows that are most like row i of r.
func (j *judge) neighbours(r *rows, i int) ([]verdict.Neighbour, error) {
	out := []verdict.Neighbour{}
	for _, w := range j.witnesses {
		near, ok := w.(*near)
		if !ok {
			continue
		}
		for _, side := range []struct {
			of   string
			x    *index
			find func(r *rows, at []int) ([]found, error)
		}{{"data", near.data, near.findOwn}, {"reference", near.good, near.findGood}} {
			if side.x == nil {
				continue
			}
			found, err := side.find(r, []int{i})
			if err != nil {
				return nil, err
			}
			if f := found[0]; len(f.matches) > 0 {
				best, ids := f.best(), side.x.rows.table.RowIDs
				out = append(out, verdict.Neighbour{
					Of: side.of, Row: best.id(), Equal: best.equal, Columns: near.columns(), Nats: verdict.Number(best.nats),
					Distance: verdict.Number(f.distance), Nearest: ids[f.closest],
				})
			}
		}
	}
	return out, nil
}

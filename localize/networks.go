package localize

import (
	"fmt"
	"math"

	"synthos/cascade"
	"synthos/encode"
)

// networks is the witness of rows that trained networks stumble over: whose
// cells they find improbable together, and that would change them most (the norm
// of the gradient; Paul et al., arXiv:2107.07075).
//
// It needs a reference that the networks were trained on: with networks that
// learned from the rows to be judged, every rare row would stick out.
type networks struct {
	view  *view
	nets  *cascade.Cascade
	space *encode.Space
	slots []int     // of space, one a column of nets
	usual []float64 // mean loss of good cells, by column of nets, nats
	list  []*channel
}

// The channels of networks.
const (
	networkLoss = iota
	networkGradient
)

func fitNetworks(v *view) (*networks, error) {
	w := &networks{view: v, nets: v.in.Networks, space: v.in.NetworkSpace}
	if v.good == nil || w.nets == nil || w.space == nil || !w.match() {
		return w, nil
	}
	w.list = []*channel{
		{name: "improbable to networks", dimension: "quality_degradation"},
		{name: "large gradient", dimension: "gradient_pathology"},
	}
	scores, err := w.nets.Score(v.ctx, w.codes(v.good), v.good.n())
	if err != nil {
		return nil, err
	}
	w.usual = make([]float64, len(w.slots))
	for i, loss := range scores.Cells {
		w.usual[i%len(w.slots)] += float64(loss) / float64(v.good.n())
	}
	for c, s := range strengthsOf(scores) {
		w.list[c].null = among(s)
	}
	return w, nil
}

// match finds the slots that the networks' columns are of. It reports false if
// the space is not the one that the networks read.
func (w *networks) match() bool {
	for i := range w.space.Columns {
		if name := w.space.Columns[i].Field.Name; w.view.schema.Index(name) < 0 || w.view.good.table.Schema.Index(name) < 0 {
			return false
		}
	}
	at := map[string]int{}
	for j, name := range w.space.SlotNames() {
		at[name] = j
	}
	for k, name := range w.nets.Names {
		j, ok := at[name]
		if !ok || w.space.Slots[j].Card != w.nets.Cards[k] {
			return false
		}
		w.slots = append(w.slots, j)
	}
	return len(w.slots) > 0
}

// codes returns the codes of r that the networks read.
func (w *networks) codes(r *rows) []uint16 {
	c := w.space.Codes(r.table)
	out := make([]uint16, 0, c.N*len(w.slots))
	for i := range c.N {
		row := c.Row(i)
		for _, j := range w.slots {
			out = append(out, row[j])
		}
	}
	return out
}

func strengthsOf(s *cascade.RowScores) [][]float64 {
	out := zeros(2, len(s.Loss))
	for i := range s.Loss {
		out[networkLoss][i] = float64(s.Loss[i])
		out[networkGradient][i] = float64(s.Gradient[i])
	}
	return out
}

func (w *networks) channels() []*channel { return w.list }

func (w *networks) hear(r *rows) (*testimony, error) {
	if len(w.list) == 0 {
		return &testimony{}, nil
	}
	scores, err := w.nets.Score(w.view.ctx, w.codes(r), r.n())
	if err != nil {
		return nil, err
	}
	d := len(w.slots)
	worst := func(i int) (column int) {
		most := math.Inf(-1)
		for k, loss := range scores.Cells[i*d : (i+1)*d] {
			if excess := float64(loss) - w.usual[k]; excess > most {
				column, most = k, excess
			}
		}
		return column
	}
	return &testimony{
		strengths: strengthsOf(scores),
		blame: func(_, i int) []int {
			name := w.space.Columns[w.space.Slots[w.slots[worst(i)]].Column].Field.Name
			for j := range w.view.names {
				if w.view.names[j] == name {
					return []int{j}
				}
			}
			return nil
		},
		say: func(_, i int) string {
			k := worst(i)
			return fmt.Sprintf("networks trained on the reference find %s improbable beside the rest of the row (%.2g %%)",
				w.space.Slots[w.slots[k]].Name, 100*math.Exp(-float64(scores.Cells[i*d+k])))
		},
	}, nil
}

// screen marks all rows if a channel accuses anybody: what networks say of a row
// is not known before they have read it.
func (w *networks) screen(_ *rows, mark []bool) error {
	if accuses(w.list) {
		all(mark)
	}
	return nil
}

package recommend

import "synthos/dataset"

// Repairs is what the fixes that change rows one by one need to know, learned from
// the samples, so that they can be applied to a file of any size.
type Repairs struct{ view *view }

// NewRepairs learns from the samples that the plan was made from. reference is
// nil in self mode. rows is the number of rows of the whole file.
func NewRepairs(data, reference *dataset.Table, rows int64, seed uint64) *Repairs {
	// All of the sample is looked at: a file of no more rows can be thinned out.
	return &Repairs{newViewOf(Input{Data: data, Reference: reference, Rows: rows, Seed: seed}, data.Rows())}
}

// Columns returns the names of the columns that tell whether rows are equal: all but
// ids, and only those that the reference has too.
func (r *Repairs) Columns() []string { return Describing(r.view.in.Data.Schema, r.view.in.Reference) }

// Describing returns what Repairs.Columns does, for data of this schema, kinds
// decided; reference is nil in self mode.
func Describing(schema *dataset.Schema, reference *dataset.Table) []string {
	var out []string
	for _, j := range describing(schema, reference) {
		out = append(out, schema.Fields[j].Name)
	}
	return out
}

// Rescale returns by column what turns its numbers into the unit of the reference,
// and says it in words: repair_column.
func (r *Repairs) Rescale() (by map[string]func(x float64) float64, words []string) {
	by = map[string]func(x float64) float64{}
	for _, j := range r.view.columns {
		if u, ok := r.view.unitOf(j); ok {
			name := r.view.in.Data.Schema.Fields[j].Name
			by[name] = u.undo
			words = append(words, u.say(name))
		}
	}
	return by, words
}

// Cell returns a reader of the cells of a column that could not be read: the
// number in the text, false if there is none that fits the column: repair_cells.
// undo, if not nil, brings numbers into the unit of the reference first. nil if
// unreadable cells of the column are left alone.
func (r *Repairs) Cell(column string, undo func(x float64) float64) func(text string) (float64, bool) {
	for _, j := range r.view.columns {
		f := r.view.in.Data.Schema.Fields[j]
		if f.Name != column {
			continue
		}
		plausible := r.view.plausible(j)
		return func(text string) (float64, bool) {
			x, ok := unwrap(text)
			if undo != nil {
				x = undo(x)
			}
			return x, ok && f.Type == dataset.Float && plausible(x)
		}
	}
	return nil
}

// Hollow returns the columns that hold nothing to learn from: drop_column.
func (r *Repairs) Hollow() []string {
	var out []string
	for _, j := range r.view.hollow(r.view.in.Data) {
		out = append(out, r.view.in.Data.Schema.Fields[j].Name)
	}
	return out
}

// Thinned returns the rows that thin_modes drops, and says why; ok is false if the
// file has more rows than are looked at for that.
func (r *Repairs) Thinned() (rows map[int64]bool, why string, ok bool) {
	if int64(r.view.pool.Rows()) < r.view.rows {
		return nil, "", false
	}
	t := r.view.thinning()
	return t.rows, t.say(), true
}

// Sampled says which rows reweight drops.
type Sampled struct {
	sampling *sampling
	view     *view
}

// Sample learns from a sample of the rows of the data that are left, with the columns of
// the data, what there is too much of: reweight. nil if nothing is, or in self mode.
func (r *Repairs) Sample(data *dataset.Table) *Sampled {
	if r.view.donors == nil {
		return nil
	}
	s := r.view.sampling(data, r.Conform(r.view.in.Reference))
	if s == nil {
		return nil
	}
	return &Sampled{s, r.view}
}

// Leaves returns of each row of t, which has the columns of the data, whether it is dropped. It
// depends on its cells and its row number alone.
func (s *Sampled) Leaves(t *dataset.Table) []bool { return s.sampling.leaves(s.view, t) }

// Say says what is done, and why.
func (s *Sampled) Say() string { return s.sampling.detail() }

// Lacking returns of each row of t, which has the columns of the data, which share of
// the reference's rows like it the data lost: 0 if none, 1 if all. It is the share of such
// rows that restore_modes adds. It is 0 in self mode.
func (r *Repairs) Lacking(t *dataset.Table) []float64 {
	if r.view.donors == nil {
		return make([]float64, t.Rows())
	}
	return r.view.lacking(t)
}

// Lost names what the data lost of the reference, worst first, at most four.
func (r *Repairs) Lost() []string {
	if r.view.donors == nil {
		return nil
	}
	list := r.view.regions().list
	return list[:min(len(list), 4)]
}

// Conform returns the rows of t with the columns of the data; what t lacks is null.
func (r *Repairs) Conform(t *dataset.Table) *dataset.Table { return conform(t, r.view.in.Data.Schema) }

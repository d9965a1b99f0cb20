package recommend

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"

	"synthos/dataset"
	"synthos/encode"
	"synthos/sketch"
)

const (
	poolRows = 4000 // rows in which repetition is looked for, at most
	workRows = 2500 // rows that are fixed and scored, at most
	minRows  = 100  // a fix may not leave fewer, or fewer than half of the rows it found
)

// view is what the fixes look at.
type view struct {
	in   Input
	dose float64 // of the fix that is being applied, if it has doses
	planned

	pool *dataset.Table // a uniform sample of the data
	work *dataset.Table // a uniform sample of the pool: what is fixed and scored

	// The reference in two halves with the columns of the data, nil in self mode:
	// rows to add come from donors, their RowIDs are negative. judges are what
	// counterfactuals are scored against.
	donors, judges *dataset.Table

	columns []int // of the data: those that describe rows, and stand in the reference
	twins   []int // for each column of the data that of the reference, -1 if there is none

	space    *encode.Space // filled by encoded
	flaggedM map[int64]bool
	repeated map[int64]bool
	near     *thinning
	lost     *lostRegions
	kindsM   *kinds
	labelsM  []label

	sampledOf *dataset.Table // the last table that was asked about by sampled
	sampledM  *sampling
}

func newView(in Input) *view {
	return newViewOf(in, poolRows)
}

// newViewOf is newView with another number of rows in which repetition is looked for.
func newViewOf(in Input, pool int) *view {
	v := &view{in: in, planned: planned{rows: max(in.Rows, int64(in.Data.Rows()))}}
	v.columns = describing(in.Data.Schema, in.Reference)
	v.sample(pool)
	if in.Reference != nil && in.Reference.Rows() >= 2 {
		rng := rand.New(rand.NewPCG(in.Seed, 0xd0404))
		rows := rng.Perm(in.Reference.Rows())
		half := len(rows) / 2
		slices.Sort(rows[:half])
		slices.Sort(rows[half:])
		v.donors = conform(in.Reference.Take(rows[:half]), in.Data.Schema)
		for i := range v.donors.RowIDs {
			v.donors.RowIDs[i] = -1 - v.donors.RowIDs[i]
		}
		v.judges = in.Reference.Take(rows[half:])
	}
	if in.Reference != nil {
		v.twins = matching(in.Reference, in.Data.Schema)
	}
	return v
}

// describing returns the columns of schema that describe rows, and stand in the
// reference, if there is one.
func describing(schema *dataset.Schema, reference *dataset.Table) []int {
	var out, twins []int
	if reference != nil {
		twins = matching(reference, schema)
	}
	for j, f := range schema.Fields {
		if f.Kind == dataset.ID || f.Kind == dataset.Unknown {
			continue
		}
		if reference == nil || twins[j] >= 0 {
			out = append(out, j)
		}
	}
	return out
}

// sample chooses pool and work. Rows that are equal in all columns are chosen
// together, so that the share of repeated rows is that of the data, unless they
// are so many that they show anyway.
func (v *view) sample(pool int) {
	d := v.in.Data
	hash := v.hashes(d)
	count := map[uint64]int{}
	for _, h := range hash {
		count[h]++
	}
	order := make([]int, d.Rows())
	for i := range order {
		order[i] = i
		if h := hash[i]; count[h] > d.Rows()/100 {
			hash[i] = h ^ sketch.Mix(uint64(d.RowIDs[i]))
		}
		hash[i] = sketch.Mix(hash[i] ^ sketch.Mix(v.in.Seed))
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hash[a], hash[b]) })
	take := func(n int) *dataset.Table {
		rows := slices.Clone(order[:min(n, len(order))])
		slices.Sort(rows)
		return d.Take(rows)
	}
	v.pool, v.work = take(pool), take(workRows)
}

// matching returns the positions of the columns of t that can be compared with those
// of schema, -1 where there is none.
func matching(t *dataset.Table, schema *dataset.Schema) []int {
	places := t.Schema.Places(schema.Names())
	for i, j := range places {
		if j >= 0 && t.Schema.Fields[j].Type.Numeric() != schema.Fields[i].Type.Numeric() {
			places[i] = -1
		}
	}
	return places
}

// conform returns the rows of t with the columns of schema; what t lacks is null.
func conform(t *dataset.Table, schema *dataset.Schema) *dataset.Table {
	out := &dataset.Table{Schema: schema, RowIDs: t.RowIDs}
	places := matching(t, schema)
	for i, f := range schema.Fields {
		if j := places[i]; j >= 0 {
			out.Columns = append(out.Columns, t.Columns[j])
			continue
		}
		c := dataset.Vector{Null: make([]bool, t.Rows())}
		if f.Type.Numeric() {
			c.Floats = make([]float64, t.Rows())
		} else {
			c.Strings = make([]string, t.Rows())
		}
		for i := range c.Null {
			c.Null[i] = true
		}
		out.Columns = append(out.Columns, c)
	}
	return out
}

// encoded returns the space of the columns of v, fitted on the reference, or
// without one on the data.
func (v *view) encoded() *encode.Space {
	if v.space == nil {
		var names []string
		for _, j := range v.columns {
			names = append(names, v.in.Data.Schema.Fields[j].Name)
		}
		if names == nil {
			names = []string{}
		}
		if v.judges != nil {
			v.space = encode.Fit(v.judges, names, v.pool)
		} else {
			v.space = encode.Fit(v.pool, names)
		}
	}
	return v.space
}

// missing returns how many points the worst of the named dimensions lacks to 100,
// and 0 if that is within what healthy data lack.
func (v *view) missing(dimensions ...string) float64 {
	worst := 0.0
	for _, name := range dimensions {
		d := v.in.Collapse.Dimension(name)
		if d == nil {
			continue
		}
		if score, ok := d.Score.Value(); ok && score < healthy {
			worst = max(worst, 100-score)
		}
	}
	return worst
}

// worst returns how many points the worst of all scores lacks to 100.
func (v *view) worst() float64 {
	worst := 100 - v.in.Collapse.Overall.Or(100)
	for _, d := range v.in.Collapse.Dimensions {
		worst = max(worst, 100-d.Score.Or(100))
	}
	return worst
}

// toAdd returns how many rows the file needs so that they make up a share of it.
func (v *view) toAdd(share float64) int64 { return int64(float64(v.rows)*share/(1-share) + 0.5) }

// inFile scales a number of rows of a sample of n rows to the whole file.
func (v *view) inFile(rows float64, n int) int64 {
	return int64(rows*float64(max(v.in.Rows, int64(v.in.Data.Rows())))/float64(max(1, n)) + 0.5)
}

// without returns t without its rows that drop names; ok is false if there are
// none, or if so few would be left that dropping is no fix.
func without(t *dataset.Table, drop func(row int64) bool) (out *dataset.Table, dropped int, ok bool) {
	var keep []int
	for i, id := range t.RowIDs {
		if id < 0 || !drop(id) {
			keep = append(keep, i)
		}
	}
	dropped = t.Rows() - len(keep)
	if dropped == 0 || len(keep) < minRows && len(keep) < t.Rows()/2 {
		return nil, dropped, false
	}
	return t.Take(keep), dropped, true
}

// add returns t and rows of the donors, which make up a share of the result. If
// there are too few of them, rows of t are left out at random.
func (v *view) add(t *dataset.Table, donors []int, share float64, rng *rand.Rand) *dataset.Table {
	wanted := share / (1 - share) * float64(t.Rows())
	rng.Shuffle(len(donors), func(i, j int) { donors[i], donors[j] = donors[j], donors[i] })
	n := min(len(donors), int(wanted+0.5))
	if float64(n) < wanted {
		keep := rng.Perm(t.Rows())[:min(t.Rows(), int(float64(t.Rows())*float64(n)/wanted))]
		slices.Sort(keep)
		t = t.Take(keep)
	}
	rows := slices.Clone(donors[:n])
	slices.Sort(rows)
	return dataset.Concat(t, v.donors.Take(rows))
}

// unused returns the donors that are not in t yet.
func (v *view) unused(t *dataset.Table) []int {
	used := map[int64]bool{}
	for _, id := range t.RowIDs {
		if id < 0 {
			used[id] = true
		}
	}
	var out []int
	for i, id := range v.donors.RowIDs {
		if !used[id] {
			out = append(out, i)
		}
	}
	return out
}

// withColumn returns t with a copy of column j that can be changed.
func withColumn(t *dataset.Table, j int) (*dataset.Table, *dataset.Vector) {
	out := &dataset.Table{Schema: t.Schema, Columns: slices.Clone(t.Columns), RowIDs: t.RowIDs}
	c := &out.Columns[j]
	c.Floats, c.Strings = slices.Clone(c.Floats), slices.Clone(c.Strings)
	c.Null, c.Invalid = slices.Clone(c.Null), slices.Clone(c.Invalid)
	return out, c
}

// evenly returns n of the numbers below of, evenly spaced.
func evenly(n, of int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i * of / n
	}
	return out
}

// first returns the first of the rows, as many as a report holds.
func first(rows []int64) []int64 { return rows[:min(len(rows), 1000)] }

// count writes a number of rows with separators of thousands.
func count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// several writes a number of things.
func several(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return count(int64(n)) + " " + thing + "s"
}

// jobs is how many goroutines look for neighbours; the result is the same for any number.
func jobs() int { return runtime.GOMAXPROCS(0) }

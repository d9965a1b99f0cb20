package synthos

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"synthos/collapse"
	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/scan"
	"synthos/sketch"
	"synthos/text"
)

// load is stage 1: the first pass over the reference, the holdout and the data.
// The reference decides how columns of the same name are stored and what they
// mean, so that a broken cell in the data is a broken cell and not another type.
func (r *run) load(ctx context.Context) error {
	var types map[string]dataset.Type
	var meaning *dataset.Schema
	var prefer map[string]string // where the data leave open how dates are written, as the reference
	if r.o.Schema != "" {
		var err error
		if r.schema, err = load.ReadOverrides(r.o.Schema); err != nil {
			return err
		}
		types = r.schema.Types
	}
	if r.o.Reference != "" {
		p, err := r.openOnce(ctx, &r.reference, load.Options{Sheet: r.o.ReferenceSheet, Types: types}, r.o.Reference, func(*profile.Profile) {})
		if err != nil {
			return fmt.Errorf("reference: %w", err)
		}
		if p.Rows == 0 {
			return dataset.NewError(r.o.Reference, "the reference has no rows", "give a file with real rows, or leave --reference out")
		}
		meaning = p.Schema
		types, prefer = storedAs(p.Schema)
		maps.Copy(prefer, load.Written(r.reference.source))
	}
	if r.o.Holdout != "" {
		_, err := r.openOnce(ctx, &r.holdout, load.Options{Sheet: r.o.HoldoutSheet, Types: types, Prefer: prefer}, r.o.Holdout, func(p *profile.Profile) { p.Adopt(meaning) })
		if err != nil {
			return fmt.Errorf("holdout: %w", err)
		}
	}
	p, err := r.open(ctx, &r.data, load.Options{Format: r.format, Sheet: r.o.Sheet, Types: types, Prefer: prefer}, r.path)
	if err != nil {
		return err
	}
	if p.Rows == 0 {
		return dataset.NewError(r.path, "the file has columns but no rows", "give a file with data rows")
	}
	if meaning != nil {
		p.Adopt(meaning)
	}
	if t := r.o.Target; t != "" && p.Schema.Index(t) < 0 {
		return dataset.NewError(r.path, fmt.Sprintf("no column is called %q, which was given as the target", t), chooseOf(t, p.Schema.Names()))
	}
	format, err := load.Identify(ctx, r.path, r.format)
	if err != nil {
		return err
	}
	r.result.Load = p.Section(load.WithoutSecrets(r.path), format)
	addFiles(r.result.Load, r.data.source.Ranges())
	for j := range p.Columns {
		r.result.Load.Columns[j].InvalidRows = p.Columns[j].InvalidRows
	}
	r.result.Rows, r.result.Columns = p.Rows, len(p.Schema.Fields)
	r.noteColumns(meaning)
	for _, l := range []*loaded{r.data, r.reference, r.holdout} {
		r.noteSample(l)
	}
	return nil
}

// noteSample says that l is so wide that fewer of its rows are looked at together than
// were asked for.
func (r *run) noteSample(l *loaded) {
	if l == nil {
		return
	}
	rows, columns := l.table.Rows(), len(l.table.Schema.Fields)
	if rows >= r.o.Sample || rows < profile.SampleRows(r.o.Sample, columns) || l.rows <= int64(rows) {
		return
	}
	r.result.Load.Findings = append(r.result.Load.Findings, dataset.Finding{Path: load.WithoutSecrets(l.path), Row: -1, Message: fmt.Sprintf(
		"of so many columns (%d) the sample that is compared holds %d rows, not %d; give a larger --sample, or fewer columns, for more", columns, rows, r.o.Sample)})
}

// fewNames is how many columns an error lists.
const fewNames = 12

// chooseOf says which column may have been meant, and which there are.
func chooseOf(name string, names []string) string {
	do := ""
	if near := text.Nearest(name, names); near != "" {
		do = fmt.Sprintf("did you mean %q? ", near)
	}
	list := strings.Join(names[:min(fewNames, len(names))], ", ")
	if more := len(names) - fewNames; more > 0 {
		list += fmt.Sprintf(" and %d more, which synthos inspect lists", more)
	}
	return do + "There are " + list
}

// open opens a file, runs the first pass over it and keeps both in *into. If the
// pass shows that a sample of the rows has misled about columns (load.Misjudged),
// they are decided from all rows and the file is read again.
func (r *run) open(ctx context.Context, into **loaded, o load.Options, path string) (*profile.Profile, error) {
	o = r.asked(o)
	for {
		src, err := load.Open(ctx, path, o)
		if err != nil {
			return nil, err
		}
		total := int64(0)
		for _, rg := range src.Ranges() {
			total += max(0, rg.Rows)
		}
		p, err := profile.Run(ctx, r.engineFor(into), src, profile.Options{Seed: r.o.Seed, Sample: r.o.Sample}, r.meter.rows("load", total))
		if err != nil {
			src.Close()
			return nil, err
		}
		if err := checkRows(src, path, o.BadRows, p); err != nil {
			src.Close()
			return nil, err
		}
		if o.Whole || !load.Misjudged(src, o.Types, seen(p)) {
			r.override(p, path)
			*into = &loaded{path: path, source: src, table: p.Sample, rows: p.Rows + p.Skipped, hashes: p.RowHashes}
			return p, nil
		}
		src.Close()
		o.Whole = true
	}
}

// storedAs returns how the columns of a schema are stored, and how its times are written:
// what other files are opened with to be read alike.
func storedAs(s *dataset.Schema) (types map[string]dataset.Type, layouts map[string]string) {
	types, layouts = map[string]dataset.Type{}, map[string]string{}
	for _, f := range s.Fields {
		types[f.Name] = f.Type
		if f.Type == dataset.Time {
			layouts[f.Name] = f.Layout
		}
	}
	return types, layouts
}

// asked returns o with what the user asked for, of all files alike.
func (r *run) asked(o load.Options) load.Options {
	o.BadRows, o.Encoding, o.RangeBytes = load.BadRows(r.o.BadRows), r.o.Encoding, r.o.rangeBytes
	if r.schema != nil {
		o.Layouts = r.schema.Layouts
	}
	return o
}

// engineFor returns the engine of the first pass over a file.
func (r *run) engineFor(into **loaded) scan.Engine {
	if into == &r.data && r.along != nil {
		return r.along
	}
	return r.engine
}

// seen returns what a first pass has shown of the columns.
func seen(p *profile.Profile) []load.Seen {
	columns := make([]load.Seen, len(p.Columns))
	for j, c := range p.Columns {
		columns[j] = load.Seen{Name: c.Name, Values: c.Count, Invalid: c.Invalid, Sample: &p.Sample.Columns[j]}
	}
	return columns
}

// whole returns what is known from the hashes of all rows; nil if the samples hold
// all rows, or if the hashes do not compare: they are of all columns, in order, ids
// and those that only one side has too.
func (r *run) whole() *collapse.Whole {
	data, ref := r.data, r.reference
	all := int64(data.table.Rows()) == data.hashes.Total()
	if ref != nil {
		all = all && int64(ref.table.Rows()) == ref.hashes.Total()
	}
	if all || !sameColumns(data.table.Schema, ref) {
		return nil
	}
	n := data.hashes.Total()
	w := &collapse.Whole{Rows: n, Repeats: 1 - data.hashes.DistinctAmong(n)/float64(n)}
	if ref != nil {
		w.UsualRepeats = 1 - ref.hashes.DistinctAmong(n)/float64(n)
		w.Copies, w.UsualCopies = sketch.Shared(data.hashes, ref.hashes), ref.hashes.Repeated()
	}
	return w
}

// sameColumns reports whether equal rows of the data and of the reference have
// equal hashes, and describe the same: no column is an id.
func sameColumns(data *dataset.Schema, reference *loaded) bool {
	for j, f := range data.Fields {
		if f.Kind == dataset.ID {
			return false
		}
		if reference == nil {
			continue
		}
		fields := reference.table.Schema.Fields
		if len(fields) != len(data.Fields) || fields[j].Name != f.Name || fields[j].Type.Numeric() != f.Type.Numeric() {
			return false
		}
	}
	return true
}

// noteColumns records the columns that only one side has.
func (r *run) noteColumns(reference *dataset.Schema) {
	if reference == nil {
		return
	}
	note := func(path, column, message string) {
		r.result.Load.Findings = append(r.result.Load.Findings, dataset.Finding{Path: path, Row: -1, Column: column, Message: message})
	}
	data := r.data.table.Schema
	for i, at := range data.Places(reference.Names()) {
		if at < 0 {
			note(r.o.Reference, reference.Fields[i].Name, "the reference has this column, the data do not; it is not compared")
		}
	}
	for i, at := range reference.Places(data.Names()) {
		if at < 0 {
			note(r.path, data.Fields[i].Name, "the data have this column, the reference does not; it is not compared")
		}
	}
}

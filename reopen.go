package synthos

import (
	"context"
	"fmt"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/verdict"
)

// reopen opens the files of a report, and makes sure that the data are what they
// were when it was made.
func (r *run) reopen(ctx context.Context, report *verdict.Result, kinds []string, f FixOptions) error {
	same := false
	if report.Load.RowsDigest != "" && recognizedSuffices(report, kinds) {
		var err error
		if same, err = r.recognize(ctx, report, kinds); err != nil {
			return err
		}
	}
	if !same { // another file, or one that is not read in the same way without looking at all of it first
		r.close()
		r.data, r.reference, r.holdout = nil, nil, nil
		if err := r.stage(ctx, "load", r.load); err != nil {
			return err
		}
		if r.result.Load.StateHash != report.Load.StateHash {
			what := "its cells differ"
			if r.result.Rows != report.Rows {
				what = fmt.Sprintf("it has %d rows, and the report is about %d", r.result.Rows, report.Rows)
			}
			return dataset.NewError(r.path, "this is not the file that the report is about, or not as it was: "+what, "validate it again, and use the new report")
		}
	}
	for _, out := range []string{f.Output, f.Quarantine} {
		if out == "" {
			continue
		}
		if err := load.CanCopy(r.data.source, out); err != nil {
			return err
		}
	}
	return nil
}

// recognizedSuffices reports whether the fixes need no more of the data than
// profile.Recognize finds out: not if rows are to be judged again, or thinned out.
func recognizedSuffices(report *verdict.Result, kinds []string) bool {
	return !slices.Contains(kinds, "thin_modes") &&
		(!slices.Contains(kinds, "drop_rows") && !slices.Contains(kinds, "relabel") || int64(len(flaggedOf(report.Localization))) >= report.Localization.RowsFlagged)
}

// recognize opens the data, and the reference if there is one, as load did when
// the report was made, at about the cost of reading them. It reports whether the data are
// those of the report; if not, the files may be open.
func (r *run) recognize(ctx context.Context, report *verdict.Result, kinds []string) (same bool, err error) {
	var o load.Options
	if r.o.Schema != "" {
		if r.schema, err = load.ReadOverrides(r.o.Schema); err != nil {
			return false, err
		}
		o.Types = r.schema.Types
	}
	if r.o.Reference != "" {
		o.Types, _ = storedAs(schemaOf(report.Load)) // the reference's, of the columns that it has too
		reference := load.Options{Sheet: r.o.ReferenceSheet, Types: o.Types}
		if needsValues(kinds) {
			_, err = r.recognized(ctx, &r.reference, reference, r.o.Reference, report, r.o.Sample)
		} else {
			err = r.columnsOnly(ctx, reference)
		}
		if err != nil {
			return false, fmt.Errorf("reference: %w", err)
		}
	}
	o.Format, o.Sheet = r.format, r.o.Sheet
	sample := 1
	if needsValues(kinds) {
		sample = r.o.Sample
	}
	p, err := r.recognized(ctx, &r.data, o, r.path, report, sample)
	if p == nil || err != nil || p.RowsDigest != report.Load.RowsDigest || p.Rows != report.Load.Rows || p.Skipped != report.Load.RowsSkipped {
		return false, err
	}
	r.result.Rows, r.result.Columns = p.Rows, len(report.Load.Columns)
	return true, nil
}

// needsValues reports whether a fix looks at the values of the sample and of the reference's.
func needsValues(kinds []string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool { return kind != "drop_rows" && kind != "drop_duplicates" })
}

// columnsOnly opens the reference without reading its rows.
func (r *run) columnsOnly(ctx context.Context, o load.Options) error {
	src, err := load.Open(ctx, r.o.Reference, r.asked(o))
	if err != nil {
		return err
	}
	schema := src.Schema()
	r.reference = &loaded{path: r.o.Reference, source: src, table: &dataset.Table{Schema: schema, Columns: make([]dataset.Vector, len(schema.Fields))}}
	return nil
}

// recognized opens a file and reads it by profile.Recognize, if it can be read as
// the report says that the data were, and keeps a sample of so many rows; nil if not.
func (r *run) recognized(ctx context.Context, into **loaded, o load.Options, path string, report *verdict.Result, sample int) (*profile.Recognized, error) {
	o = r.asked(o)
	known := schemaOf(report.Load)
	for {
		src, err := load.Open(ctx, path, o)
		if err != nil {
			return nil, err
		}
		if into == &r.data && !sameFields(src.Schema(), known) {
			src.Close()
			if o.Whole {
				return nil, nil
			}
			o.Whole = true
			continue
		}
		options := profile.Options{Seed: r.o.Seed, Sample: sample}
		if into == &r.data {
			options.Rows = report.Rows
		}
		p, err := profile.Recognize(ctx, r.engineFor(into), src, options, r.meter.rows("load", report.Rows))
		if err != nil {
			src.Close()
			return nil, err
		}
		adoptKinds(p.Sample, known)
		*into = &loaded{path: path, source: src, table: p.Sample, rows: p.Rows + p.Skipped}
		return p, nil
	}
}

// sameFields reports whether two schemas have the same columns, stored alike.
func sameFields(a, b *dataset.Schema) bool {
	return slices.EqualFunc(a.Fields, b.Fields, func(x, y dataset.Field) bool { return x.Name == y.Name && x.Type == y.Type })
}

// adoptKinds gives the columns of t the kinds of those of the same name in known.
func adoptKinds(t *dataset.Table, known *dataset.Schema) {
	s := &dataset.Schema{Fields: slices.Clone(t.Schema.Fields)}
	for j := range s.Fields {
		if k := known.Index(s.Fields[j].Name); k >= 0 {
			s.Fields[j].Kind = known.Fields[k].Kind
		}
	}
	t.Schema = s
}

package synthos

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"synthos/dataset"
	"synthos/load"
	"synthos/mend"
	"synthos/recommend"
	"synthos/verdict"
)

// openReal opens the file of real rows that fixes may add; nil if there is none, or
// if no fix asks for it.
func (r *run) openReal(ctx context.Context, path string, kinds []string, report *verdict.Result) (*mend.Real, error) {
	if path == "" {
		return nil, nil
	}
	if !slices.ContainsFunc(mend.Adding, func(kind string) bool { return slices.Contains(kinds, kind) }) {
		return nil, nil
	}
	if r.o.Reference == "" {
		return nil, dataset.NewError(path, "the report was made without a reference, so it does not say which real rows are missing", "validate with --reference, and fix with the new report")
	}
	types, layouts := storedAs(r.data.source.Schema())
	maps.Copy(layouts, load.Written(r.data.source))
	o := r.asked(load.Options{Types: types, Prefer: layouts})
	src, err := load.Open(ctx, path, o)
	if err != nil {
		return nil, err
	}
	for _, name := range recommend.Describing(schemaOf(report.Load), r.reference.sample()) {
		if src.Schema().Index(name) < 0 {
			src.Close()
			return nil, dataset.NewError(path, fmt.Sprintf("it has no column %q, which the data have", name), "give real rows with the columns of the data")
		}
	}
	out := &mend.Real{Source: src, Wanted: map[string]int64{}, Known: []dataset.Source{r.reference.source}}
	if r.holdout != nil {
		out.Known = append(out.Known, r.holdout.source)
	} else if r.o.Holdout != "" { // it was not read to recognize the data
		o.Sheet = r.o.HoldoutSheet
		holdout, err := load.Open(ctx, r.o.Holdout, o)
		if err != nil {
			src.Close()
			return nil, fmt.Errorf("holdout: %w", err)
		}
		r.holdout = &loaded{path: r.o.Holdout, source: holdout}
		out.Known = append(out.Known, holdout)
	}
	for _, x := range report.Recommendations {
		out.Wanted[x.Kind] = x.RowsTotal
	}
	return out, nil
}

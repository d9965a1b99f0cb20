package synthos

import (
	"context"
	"fmt"

	"synthos/localize"
	"synthos/verdict"
)

// Explain tells all that is known about one row of the dataset at path, by its
// 0-based number: how each cell fits the others, which rows are like it, and what
// is held against it. It judges by the options of o, as Validate does.
func (o *Orchestrator) Explain(ctx context.Context, path, format string, row int64) (*verdict.Explanation, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if row < 0 {
		return nil, fmt.Errorf("synthos: row %d; rows are numbered from 0", row)
	}
	r := o.newRun(path, format)
	if err := r.stage(ctx, "load", r.load); err != nil {
		return nil, err
	}
	defer r.close()
	if r.reference != nil { // without one, the networks are not asked about rows
		if err := r.stage(ctx, "cascade", r.cascade); err != nil {
			return nil, err
		}
	}
	return localize.Explain(ctx, r.engine, r.data.source, r.localizeInput(), row)
}

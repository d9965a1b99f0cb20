package synthos

import (
	"context"
	"fmt"
	"log/slog"

	"synthos/comparison"
	"synthos/localize"
)

// compare fills in what reports show of the data beside the reference. It is no
// stage: nothing is decided by it, and if it fails the section is missing.
func (r *run) compare(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			slog.Debug("no comparison", "panic", fmt.Sprint(p))
		}
	}()
	in := comparison.Input{Data: r.data.table, Reference: r.reference.sample(), Space: r.space, Flagged: map[int64]bool{}, Seed: r.o.Seed}
	if l := r.result.Localization; l != nil {
		for _, id := range r.data.table.RowIDs {
			if id < int64(len(l.RowScores)) && l.RowScores[id] >= localize.FlagAt {
				in.Flagged[id] = true
			}
		}
		for _, row := range l.Rows {
			if row.Score >= localize.FlagAt {
				in.Flagged[row.Row] = true
			}
		}
	}
	c, err := comparison.Make(ctx, in)
	if err != nil {
		slog.Debug("no comparison", "error", err)
		return
	}
	r.result.Comparison = c
}

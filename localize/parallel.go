package localize

import (
	"golang.org/x/sync/errgroup"
)

// span is how many rows a goroutine takes at a time.
const span = 512

// parallel calls do for consecutive spans of n rows from as many goroutines as
// there are jobs. It returns an error only if the view's context ended.
func (v *view) parallel(n int, do func(lo, hi int)) error {
	var g errgroup.Group
	g.SetLimit(v.in.Jobs)
	for lo := 0; lo < n; lo += span {
		g.Go(func() error {
			if err := v.ctx.Err(); err != nil {
				return err
			}
			do(lo, min(n, lo+span))
			return nil
		})
	}
	return g.Wait()
}

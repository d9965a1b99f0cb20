package recommend

import (
	"context"
	"slices"

	"synthos/verdict"
)

// branch is where a plan took a fix that drops rows which nothing is held against.
type branch struct {
	fix  *fix
	lost float64 // dollars that these rows are worth, in the whole file
	path path    // before it
	planned
}

// branchOff notes where a fix is about to be kept, if the rows that it drops are worth
// more than the least gain.
func (s *search) branchOff(f *fix, d *details) {
	lost := s.view.in.Prices.DroppedRow * float64(d.good)
	if lost > 0 && 100*lost >= leastGain*s.view.anew() {
		s.branches = append(slices.Clip(s.branches), branch{f, lost, s.path, s.view.planned})
	}
}

// thrift asks of each such fix, the dearest first, what the plan comes to without it: the
// others of the list that come after it are tried again from where it was taken. It stays
// if it is worth its price.
//
// Whether it is cannot be told when it is tried: shares put right may show only once
// what was lost is there again, and what was lost may be all that is wrong with the shares.
func (s *search) thrift(ctx context.Context, list []*fix) {
	calls, spared := s.calls, s.spared
	s.limit, s.spared = calls+retries, 0
	asked := map[*fix]bool{}
	for {
		b := s.dearest(asked)
		if b == nil {
			break
		}
		asked[b.fix] = true
		with, rows := s.path, s.view.planned
		s.path, s.view.planned = b.path, b.planned
		s.projection.before = with.projection.before
		for _, f := range list[slices.Index(list, b.fix)+1:] {
			if ctx.Err() == nil && s.reached < healthy {
				s.try(ctx, f)
			}
		}
		if ctx.Err() != nil || s.failed != nil || s.worth(&with) {
			s.path, s.view.planned, s.failed = with, rows, nil
		}
	}
	s.limit, s.spared = maxScores+s.calls-calls, spared
}

// dearest returns the branch of the plan that costs most in rows and was not asked about yet; nil
// if there is none.
func (s *search) dearest(asked map[*fix]bool) *branch {
	var out *branch
	for i := range s.branches {
		if b := &s.branches[i]; !asked[b.fix] && (out == nil || b.lost > out.lost) {
			out = b
		}
	}
	return out
}

// worth reports whether a plan is worth what it costs more than the one of s. It is if the
// goal is only reached with it; it is not if all is well without it. Else it must
// bring as many points a dollar as the last resort could at best: all rows generated anew,
// after which nothing would be missing.
func (s *search) worth(with *path) bool {
	switch without := s.reached; {
	case with.reached < without || without >= healthy:
		return false
	case with.reached >= s.view.in.Threshold && without < s.view.in.Threshold:
		return true
	default:
		more := dollars(with.made) - dollars(s.made)
		return (with.reached-without)*s.view.anew() >= (100-without)*more
	}
}

// anew returns the dollars that all rows of the file cost, if a generator makes them.
func (v *view) anew() float64 {
	return v.in.Prices.GeneratedRow * float64(max(v.in.Rows, int64(v.in.Data.Rows())))
}

func dollars(list []verdict.Recommendation) float64 {
	sum := 0.0
	for i := range list {
		sum += float64(list[i].CostUSD)
	}
	return sum
}

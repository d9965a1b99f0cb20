package collapse

// effort is how much is measured: the number of resamples, and their size.
type effort struct {
	splits   int // resamples: each statistic is measured this many times
	rows     int // of each part of a split, at most
	costly   int // splits on which what takes long is measured
	nearest  int // rows of each side whose neighbours on the same side are looked up, at most
	copies   int // rows of each side that are looked up in the reference, at most
	targets  int // columns that forests predict, at most
	forest   int // rows that a forest is trained and tested on, at most
	trees    int // of a forest
	alike    int // rows in which templates are looked for, at most
	alikeOn  int // splits on which they are looked for
	opposing int // rows whose gradients are compared, at most
}

// A verdict is measured thoroughly. What would become of it under a fix is
// measured coarsely, before and after: both have the same floor, and the
// difference needs fewer rows than the level does. The columns that are predicted are
// the same: the mending of one that is not looked at would gain nothing.
var (
	thorough = effort{splits: 4, rows: 3000, costly: 3, nearest: 6000, copies: 3000, targets: 10, forest: 2500, trees: 20, alike: 2000, alikeOn: 2, opposing: 1000}
	coarse   = effort{splits: 3, rows: 1200, costly: 2, nearest: 1500, copies: 700, targets: 10, forest: 1000, trees: 12, alike: 1000, alikeOn: 1, opposing: 300}
)

func effortOf(in Input) effort {
	if in.Coarse {
		return coarse
	}
	return thorough
}

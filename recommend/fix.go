package recommend

import (
	"math/rand/v2"

	"synthos/dataset"
)

// fix is one kind of fix, with everything there is to know about it.
type fix struct {
	kind  string
	about string // what it does, for people

	// need returns how bad the damage is that the evidence says this fix could
	// mend, in points of a score: 0 = no evidence, not tried. What is seen directly,
	// such as repeated rows, may be behind any damage; otherwise it is that of the
	// dimensions that the fix is for.
	need func(v *view) float64
	// apply returns t with the fix applied to it, sharing no cell that it changed.
	// ok is false if there is nothing in t to fix.
	apply func(v *view, t *dataset.Table, rng *rand.Rand) (counterfactual *dataset.Table, d details, ok bool)
	// cost returns dollars for the whole file.
	cost func(p *Prices, d *details) float64

	// rival, if not nil, is what else could be done with what the fix mended: the fix is
	// only kept if it gains as much.
	rival func(v *view, t *dataset.Table, d *details) (counterfactual *dataset.Table, ok bool)

	last    bool      // only tried if the others together do not reach the goal
	real    bool      // adds real rows: cannot be measured by scores against them
	doses   []float64 // how much of it can be tried, ascending, with view.dose; nil = all or nothing
	nothing string    // why its gain cannot be measured; "" = it can
}

// fixes is the table of all; one more is a file, and a line here. Among fixes of
// equal need, the first comes first.
var fixes = []fix{
	repairColumn,
	refillColumn,
	repairCells,
	dropDuplicates,
	relabel,
	dropRows,
	thinModes,
	reweight,
	restoreModes,
	mixReal,
	dropColumn,
	regenerate,
}

// details says what a fix would do to this file.
type details struct {
	title   string
	text    string         // what to do, in a sentence or two
	rows    []int64        // file rows that it concerns
	total   int64          // how many rows of the file that are, or how many are added
	change  int64          // rows that the file gains, or loses if negative
	dropped map[int64]bool // the rows of the sample that it drops
	good    int64          // rows of the file that it drops though they are not flagged, or are mended
	mended  map[int64]bool // the rows of the sample that are no longer to be dropped
	removes []string       // statistics whose excess it removes in the whole file, whatever the sample shows
	columns []string       // columns that it concerns
}

// rowsPerHour is how many rows a compute hour passes over, when a fix only reads and
// writes the file.
const rowsPerHour = 1e9

func passing(p *Prices, rows int64) float64 { return p.ComputeHour * float64(rows) / rowsPerHour }

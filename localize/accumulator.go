package localize

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// unit of the integers that suspicions are summed in, so that sums do not depend
// on their order.
const unit = 1 << 20

// accumulator is what the pass folds rows into: the worst rows, what they are
// charged with, and the scores if they are kept. Two accumulators merge to the
// same in any order.
type accumulator struct {
	judge *judge

	rows      int64 // judged
	flagged   int64
	suspicion int64 // of all rows that are more likely bad than not, in units
	worst     worst
	charged   map[accusation]total
	listing   listing
	kept      listing // flagged rows that stay when others are dropped
	skipped   int64   // rows that could not be read
	scores    []chunk // if kept
}

// accusation is what rows are charged with: a channel, and a column of the space
// or -1.
type accusation struct{ channel, column int }

// total says how many flagged rows are charged with something, how suspicious
// they are, in units, and which they are: the first ones and the last.
type total struct {
	rows, suspicion int64
	first           []int64 // ascending, at most groupRows
	last            int64
}

// with returns the total of t and o.
func (t total) with(o total) total {
	first := slices.Concat(t.first, o.first)
	slices.Sort(first)
	last := o.last
	if t.rows > 0 {
		last = max(last, t.last)
	}
	return total{t.rows + o.rows, t.suspicion + o.suspicion, first[:min(len(first), groupRows)], last}
}

// chunk holds the scores of consecutive rows.
type chunk struct {
	first  int64
	scores []float32
}

var _ scan.Accumulator = (*accumulator)(nil)

func newAccumulator(j *judge) *accumulator {
	return &accumulator{judge: j, worst: worst{room: j.view.in.Worst}, charged: map[accusation]total{}}
}

// AddBatch judges the rows of b. Rows of the sample were heard when the judge was
// fitted; the others are screened, and heard where that is not enough.
func (a *accumulator) AddBatch(b *dataset.Batch) error {
	v := a.judge.view
	t := v.batch(b)
	var fresh []int // rows that are not in the sample
	for i, id := range t.RowIDs {
		if _, heard := a.judge.at[id]; !heard {
			fresh = append(fresh, i)
		}
	}
	var h *hearing
	if len(fresh) > 0 {
		if len(fresh) < b.Rows/2 { // else judging a few in vain costs less than copying the others
			t = t.Take(fresh)
		} else {
			fresh = nil
		}
		var err error
		if h, err = a.judge.sift(v.rowsOf(t)); err != nil {
			return err
		}
	}
	scores := make([]float32, b.Rows)
	next := 0
	for i := range b.Rows {
		id := b.FirstRow + int64(i)
		if at, heard := a.judge.at[id]; heard {
			scores[i] = float32(a.add(a.judge.fitted, at, id))
			continue
		}
		at := i
		if fresh != nil {
			at, next = next, next+1
		}
		scores[i] = float32(a.add(h, at, id))
	}
	if v.in.KeepRowScores && b.Rows > 0 {
		a.scores = append(a.scores, chunk{b.FirstRow, scores})
	}
	for _, f := range b.Skipped {
		a.skip(f)
	}
	return nil
}

// add judges one row and returns its score.
func (a *accumulator) add(h *hearing, row int, id int64) float64 {
	score, charges := h.score(row)
	a.rows++
	if score >= FlagAt {
		a.flagged++
		a.charge(h, row, id, charges)
	}
	if score >= reportAt {
		a.suspicion += int64(math.Round(score * unit))
		if a.worst.wants(score, id) {
			a.worst.push(h.report(row, id, score, charges))
		}
	}
	return score
}

// charge counts what a flagged row is charged with most.
func (a *accumulator) charge(h *hearing, row int, id int64, charges []charge) {
	if len(charges) == 0 {
		return
	}
	leads := h.leading(charges)
	lead := leads[0]
	columns := h.columns(lead, row)
	if len(columns) == 0 {
		columns = []int{-1}
	}
	a.listing.add(accusation{lead.at, columns[0]}, id)
	if h.stays(leads, row) {
		a.kept.add(accusation{}, id)
	}
	for _, column := range columns {
		key := accusation{lead.at, column}
		a.charged[key] = a.charged[key].with(total{1, int64(math.Round(lead.suspicion * unit)), []int64{id}, id})
	}
}

// skip takes a row into account that could not be read.
func (a *accumulator) skip(f dataset.Finding) {
	a.skipped++
	a.flagged++
	a.suspicion += unit
	if f.Row >= 0 {
		a.listing.add(unread, f.Row)
	}
	if f.Row >= 0 && a.worst.wants(1, f.Row) {
		a.worst.push(verdict.Row{Row: f.Row, Score: 1, Severity: severityOf(1),
			Dimensions: []string{"quality_degradation"}, Reason: "cannot be read: " + f.Message})
	}
}

// Merge takes over what o has. Both must come from one judge.
func (a *accumulator) Merge(o scan.Accumulator) error {
	b, ok := o.(*accumulator)
	if !ok || b.judge != a.judge {
		return fmt.Errorf("localize: cannot merge a %T of another run", o)
	}
	a.rows += b.rows
	a.flagged += b.flagged
	a.suspicion += b.suspicion
	a.skipped += b.skipped
	for _, r := range b.worst.rows {
		if a.worst.wants(r.Score, r.Row) {
			a.worst.push(r)
		}
	}
	for key, n := range b.charged {
		a.charged[key] = a.charged[key].with(n)
	}
	a.listing.merge(&b.listing)
	a.kept.merge(&b.kept)
	a.scores = append(a.scores, b.scores...)
	return nil
}

// MarshalBinary returns the counts and the worst rows, in order.
func (a *accumulator) MarshalBinary() ([]byte, error) {
	var out bytes.Buffer
	for _, n := range []int64{a.rows, a.flagged, a.suspicion, a.skipped} {
		binary.Write(&out, binary.LittleEndian, n)
	}
	for _, key := range a.accusations() {
		n := a.charged[key]
		binary.Write(&out, binary.LittleEndian, []int64{int64(key.channel), int64(key.column), n.rows, n.suspicion, n.last})
		binary.Write(&out, binary.LittleEndian, n.first)
	}
	rows, err := json.Marshal(a.worst.sorted())
	if err != nil {
		return nil, err
	}
	out.Write(rows)
	for _, s := range a.rowScores() {
		binary.Write(&out, binary.LittleEndian, s)
	}
	return out.Bytes(), nil
}

// accusations returns the keys of charged, in order.
func (a *accumulator) accusations() []accusation {
	keys := make([]accusation, 0, len(a.charged))
	for key := range a.charged {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y accusation) int {
		return cmp.Or(cmp.Compare(x.channel, y.channel), cmp.Compare(x.column, y.column))
	})
	return keys
}

// rowScores returns the kept scores by row number; 1 where a row could not be read.
func (a *accumulator) rowScores() []float32 {
	if !a.judge.view.in.KeepRowScores {
		return nil
	}
	n := a.rows + a.skipped
	for _, c := range a.scores {
		n = max(n, c.first+int64(len(c.scores)))
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = 1
	}
	for _, c := range a.scores {
		copy(out[c.first:], c.scores)
	}
	return out
}

package localize

import (
	"math/rand/v2"
	"testing"

	"synthos/dataset"
)

// TestScreenedAsHeard plants each kind of damage in a file that is four times the
// sample, and judges the rows beyond the sample twice: screened, as the pass does
// it, and heard in full. Suspicious rows must score the same but for what is
// below leastAccused, except where the search for rows that are alike misses one in a hundred.
func TestScreenedAsHeard(t *testing.T) {
	for _, d := range damages {
		for _, self := range []bool{false, true} {
			t.Run(d.name+map[bool]string{true: ", self"}[self], func(t *testing.T) {
				data, reference := made(1, 2400), made(2, 600)
				for part := range 4 { // so that every part holds bad rows
					rows := data.Take(rangeOf(part*600, 600))
					d.plant(rand.New(rand.NewPCG(3, 4)), rows, reference)
					for i := range 600 {
						copyRow(data, part*600+i, rows, i)
					}
					for j := range rows.Columns {
						for _, bad := range rows.Columns[j].Invalid {
							data.Columns[j].Invalid = append(data.Columns[j].Invalid, dataset.Invalid{Row: part*600 + bad.Row, Text: bad.Text})
						}
					}
				}
				if self {
					reference = nil
				}
				j := judgeOfSample(t, data, data.Take(rangeOf(0, 600)), reference)
				rest := j.view.rowsOf(data.Take(rangeOf(600, 1800)))
				whole, err := j.hear(rest)
				if err != nil {
					t.Fatal(err)
				}
				screened, err := j.sift(rest)
				if err != nil {
					t.Fatal(err)
				}
				suspicious, missed, heard := 0, 0, 0
				for i := range rest.n() {
					want, _ := whole.score(i)
					got, _ := screened.score(i)
					if got > want+1e-12 {
						t.Fatalf("row %d scores %v screened and %v heard", i, got, want)
					}
					if want >= reportAt {
						suspicious++
						if got < want-1.5*leastAccused {
							missed++
						}
					}
					for w := range j.witnesses {
						if _, ok := screened.of(w, i); ok {
							heard++
						}
					}
				}
				if missed > suspicious/50+9 { // 9 of 1800: see near.prepare
					t.Errorf("%d of %d suspicious rows score otherwise when screened", missed, suspicious)
				}
				if !self && suspicious == 0 {
					t.Error("no row is suspicious: nothing is tested")
				}
				if heard > 2*rest.n() {
					t.Errorf("%d hearings of %d rows: the screen saves nothing", heard, rest.n())
				}
			})
		}
	}
}

// TestScreenOfHealthyRows wants next to nothing to be heard of healthy rows, with
// and without a reference.
func TestScreenOfHealthyRows(t *testing.T) {
	for _, reference := range []*dataset.Table{made(2, 600), nil} {
		data := made(1, 2400)
		j := judgeOfSample(t, data, data.Take(rangeOf(0, 600)), reference)
		screened, err := j.sift(j.view.rowsOf(data.Take(rangeOf(600, 1800))))
		if err != nil {
			t.Fatal(err)
		}
		for w := range j.witnesses {
			n := 0
			for i := range 1800 {
				if _, ok := screened.of(w, i); ok {
					n++
				}
			}
			if n > 1800/10 {
				t.Errorf("witness %T heard %d of 1800 healthy rows (reference: %v)", j.witnesses[w], n, reference != nil)
			}
		}
	}
}

func rangeOf(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}

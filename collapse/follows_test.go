package collapse

import (
	"math"
	"math/rand/v2"
	"testing"

	"synthos/dataset"
)

// families is a table of children: what is of the family stands in each child's row.
func families(n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(7, 8))
	names := []string{"father", "mother", "income", "rooms", "height", "weight"}
	t := &dataset.Table{Schema: &dataset.Schema{}, Columns: make([]dataset.Vector, len(names))}
	for _, name := range names {
		t.Schema.Fields = append(t.Schema.Fields, dataset.Field{Name: name, Type: dataset.Float, Kind: dataset.Numerical})
	}
	for range n {
		father, mother := 175+7*rng.NormFloat64(), 165+6*rng.NormFloat64()
		income, rooms := 1000*math.Exp(3+rng.NormFloat64()), float64(rng.IntN(30))
		for range 4 + rng.IntN(6) {
			height := (father+mother)/2 + 5*rng.NormFloat64()
			for j, x := range []float64{father, mother, income, rooms, height, height/2 + 9*rng.NormFloat64()} {
				t.Columns[j].Floats = append(t.Columns[j].Floats, x)
				t.Columns[j].Null = append(t.Columns[j].Null, false)
			}
			t.RowIDs = append(t.RowIDs, int64(len(t.RowIDs)))
		}
	}
	return t
}

func TestChildrenOfOneFamilyAreNoTemplate(t *testing.T) {
	if x := first(t, byItself(t, families(200)).manyAlike()); x > 0.005 {
		t.Errorf("%.3f of the children fill in templates, want none", x)
	}
}

// Of 100 values with 4 rows each, all of which agree in the second column and 2 of 6 pairs in the
// third, the estimates are 100/150 and 100/3/150; the fourth says nothing.
func TestAgreementThatFollows(t *testing.T) {
	rows := &rowCells{columns: []int{0, 1, 2, 3}, rows: make([]int, 400), cells: make([][]uint64, 4), count: make([]map[uint64]int, 4)}
	for k := range rows.cells {
		rows.count[k] = map[uint64]int{}
		for i := range 400 {
			value := []int{i / 4, i / 4, i / 2, i}[k]
			rows.cells[k] = append(rows.cells[k], uint64(value))
			rows.count[k][uint64(value)]++
		}
	}
	f := newFollows(rows)
	for other, want := range map[int]float64{1: 100.0 / 150, 2: 100.0 / 3 / 150, 3: 1e-9} {
		if p := f.alsoAgree(0, other); math.Abs(p-want) > 1e-12 {
			t.Errorf("rows that agree in column 0 agree in column %d with probability %g, want %g", other, p, want)
		}
	}
	// The column that tells most counts in full, the next two for what it leaves open, the last for
	// its own bits: they are fewer.
	got := f.bits([]told{{2, 3}, {3, 1}, {1, 5}, {0, 9}}, 99)
	if want := 9 + math.Log2(150.0/100) + math.Log2(450.0/100) + 1; math.Abs(got-want) > 1e-12 {
		t.Errorf("agreement in four columns tells %g bits, want %g", got, want)
	}
	if got := f.bits([]told{{2, 3}, {1, 5}, {0, 9}}, 8); got != 9 {
		t.Errorf("%g bits where 8 are enough, want the 9 of the first column", got)
	}
}

package comparison

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/encode"
	"synthos/verdict"
)

// made returns n rows of two dependent numbers, a category, a text and a date.
// A share lost of the category's third level is turned into the first; with
// broken true, y does not depend on x any more.
func made(n int, seed uint64, shift, lost float64, broken bool) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "x", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "y", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "level", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "words", Type: dataset.String, Kind: dataset.Text},
		{Name: "when", Type: dataset.Time, Kind: dataset.Datetime},
		{Name: "id", Type: dataset.String, Kind: dataset.ID},
	}}, Columns: make([]dataset.Vector, 6)}
	for i := range n {
		x := rng.NormFloat64()
		y := x + 0.1*rng.NormFloat64()
		if broken {
			y = 1.005 * rng.NormFloat64()
		}
		level := []string{"a", "b", "c"}[rng.IntN(3)]
		if level == "c" && rng.Float64() < lost {
			level = "a"
		}
		text := ""
		for range 1 + rng.IntN(9) {
			text += "word "
		}
		t.RowIDs = append(t.RowIDs, int64(2*i))
		for j, v := range []float64{x + shift, y, 0, 0, 1.6e9 + 1e6*rng.Float64(), 0} {
			c := &t.Columns[j]
			c.Null = append(c.Null, false)
			switch j {
			case 2:
				c.Strings = append(c.Strings, level)
			case 3:
				c.Strings = append(c.Strings, text)
			case 5:
				c.Strings = append(c.Strings, fmt.Sprint(i))
			default:
				c.Floats = append(c.Floats, v)
			}
		}
	}
	return t
}

func compare(t *testing.T, data, ref *dataset.Table) *verdict.Comparison {
	t.Helper()
	in := Input{Data: data, Reference: ref, Seed: 1, Flagged: map[int64]bool{4: true, 3: true}}
	if ref == nil {
		in.Space = encode.Fit(data, nil)
	} else {
		in.Space = encode.Fit(ref, nil, data)
	}
	c, err := Make(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func columnOf(t *testing.T, c *verdict.Comparison, name string) *verdict.ColumnComparison {
	t.Helper()
	for i := range c.Columns {
		if c.Columns[i].Name == name {
			return &c.Columns[i]
		}
	}
	t.Fatalf("column %s is not compared", name)
	return nil
}

// Two samples of one source differ by about the floor, in every column and pair.
func TestSameSource(t *testing.T) {
	c := compare(t, made(3000, 2, 0, 0, false), made(2000, 1, 0, 0, false))
	if len(c.Columns) != 5 || c.ColumnsTotal != 5 {
		t.Fatalf("%d columns of %d, want 5: all but the id", len(c.Columns), c.ColumnsTotal)
	}
	for _, col := range c.Columns {
		if col.Change > 2.5*col.Floor+0.01 {
			t.Errorf("%s changed by %v, floor %v, though nothing changed", col.Name, col.Change, col.Floor)
		}
		total := 0.0
		for _, s := range col.Reference {
			total += float64(s)
		}
		if math.Abs(total-1) > 1e-3 {
			t.Errorf("%s: the shares of the reference add up to %v", col.Name, total)
		}
	}
	if len(c.Pairs) > 0 {
		t.Errorf("pair %s and %s is said to have changed by %v (floor %v)", c.Pairs[0].X, c.Pairs[0].Y, c.Pairs[0].Change, c.Pairs[0].Floor)
	}
	if len(c.Map.Regions) > 0 {
		t.Errorf("%d regions are said to be lost", len(c.Map.Regions))
	}
}

// The total variation distance of N(1,1) and N(0,1) is 2 Phi(1/2) - 1 = 0.3829;
// bins can only hide some of it.
func TestShift(t *testing.T) {
	c := compare(t, made(20000, 2, 1, 0, false), made(20000, 1, 0, 0, false))
	if c.Columns[0].Name != "x" {
		t.Errorf("the most changed column is %s, want x", c.Columns[0].Name)
	}
	if got := float64(c.Columns[0].Change); got < 0.36 || got > 0.40 {
		t.Errorf("change %v, want about 0.3829", got)
	}
}

// A shift far beyond the reference's range cannot hide: the edges are the reference's.
func TestFarShiftIsInTheOpenBin(t *testing.T) {
	c := columnOf(t, compare(t, made(500, 2, 1000, 0, false), made(500, 1, 0, 0, false)), "x")
	if last := c.Data[len(c.Data)-1]; last != 1 || c.Change < 0.9 {
		t.Errorf("the last bin holds %v of the data, change %v; want 1 and nearly 1", last, c.Change)
	}
}

func TestLostLevel(t *testing.T) {
	c := columnOf(t, compare(t, made(3000, 2, 0, 0.97, false), made(3000, 1, 0, 0, false)), "level")
	if len(c.Lost) != 1 || c.Lost[0].Level != "c" {
		t.Fatalf("lost levels %v, want c", c.Lost)
	}
	if math.Abs(float64(c.Change)-0.97/3) > 0.03 {
		t.Errorf("change %v, want about 0.323: what moved", c.Change)
	}
}

// A broken dependency shows in the pair, not in the columns.
func TestBrokenPair(t *testing.T) {
	c := compare(t, made(3000, 2, 0, 0, true), made(3000, 1, 0, 0, false))
	if len(c.Pairs) == 0 || c.Pairs[0].X != "x" || c.Pairs[0].Y != "y" {
		t.Fatalf("the most changed pair is not x and y: %v", c.Pairs)
	}
	if y := columnOf(t, c, "y"); y.Change > 2.5*y.Floor+0.01 {
		t.Errorf("y by itself changed by %v, floor %v", y.Change, y.Floor)
	}
}

// The picture does not depend on the unit of a column.
func TestUnit(t *testing.T) {
	data, ref := made(1000, 2, 0.5, 0, false), made(1000, 1, 0, 0, false)
	before := columnOf(t, compare(t, data, ref), "x").Change
	for _, side := range []*dataset.Table{data, ref} {
		for i := range side.Columns[0].Floats {
			side.Columns[0].Floats[i] *= 1024 // exact
		}
	}
	if after := columnOf(t, compare(t, data, ref), "x").Change; after != before {
		t.Errorf("change %v in one unit, %v in another", before, after)
	}
}

func TestNullsCount(t *testing.T) {
	data, ref := made(1000, 2, 0, 0, false), made(1000, 1, 0, 0, false)
	for i := range 500 {
		data.Columns[0].Null[2*i] = true
	}
	if c := columnOf(t, compare(t, data, ref), "x"); c.DataNull != 0.5 || c.ReferenceNull != 0 || c.Change < 0.5 {
		t.Errorf("nulls %v and %v, change %v; want 0.5, 0 and at least 0.5", c.DataNull, c.ReferenceNull, c.Change)
	}
}

// Nothing here may panic or give NaN where a number belongs.
func TestOddTables(t *testing.T) {
	for name, n := range map[string][2]int{"one row": {1, 1}, "few rows": {2, 3}, "one side small": {1000, 2}, "no reference": {200, 0}} {
		t.Run(name, func(t *testing.T) {
			data := made(n[0], 2, 0, 0, false)
			var ref *dataset.Table
			if n[1] > 0 {
				ref = made(n[1], 1, 0, 0, false)
			}
			for i := range data.Columns[1].Floats {
				data.Columns[1].Floats[i] = 7 // constant
			}
			c := compare(t, data, ref)
			for _, col := range c.Columns {
				for _, s := range col.Data {
					if !(s >= 0 && s <= 1) {
						t.Errorf("%s has a share of %v", col.Name, s)
					}
				}
			}
			if ref == nil && (len(c.Pairs) > 0 || c.ReferenceRows != 0 || len(c.Map.Regions) > 0) {
				t.Error("without a reference there is nothing to compare with")
			}
		})
	}
}

// Flagged rows are on the map even if chance did not choose them, and the same
// input gives the same map.
func TestMap(t *testing.T) {
	data, ref := made(3000, 2, 0, 0, false), made(3000, 1, 0, 0, false)
	a, b := compare(t, data, ref), compare(t, data, ref)
	if diff := cmp.Diff(a.Map, b.Map); diff != "" {
		t.Error(diff)
	}
	flagged := 0
	for i, f := range a.Map.Data.Flagged {
		if f {
			flagged++
			if a.Map.Data.Rows[i] != 4 {
				t.Errorf("row %d is flagged", a.Map.Data.Rows[i])
			}
		}
	}
	if flagged != 1 {
		t.Errorf("%d rows are flagged on the map, want 1 (row 3 is not in the sample)", flagged)
	}
	if e := a.Map.Explained; e <= 0 || e > 1 {
		t.Errorf("the plane explains %v", e)
	}
	// A fifth of the reference's rows is of a kind that the data do not have.
	for i := 0; i < 3000; i += 5 {
		ref.Columns[0].Floats[i] += 8
		ref.Columns[1].Floats[i] += 8
		ref.Columns[2].Strings[i] = "d"
	}
	total := verdict.Number(0)
	for _, r := range compare(t, data, ref).Map.Regions {
		total += r.Reference
	}
	if total < 0.15 || total > 0.21 {
		t.Errorf("lost regions hold %v of the reference, want about a fifth", total)
	}
}

// The binning of numbers: whole numbers have whole edges, tails do not flatten it.
func TestEdges(t *testing.T) {
	whole := make([]float64, 0, 300)
	for i := range 300 {
		whole = append(whole, float64(i%10))
	}
	if diff := cmp.Diff([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, edges(whole, true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	tail := make([]float64, 5000)
	for i := range tail {
		tail[i] = math.Exp(2 * rng.NormFloat64())
	}
	e := edges(tail, false)
	first := 0
	for _, x := range tail {
		if x < e[1] {
			first++
		}
	}
	if first > 4*len(tail)/10 {
		t.Errorf("%d of %d values are in the first bin", first, len(tail))
	}
	for i := 1; i < len(e); i++ {
		if !(e[i] > e[i-1]) {
			t.Errorf("edges do not ascend: %v", e)
		}
	}
}

// Of a column with many rare levels, a third of the cells of another sample are of
// levels that this one does not have: that is no change beyond the floor.
func TestFloorKnowsRareLevels(t *testing.T) {
	made := func(seed uint64, levels int) *dataset.Table {
		rng := rand.New(rand.NewPCG(seed, 1))
		v := dataset.Vector{Null: make([]bool, 1000), Strings: make([]string, 1000)}
		ids := make([]int64, 1000)
		for i := range v.Strings {
			v.Strings[i] = fmt.Sprint("level-", rng.IntN(levels))
			ids[i] = int64(i)
		}
		return &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{{Name: "x", Type: dataset.String, Kind: dataset.Categorical}}}, Columns: []dataset.Vector{v}, RowIDs: ids}
	}
	for _, levels := range []int{20, 1000, 5000} {
		c, err := Make(context.Background(), Input{Data: made(1, levels), Reference: made(2, levels), Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		change, floor := float64(c.Columns[0].Change), float64(c.Columns[0].Floor)
		if change > 1.5*floor+0.01 || floor > 1.5*change+0.03 {
			t.Errorf("%d levels: change %.3f, floor %.3f; both are samples of one source", levels, change, floor)
		}
	}
}

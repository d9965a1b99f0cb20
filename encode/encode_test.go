package encode

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

// table returns a table of float and string columns; NaN and "" are null.
func table(t *testing.T, fields []dataset.Field, columns ...any) *dataset.Table {
	t.Helper()
	out := &dataset.Table{Schema: &dataset.Schema{Fields: fields}}
	for _, c := range columns {
		var v dataset.Vector
		switch c := c.(type) {
		case []float64:
			v.Floats = c
			for _, x := range c {
				v.Null = append(v.Null, math.IsNaN(x))
			}
		case []string:
			v.Strings = c
			for _, x := range c {
				v.Null = append(v.Null, x == "")
			}
		}
		out.Columns = append(out.Columns, v)
	}
	for i := range out.Columns[0].Null {
		out.RowIDs = append(out.RowIDs, int64(i))
	}
	return out
}

func number(name string) dataset.Field {
	return dataset.Field{Name: name, Type: dataset.Float, Kind: dataset.Numerical}
}

func level(name string) dataset.Field {
	return dataset.Field{Name: name, Type: dataset.String, Kind: dataset.Categorical}
}

func normals(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

func TestEqualMassEdges(t *testing.T) {
	uniform := make([]float64, 1000)
	for i := range uniform {
		uniform[i] = float64(i)
	}
	atom := append(make([]float64, 900), uniform[100:200]...)
	tests := []struct {
		name, reason string
		x            []float64
		bins         int
	}{
		{"few values", "each of at most 32 values has a bin", []float64{1, 1, 2, 5, 5, 5, 9}, 4},
		{"constant", "one value, one bin", []float64{3, 3, 3}, 1},
		{"many values", "20 bins of equal mass", uniform, quantileBins},
		{"none", "no value still is one open bin", nil, 1},
	}
	for _, test := range tests {
		if got := len(equalMassEdges(test.x)) + 1; got != test.bins {
			t.Errorf("%s: %d bins, want %d (%s)", test.name, got, test.bins, test.reason)
		}
	}
	// An atom of 90 % gets a bin of its own and leaves the others enough bins.
	o := &ordered{sorted: atom, edges: equalMassEdges(atom), scale: 1}
	if o.bin(0) == o.bin(100) {
		t.Error("the atom shares its bin")
	}
	if n := len(o.edges) + 1; n < 10 {
		t.Errorf("%d bins in all, want at least 10: an atom must not use up the others' bins", n)
	}
	counts := map[uint16]int{}
	for _, x := range uniform {
		counts[(&ordered{edges: equalMassEdges(uniform)}).bin(x)]++
	}
	for code, n := range counts {
		if n < 40 || n > 60 {
			t.Errorf("bin %d holds %d of 1000, want about 50", code, n)
		}
	}
}

func TestNormalScoresAreTheIdentityOnNormals(t *testing.T) {
	x := normals(20000, 1)
	s := Fit(table(t, []dataset.Field{number("x")}, x), nil)
	for _, z := range []float64{-2, -1, 0, 0.5, 1, 2} {
		if got := s.Columns[0].ordered.score(z); math.Abs(got-z) > 0.06 {
			t.Errorf("score(%v) = %.3f; a standard normal sample gives about the value itself", z, got)
		}
	}
}

func TestUnitsChangeNothing(t *testing.T) {
	x := normals(500, 2)
	y := make([]float64, len(x))
	for i := range x {
		y[i] = 1000*x[i] + 32
	}
	a := Fit(table(t, []dataset.Field{number("x")}, x), nil)
	b := Fit(table(t, []dataset.Field{number("x")}, y), nil)
	if diff := cmp.Diff(a.Codes(table(t, []dataset.Field{number("x")}, x)).Data, b.Codes(table(t, []dataset.Field{number("x")}, y)).Data); diff != "" {
		t.Errorf("codes depend on the unit (-x +y):\n%s", diff)
	}
	for _, p := range []float64{-9, -1, 0, 2, 9} {
		if za, zb := a.Columns[0].ordered.score(p), b.Columns[0].ordered.score(1000*p+32); math.Abs(za-zb) > 1e-6 {
			t.Errorf("score(%v) is %v in one unit, %v in another", p, za, zb)
		}
	}
}

func TestOpenEnds(t *testing.T) {
	s := Fit(table(t, []dataset.Field{number("x")}, normals(1000, 3)), nil)
	o := s.Columns[0].ordered
	top := o.score(o.sorted[len(o.sorted)-1])
	if far := o.score(1000); far <= top+3.9 || far > top+4 {
		t.Errorf("a value far outside scores %.2f, want 4 above the largest seen (%.2f)", far, top)
	}
	if got, want := o.bin(1000), uint16(o.card()-2); got != want {
		t.Errorf("a value far outside has code %d, want the last bin %d", got, want)
	}
}

func TestLevels(t *testing.T) {
	fields := []dataset.Field{level("c")}
	s := Fit(table(t, fields, []string{"b", "a", "b", "", "c", "b", "a"}), nil)
	got := s.Codes(table(t, fields, []string{"b", "a", "c", "", "new"})).Data
	if diff := cmp.Diff([]uint16{1, 2, 3, 0, 4}, got); diff != "" {
		t.Errorf("codes: most frequent first, null 0, unseen last (-want +got):\n%s", diff)
	}
	for code, want := range []string{"null", "b", "a", "c", "invalid or unseen"} {
		if got := s.Level(0, uint16(code)); got != want {
			t.Errorf("Level(%d) = %q, want %q", code, got, want)
		}
	}
}

func TestInvalidCellsHaveTheLastCode(t *testing.T) {
	fields := []dataset.Field{number("x")}
	fit := Fit(table(t, fields, []float64{1, 2, 3}), nil)
	d := table(t, fields, []float64{1, math.NaN(), math.NaN()})
	d.Columns[0].Invalid = []dataset.Invalid{{Row: 2, Text: "err"}}
	if diff := cmp.Diff([]uint16{1, 0, uint16(fit.Slots[0].Card - 1)}, fit.Codes(d).Data); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDistances(t *testing.T) {
	squared := func(a, b []float32) (sum float64) {
		for i := range a {
			sum += float64(a[i]-b[i]) * float64(a[i]-b[i])
		}
		return sum
	}
	fields := []dataset.Field{level("c")}
	f := Fit(table(t, fields, []string{"a", "b", "c"}), nil).Features(table(t, fields, []string{"a", "b", "", "new"}))
	for i := range 4 {
		for j := range i {
			if got := squared(f.Row(i), f.Row(j)); math.Abs(got-1) > 1e-6 {
				t.Errorf("rows %d and %d are at squared distance %v, want 1: another level, null or unseen", i, j, got)
			}
		}
	}
	// Two independent standard normals differ by 2 on average, squared.
	x := table(t, []dataset.Field{number("x")}, normals(4000, 4))
	g := Fit(x, nil).Features(x)
	sum := 0.0
	for i := 0; i < g.N; i += 2 {
		sum += squared(g.Row(i), g.Row(i+1)) / float64(g.N/2)
	}
	if math.Abs(sum-2) > 0.15 {
		t.Errorf("mean squared distance of a number is %.3f, want 2", sum)
	}
}

func TestColumnOrderOfOtherTablesChangesNothing(t *testing.T) {
	x, c := normals(50, 5), make([]string, 50)
	for i := range c {
		c[i] = fmt.Sprint("level ", i%4)
	}
	s := Fit(table(t, []dataset.Field{number("x"), level("c")}, x, c), nil)
	a := s.Codes(table(t, []dataset.Field{number("x"), level("c")}, x, c))
	b := s.Codes(table(t, []dataset.Field{level("c"), number("x")}, c, x))
	if !slices.Equal(a.Data, b.Data) {
		t.Error("codes depend on the order of the columns")
	}
}

func TestIDsAreLeftOut(t *testing.T) {
	id := dataset.Field{Name: "id", Type: dataset.Float, Kind: dataset.ID}
	s := Fit(table(t, []dataset.Field{id, number("x")}, []float64{1, 2, 3}, []float64{5, 6, 7}), nil)
	if len(s.Slots) != 1 || len(s.LeftOut) != 1 || s.LeftOut[0].Name != "id" {
		t.Errorf("slots %v, left out %v; want x alone, without the id", s.SlotNames(), s.LeftOut)
	}
}

func TestBinScoresRiseAndCentre(t *testing.T) {
	x := table(t, []dataset.Field{number("x")}, normals(5000, 6))
	s := Fit(x, nil)
	z := s.BinScores(0)
	inner := z[1 : len(z)-1]
	if !slices.IsSorted(inner) {
		t.Errorf("bin scores do not rise: %v", inner)
	}
	c, mean := s.Codes(x), 0.0
	for _, code := range c.Data {
		mean += z[code] / float64(c.N)
	}
	if math.Abs(mean) > 1e-6 {
		t.Errorf("mean bin score %v, want 0: normal scores are symmetric", mean)
	}
}

func TestTextsOfOneTopicAreNear(t *testing.T) {
	var cells []string
	for i := range 60 {
		cells = append(cells,
			fmt.Sprintf("the cat sat on mat number %d and purred at the kitten", i),
			fmt.Sprintf("interest rates of the bank rose by %d percent in the market", i))
	}
	fields := []dataset.Field{{Name: "t", Type: dataset.String, Kind: dataset.Text}}
	x := table(t, fields, cells)
	s := Fit(x, nil)
	f := s.Features(x)
	distance := func(i, j int) (sum float64) {
		for k := range textFeatures {
			d := float64(f.Row(i)[k] - f.Row(j)[k])
			sum += d * d
		}
		return math.Sqrt(sum)
	}
	if same, other := distance(0, 2), distance(0, 1); other < 2*same {
		t.Errorf("two texts of a topic are %.2f apart, of two topics %.2f; want at least twice as far", same, other)
	}
}

// TestSelect encodes some of the columns as the whole space does.
func TestSelect(t *testing.T) {
	texts := make([]string, 60)
	for i := range texts {
		texts[i] = strings.Repeat("the river runs to the sea and ", 1+i%4) + strconv.Itoa(i)
	}
	tab := table(t, []dataset.Field{number("x"), {Name: "t", Type: dataset.String, Kind: dataset.Text}, level("l"), number("y")},
		normals(60, 1), texts, strings.Split(strings.Repeat("a b c ", 20), " ")[:60], normals(60, 2))
	all := Fit(tab, nil)
	if all.Select([]int{0, 1, 2, 3}) != all {
		t.Error("all columns are not the space itself")
	}
	some := all.Select([]int{1, 3})
	whole, part := all.Codes(tab), some.Codes(tab)
	features, selected := all.Features(tab), some.Features(tab)
	for k, of := range []int{1, 3} {
		a, b := &all.Columns[of], &some.Columns[k]
		for i := range whole.N {
			for j := range b.Width {
				if x, y := features.Row(i)[a.Offset+j], selected.Row(i)[b.Offset+j]; x != y {
					t.Fatalf("feature %d of %s in row %d is %g, in the whole space %g", j, b.Field.Name, i, y, x)
				}
			}
		}
	}
	at := 0
	for j := range all.Slots {
		if of := all.Slots[j].Column; of != 1 && of != 3 {
			continue
		}
		if some.Slots[at].Name != all.Slots[j].Name {
			t.Fatalf("slot %d is %s, want %s", at, some.Slots[at].Name, all.Slots[j].Name)
		}
		for i := range whole.N {
			if x, y := whole.Row(i)[j], part.Row(i)[at]; x != y {
				t.Fatalf("code of %s in row %d is %d, in the whole space %d", some.Slots[at].Name, i, y, x)
			}
		}
		at++
	}
	if at != len(some.Slots) || at < 3 {
		t.Errorf("%d slots, want those of a text and a number", len(some.Slots))
	}
}

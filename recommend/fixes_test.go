package recommend

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/verdict"
)

func TestEveryFixSaysEverything(t *testing.T) {
	var kinds []string
	for i := range fixes {
		f := &fixes[i]
		if f.kind == "" || f.about == "" || f.need == nil || f.apply == nil || f.cost == nil {
			t.Errorf("%q lacks a kind, a description, a need, an effect or a cost", f.kind)
		}
		if f.doses != nil && (len(f.doses)%2 == 0 || !slices.IsSorted(f.doses)) {
			t.Errorf("%s: doses %v have no middle or do not ascend", f.kind, f.doses)
		}
		if slices.Contains(kinds, f.kind) {
			t.Errorf("two fixes are called %s", f.kind)
		}
		kinds = append(kinds, f.kind)
	}
}

func FuzzUnwrap(f *testing.F) {
	for _, s := range []string{"12.5kg", "$1,250", "-3 %", "x", "", "1e999", "٣", "\xff1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, ok := unwrap(s)
		if !ok {
			return
		}
		if x-x != 0 {
			t.Fatalf("unwrap(%q) = %v, want a finite number", s, x)
		}
		again, ok := unwrap(fmt.Sprintf("%v kg", x))
		if !ok || again != x {
			t.Errorf("%q reads %v, that with a unit %v", s, x, again)
		}
	})
}

func TestUnitOfColumn(t *testing.T) {
	normal := func(seed uint64, mean, sd float64) []float64 {
		rng := rand.New(rand.NewPCG(seed, 1))
		x := make([]float64, 500)
		for i := range x {
			x[i] = mean + sd*rng.NormFloat64()
		}
		return x
	}
	column := func(x []float64) *dataset.Table {
		t := &dataset.Table{
			Schema:  &dataset.Schema{Fields: []dataset.Field{{Name: "x", Type: dataset.Float, Kind: dataset.Numerical}}},
			Columns: []dataset.Vector{{Floats: x, Null: make([]bool, len(x))}},
		}
		for i := range x {
			t.RowIDs = append(t.RowIDs, int64(i))
		}
		return t
	}
	with := func(f func(x float64) float64) []float64 {
		x := normal(2, 20, 6)
		for i := range x {
			x[i] = f(x[i])
		}
		return x
	}
	tests := []struct {
		name string
		data []float64
		want unit
		ok   bool
	}{
		{"the same", normal(2, 20, 6), unit{}, false},
		{"grams for kilograms", with(func(x float64) float64 { return 1000 * x }), unit{1000, 0}, true},
		{"feet for metres", with(func(x float64) float64 { return x / 0.3048 }), unit{1 / 0.3048, 0}, true},
		{"percent for shares", with(func(x float64) float64 { return x / 100 }), unit{0.01, 0}, true},
		{"Fahrenheit for Celsius", with(func(x float64) float64 { return 1.8*x + 32 }), unit{1.8, 32}, true},
		{"Kelvin for Celsius", with(func(x float64) float64 { return x + 273 }), unit{1, 273}, true},
		{"another shape", with(func(x float64) float64 { return math.Exp(x) }), unit{}, false},
		{"constant", with(func(float64) float64 { return 1e6 }), unit{}, false},
	}
	reference := column(normal(1, 20, 6))
	for _, test := range tests {
		v := newView(Input{Data: column(test.data), Reference: reference, Collapse: &verdict.Collapse{}})
		got, ok := v.unitOf(0)
		if ok != test.ok || ok && (math.Abs(got.factor/test.want.factor-1) > 1e-9 || math.Abs(got.offset-test.want.offset) > 1.5) {
			t.Errorf("%s: %+v, %v, want %+v, %v", test.name, got, ok, test.want, test.ok)
		}
		if !ok {
			continue
		}
		for _, x := range []float64{-4, 0, 17} {
			if back := got.undo(got.factor*x + got.offset); math.Abs(back-x) > 1e-9 {
				t.Errorf("%s: %v comes back as %v", test.name, x, back)
			}
		}
	}
}

func TestNearDuplicatesAreThinned(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	d := again(shop(600, 2), func(i int) int { return i % 400 }) // rows 400 to 599 repeat, with noise
	for i := 400; i < d.Rows(); i++ {
		d.Columns[0].Floats[i] += 1e-4 * rng.NormFloat64()
	}
	for name, reference := range map[string]*dataset.Table{"alone": nil, "with a reference": shop(800, 3)} {
		v := newView(Input{Data: d, Reference: reference, Collapse: &verdict.Collapse{}, Seed: 1})
		thin := v.thinning()
		hit := 0
		for i := 400; i < d.Rows(); i++ {
			if thin.rows[d.RowIDs[i]] {
				hit++
			}
		}
		if hit < 190 || len(thin.rows) > 260 {
			t.Errorf("%s: %d of 200 near copies among %d rows thinned, want nearly all of them and few others", name, hit, len(thin.rows))
		}
	}
	v := newView(Input{Data: shop(600, 4), Reference: shop(800, 3), Collapse: &verdict.Collapse{}, Seed: 1})
	if n := len(v.thinning().rows); n > 60 {
		t.Errorf("%d of 600 healthy rows thinned, want few", n)
	}
}

func TestTemplatesAreThinned(t *testing.T) {
	d := &dataset.Table{
		Schema:  &dataset.Schema{Fields: []dataset.Field{{Name: "prompt", Type: dataset.String, Kind: dataset.Text}}},
		Columns: make([]dataset.Vector, 1),
	}
	rng := rand.New(rand.NewPCG(1, 1))
	word := func() string { return fmt.Sprint("w", rng.IntN(400)) }
	for i := range 300 {
		s := fmt.Sprintf("please write a short poem about the %s of %s", word(), word())
		if i%2 == 0 {
			var words []string
			for range 9 {
				words = append(words, word())
			}
			s = strings.Join(words, " ")
		}
		d.RowIDs = append(d.RowIDs, int64(i))
		d.Columns[0].Strings = append(d.Columns[0].Strings, s)
		d.Columns[0].Null = append(d.Columns[0].Null, false)
	}
	v := newView(Input{Data: d, Collapse: &verdict.Collapse{}, Seed: 1})
	thin := v.thinning()
	for row := range thin.rows {
		if row%2 == 0 {
			t.Fatalf("row %d is no template, and was thinned", row)
		}
	}
	if n := len(thin.rows); n < 100 || n > 150 {
		t.Errorf("%d of 150 rows of a template thinned, want most of them", n)
	}
	if !strings.Contains(thin.say(), "poem") {
		t.Errorf("%q does not name the template", thin.say())
	}
}

func TestSampleKeepsTheShareOfRepeatedRows(t *testing.T) {
	d := again(shop(12000, 2), func(i int) int { return i % 6000 }) // half of the rows repeat
	v := newView(Input{Data: d, Collapse: &verdict.Collapse{}, Seed: 1})
	if n := v.work.Rows(); n != workRows {
		t.Fatalf("%d rows, want %d", n, workRows)
	}
	if share := 1 - float64(distinct(hashesOf(v.work)))/float64(workRows); math.Abs(share-0.5) > 0.02 {
		t.Errorf("%.2f of the sampled rows repeat another, want 0.50 as of all", share)
	}
	if !slices.IsSorted(v.work.RowIDs) {
		t.Error("the sampled rows are not in the order of the file")
	}
}

func TestAddKeepsProportions(t *testing.T) {
	v := newView(Input{Data: shop(1000, 1), Reference: shop(400, 2), Collapse: &verdict.Collapse{}, Seed: 1})
	for _, share := range []float64{0.1, 0.5} { // of 200 donors, 111 and 1,000 are wanted
		out := v.add(v.work, v.unused(v.work), share, rand.New(rand.NewPCG(1, 1)))
		added := 0
		for _, id := range out.RowIDs {
			if id < 0 {
				added++
			}
		}
		if got := float64(added) / float64(out.Rows()); math.Abs(got-share) > 0.01 {
			t.Errorf("%d of %d rows are added, want a share of %.2f", added, out.Rows(), share)
		}
		if left := len(v.unused(out)); left != 200-added {
			t.Errorf("%d donors are left after %d of 200", left, added)
		}
	}
}

func TestColumnsThatOnlyOneSideHas(t *testing.T) {
	d := shop(600, 2)
	d.Schema.Fields[0].Name = "years" // the reference calls it age
	reference := shop(800, 1)
	in := Input{Data: d, Reference: reference, Collapse: &verdict.Collapse{Overall: verdict.NewScore(30)}, Seed: 1}
	in.Score = func(context.Context, *dataset.Table) (*verdict.Collapse, error) { return in.Collapse, nil }
	in.ScoreAgainst = func(_ context.Context, t *dataset.Table, _ *dataset.Table) (*verdict.Collapse, error) {
		return in.Collapse, nil
	}
	if _, err := Make(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	v := newView(in)
	if diff := cmp.Diff([]int{1, 2, 3, 4}, v.columns); diff != "" {
		t.Errorf("compared columns (-want +got):\n%s", diff)
	}
	if c := v.donors.Columns[0]; slices.Contains(c.Null, false) {
		t.Error("rows of the reference have values in a column that it lacks")
	}
}

// TestRepeatsBeyondTheSample checks that rows that repeat in the file, and not in the
// sample, are dropped for what the file gains.
func TestRepeatsBeyondTheSample(t *testing.T) {
	var n counter
	in := inputOf(t, shop(1200, 2), shop(1600, 1), &n)
	in.Rows, in.Repeats = 1e6, 0.3
	d := in.Collapse.Dimension("pattern_repetition")
	repeated := &d.Statistics[0]
	repeated.Name, repeated.Value, repeated.Damage = "duplicate_rows", 0.3, verdict.Number(yardstick.Damage("", 0.3))
	d.Score = verdict.NewScore(yardstick.Score(float64(repeated.Damage)))
	in.Collapse.Overall = d.Score
	plan, err := Make(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	r := find(plan, "drop_duplicates")
	if r == nil {
		t.Fatalf("got %v, want drop_duplicates", kindsOf(plan))
	}
	if r.RowsTotal != 300_000 || plan.Projected.Or(0) < 95 {
		t.Errorf("%d rows, projected %s; want all 300,000 repeated rows gone, and nearly 100", r.RowsTotal, plan.Projected)
	}
}

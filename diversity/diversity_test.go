package diversity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/encode"
	"synthos/verdict"
)

const rows = 500

func TestHealthyDataAreDiverse(t *testing.T) {
	tests := []struct {
		name            string
		data, reference *dataset.Table
		least           float64
	}{
		{"another sample", shop(rows, 2), shop(rows, 1), 95},
		{"another, larger sample", shop(3*rows, 3), shop(rows, 1), 95},
		{"a small sample", shop(100, 4), shop(rows, 1), 90},
		{"by itself", shop(rows, 5), nil, 90},
		{"texts", asks(rows, 2), asks(rows, 1), 95},
		{"texts by themselves", asks(rows, 3), nil, 80},
	}
	for _, test := range tests {
		d := measure(t, test.data, test.reference)
		if v := d.Overall.Score.Or(0); v < test.least {
			t.Errorf("%s: %.1f (%s), want at least %.0f", test.name, v, d.Overall.Reason, test.least)
		}
	}
}

func TestDamageShowsInItsAspect(t *testing.T) {
	reference := shop(rows, 1)
	tests := []struct {
		name, reason string
		damage       func(d *dataset.Table, rng *rand.Rand) *dataset.Table
		aspect       int
		atMost       float64 // of that aspect
		self         bool    // is seen without a reference too
	}{
		{"a handful of rows", "eight rows, again and again", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			return again(d, rows, func(i int) int { return i % 8 })
		}, structural, 20, true},
		{"half repeated", "every row stands twice", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			return again(d, rows, func(i int) int { return i / 2 })
		}, structural, 45, true},
		{"near copies", "every row stands ten times, with a little noise", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			d = again(d, rows, func(i int) int { return i / 10 })
			for i := range d.Rows() {
				d.Columns[1].Floats[i] += 1e-3 * rng.NormFloat64()
			}
			return d
		}, structural, 50, true},
		{"one kind of rows", "the young alone", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			var young []int
			for i, age := range d.Columns[1].Floats {
				if age < 30 {
					young = append(young, i)
				}
			}
			return d.Take(young)
		}, structural, 60, false},
		{"shrunk", "numbers at a third of their spread", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			for j := 1; j < 4; j++ {
				for i, x := range d.Columns[j].Floats {
					d.Columns[j].Floats[i] = x/3 + 20
				}
			}
			return d
		}, statistical, 60, false},
		{"tails cut", "no age below 22 or above 64, no rich, no rare city", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			var middle []int
			for i, age := range d.Columns[1].Floats {
				if age > 22 && age < 64 && d.Columns[2].Floats[i] < 40000 && d.Columns[3].Floats[i] < 70 && d.Columns[2].Floats[i] > 9000 {
					middle = append(middle, i)
				}
			}
			return d.Take(middle)
		}, statistical, 70, false},
		{"constant columns", "half of the columns hold one value", func(d *dataset.Table, _ *rand.Rand) *dataset.Table {
			for i := range d.Rows() {
				d.Columns[1].Floats[i], d.Columns[3].Floats[i] = 40, 7
				d.Columns[6].Strings[i] = "pro"
			}
			return d
		}, statistical, 50, true},
		{"few meanings", "the rows mean a few things, in different words", func(d *dataset.Table, rng *rand.Rand) *dataset.Table {
			d = again(d, rows, func(i int) int { return i % 3 })
			for i := range d.Rows() {
				for j := 1; j < 5; j++ {
					d.Columns[j].Floats[i] *= 1 + 0.01*rng.NormFloat64()
				}
			}
			return d
		}, semantic, 60, false},
	}
	for _, test := range tests {
		data := test.damage(shop(rows, 7), rand.New(rand.NewPCG(7, 7)))
		of := func(d *verdict.Diversity) verdict.DiversityScore {
			return []verdict.DiversityScore{d.Semantic, d.Statistical, d.Structural}[test.aspect]
		}
		d := measure(t, data, reference)
		if v := of(d).Score.Or(100); v > test.atMost {
			t.Errorf("%s: %.1f, want at most %.0f (%s)", test.name, v, test.atMost, test.reason)
		}
		if o, a := d.Overall.Score.Or(100), of(d).Score.Or(100); o > (100+2*a)/3 {
			t.Errorf("%s: overall %.1f averages %.1f away", test.name, o, a)
		}
		if test.self {
			if v := of(measure(t, data, nil)).Score.Or(100); v > 75 {
				t.Errorf("%s: %.1f by itself, want at most 75 (%s)", test.name, v, test.reason)
			}
		}
	}
}

func TestHandfulOfRowsIsRejectedInBothModes(t *testing.T) {
	d := again(shop(rows, 7), 5000, func(i int) int { return i * 7 % 12 })
	for _, reference := range []*dataset.Table{nil, shop(rows, 1)} {
		if v := measure(t, d, reference).Overall.Score.Or(100); v >= 50 {
			t.Errorf("with reference %v: %.1f, want below 50", reference != nil, v)
		}
	}
}

func TestRepeatedTexts(t *testing.T) {
	reference := asks(rows, 1)
	template := asks(rows, 8)
	for i := range template.Rows() {
		if i%3 > 0 {
			template.Columns[0].Strings[i] = fmt.Sprintf("write a short poem about the %s of a %s in %s please", things[i%16], subjects[i/3%16], places[i%12])
		}
	}
	tests := []struct {
		name   string
		data   *dataset.Table
		atMost float64
	}{
		{"copies", again(asks(rows, 8), rows, func(i int) int { return i / 3 }), 50},
		{"a template", template, 60},
	}
	for _, test := range tests {
		for _, reference := range []*dataset.Table{reference, nil} {
			if v := measure(t, test.data, reference).Overall.Score.Or(100); v > test.atMost {
				t.Errorf("%s with reference %v: %.1f, want at most %.0f", test.name, reference != nil, v, test.atMost)
			}
		}
	}
}

// The more of the rows are copies, the lower the score.
func TestMoreDamageScoresLower(t *testing.T) {
	reference, last := shop(rows, 1), 100.1
	for _, distinct := range []int{rows, rows * 9 / 10, rows * 7 / 10, rows / 2, rows / 5, 10} {
		v := measure(t, again(shop(rows, 9), rows, func(i int) int { return i % distinct }), reference).Overall.Score.Or(-1)
		if v >= last {
			t.Errorf("%d different rows of %d score %.1f, no less than more of them (%.1f)", distinct, rows, v, last)
		}
		last = v
	}
}

func TestMoreDiverseThanTheReferenceIsCapped(t *testing.T) {
	d := shop(rows, 2)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range d.Rows() {
		d.Columns[1].Floats[i] += 20 * rng.NormFloat64()
		d.Columns[5].Strings[i] = fmt.Sprint("city ", rng.IntN(12))
	}
	got := measure(t, d, shop(rows, 1))
	if v := got.Statistical.Score.Or(0); v < 95 {
		t.Errorf("wider columns score %.1f (%s), want 100: there is nothing lost", v, got.Statistical.Reason)
	}
}

func TestUnitsAndOrderChangeNothing(t *testing.T) {
	d, r := shop(rows, 2), shop(rows, 1)
	want := measure(t, d, r)
	scaled := func(t *dataset.Table) *dataset.Table {
		out := again(t, t.Rows(), func(i int) int { return i })
		for i := range out.Columns[2].Floats {
			out.Columns[2].Floats[i] = 1024*out.Columns[2].Floats[i] + 64
		}
		return out
	}
	turned := func(t *dataset.Table) *dataset.Table { return t.Select([]int{6, 5, 4, 3, 2, 1, 0}) }
	for name, got := range map[string]*verdict.Diversity{
		"unit":            measure(t, scaled(d), scaled(r)),
		"columns of both": measure(t, turned(d), turned(r)),
		"columns of one":  measure(t, turned(d), r),
	} {
		if g, w := got.Overall.Score.Or(-1), want.Overall.Score.Or(-1); math.Abs(g-w) > 0.5 {
			t.Errorf("%s: %.2f, want %.2f as before", name, g, w)
		}
	}
}

func TestSameBitsOnAnyNumberOfCores(t *testing.T) {
	d, r := shop(300, 2), shop(300, 1)
	sameBits(t, func() Input { return Input{Data: d, Reference: r, Seed: 5} })
}

// sameBits checks that one goroutine and three measure the same.
func sameBits(t *testing.T, input func() Input) {
	t.Helper()
	marshalled := func(jobs int) string {
		in := input()
		in.Jobs = jobs
		got, err := Measure(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if diff := cmp.Diff(marshalled(1), marshalled(3)); diff != "" {
		t.Errorf("(-one core +three):\n%s", diff)
	}
}

func TestWhatCannotBeMeasuredIsNull(t *testing.T) {
	empty := shop(100, 1)
	for j := range empty.Columns {
		empty.Schema.Fields[j].Kind = dataset.Unknown
	}
	tests := []struct {
		name            string
		data, reference *dataset.Table
	}{
		{"few rows", shop(minRows-1, 1), nil},
		{"no rows", shop(0, 1), shop(100, 1)},
		{"few reference rows", shop(100, 1), shop(2*minRows-1, 2)},
		{"no column with values", empty, nil},
		{"no column in common", shop(100, 1), asks(100, 1)},
	}
	for _, test := range tests {
		d := measure(t, test.data, test.reference)
		for _, s := range []verdict.DiversityScore{d.Overall, d.Semantic, d.Statistical, d.Structural} {
			if _, ok := s.Score.Value(); ok || s.Score.WhyNull() == "" || s.Reason == "" {
				t.Errorf("%s: got %v (%q), want null with a reason", test.name, s.Score, s.Reason)
			}
		}
	}
	if _, err := Measure(context.Background(), Input{}); err == nil {
		t.Error("no data: want an error")
	}
}

func TestOddTablesJustWork(t *testing.T) {
	wide := &dataset.Table{Schema: &dataset.Schema{}}
	base := shop(60, 1)
	wide.RowIDs = base.RowIDs
	for j := range 300 {
		f := base.Schema.Fields[1+j%6]
		f.Name = fmt.Sprint("column ", j)
		wide.Schema.Fields = append(wide.Schema.Fields, f)
		wide.Columns = append(wide.Columns, base.Columns[1+j%6])
	}
	constant := again(shop(100, 1), 100, func(int) int { return 0 })
	null := shop(100, 1)
	for i := range null.Columns[1].Null {
		null.Columns[1].Null[i] = true
	}
	for name, tables := range map[string][2]*dataset.Table{
		"300 columns":         {wide, nil},
		"one row, repeated":   {constant, nil},
		"constant reference":  {shop(100, 1), constant},
		"constant both":       {constant, constant},
		"a column of nulls":   {null, shop(100, 2)},
		"a single column":     {shop(100, 1).Select([]int{1}), nil},
		"one level":           {constant.Select([]int{5}), nil},
		"a single text":       {again(asks(50, 1), 50, func(int) int { return 0 }), nil},
		"like the reference":  {shop(100, 1), shop(100, 1)},
		"smallest that works": {shop(minRows, 1), shop(2*minRows, 2)},
	} {
		d := measure(t, tables[0], tables[1])
		if _, ok := d.Overall.Score.Value(); !ok {
			t.Errorf("%s: not measured: %s", name, d.Overall.Reason)
		}
		if _, err := json.Marshal(d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEndOfContextStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Measure(ctx, Input{Data: shop(100, 1), Seed: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestEveryStatisticSaysEverything(t *testing.T) {
	var names []string
	for _, s := range statistics {
		if s.name == "" || s.what == "" || s.source == "" || s.aspect < 0 || s.aspect >= aspects {
			t.Errorf("%q lacks a name, a meaning, a source or an aspect", s.name)
		}
		if s.reference == nil && s.self == nil {
			t.Errorf("%s is never measured", s.name)
		}
		if s.reference != nil && s.scale <= 0 || s.self != nil && (s.below <= 0 || s.norm <= 0) {
			t.Errorf("%s has no scale", s.name)
		}
		if slices.Contains(names, s.name) {
			t.Errorf("two statistics are called %s", s.name)
		}
		names = append(names, s.name)
	}
	d := measure(t, shop(200, 2), shop(200, 1))
	for _, s := range d.Overall.Statistics {
		if math.IsNaN(float64(s.Floor)) || math.IsNaN(float64(s.Damage)) || s.Source == "" {
			t.Errorf("%s has no floor, damage or source: %+v", s.Name, s)
		}
	}
	for _, s := range measure(t, shop(200, 2), nil).Overall.Statistics {
		if !math.IsNaN(float64(s.Floor)) {
			t.Errorf("%s has a floor without a reference", s.Name)
		}
	}
}

func TestVendiScore(t *testing.T) {
	at := func(d int, x ...float32) *encode.Features { return &encode.Features{N: len(x) / d, D: d, Data: x} }
	far := make([]float32, 8)
	for i := range far {
		far[i] = float32(1000 * i)
	}
	// Two rows with kernel k have the eigenvalues (1+k)/2 and (1-k)/2.
	k := math.Exp(-0.5)
	two := math.Exp(-(1+k)/2*math.Log((1+k)/2) - (1-k)/2*math.Log((1-k)/2))
	tests := []struct {
		name string
		f    *encode.Features
		want float64
	}{
		{"equal rows are one", at(1, 3, 3, 3, 3), 1},
		{"rows far apart are as many", at(1, far...), 8},
		{"four rows at two places are two", at(1, 0, 0, 1e6, 1e6), 2},
		{"two rows at the bandwidth", at(2, 0, 0, 0, 1), two},
	}
	for _, test := range tests {
		if got := vendiScore(test.f, test.f.N, 1); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if got := medianDistance(at(1, 0, 0, 3, 3, 3), 5); got != 3 {
		t.Errorf("median distance between different rows is %v, want 3", got)
	}
}

func TestSpikeSeesCopiesAndNoDensity(t *testing.T) {
	smooth := make([]float32, 1000)
	for i := range smooth {
		smooth[i] = float32(i) / 500 // evenly from 0 to 2, median 1
	}
	if got := spike(smooth, 1); math.Abs(got) > 0.01 {
		t.Errorf("a smooth density has a spike of %v, want 0", got)
	}
	copied := slices.Clone(smooth)
	clear(copied[600:])
	if got := spike(copied, 1); math.Abs(got-0.4) > 0.01 {
		t.Errorf("40 %% copies have a spike of %v", got)
	}
}

func TestJoinedKeepsCatastrophes(t *testing.T) {
	tests := []struct {
		name  string
		of    []float64
		least float64
	}{
		{"none", []float64{0, 0, 0}, 0},
		{"all alike", []float64{2, 2, 2}, 2},
		{"one of three", []float64{6, 0, 0}, 6 * 0.69},
	}
	for _, test := range tests {
		if got := joined(test.of); got < test.least-1e-12 || got > slices.Max(test.of)+1e-12 {
			t.Errorf("%s: %v, want from %v to the worst", test.name, got, test.least)
		}
	}
	if got := toScore(1); got != 65 {
		t.Errorf("damage 1 scores %v, want 65", got)
	}
}

package forest

import (
	"context"
	_ "embed"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// How well scikit-learn does on the same codes; see testdata/reference.py.
//
//go:embed testdata/reference.json
var referenceJSON []byte

type summary struct{ Mean, SD float64 }

type dataset struct {
	Rows, Columns     int
	Codes             []uint16
	Y                 []float64
	Accuracy, AUC, R2 summary
	OutOfBag          summary `json:"out_of_bag"`
}

// rows returns the rows for which keep is true, with their targets.
func (s *dataset) rows(keep func(i int) bool) (d Data, y []float64) {
	d = table(s.Columns, 17, false)
	for i := range s.Rows {
		if keep(i) {
			d.Codes = append(d.Codes, s.Codes[i*s.Columns:(i+1)*s.Columns]...)
			y = append(y, s.Y[i])
			d.N++
		}
	}
	return d, y
}

// table returns a Data without rows.
func table(columns, card int, nominal bool) Data {
	d := Data{D: columns}
	for range columns {
		d.Cards, d.Nominal = append(d.Cards, card), append(d.Nominal, nominal)
	}
	return d
}

// random returns n rows of codes from 1 to card-1.
func random(seed uint64, n, columns, card int, nominal bool) Data {
	rng := rand.New(rand.NewPCG(seed, 11))
	d := table(columns, card, nominal)
	d.N = n
	for range n * columns {
		d.Codes = append(d.Codes, uint16(1+rng.IntN(card-1)))
	}
	return d
}

// labels makes a class of each row.
func labels(d Data, class func(row []uint16) int) []int {
	y := make([]int, d.N)
	for i := range y {
		y[i] = class(d.Codes[i*d.D : (i+1)*d.D])
	}
	return y
}

func classesOf(y []float64) []int {
	out := make([]int, len(y))
	for i, v := range y {
		out[i] = int(v)
	}
	return out
}

// accuracy is the share of rows whose class has the largest probability.
func accuracy(p []float32, y []int, k int) float64 {
	right := 0
	for i, class := range y {
		best := 0
		for c, v := range p[i*k : (i+1)*k] {
			if v > p[i*k+best] {
				best = c
			}
		}
		if best == class {
			right++
		}
	}
	return float64(right) / float64(len(y))
}

// auc compares all pairs: the mean over classes of each against the rest.
func auc(p []float32, y []int, k int) float64 {
	mean := 0.0
	for class := range k {
		won, pairs := 0.0, 0.0
		for i := range y {
			for j := range y {
				if y[i] != class || y[j] == class {
					continue
				}
				pairs++
				switch a, b := p[i*k+class], p[j*k+class]; {
				case a > b:
					won++
				case a == b:
					won += 0.5
				}
			}
		}
		mean += won / pairs / float64(k)
	}
	return mean
}

// r2 is the share of the variance that is explained.
func r2(p, y []float64) float64 {
	mean, left, all := 0.0, 0.0, 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	for i, v := range y {
		left += (v - p[i]) * (v - p[i])
		all += (v - mean) * (v - mean)
	}
	return 1 - left/all
}

// The means over seeds must agree within one and a half standard deviations of
// a single forest: the two differ in how they smooth leaves and count MinLeaf,
// not in what they learn.
func TestAgainstScikitLearn(t *testing.T) {
	var sets map[string]*dataset
	if err := json.Unmarshal(referenceJSON, &sets); err != nil {
		t.Fatal(err)
	}
	const seeds = 40
	held := func(i int) bool { return i%3 == 0 }
	kept := func(i int) bool { return i%3 != 0 }
	check := func(name string, got float64, want summary) {
		t.Helper()
		if math.Abs(got-want.Mean) > 1.5*want.SD {
			t.Errorf("%s: %.4f, scikit-learn has %.4f +- %.4f", name, got, want.Mean, want.SD)
		}
	}

	iris := sets["iris"]
	train, y := iris.rows(kept)
	test, want := iris.rows(held)
	var right, area, outside float64
	for seed := range uint64(seeds) {
		f := TrainClasses(t.Context(), train, classesOf(y), 3, -1, Config{Features: 2, Seed: seed})
		p := make([]float32, test.N*3)
		f.PredictClasses(test, p)
		right += accuracy(p, classesOf(want), 3) / seeds
		area += auc(p, classesOf(want), 3) / seeds
		p = make([]float32, train.N*3)
		f.OutOfBagClasses(train, p)
		outside += accuracy(p, classesOf(y), 3) / seeds
	}
	check("iris accuracy", right, iris.Accuracy)
	check("iris AUC", area, iris.AUC)
	check("iris out-of-bag accuracy", outside, iris.OutOfBag)

	diabetes := sets["diabetes"]
	train, y = diabetes.rows(kept)
	test, want = diabetes.rows(held)
	var explained, explainedOutside float64
	for seed := range uint64(seeds) {
		f := TrainValues(t.Context(), train, y, -1, Config{Features: 3, Seed: seed})
		p := make([]float64, test.N)
		f.PredictValues(test, p)
		explained += r2(p, want) / seeds
		p = make([]float64, train.N)
		f.OutOfBagValues(train, p)
		explainedOutside += r2(p, y) / seeds
	}
	check("diabetes R2", explained, diabetes.R2)
	check("diabetes out-of-bag R2", explainedOutside, diabetes.OutOfBag)
}

func TestClassesLearnPlantedSignals(t *testing.T) {
	odd := func(c uint16) int { return 0x1b2c9 >> c & 1 } // no order in the codes
	tests := []struct {
		name, reason string
		nominal      bool
		k            int
		config       Config
		class        func(row []uint16) int
		least        float64 // accuracy on new rows
	}{
		{"threshold", "one ordered column decides", false, 2, Config{}, func(r []uint16) int {
			if r[1] > 9 {
				return 1
			}
			return 0
		}, 0.98},
		{"xor", "neither column says anything alone", false, 2, Config{}, func(r []uint16) int {
			if (r[0] > 8) != (r[2] > 8) {
				return 1
			}
			return 0
		}, 0.95},
		{"linear", "a sum of two columns in four classes", false, 4, Config{}, func(r []uint16) int { return min(3, int(r[0]+r[1])/9) }, 0.85},
		{"levels", "a subset of levels without order, found in a single split", true, 2, Config{MaxDepth: 1, Features: 4}, func(r []uint16) int { return odd(r[2]) }, 1},
		{"levels of three classes", "levels stand for classes", true, 3, Config{MaxDepth: 4, Features: 4}, func(r []uint16) int { return int(r[2]*7) % 17 % 3 }, 0.99},
		{"nominal xor", "two columns of levels", true, 2, Config{}, func(r []uint16) int { return odd(r[0]) ^ odd(r[1]) }, 0.75},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			train, fresh := random(1, 3000, 4, 18, test.nominal), random(2, 1000, 4, 18, test.nominal)
			f := TrainClasses(t.Context(), train, labels(train, test.class), test.k, -1, test.config)
			p := make([]float32, fresh.N*test.k)
			f.PredictClasses(fresh, p)
			if got := accuracy(p, labels(fresh, test.class), test.k); got < test.least {
				t.Errorf("%s: accuracy %.3f, want at least %.3f", test.reason, got, test.least)
			}
			for i := range fresh.N {
				sum := 0.0
				for _, v := range p[i*test.k : (i+1)*test.k] {
					if v <= 0 {
						t.Fatal("a probability is 0: the log loss is infinite")
					}
					sum += float64(v)
				}
				if math.Abs(sum-1) > 1e-6 {
					t.Fatalf("probabilities sum to %g", sum)
				}
			}
		})
	}
}

func TestValuesLearnPlantedSignals(t *testing.T) {
	tests := []struct {
		name, reason string
		nominal      bool
		value        func(row []uint16) float64
		least        float64 // R2 on new rows
	}{
		{"linear", "a weighted sum", false, func(r []uint16) float64 { return 2*float64(r[0]) - float64(r[1]) }, 0.93},
		{"product", "two columns together", false, func(r []uint16) float64 { return (float64(r[0]) - 9) * (float64(r[3]) - 9) }, 0.8},
		{"levels", "the value of a level has nothing to do with its code", true, func(r []uint16) float64 { return float64(r[2] * 7 % 17) }, 0.9},
		{"far from zero", "a spread of 30 at 1e12 is all there in float64", false, func(r []uint16) float64 { return 1e12 + 2*float64(r[0]) - float64(r[1]) }, 0.93},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			train, fresh := random(1, 3000, 4, 18, test.nominal), random(2, 1000, 4, 18, test.nominal)
			values := func(d Data) []float64 {
				y := make([]float64, d.N)
				for i := range y {
					y[i] = test.value(d.Codes[i*4 : i*4+4])
				}
				return y
			}
			f := TrainValues(t.Context(), train, values(train), -1, Config{Features: 3})
			p := make([]float64, fresh.N)
			f.PredictValues(fresh, p)
			if got := r2(p, values(fresh)); got < test.least {
				t.Errorf("%s: R2 %.3f, want at least %.3f", test.reason, got, test.least)
			}
		})
	}
}

// On noise, a row's own label must not leak into what is said of it. The
// standard error of an AUC with 500 rows a class is 0.018.
func TestNoiseIsNotLearned(t *testing.T) {
	d := random(3, 1000, 6, 30, false)
	rng := rand.New(rand.NewPCG(4, 4))
	y := make([]int, d.N)
	for i := range y {
		y[i] = rng.IntN(2)
		d.Codes[i*6+2] = uint16(1 + y[i]) // the answer, in the column that is skipped
	}
	f := TrainClasses(t.Context(), d, y, 2, 2, Config{Trees: 50})
	p := make([]float32, d.N*2)
	f.OutOfBagClasses(d, p)
	if got := auc(p, y, 2); math.Abs(got-0.5) > 0.06 {
		t.Errorf("out-of-bag AUC on noise is %.3f", got)
	}
	f.PredictClasses(d, p)
	if got := auc(p, y, 2); got < 0.9 {
		t.Errorf("AUC on the training rows is %.3f: the forest did not even remember", got)
	}
}

func TestNullIsASignal(t *testing.T) {
	d := random(5, 500, 3, 12, false)
	for i := range d.N {
		if i%3 == 0 {
			d.Codes[i*3+1] = 0
		}
	}
	y := labels(d, func(r []uint16) int {
		if r[1] == 0 {
			return 1
		}
		return 0
	})
	f := TrainClasses(t.Context(), d, y, 2, -1, Config{})
	p := make([]float32, d.N*2)
	f.OutOfBagClasses(d, p)
	if got := accuracy(p, y, 2); got < 0.99 {
		t.Errorf("accuracy %.3f where nulls decide", got)
	}
}

func TestEdges(t *testing.T) {
	constant := random(6, 50, 2, 2, false) // every code is 1
	tests := []struct {
		name, reason string
		d            Data
		y            []int
		k, skip      int
		want         []float32 // probabilities of row 0, to 1e-6; nil: only that they are there
	}{
		{"constant target", "49 of 51 by Laplace, then one row's weight by that prior: (50+51/52)/51", random(6, 50, 2, 5, false), make([]int, 50), 2, -1, []float32{(50 + 51.0/52) / 51, 1.0 / 52 / 51}},
		{"one class", "it is certain", random(6, 50, 2, 5, false), make([]int, 50), 1, -1, []float32{1}},
		{"constant columns", "nothing to split on", constant, labels(random(6, 50, 2, 5, false), func(r []uint16) int { return int(r[0]) % 2 }), 2, -1, nil},
		{"only the skipped column", "no column is left", random(6, 50, 1, 5, false), make([]int, 50), 2, 0, nil},
		{"no columns", "nothing is known of a row", Data{N: 3}, []int{0, 1, 1}, 2, -1, nil},
		{"one row", "its class and the prior (2/3, 1/3)", random(6, 1, 2, 5, false), []int{0}, 2, -1, []float32{(1 + 2.0/3) / 2, 1.0 / 6}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := TrainClasses(t.Context(), test.d, test.y, test.k, test.skip, Config{})
			p := make([]float32, test.d.N*test.k)
			f.PredictClasses(test.d, p)
			for i := range test.d.N {
				sum := 0.0
				for _, v := range p[i*test.k : (i+1)*test.k] {
					sum += float64(v)
				}
				if math.Abs(sum-1) > 1e-6 {
					t.Fatalf("%s: probabilities of row %d sum to %g", test.reason, i, sum)
				}
			}
			for c, want := range test.want {
				if math.Abs(float64(p[c]-want)) > 1e-6 {
					t.Errorf("%s: probability of class %d is %g, want %g", test.reason, c, p[c], want)
				}
			}
		})
	}
	f := TrainClasses(t.Context(), table(2, 5, false), nil, 3, -1, Config{})
	f.PredictClasses(table(2, 5, false), nil)
	p := make([]float32, 3)
	f.PredictClasses(random(1, 1, 2, 5, false), p)
	if diff := cmp.Diff([]float32{1.0 / 3, 1.0 / 3, 1.0 / 3}, p); diff != "" {
		t.Errorf("a forest that saw no row (-want +got)\n%s", diff)
	}
}

func TestConstantValue(t *testing.T) {
	d := random(7, 40, 3, 6, true)
	y := make([]float64, d.N)
	for i := range y {
		y[i] = 0.1
	}
	p := make([]float64, d.N)
	TrainValues(t.Context(), d, y, -1, Config{}).PredictValues(d, p)
	for _, v := range p {
		if math.Abs(v-0.1) > 1e-15 {
			t.Fatalf("predicted %g for a constant 0.1", v)
		}
	}
}

func TestSameSeedSameBits(t *testing.T) {
	d := random(8, 600, 5, 20, true)
	y := labels(d, func(r []uint16) int { return int(r[0]+r[1]) % 3 })
	predict := func(seed uint64) []float32 {
		p := make([]float32, d.N*3)
		TrainClasses(t.Context(), d, y, 3, -1, Config{Seed: seed}).PredictClasses(d, p)
		return p
	}
	if diff := cmp.Diff(predict(1), predict(1)); diff != "" {
		t.Errorf("the same seed gave other bits\n%s", diff)
	}
	if cmp.Equal(predict(1), predict(2)) {
		t.Error("another seed gave the same forest")
	}
}

// Out-of-bag predictions must come from the trees whose sample a row is not in,
// and the samples drawn again must be those of the training.
func TestOutOfBagIsOutside(t *testing.T) {
	d := random(9, 200, 1, 201, true)
	for i := range d.N {
		d.Codes[i] = uint16(i + 1) // every row is a level of its own
	}
	y := make([]float64, d.N)
	for i := range y {
		y[i] = float64(i % 2)
	}
	f := TrainValues(t.Context(), d, y, -1, Config{Trees: 1, MinLeaf: 1, MaxDepth: 20, Seed: 5})
	p := make([]float64, d.N)
	f.OutOfBagValues(d, p)
	weights := make([]int32, d.N)
	bag(weights, 5, 0)
	const mean = 0.5
	outside := 0
	for i, w := range weights {
		if w == 0 {
			outside++
		} else if p[i] != mean {
			t.Fatalf("row %d was in the only tree's sample, yet is predicted as %g", i, p[i])
		}
	}
	if outside < 50 || outside > 100 {
		t.Errorf("%d of 200 rows are out of the bag, expected about 73", outside)
	}
}

// A level that a node did not see goes where most rows went.
func TestUnseenLevel(t *testing.T) {
	d := table(1, 200, true)
	var y []int
	for i := range 100 {
		d.Codes = append(d.Codes, uint16(i%4))
		y = append(y, map[bool]int{true: 1, false: 0}[i%4 == 3])
		d.N++
	}
	f := TrainClasses(t.Context(), d, y, 2, -1, Config{MaxDepth: 1})
	fresh := Data{N: 2, D: 1, Codes: []uint16{150, 5000}, Cards: d.Cards, Nominal: d.Nominal}
	p := make([]float32, 4)
	f.PredictClasses(fresh, p)
	if p[0] < 0.9 || p[2] < 0.9 {
		t.Errorf("unseen levels have probabilities %v of class 0, which three of four rows have", p)
	}
}

func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := random(10, 100, 2, 5, false)
	y := make([]int, d.N)
	y[0] = 1
	p := make([]float32, d.N*2)
	TrainClasses(ctx, d, y, 2, -1, Config{}).PredictClasses(d, p)
	if p[0] != float32(100.0/102) {
		t.Errorf("without a tree, class 0 has probability %g, want 100/102", p[0])
	}
}

func TestPanics(t *testing.T) {
	d := random(1, 4, 2, 5, false)
	f := TrainClasses(t.Context(), d, make([]int, 4), 2, -1, Config{})
	tests := []struct {
		name, reason string
		call         func()
	}{
		{"lengths", "codes are missing", func() {
			TrainClasses(t.Context(), Data{N: 5, D: 2, Codes: d.Codes, Cards: d.Cards, Nominal: d.Nominal}, make([]int, 5), 2, -1, Config{})
		}},
		{"codes", "a code beyond its column's", func() {
			TrainClasses(t.Context(), Data{N: 4, D: 2, Codes: d.Codes, Cards: []int{5, 1}, Nominal: d.Nominal}, make([]int, 4), 2, -1, Config{})
		}},
		{"classes", "a class beyond k", func() { TrainClasses(t.Context(), d, []int{0, 1, 2, 0}, 2, -1, Config{}) }},
		{"targets", "a row without a class", func() { TrainClasses(t.Context(), d, []int{0}, 2, -1, Config{}) }},
		{"NaN", "a value that is none", func() { TrainValues(t.Context(), d, []float64{0, math.NaN(), 1, 2}, -1, Config{}) }},
		{"skip", "a column that is not there", func() { TrainClasses(t.Context(), d, make([]int, 4), 2, 2, Config{}) }},
		{"columns", "other columns than in training", func() { f.PredictClasses(random(1, 4, 3, 5, false), make([]float32, 8)) }},
		{"output", "no room", func() { f.PredictClasses(d, make([]float32, 4)) }},
		{"out of bag", "other rows than in training", func() { f.OutOfBagClasses(random(1, 3, 2, 5, false), make([]float32, 6)) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic: " + test.reason)
				}
			}()
			test.call()
		})
	}
}

// TestImprobable checks the rows that are found without asking all trees against
// what all trees say.
func TestImprobable(t *testing.T) {
	for _, nominal := range []bool{false, true} {
		d := random(21, 600, 6, 9, nominal)
		y := labels(d, func(row []uint16) int { return int(row[0]+row[1]) % 5 })
		f := TrainClasses(context.Background(), d, y, 5, -1, Config{Trees: 12, MinLeaf: 3, Seed: 1})
		other := random(22, 500, 6, 9, nominal)
		classes := make([]int32, other.N)
		p := make([]float32, other.N*5)
		f.PredictClasses(other, p)
		for i := range classes {
			classes[i] = int32(i % 5)
		}
		limit := []float64{0.01, 0.05, 0.2, 0.5, 0}
		var want []int
		for i, class := range classes {
			if i%7 == 0 {
				classes[i] = -1 // not asked
			} else if float64(p[i*5+int(class)]) <= limit[class] {
				want = append(want, i)
			}
		}
		if len(want) < 50 || len(want) > 450 {
			t.Fatalf("%d of %d rows are improbable: nothing is tested", len(want), other.N)
		}
		got := f.Screen(limit).Improbable(other, classes)
		if diff := cmp.Diff(want, slices.DeleteFunc(slices.Clone(got), func(i int) bool { return float64(p[i*5+int(classes[i])]) > limit[classes[i]] })); diff != "" {
			t.Errorf("nominal %v (-all trees +early exit):\n%s", nominal, diff)
		}
		for _, i := range got {
			if p, most := float64(p[i*5+int(classes[i])]), limit[classes[i]]*(1+12./255); p > most+1e-7 {
				t.Errorf("nominal %v: row %d has probability %v, which is more than %v", nominal, i, p, most)
			}
		}
	}
	none := TrainClasses(context.Background(), table(2, 3, false), nil, 2, -1, Config{})
	if got := none.Screen([]float64{0.4, 0.6}).Improbable(random(1, 4, 2, 3, false), []int32{0, 1, 0, 1}); !cmp.Equal(got, []int{1, 3}) {
		t.Errorf("a forest without trees gives %v, want the rows of the class whose share 0.5 is at most 0.6", got)
	}
}

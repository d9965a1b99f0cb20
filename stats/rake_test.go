package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRakeTwoByTwo: of a 2x2 table the shares with given margins and the odds ratio of
// the rows are the root of a quadratic equation.
func TestRakeTwoByTwo(t *testing.T) {
	counts := [2][2]int{{60, 20}, {15, 5 + 20}}
	var cells [2][]int32
	for a := range 2 {
		for b := range 2 {
			for range counts[a][b] {
				cells[0] = append(cells[0], int32(a))
				cells[1] = append(cells[1], int32(b))
			}
		}
	}
	p, q := 0.5, 0.3 // wanted shares of the first cells
	factors := Rake([][]int32{cells[0], cells[1]}, [][]float64{{p, 1 - p}, {q, 1 - q}}, 1000)
	odds := float64(counts[0][0]*counts[1][1]) / float64(counts[0][1]*counts[1][0])
	// x (1 - p - q + x) = odds (p - x) (q - x)
	a, b, c := 1-odds, 1-p-q+odds*(p+q), -odds*p*q
	want := (-b + math.Sqrt(b*b-4*a*c)) / (2 * a)
	n := float64(len(cells[0]))
	got, mean := 0.0, 0.0
	for i := range cells[0] {
		w := factors[0][cells[0][i]] * factors[1][cells[1][i]]
		mean += w / n
		if cells[0][i] == 0 && cells[1][i] == 0 {
			got += w / n
		}
	}
	if math.Abs(got-want) > 1e-8 || math.Abs(mean-1) > 1e-8 {
		t.Errorf("the first cell has a share of %v, the weights a mean of %v, want %v and 1", got, mean, want)
	}
}

func TestRakeMeetsAllMargins(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	cells, targets := make([][]int32, 3), [][]float64{{1, 2, 3}, {0.4, 0.6, 0.3}, {0.2, 0.3, 0.5, 0}}
	for range 2000 {
		a := int32(rng.IntN(3))
		cells[0] = append(cells[0], a)
		cells[1] = append(cells[1], min(1, a/2+int32(rng.IntN(2)))) // none in the last cell
		cells[2] = append(cells[2], int32(rng.IntN(4)))
	}
	want := [][]float64{{1. / 6, 2. / 6, 3. / 6}, {0.4, 0.6, 0}, {0.2, 0.3, 0.5, 0}}
	factors := Rake(cells, targets, 200)
	for m := range cells {
		got := make([]float64, len(targets[m]))
		for i, c := range cells[m] {
			w := factors[0][cells[0][i]] * factors[1][cells[1][i]] * factors[2][cells[2][i]]
			got[c] += w / 2000
		}
		for c := range got {
			if math.Abs(got[c]-want[m][c]) > 1e-8 {
				t.Errorf("margin %d has shares %v, want %v", m, got, want[m])
			}
		}
	}
	if f := factors[1][2]; f != 1 {
		t.Errorf("a cell without rows has factor %v, want 1", f)
	}
	if got := Rake(nil, nil, 9); len(got) != 0 {
		t.Errorf("no margins give %v", got)
	}
}

func TestEffectiveSize(t *testing.T) {
	tests := []struct {
		name string
		w    []float64
		want float64
	}{
		{"equal", []float64{2, 2, 2}, 3},
		{"one counts", []float64{5, 0, 0}, 1},
		{"one to three", []float64{1, 3}, 1.6}, // 16/10
		{"none", nil, 0},
	}
	for _, test := range tests {
		if got := EffectiveSize(test.w); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestHomogeneity compares with the closed forms of the tail for 2 and 3 degrees of freedom,
// at sums over (observed - expected)^2 / expected made apart.
func TestHomogeneity(t *testing.T) {
	tests := []struct {
		x, y []float64
		want float64
	}{
		{[]float64{10, 20, 30}, []float64{12, 18, 33}, math.Exp(-0.35698 / 2)},
		{[]float64{100, 120, 80, 100}, []float64{130, 100, 120, 90}, math.Erfc(math.Sqrt(12.380853679/2)) + math.Sqrt(2*12.380853679/math.Pi)*math.Exp(-12.380853679/2)},
		{[]float64{30, 20}, []float64{30, 20}, 1},
		{[]float64{30, 0}, []float64{20, 0}, 1},
		{[]float64{0, 0}, []float64{20, 10}, 1},
	}
	for _, test := range tests {
		if got := Homogeneity(test.x, test.y); math.Abs(got-test.want) > 0.05*test.want+1e-3 {
			t.Errorf("%v and %v: p = %v, want %v", test.x, test.y, got, test.want)
		}
	}
}

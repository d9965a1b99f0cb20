package cascade

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"synthos/dataset"
	"synthos/linalg"
	"synthos/verdict"
)

// table returns rows made by fill, which sets the codes of one row.
func table(rows int, cards []int, fill func(r *rand.Rand, row []uint16)) Data {
	r := rand.New(rand.NewPCG(11, 12))
	d := Data{Rows: rows, Cards: cards, Codes: make([]uint16, rows*len(cards))}
	for i := range rows {
		fill(r, d.row(i))
	}
	return d
}

// related has columns a, b = a + 1 mod 5 and an independent c of three levels
// with probabilities 1/2, 1/4, 1/4.
func related(rows int) Data {
	return table(rows, []int{5, 5, 3}, func(r *rand.Rand, row []uint16) {
		row[0] = uint16(r.IntN(5))
		row[1] = (row[0] + 1) % 5
		row[2] = uint16(min(2, max(0, r.IntN(4)-1)))
	})
}

func mustTrain(t *testing.T, d Data, o Options) *Cascade {
	t.Helper()
	c, err := Train(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// learned is a cascade trained on 2000 related rows, shared by tests that only
// read it.
var learned = sync.OnceValue(func() *Cascade {
	c, err := Train(context.Background(), related(2000), Options{Seed: 3, RowVisits: 4000})
	if err != nil {
		panic(err)
	}
	return c
})

// TestLearns checks held-out losses against closed forms: 0 for a column that is
// a function of another, the entropy for an independent one. 2c/n sampling
// error: the held-out cells of c number 200 a network.
func TestLearns(t *testing.T) {
	c := learned()
	entropy := math.Log(2)/2 + math.Log(4)/2
	for i, m := range c.Members {
		if m.ColumnLoss[0] > 0.02 || m.ColumnLoss[1] > 0.02 {
			t.Errorf("network %d: loss of a and b %.3f, %.3f, want 0", i, m.ColumnLoss[0], m.ColumnLoss[1])
		}
		if math.Abs(m.ColumnLoss[2]-entropy) > 0.1 {
			t.Errorf("network %d: loss of c %.3f, entropy %.3f", i, m.ColumnLoss[2], entropy)
		}
		tr := &m.Training
		if tr.Diverged || tr.Epochs != len(tr.TrainLoss) || tr.Epochs != len(tr.HeldOutLoss) || tr.Epochs != len(tr.GradientNorm) || tr.Epochs < 3 {
			t.Errorf("network %d: odd training %+v", i, tr)
		}
		if first, last := tr.TrainLoss[0], tr.TrainLoss[len(tr.TrainLoss)-1]; last >= first {
			t.Errorf("network %d: the training loss went from %.3f to %.3f", i, first, last)
		}
	}
	for i, m := range c.Members {
		tr := &m.Training
		if tr.FinalHeldOutLoss != verdict.Number(m.HeldOutLoss) || tr.MemorizationGap != verdict.Number(m.HeldOutLoss-m.TrainLoss) || len(tr.ColumnLosses) != 3 {
			t.Errorf("network %d: losses of the report differ from the network's", i)
		}
		if !(tr.HiddenRank > 1 && float64(tr.HiddenRank) <= float64(tr.HiddenWidth)) || tr.HiddenWidth != m.Network.Width() {
			t.Errorf("network %d: hidden rank %g of width %d", i, tr.HiddenRank, tr.HiddenWidth)
		}
		if !(tr.GradientConflict >= 0 && tr.GradientConflict <= 1) {
			t.Errorf("network %d: gradient conflict %g", i, tr.GradientConflict)
		}
	}
	if got := c.TierLoss(Tiny); math.IsNaN(got) || got > 0.5 {
		t.Errorf("TierLoss(tiny) = %g", got)
	}
	r := c.Report()
	if r.Networks != 18 || r.ModelsPerTier.Tiny != 10 || r.ModelsPerTier.Small != 5 || r.ModelsPerTier.Base != 3 || r.RowsTrained != 1800 || r.RowsHeldOut != 200 || len(r.Tiers) != 3 || r.Scaling == nil {
		t.Errorf("report %+v", r)
	}
}

// TestPredict checks that drawn rows keep marginals and dependence.
func TestPredict(t *testing.T) {
	c := learned()
	const n = 3000
	got, err := c.Predict(context.Background(), n, 5)
	if err != nil {
		t.Fatal(err)
	}
	var kept float64
	var level [3]float64
	for i := range n {
		if (got[3*i]+1)%5 == got[3*i+1] {
			kept++
		}
		level[got[3*i+2]]++
	}
	if kept/n < 0.97 {
		t.Errorf("b = a + 1 in %.3f of the rows", kept/n)
	}
	for v, want := range []float64{0.5, 0.25, 0.25} {
		// three standard errors of drawing, and as much for what was learned from 2000 rows
		if d := math.Abs(level[v]/n - want); d > 0.06 {
			t.Errorf("level %d of c: share %.3f, want %.2f", v, level[v]/n, want)
		}
	}
	again, _ := c.Predict(context.Background(), n, 5)
	if !slices.Equal(got, again) {
		t.Error("the same seed drew other rows")
	}
	other, _ := c.Predict(context.Background(), n, 6)
	if slices.Equal(got, other) {
		t.Error("another seed drew the same rows")
	}
}

// TestJobs checks that nothing depends on the number of goroutines.
func TestJobs(t *testing.T) {
	d := related(300)
	ctx := context.Background()
	var first *Cascade
	var numbers [][]float32
	for _, jobs := range []int{1, 3, 8} {
		c := mustTrain(t, d, Options{Seed: 9, RowVisits: 320, Jobs: jobs})
		s, err1 := c.Score(ctx, d.Codes, d.Rows)
		norms, err2 := c.GradientNorms(ctx, d.Codes, d.Rows)
		cosines, err3 := c.Alignment(ctx, d.Codes, d.Rows, d.Codes[:60], 20)
		states, _, err4 := c.Hidden(ctx, d.Codes, d.Rows)
		rows, err5 := c.Predict(ctx, 500, 1)
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		drawn := make([]float32, len(rows))
		for i, x := range rows {
			drawn[i] = float32(x)
		}
		now := [][]float32{s.Loss, s.Cells, s.Gradient, norms, cosines, states, drawn}
		if first == nil {
			first, numbers = c, now
			continue
		}
		for i := range c.Members {
			if !slices.Equal(c.Members[i].Network.Values(nil), first.Members[i].Network.Values(nil)) {
				t.Errorf("network %d differs with %d jobs", i, jobs)
			}
		}
		for i := range now {
			if !slices.Equal(now[i], numbers[i]) {
				t.Errorf("result %d differs with %d jobs", i, jobs)
			}
		}
	}
	c := mustTrain(t, d, Options{Seed: 10, RowVisits: 320})
	if slices.Equal(c.Members[0].Network.Values(nil), first.Members[0].Network.Values(nil)) {
		t.Error("another seed gives the same network")
	}
}

// TestScore plants one row that breaks the relation and expects it and its
// columns to stand out, and scores not to depend on the rows beside.
func TestScore(t *testing.T) {
	d := related(1000)
	d.Codes[3*700+1] = (d.Codes[3*700] + 3) % 5
	c := learned()
	ctx := context.Background()
	s, err := c.Score(ctx, d.Codes, d.Rows)
	if err != nil {
		t.Fatal(err)
	}
	norms, err := c.GradientNorms(ctx, d.Codes, d.Rows)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string][]float32{"loss": s.Loss, "head gradient norm": s.Gradient, "gradient norm": norms} {
		worst := 0
		for i := range x {
			if x[i] > x[worst] {
				worst = i
			}
		}
		if worst != 700 {
			t.Errorf("the largest %s is in row %d (%g), planted in row 700 (%g)", name, worst, x[worst], x[700])
		}
	}
	if cells := s.Cells[3*700:][:3]; cells[0] < 2 || cells[1] < 2 || cells[2] > 2 {
		t.Errorf("losses of the planted row's cells are %v, want those of a and b high", cells)
	}
	one, err := c.Score(ctx, d.Codes[3*700:3*701], 1)
	if err != nil {
		t.Fatal(err)
	}
	if one.Loss[0] != s.Loss[700] || one.Gradient[0] != s.Gradient[700] || !slices.Equal(one.Cells, s.Cells[3*700:3*701]) {
		t.Error("the score of a row depends on the rows beside it")
	}
	// The cosine of a row with itself is 1.
	self, err := c.Alignment(ctx, d.Codes[3*700:3*701], 1, d.Codes[3*700:3*701], 1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(self[0])-1) > 1e-4 {
		t.Errorf("alignment of a row with itself is %g", self[0])
	}
}

func TestErrors(t *testing.T) {
	cases := []struct {
		name, reason string
		data         Data
	}{
		{"one row", "nothing is left to test on", Data{Rows: 1, Cards: []int{2}, Codes: []uint16{1}}},
		{"no row", "nothing to learn from", Data{Cards: []int{2}}},
		{"no column", "nothing to learn", Data{Rows: 5}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Train(context.Background(), c.data, Options{})
			var e *dataset.Error
			if !errors.As(err, &e) || e.Found == "" || e.Do == "" {
				t.Errorf("(%s) error %v, want a *dataset.Error that says what to do", c.reason, err)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("a code that is not a bin does not panic in the caller's goroutine")
		}
	}()
	Train(context.Background(), Data{Rows: 2, Cards: []int{2}, Codes: []uint16{1, 2}}, Options{})
}

// TestEdges trains on tables at the edge of what can be learned from: all must
// just work.
func TestEdges(t *testing.T) {
	uniform := func(cards []int) func(r *rand.Rand, row []uint16) {
		return func(r *rand.Rand, row []uint16) {
			for j := range row {
				row[j] = uint16(r.IntN(cards[j]))
			}
		}
	}
	wide := slices.Repeat([]int{3}, 600)
	cases := []struct {
		name, reason string
		data         Data
	}{
		{"2 rows", "one to train on, one held out", table(2, []int{3, 3}, uniform([]int{3, 3}))},
		{"30 rows", "less than a batch", table(30, []int{3, 20}, uniform([]int{3, 20}))},
		{"one column", "only marginals can be learned", table(200, []int{7}, uniform([]int{7}))},
		{"constant", "one bin is certain", table(200, []int{1, 4}, uniform([]int{1, 4}))},
		{"all null", "only one of the bins occurs", table(200, []int{9, 9}, uniform([]int{1, 1}))},
		{"wide", "more columns than rows", table(40, wide, uniform(wide))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := mustTrain(t, c.data, Options{Seed: 1, RowVisits: 100})
			for i := range m.Members {
				if x := m.Members[i].HeldOutLoss; math.IsNaN(x) || m.Members[i].Training.Diverged {
					t.Errorf("(%s) network %d: held-out loss %g, diverged %v", c.reason, i, x, m.Members[i].Training.Diverged)
				}
			}
			rows, err := m.Predict(context.Background(), 20, 1)
			if err != nil {
				t.Fatal(err)
			}
			checkCodes(rows, c.data.Cards)
			if c.name == "all null" && slices.Max(rows) != 0 {
				t.Error("a level was drawn that never occurs")
			}
		})
	}
}

// TestDiverged gives one network an absurd learning rate: a finding, not a crash,
// and what is left is usable.
func TestDiverged(t *testing.T) {
	d := related(400)
	specs := plan(d.Cards, 1, presetOf(""))[:1]
	specs[0].peak, specs[0].visits = 1e6, 3000
	c, err := trainPlan(context.Background(), d, Options{}, presetOf(""), specs, "networks")
	if err != nil {
		t.Fatal(err)
	}
	m := &c.Members[0]
	if !m.Training.Diverged {
		t.Error("a learning rate of a million is not seen to diverge")
	}
	if math.IsNaN(m.HeldOutLoss) || math.IsInf(m.HeldOutLoss, 0) || m.HeldOutLoss > 5 {
		t.Errorf("the parameters that are left have held-out loss %g", m.HeldOutLoss)
	}
	if _, err := c.Predict(context.Background(), 50, 1); err != nil {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var cancelled time.Time
	_, err := Train(ctx, related(5000), Options{Seed: 1, RowVisits: 1e6, Progress: func(done float64, detail string) {
		if cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	if late := time.Since(cancelled); late > time.Second {
		t.Errorf("returned %v after the cancellation", late)
	}
	if _, err := Train(ctx, related(50), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v from a context that had ended", err)
	}
}

func TestProgress(t *testing.T) {
	var shares []float64
	var last string
	mustTrain(t, related(200), Options{Seed: 1, RowVisits: 400, Jobs: 4, Progress: func(done float64, detail string) {
		shares, last = append(shares, done), detail
	}})
	if !slices.IsSorted(shares) || shares[0] <= 0 || shares[len(shares)-1] != 1 || last != "18 of 18 networks" {
		t.Errorf("progress went %v, at last %q", shares, last)
	}
}

// TestTwins checks that twins on the same rows are the same networks.
func TestTwins(t *testing.T) {
	d := related(300)
	c := mustTrain(t, d, Options{Seed: 4, RowVisits: 320})
	twins, err := TrainTwins(context.Background(), d, c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(twins.Members) != 10 {
		t.Fatalf("%d twins, want the ten tiny networks", len(twins.Members))
	}
	for i := range twins.Members {
		if !slices.Equal(twins.Members[i].Network.Values(nil), c.Members[i].Network.Values(nil)) {
			t.Errorf("twin %d differs on the same rows", i)
		}
	}
	more, err := TrainTwins(context.Background(), related(900), c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if more.RowsTrained != c.RowsTrained || len(more.HeldOut) != 900-more.RowsTrained {
		t.Errorf("twins are trained on %d of 900 rows and %d are held out, want as many as the cascade, %d, and the rest", more.RowsTrained, len(more.HeldOut), c.RowsTrained)
	}
}

// TestNoiseScale checks the estimate against its definition: a gradient of norm
// 3 with noise of trace 18 has scale 2, whatever the size of the batch.
func TestNoiseScale(t *testing.T) {
	for _, rows := range []float64{2, 16, 512} {
		if got := noiseScale(9+18, 9+18/rows, rows); math.Abs(got-2) > 1e-9 {
			t.Errorf("batches of %g rows: %g, want 2", rows, got)
		}
	}
	if got := noiseScale(18, 18.0/16, 16); !math.IsNaN(got) {
		t.Errorf("without a gradient %g, want NaN", got)
	}
	if n := newNoise(linalg.Best(), 4, 3); !math.IsNaN(n.scale()) {
		t.Error("nothing measured is not NaN")
	}
}

// BenchmarkTrain trains the whole cascade on 10,000 rows of 15 columns of 22
// bins, each depending on the one before.
func BenchmarkTrain(b *testing.B) {
	d := table(10000, slices.Repeat([]int{22}, 15), func(r *rand.Rand, row []uint16) {
		for j := range row {
			row[j] = uint16(r.IntN(22))
			if j > 0 && r.IntN(3) > 0 {
				row[j] = (row[j-1] + uint16(r.IntN(3))) % 22
			}
		}
	})
	for b.Loop() {
		if _, err := Train(context.Background(), d, Options{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

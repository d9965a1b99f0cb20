package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"synthos"
	"synthos/bench/internal/cases"
	"synthos/bench/internal/outliers"
	"synthos/bench/internal/whole"
	"synthos/dataset"
	"synthos/encode"
	"synthos/forest"
	"synthos/load"
	"synthos/localize"
	"synthos/stats"
)

// outcome is the held-out loss after each way of leaving rows out, nats per cell.
type outcome struct {
	k                                            float64
	all, random, forest, nearest, synthos, known float64
	gain, low, high                              float64
}

func (o *outcome) fields() []*float64 {
	return []*float64{&o.k, &o.all, &o.random, &o.forest, &o.nearest, &o.synthos, &o.known, &o.gain, &o.low, &o.high}
}

func (o *outcome) add(x *outcome) {
	for i, f := range x.fields() {
		*o.fields()[i] += *f
	}
}

func (o *outcome) scale(by float64) {
	for _, f := range o.fields() {
		*f *= by
	}
}

func (o *outcome) print(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%.0f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%+.4f\t%+.4f to %+.4f\t\n",
		name, o.k, o.all, o.random, o.forest, o.nearest, o.synthos, o.known, o.gain, o.low, o.high)
}

// measure measures one case.
func measure(ctx context.Context, o *cases.Flags, path, referencePath string, known map[int]bool) (outcome, error) {
	reference, err := whole.Read(ctx, referencePath, nil)
	if err != nil {
		return outcome{}, err
	}
	data, err := whole.Read(ctx, path, reference.Schema)
	if err != nil {
		return outcome{}, err
	}
	judge, test := halves(reference)
	scores, err := rowScores(ctx, o, path, judge)
	if err != nil {
		return outcome{}, err
	}
	flagged := 0
	for _, s := range scores {
		if s >= localize.FlagAt {
			flagged++
		}
	}
	if flagged == 0 || flagged > len(scores)/2 {
		return outcome{}, fmt.Errorf("%d of %d rows are flagged: there is nothing to compare", flagged, len(scores))
	}
	return compare(ctx, o, data, judge, test, scores, flagged, known)
}

// compare leaves out k rows of the data in each way.
func compare(ctx context.Context, o *cases.Flags, data, judge, test *dataset.Table, scores []float64, k int, known map[int]bool) (outcome, error) {
	space := encode.Fit(judge, whole.Common(judge, data))
	codes, tests := space.Codes(data), space.Codes(test)
	features := space.Features(data)
	far := outliers.Nearest(ctx, features, o.Jobs)
	if err := ctx.Err(); err != nil {
		return outcome{}, err
	}
	lossWithout := func(out map[int]bool) []float64 {
		var rest []int
		for i := range codes.N {
			if !out[i] {
				rest = append(rest, i)
			}
		}
		return losses(ctx, codes.Take(rest), tests, o.Seed)
	}
	r := outcome{k: float64(k), all: mean(lossWithout(nil)), known: mean(lossWithout(known))}
	random := make([]float64, tests.N)
	for draw := range 3 {
		perm := rand.New(rand.NewPCG(o.Seed, uint64(draw))).Perm(codes.N)[:k]
		out := map[int]bool{}
		for _, i := range perm {
			out[i] = true
		}
		for i, x := range lossWithout(out) {
			random[i] += x / 3
		}
	}
	isolated := lossWithout(worst(outliers.Isolation(features, o.Seed), k))
	nearest := lossWithout(worst(far, k))
	ours := lossWithout(worst(scores, k))
	r.random, r.forest, r.nearest, r.synthos = mean(random), mean(isolated), mean(nearest), mean(ours)
	best := random
	for _, x := range [][]float64{isolated, nearest} {
		if mean(x) < mean(best) {
			best = x
		}
	}
	gains := make([]float64, len(ours))
	for i := range gains {
		gains[i] = best[i] - ours[i]
	}
	r.gain = mean(gains)
	r.low, r.high = stats.Interval(stats.Bootstrap(len(gains), 400, o.Seed, func(rows []int) float64 {
		sum := 0.0
		for _, i := range rows {
			sum += gains[i]
		}
		return sum / float64(len(rows))
	}), 0.9)
	return r, ctx.Err()
}

// worst returns the k rows with the highest scores, of equal ones the first.
func worst(scores []float64, k int) map[int]bool {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	out := map[int]bool{}
	for _, i := range order[:k] {
		out[i] = true
	}
	return out
}

// losses returns the mean loss of each test row over its cells, predicted each
// from the others by a forest that was trained on rows.
func losses(ctx context.Context, rows, tests *encode.Codes, seed uint64) []float64 {
	out := make([]float64, tests.N)
	columns := 0
	for j := range rows.D {
		classes := rows.Cards[j] - 2
		if classes < 2 {
			continue
		}
		columns++
		y := make([]int, rows.N)
		for i := range y {
			y[i] = class(rows.Data[i*rows.D+j], rows.Cards[j])
		}
		f := forest.TrainClasses(ctx, table(rows), y, classes+1, j, forest.Config{Trees: 12, MaxDepth: 12, MinLeaf: 3, Seed: seed*1000 + uint64(j)})
		p := make([]float32, tests.N*(classes+1))
		f.PredictClasses(table(tests), p)
		for i := range out {
			out[i] -= math.Log(max(1e-6, float64(p[i*(classes+1)+class(tests.Data[i*tests.D+j], tests.Cards[j])])))
		}
	}
	for i := range out {
		out[i] /= float64(max(1, columns))
	}
	return out
}

// class returns a code as a class; what is null or cannot be read is one of its own.
func class(code uint16, card int) int {
	if code == 0 || int(code) == card-1 {
		return 0
	}
	return int(code)
}

func table(c *encode.Codes) forest.Data {
	return forest.Data{N: c.N, D: c.D, Codes: c.Data, Cards: c.Cards, Nominal: c.Nominal}
}

// halves returns every other row of t, and the rest.
func halves(t *dataset.Table) (even, odd *dataset.Table) {
	var rows [2][]int
	for i := range t.Rows() {
		rows[i%2] = append(rows[i%2], i)
	}
	return t.Take(rows[0]), t.Take(rows[1])
}

// rowScores validates the file at path against judge.
func rowScores(ctx context.Context, o *cases.Flags, path string, judge *dataset.Table) ([]float64, error) {
	dir, err := os.MkdirTemp("", "removal")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	orchestrator := synthos.New()
	orchestrator.Reference = filepath.Join(dir, "judge.csv")
	orchestrator.Preset, orchestrator.Jobs, orchestrator.Seed = o.Preset, o.Jobs, o.Seed
	orchestrator.UseCache, orchestrator.KeepRowScores = false, true
	orchestrator.Omit = []string{"recommend"}
	if err := load.WriteCSV(orchestrator.Reference, judge); err != nil {
		return nil, err
	}
	r, err := orchestrator.Validate(ctx, path, "")
	if err != nil {
		return nil, err
	}
	if r.Localization == nil {
		return nil, fmt.Errorf("no scores of rows: %s", r.Reason)
	}
	out := make([]float64, len(r.Localization.RowScores))
	for i, s := range r.Localization.RowScores {
		out[i] = float64(s)
	}
	return out, nil
}

func mean(x []float64) float64 {
	m, _ := stats.MeanVar(x)
	return m
}

package diversity

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// statistic is one measure of variety, with everything there is to know about
// it. Larger is more diverse.
type statistic struct {
	name   string
	aspect int
	what   string // what is less if the statistic is low, for the sentence
	source string

	// reference measures a sample of the data and one of fresh reference rows by a
	// yardstick made of other reference rows; nil = not measured with a reference.
	reference func(v *view, s *split) (data, fresh float64)
	// self measures the data against the same rows with each column shuffled, or
	// absolutely; nil = needs a reference.
	self func(v *view, s *split) float64

	splits   int  // on how many splits it is measured, at most; 0 = all
	counted  int  // it is the share of at most so many rows; 0 = it is no share of rows
	texts    bool // only for tables with text
	embedded bool // only where there are embeddings
	// replaced reports whether embeddings stand in for it; nil = they never do.
	replaced func(v *view) bool
	// The share of the fresh rows' variety whose loss costs what a score of 65
	// stands for, and the share that may be lost for nothing, since honest
	// samples and generators lose it.
	scale, tolerance float64
	// In self mode: what ordinary tables reach, and how far below costs as much;
	// NaN: it is shown and does not count.
	norm, below float64
}

// The three ways to look.
const (
	semantic = iota
	statistical
	structural
	aspects
)

// statistics is the table of all; one more is a file or a value, and a line here.
var statistics = []statistic{
	vendi, meanings, apart, meaningsCovered, freshMeanings, phrases, vocabulary, topics, untemplatedTexts,
	columnSpread, worstColumn, tailMass, generalisedVariance, varyingColumns, evenness, freeDirections,
	distinctRows, jointEntropy, unrepeatedRows, unrepeatedTexts, clusters, keptKinds, tuples, coverage,
}

// result is a measured statistic.
type result struct {
	*statistic
	data, fresh []float64 // one a split; fresh is empty in self mode
	rows        int       // of which it is a share; 0 = of none
}

// measure fills v.results, in the order of the table.
func (v *view) measure(ctx context.Context) error {
	type task struct{ result, split int }
	var tasks []task
	for i := range statistics {
		s := &statistics[i]
		if s.texts && !v.text || s.embedded && v.in.Embeddings == nil || s.replaced != nil && s.replaced(v) || s.aspect == semantic && v.in.NoMeaning != "" {
			continue
		}
		n, alone := len(v.splits), v.alone(s)
		switch {
		case alone && s.self == nil, !alone && s.reference == nil:
			continue
		case alone:
			n = 1
		case s.splits > 0:
			n = min(n, s.splits)
		}
		r := result{statistic: s, data: make([]float64, n)}
		if !alone {
			r.fresh = make([]float64, n)
			r.rows = min(s.counted, v.data.n(), v.other.n())
			if s.embedded {
				r.rows = min(s.counted, v.splits[0].meaning.ofData.N)
			}
		}
		for k := range n {
			tasks = append(tasks, task{len(v.results), k})
		}
		v.results = append(v.results, r)
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	var panicked atomic.Value
	for range max(1, min(v.in.Jobs, len(tasks))) {
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panicked.Store(fmt.Sprint(p))
				}
			}()
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(tasks) {
					return
				}
				t := tasks[i]
				r := &v.results[t.result]
				if r.fresh == nil {
					r.data[t.split] = r.self(v, &v.splits[t.split])
				} else {
					r.data[t.split], r.fresh[t.split] = r.reference(v, &v.splits[t.split])
				}
			}
		})
	}
	wait.Wait()
	if p := panicked.Load(); p != nil {
		panic(p) // where the caller can recover
	}
	return context.Cause(ctx)
}

// ratio returns x/y, at most 1, and 1 if there is nothing to keep.
func ratio(x, y float64) float64 {
	if y == 0 {
		return 1
	}
	return min(1, x/y)
}

// float64s returns the float32 of x as float64.
func float64s(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, f := range x {
		out[i] = float64(f)
	}
	return out
}

var nan = math.NaN()

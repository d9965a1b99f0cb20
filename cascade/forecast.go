package cascade

import (
	"cmp"
	"math"
	"slices"

	"synthos/stats"
	"synthos/verdict"
)

const (
	rareLevel    = 0.02 // share below which a level belongs to the tails
	measurePairs = 32   // most associated pairs of columns that are followed
	rankColumns  = 16   // columns whose matrix of associations is followed
)

// A measure tells what rows of the same columns hold. Tails and pairs are chosen
// on other rows than those that are followed, since what was chosen as rare or
// strong in some rows is a little less so in all others.
type measure struct {
	cards []int
	tail  [][]bool // by column and code
	pairs [][2]int
	ranks []int // columns
}

// newMeasure chooses tails and pairs from rows like those to be measured: the
// levels under rareLevel of nominal columns, the outermost bins of the others.
func newMeasure(d, like Data) *measure {
	m := &measure{cards: d.Cards}
	columns := d.columns()
	for j, card := range d.Cards {
		m.tail = append(m.tail, tailOf(columns[j], card, d.Nominal != nil && !d.Nominal[j]))
	}
	type pair struct {
		at [2]int
		v  float64
	}
	var pairs []pair
	for a := range columns {
		for b := range a {
			if v := stats.CramersV(columns[a], columns[b], d.Cards[a], d.Cards[b]); v > 0 {
				pairs = append(pairs, pair{[2]int{b, a}, v})
			}
		}
	}
	slices.SortFunc(pairs, func(x, y pair) int { return cmp.Or(cmp.Compare(y.v, x.v), slices.Compare(x.at[:], y.at[:])) })
	for _, p := range pairs[:min(len(pairs), measurePairs)] {
		m.pairs = append(m.pairs, p.at)
	}
	n := min(len(columns), rankColumns)
	for k := range n {
		m.ranks = append(m.ranks, k*len(columns)/n)
	}
	return m
}

// columns returns the codes of d column by column.
func (d *Data) columns() [][]uint16 {
	out := make([][]uint16, len(d.Cards))
	for j := range out {
		out[j] = make([]uint16, d.Rows)
		for i := range out[j] {
			out[j][i] = d.Codes[i*len(out)+j]
		}
	}
	return out
}

// tailOf returns which codes of a column are its tails.
func tailOf(codes []uint16, card int, ordered bool) []bool {
	counts := shares(codes, card)
	tail := make([]bool, card)
	if !ordered {
		for code, p := range counts {
			tail[code] = p < rareLevel
		}
		return tail
	}
	first, last := -1, -1 // bins that occur; the first code is null and the last invalid
	for code := 1; code < card-1; code++ {
		if counts[code] > 0 {
			if first < 0 {
				first = code
			}
			last = code
		}
	}
	// With a few bins the outermost are no tails.
	if last-first >= 9 {
		tail[first], tail[last] = true, true
	}
	return tail
}

func shares(codes []uint16, card int) []float64 {
	p := make([]float64, card)
	for _, c := range codes {
		p[c] += 1 / float64(len(codes))
	}
	return p
}

// of measures rows.
func (m *measure) of(d *Data) verdict.Generation {
	columns := d.columns()
	var entropy, tail float64
	for j, codes := range columns {
		for code, p := range shares(codes, m.cards[j]) {
			if p > 0 {
				entropy -= p * math.Log(p) / float64(len(columns))
			}
			if m.tail[j][code] {
				tail += p / float64(len(columns))
			}
		}
	}
	association := 0.0
	for _, p := range m.pairs {
		if v := m.association(columns, p[0], p[1]); !math.IsNaN(v) {
			association += v / float64(len(m.pairs))
		}
	}
	g := verdict.Generation{Entropy: verdict.Number(entropy), TailMass: verdict.Number(tail), Association: verdict.Number(association)}
	g.EffectiveRank = verdict.Number(m.rank(columns))
	if len(m.pairs) == 0 {
		g.Association = verdict.Number(math.NaN())
	}
	return g
}

func (m *measure) association(columns [][]uint16, a, b int) float64 {
	return stats.CramersV(columns[a], columns[b], m.cards[a], m.cards[b])
}

// rank returns the effective rank of the matrix of associations.
func (m *measure) rank(columns [][]uint16) float64 {
	k := len(m.ranks)
	matrix := make([]float64, k*k)
	for x := range k {
		matrix[x*k+x] = 1
		for y := x + 1; y < k; y++ {
			if v := m.association(columns, m.ranks[x], m.ranks[y]); !math.IsNaN(v) {
				matrix[x*k+y] = v
			}
		}
	}
	return stats.EffectiveRank(stats.SymmetricEigenvalues(matrix, k))
}

// quantities are what a forecast follows, by their names in the report.
var quantities = []struct {
	name string
	of   func(g *verdict.Generation) verdict.Number
}{
	{"entropy", func(g *verdict.Generation) verdict.Number { return g.Entropy }},
	{"tail_mass", func(g *verdict.Generation) verdict.Number { return g.TailMass }},
	{"association", func(g *verdict.Generation) verdict.Number { return g.Association }},
	{"effective_rank", func(g *verdict.Generation) verdict.Number { return g.EffectiveRank }},
}

// summarize joins chains of the same share of real rows and finds what dies
// first in those of the data alone: the shortest half-life among those whose
// interval is bounded.
func summarize(chains []chain, rows int) *verdict.Recursion {
	out := &verdict.Recursion{Rows: rows, HalfLife: noHalfLife()}
	for len(chains) > 0 {
		n := 1
		for n < len(chains) && chains[n].share == chains[0].share {
			n++
		}
		out.Chains = append(out.Chains, joined(chains[:n]))
		chains = chains[n:]
	}
	for _, q := range quantities {
		h := out.Chains[0].HalfLives[q.name]
		if bounded := !math.IsNaN(float64(h.Interval.High)); bounded && !(h.Generations >= out.HalfLife.Generations) {
			out.Fastest, out.HalfLife = q.name, h
		}
	}
	return out
}

func joined(chains []chain) verdict.Chain {
	out := verdict.Chain{RealShare: chains[0].share, Repetitions: len(chains), HalfLives: map[string]verdict.HalfLife{}}
	for g := range chains[0].generations {
		mean := func(of func(*verdict.Generation) verdict.Number) verdict.Number {
			var sum verdict.Number
			for i := range chains {
				sum += of(&chains[i].generations[g]) / verdict.Number(len(chains))
			}
			return sum
		}
		out.Generations = append(out.Generations, verdict.Generation{
			Entropy: mean(quantities[0].of), TailMass: mean(quantities[1].of), Association: mean(quantities[2].of), EffectiveRank: mean(quantities[3].of),
		})
	}
	for _, q := range quantities {
		var rates []float64 // halvings a generation
		for i := range chains {
			gs := chains[i].generations
			for g := 1; g < len(gs); g++ {
				rates = append(rates, math.Log2(float64(q.of(&gs[g-1])/q.of(&gs[g]))))
			}
		}
		out.HalfLives[q.name] = halfLife(rates)
	}
	return out
}

func noHalfLife() verdict.HalfLife {
	none := verdict.Number(math.NaN())
	return verdict.HalfLife{Generations: none, Interval: verdict.Interval{Low: none, High: none}}
}

// halfLife returns the half-life at the mean of the rates, in halvings a
// generation, with the interval of the mean by Student's t.
func halfLife(rates []float64) verdict.HalfLife {
	out := noHalfLife()
	mean, variance := stats.MeanVar(rates)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return out
	}
	inverse := func(rate float64) verdict.Number {
		if rate > 0 {
			return verdict.Number(1 / rate)
		}
		return verdict.Number(math.NaN())
	}
	width := studentT95(len(rates)-1) * math.Sqrt(variance/float64(len(rates)))
	out.Generations = inverse(mean)
	out.Interval = verdict.Interval{Low: inverse(mean + width), High: inverse(mean - width)}
	return out
}

// studentT95 returns the 95 % quantile of Student's t with the given degrees of
// freedom, for an interval of 90 %.
//
// Source: tables; from 30 on Cornish-Fisher to the order 1/df^2 (Abramowitz &
// Stegun 26.7.5).
func studentT95(df int) float64 {
	table := []float64{
		6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
		1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699,
	}
	switch {
	case df < 1:
		return math.NaN()
	case df <= len(table):
		return table[df-1]
	}
	const z = 1.6448536269514722
	n := float64(df)
	return z + (z*z*z+z)/(4*n) + (5*z*z*z*z*z+16*z*z*z+3*z)/(96*n*n)
}

package collapse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"synthos/encode"
	"synthos/stats"
)

// Without a reference the data are judged by what rows show by themselves (repetition,
// contradictions, broken cells, drift within the file, too regular a structure), measured
// against what the data's own bulk would show. What rows drawn from networks lose against the
// data, the next generation, is forecast and does not count: on the benchmark, sources left
// out, it showed nothing that the others do not, and accused real tables, and small networks forget
// more of wide tables than those lack.

// mostTaught is how many coded columns networks may have for their rows to repeat as the
// data's do by nature: of more, small networks forget too much.
const mostTaught = 32

// drawn returns rows drawn from the networks; nil if there are none, or none that say something.
func (v *view) drawn() *encode.Codes {
	if v.in.Networks == nil {
		return nil
	}
	codes, space := v.in.Networks.Predictions()
	if codes == nil || codes.N < MinRows || len(space.Slots) > mostTaught {
		return nil
	}
	return codes
}

// fixed is the share of a column's cells from which its commonest value is taken for the only
// one: one event in two thousand is rare, but there are such (frauds, failures).
const fixed = 0.9995

func selfModes(v *view) ([]measurement, error) {
	constant := measurement{name: "constant_columns"}
	n, name, columns := 0, "", map[int]bool{}
	for j, slot := range v.space.Slots {
		p := codeShares(v.data.codes, j)
		for code, share := range p {
			if code != 0 && share > fixed && v.space.Level(j, uint16(code)) != "" { // an empty text says nothing
				n++
				name, columns[slot.Column] = v.columnOf(j), true
				break
			}
		}
	}
	constant.add(float64(n)/float64(len(v.space.Slots)), 0)
	constant.reason = fmt.Sprintf("%d of %d columns hold (nearly) one value, such as %s", len(columns), len(v.space.Columns), name)
	return []measurement{constant}, nil
}

func selfDiversity(v *view) ([]measurement, error) {
	out := measured(v.abruptEdges(), v.shortTails(), v.resampledValues(), v.rareWordsLost())
	if len(out) == 0 {
		return nil, fmt.Errorf("too few numbers, and no texts, to see whether their tails are there; needs a reference")
	}
	return out, nil
}

func selfGradients(v *view) ([]measurement, error) {
	contradiction, err := v.contradictions()
	if err != nil {
		return nil, err
	}
	return append(append(v.trainingNoise(), contradiction), measured(v.oneCellApart())...), nil
}

// selfShift measures drift within the file: whether a forest tells the first
// third of the rows from the last. A file sorted by a column drifts by design.
func selfShift(v *view) ([]measurement, error) {
	if name := v.sortedBy(); name != "" {
		return nil, fmt.Errorf("the file is sorted by %s, so a drift within it shows nothing; needs a reference", name)
	}
	n := v.data.n() / 3
	if n < 10*MinRows {
		return nil, fmt.Errorf("%d rows are too few to see a drift within the file; needs a reference", v.data.n())
	}
	order := v.inFileOrder()
	first, last := order[:n], order[len(order)-n:]
	m := measurement{name: "drift_in_file"}
	even, odd := halves(v.data.codes.Take(first)) // the forest must not know what it is tested on
	auc := v.twoSample(v.data.codes.Take(last), even, odd, 0)
	// Chance alone gives an AUC as far from 0.5 as this once in forty files (the null
	// variance of Mann & Whitney, 1947).
	tested := float64(min(n/2, v.effort.forest))
	chance := 2 * 2 * math.Sqrt((2*tested+1)/(12*tested*tested))
	m.add(max(0, 2*auc-1), chance)
	m.reason = fmt.Sprintf("a classifier tells the last third of the file from the first (AUC %.2f; 0.50 is a guess)", auc)
	return []measurement{m}, nil
}

// inOrder is the correlation of a number with that of the next row from which rows do not
// stand in a random order: a drift by a standard deviation makes less than 0.1.
const inOrder = 0.5

// sortedBy returns the name of a column that the rows are sorted by, or grouped
// by, "" if there is none: one whose value hardly ever changes its direction
// from a row to the next, against what a random order does.
func (v *view) sortedBy() string {
	order := v.inFileOrder()
	for j := range v.space.Slots {
		x := make([]float64, 0, v.data.n())
		for _, i := range order {
			x = append(x, float64(v.data.codes.Data[i*v.data.codes.D+j]))
		}
		if _, variance := stats.MeanVar(x); variance == 0 {
			continue
		}
		if v.space.Slots[j].Nominal {
			if standTogether(x) {
				return v.columnOf(j)
			}
			continue
		}
		if r := stats.Autocorrelation(x, 1); len(r) > 0 && r[len(r)-1] > inOrder {
			return v.columnOf(j)
		}
	}
	return ""
}

// standTogether reports whether equal values stand together: a quarter of the steps from a
// row to the next that chance would make between different values stay at one.
func standTogether(x []float64) bool {
	const part = 0.25
	count, same := map[float64]float64{}, 0.0
	for i, z := range x {
		count[z]++
		if i > 0 && x[i-1] == z {
			same++
		}
	}
	n, chance := float64(len(x)), 0.0
	for _, c := range count {
		chance += c / n * c / n
	}
	return same/(n-1) > chance+part*(1-chance)
}

func selfMemorization(v *view) ([]measurement, error) {
	return nil, fmt.Errorf("copies of real rows cannot be seen without a reference")
}

// selfRepetition: repetition against what rows drawn from the networks show
// (few levels repeat by nature), or rows whose cells were mixed if there are none, and
// against what so few bits a row let one expect.
func selfRepetition(v *view) ([]measurement, error) {
	data, _ := v.hashed()
	exact := measurement{name: "duplicate_rows"}
	w, err := v.nearest()
	if err != nil {
		return nil, err
	}
	near := measurement{name: "near_duplicates"}
	// Half of the rows may be near duplicates, so the median may be their noise.
	unit := positiveQuantile(w.dataData, 0.9)
	near.add(spike(scaled(w.dataData, unit)), 0)
	n, natural := v.data.n(), 0.0
	if drawn := v.drawn(); drawn != nil {
		n = min(n, drawn.N)
		natural = repeats(hashCodes(drawn, n))
	} else {
		natural = repeats(hashCodes(v.mixed(v.data.codes), n))
	}
	natural = max(natural, v.naturalRepeats(n))
	exact.add(repeats(data[:n]), natural)
	near.value[0] = max(0, near.value[0]-natural)
	if w := v.in.Whole; w != nil && w.Repeats > exact.value[0] {
		// Of more rows, as many more are equal by nature.
		exact.value[0] = w.Repeats
		exact.floor[0] = min(1, max(natural, 1/float64(n))*float64(w.Rows)/float64(n))
	}
	exact.reason = fmt.Sprintf("%.1f %% of the rows repeat an earlier row exactly", 100*exact.value[0])
	near.reason = fmt.Sprintf("%.1f %% of the rows are near duplicates of another", 100*near.value[0])
	return append(append(selfTexts(v), exact, near, v.nearTwins(w, unit)), measured(v.manyAlike())...), nil
}

// mixed returns rows whose cells come from other rows each: what few levels make
// repeat, without what columns have to do with each other.
func (v *view) mixed(c *encode.Codes) *encode.Codes {
	out := *c
	out.Data = slices.Clone(c.Data)
	rng := rand.New(rand.NewPCG(v.in.Seed, 0x313d))
	for j := range c.D {
		for i, from := range rng.Perm(c.N) {
			out.Data[i*c.D+j] = c.Data[from*c.D+j]
		}
	}
	return &out
}

// hashCodes returns a hash of each of the first n rows.
func hashCodes(c *encode.Codes, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		h := uint64(14695981039346656037) // FNV-1a over the codes
		for _, code := range c.Row(i) {
			h = (h ^ uint64(code)) * 1099511628211
		}
		out[i] = h
	}
	return out
}

// selfTexts: near duplicates and templates among the texts, against none.
func selfTexts(v *view) []measurement {
	ms := textRepetition(v)
	for i := range ms {
		clear(ms[i].floor)
		ms[i].reason, _, _ = strings.Cut(ms[i].reason, " (") // what the reference shows
	}
	return ms
}

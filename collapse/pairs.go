package collapse

import (
	"math"

	"synthos/encode"
)

const (
	pairSlots  = 40 // slots whose pairs are compared, at most
	pairGroups = 8  // groups that the codes of a slot are thinned to
)

// pairs compares columns two by two on codes thinned to a few groups.
type pairs struct {
	slots     []int
	groups    [][]uint8 // per slot of the space: code -> group
	data, ref [][]uint8 // per entry of slots: the group of each row
	strength  []float64 // per slot of the space: mean of its three strongest associations in the reference
	v         [][]float64
}

func (v *view) pairs() *pairs {
	p, _ := v.pairing.get(func() (*pairs, error) { return v.findPairs(), nil })
	return p
}

func (v *view) findPairs() *pairs {
	p := &pairs{strength: make([]float64, len(v.space.Slots))}
	step := max(1, (len(v.space.Slots)+pairSlots-1)/pairSlots)
	for j := range v.space.Slots {
		p.groups = append(p.groups, thinCodes(v.ref.codes, j))
		if j%step == 0 {
			p.slots = append(p.slots, j)
		}
	}
	for _, j := range p.slots {
		p.data = append(p.data, grouped(v.data.codes, j, p.groups[j]))
		p.ref = append(p.ref, grouped(v.ref.codes, j, p.groups[j]))
	}
	p.v = make([][]float64, len(p.slots))
	for x := range p.slots {
		p.v[x] = make([]float64, len(p.slots))
	}
	rows := v.splits[0].a
	table := make([]float64, pairGroups*pairGroups)
	for x := range p.slots {
		for y := range x {
			contingency(table, p.ref[x], p.ref[y], rows)
			p.v[x][y] = cramersV(table, len(rows))
			p.v[y][x] = p.v[x][y]
		}
	}
	for x, j := range p.slots {
		var best [3]float64
		for y := range p.slots {
			if s := p.v[x][y]; y != x && s > best[2] {
				best[2] = s
				for k := 2; k > 0 && best[k] > best[k-1]; k-- {
					best[k], best[k-1] = best[k-1], best[k]
				}
			}
		}
		p.strength[j] = (best[0] + best[1] + best[2]) / 3
	}
	return p
}

// thinCodes maps the codes of slot j to at most pairGroups groups: null and
// invalid apart, ordered codes by equal mass of the reference, levels by rank.
func thinCodes(ref *encode.Codes, j int) []uint8 {
	card := ref.Cards[j]
	out := make([]uint8, card)
	out[card-1] = pairGroups - 1
	if ref.Nominal[j] {
		for code := 1; code < card-1; code++ {
			out[code] = uint8(min(code, pairGroups-2))
		}
		return out
	}
	count, total := make([]int, card), 0
	for i := range ref.N {
		code := ref.Data[i*ref.D+j]
		count[code]++
		if code != 0 && int(code) != card-1 {
			total++
		}
	}
	before := 0
	for code := 1; code < card-1; code++ {
		middle := (float64(before) + float64(count[code])/2) / math.Max(1, float64(total))
		out[code] = uint8(1 + min(pairGroups-3, int(middle*(pairGroups-2))))
		before += count[code]
	}
	return out
}

func grouped(c *encode.Codes, j int, groups []uint8) []uint8 {
	out := make([]uint8, c.N)
	for i := range out {
		out[i] = groups[c.Data[i*c.D+j]]
	}
	return out
}

// contingency fills table, pairGroups*pairGroups row-major, with the counts of
// the pairs (x[i], y[i]) over the rows.
func contingency(table []float64, x, y []uint8, rows []int) {
	clear(table)
	for _, i := range rows {
		table[int(x[i])*pairGroups+int(y[i])]++
	}
}

// cramersV returns the bias-corrected Cramer's V of a contingency table of n
// rows: 0 independent, 1 determined. Source: Bergsma, J. Korean Stat. Soc.
// 42(3), 2013.
func cramersV(table []float64, n int) float64 {
	var rows, cols [pairGroups]float64
	for i, c := range table {
		rows[i/pairGroups] += c
		cols[i%pairGroups] += c
	}
	chi, r, k := 0.0, 0.0, 0.0
	for i := range pairGroups {
		if rows[i] > 0 {
			r++
		}
		if cols[i] > 0 {
			k++
		}
	}
	for i, c := range table {
		if e := rows[i/pairGroups] * cols[i%pairGroups] / float64(n); e > 0 {
			chi += (c - e) * (c - e) / e
		}
	}
	if r < 2 || k < 2 || n < 2 {
		return 0
	}
	m := float64(n - 1)
	phi := max(0, chi/float64(n)-(r-1)*(k-1)/m)
	r -= (r - 1) * (r - 1) / m
	k -= (k - 1) * (k - 1) / m
	return math.Sqrt(phi / min(r-1, k-1))
}

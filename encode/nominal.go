package encode

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"synthos/dataset"
)

// nominal encodes levels without order.
type nominal struct {
	names  []string          // level k has code k+1; most frequent first, ties by name
	byName map[string]uint16 // name -> code
	byBits map[uint64]uint16 // the same for columns stored as numbers
}

func fitNominal(v *dataset.Vector) *nominal {
	count := map[string]int{}
	for i := range v.Null {
		if !v.Null[i] {
			count[Cell(v, i)]++
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	n := &nominal{names: names[:min(len(names), maxLevels)], byName: map[string]uint16{}, byBits: map[uint64]uint16{}}
	for k, name := range n.names {
		n.byName[name] = uint16(k + 1)
	}
	for i, x := range v.Floats {
		if !v.Null[i] {
			if code, ok := n.byName[Cell(v, i)]; ok {
				n.byBits[math.Float64bits(x)] = code
			}
		}
	}
	return n
}

// Cell returns the text of cell i of v, as levels are named.
func Cell(v *dataset.Vector, i int) string {
	if v.Strings != nil {
		return v.Strings[i]
	}
	return strconv.FormatFloat(v.Floats[i], 'g', -1, 64)
}

// card counts the codes: null, the levels, not seen when fitting.
func (n *nominal) card() int { return len(n.names) + 2 }

func (n *nominal) code(v *dataset.Vector, i int) uint16 {
	var code uint16
	var ok bool
	if v.Strings != nil {
		code, ok = n.byName[v.Strings[i]]
	} else {
		code, ok = n.byBits[math.Float64bits(v.Floats[i])]
	}
	if !ok {
		code = uint16(n.card() - 1)
	}
	return code
}

func (n *nominal) codes(v *dataset.Vector, out []uint16, stride int) {
	for i, null := range v.Null {
		if !null {
			out[i*stride] = n.code(v, i)
		}
	}
	markInvalid(v, out, stride, n.card())
}

// features: one-hot by 1/sqrt(2), so that two rows that differ in the level are
// at distance 1; the levels without a feature of their own share one.
func (n *nominal) features(v *dataset.Vector, out []float32, stride int) {
	own := min(len(n.names), maxOneHot)
	for i, null := range v.Null {
		switch {
		case null:
			out[i*stride+own+1] = math.Sqrt2 / 2
		default:
			out[i*stride+min(int(n.code(v, i))-1, own)] = math.Sqrt2 / 2
		}
	}
}

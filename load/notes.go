package load

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"synthos/dataset"
)

// notes collects what the reads of a source find odd about rows that they
// could read all the same. Each range counts once, however often it is read.
type notes struct {
	mu      sync.Mutex
	byRange map[int]tallies
}

// tallies holds a tally for each kind of note. A kind is the plural of what
// was seen ("rows with too few fields").
type tallies map[string]*tally

// tally counts notes of one kind and keeps the first.
type tally struct {
	count int64
	first []dataset.Finding
}

// keptNotes is how many notes of one kind are kept; the rest is counted.
const keptNotes = 10

// add counts a note about a row.
func (t tallies) add(kind string, row int64, column, message string) {
	one := t[kind]
	if one == nil {
		one = &tally{}
		t[kind] = one
	}
	one.count++
	if len(one.first) < keptNotes {
		one.first = append(one.first, dataset.Finding{Row: row, Column: column, Message: message})
	}
}

// count adds n notes of a kind, of which none is told by itself.
func (t tallies) count(kind string, n int64) {
	if n == 0 {
		return
	}
	if t[kind] == nil {
		t[kind] = &tally{}
	}
	t[kind].count += n
}

// set replaces the notes of a range.
func (n *notes) set(index int, t tallies) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.byRange == nil {
		n.byRange = map[int]tallies{}
	}
	n.byRange[index] = t
}

// count returns how many notes of some kinds there are, and that of the first
// row.
func (n *notes) count(kinds ...string) (sum int64, first dataset.Finding) {
	n.mu.Lock()
	defer n.mu.Unlock()
	found := false
	for _, tallies := range n.byRange {
		for _, kind := range kinds {
			t := tallies[kind]
			if t == nil {
				continue
			}
			for _, f := range t.first {
				if !found || f.Row < first.Row {
					first, found = f, true
				}
			}
			sum += t.count
		}
	}
	return sum, first
}

// findings returns the notes of all ranges, by kind and row, about the file at path.
func (n *notes) findings(path string) []dataset.Finding {
	n.mu.Lock()
	defer n.mu.Unlock()
	sum := tallies{}
	for _, index := range slices.Sorted(maps.Keys(n.byRange)) {
		for kind, t := range n.byRange[index] {
			if sum[kind] == nil {
				sum[kind] = &tally{}
			}
			sum[kind].count += t.count
			sum[kind].first = append(sum[kind].first, t.first...)
		}
	}
	var out []dataset.Finding
	for _, kind := range slices.Sorted(maps.Keys(sum)) {
		t := sum[kind]
		slices.SortStableFunc(t.first, func(a, b dataset.Finding) int { return cmp.Compare(a.Row, b.Row) })
		t.first = t.first[:min(keptNotes, len(t.first))]
		for _, f := range t.first {
			f.Path = path
			out = append(out, f)
		}
		switch more := t.count - int64(len(t.first)); {
		case kind == noteMaybeComment: // the rows are told as rows with too few fields
		case len(t.first) == 0:
			out = append(out, dataset.Finding{Path: path, Row: -1, Message: fmt.Sprintf("%d %s", t.count, kind)})
		case more > 0:
			out = append(out, dataset.Finding{Path: path, Row: -1, Message: fmt.Sprintf("%d more %s", more, kind)})
		}
	}
	return out
}

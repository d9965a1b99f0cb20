package recommend

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"synthos/dataset"
	"synthos/encode"
	"synthos/neighbors"
	"synthos/stats"
)

const (
	nearWidth   = 0.05 // near duplicates are nearer than this many times the usual distance to the nearest row
	nearAllowed = 0.02 // share of rows with near duplicates that is left alone, beyond the reference's
	neighbours  = 5
)

// thinning says which rows of the pool there are too many of.
type thinning struct {
	rows        map[int64]bool
	near, texts int // rows of each reason
	templates   int
	form        string // of the most fixed template
	nearGroups  int
}

func (t *thinning) say() string {
	var parts []string
	if t.near > 0 {
		parts = append(parts, fmt.Sprintf("keep one row of each of %s of near duplicates", several(t.nearGroups, "group")))
	}
	if t.texts > 0 {
		parts = append(parts, "keep one of each group of nearly equal texts")
	}
	if t.templates > 0 {
		parts = append(parts, fmt.Sprintf("keep few rows of each template, such as %q", t.form))
	}
	s := strings.Join(parts, "; ")
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// thinning finds the rows to thin out; it is done once, on the pool.
func (v *view) thinning() *thinning {
	if v.near != nil {
		return v.near
	}
	v.near = &thinning{rows: map[int64]bool{}}
	if v.encoded().Width == 0 {
		return v.near
	}
	v.thinNear(v.near)
	v.thinTexts(v.near)
	return v.near
}

// thinNear drops all but the first row of each group of near duplicates, unless
// real rows are as near to each other.
func (v *view) thinNear(t *thinning) {
	f := v.space.Features(v.pool)
	idx, dist := nearestOthers(f)
	var natural, unit float64
	if v.judges == nil {
		// The same columns without what ties them; the data's own distances are tiny
		// if most of them are copies.
		_, r := nearestOthers(v.space.Features(v.shuffled(v.pool)))
		unit = usual(r)
		natural = nearShare(r, nearWidth*unit)
	} else {
		// The more rows, the nearer they are: as many as there are data.
		n := min(v.judges.Rows(), v.pool.Rows())
		_, r := nearestOthers(v.space.Features(v.judges.Take(evenly(n, v.judges.Rows()))))
		unit = usual(r)
		natural = nearShare(r, nearWidth*unit)
	}
	if nearShare(dist, nearWidth*unit)-natural < nearAllowed {
		return
	}
	group := newGroups(f.N)
	for i := range f.N {
		for k := range neighbours {
			if at := idx[i*neighbours+k]; at >= 0 && float64(dist[i*neighbours+k]) <= nearWidth*unit {
				group.join(i, int(at))
			}
		}
	}
	firsts := map[int]bool{}
	for i := range f.N {
		if root := group.of(i); root != i {
			t.rows[v.pool.RowIDs[i]] = true
			t.near++
			firsts[root] = true
		}
	}
	t.nearGroups = len(firsts)
}

// shuffled returns t with the cells of each column in an order of its own.
func (v *view) shuffled(t *dataset.Table) *dataset.Table {
	rng := rand.New(rand.NewPCG(v.in.Seed, 0x5488))
	out := &dataset.Table{Schema: t.Schema, RowIDs: t.RowIDs}
	for j := range t.Columns {
		out.Columns = append(out.Columns, t.Select([]int{j}).Take(rng.Perm(t.Rows())).Columns[0])
	}
	return out
}

func nearestOthers(f *encode.Features) (idx []int32, dist []float32) {
	return neighbors.Nearest(context.Background(), f.Data, f.N, f.Data, f.N, f.D, neighbours, true, jobs())
}

// usual returns the median distance to the nearest other row, without zeros.
func usual(dist []float32) float64 {
	var first []float64
	for i := 0; i < len(dist); i += neighbours {
		if dist[i] > 0 && dist[i]-dist[i] == 0 {
			first = append(first, float64(dist[i]))
		}
	}
	if len(first) == 0 {
		return 0
	}
	return stats.Quantile(first, 0.5)
}

func nearShare(dist []float32, width float64) float64 {
	n, rows := 0, len(dist)/neighbours
	for i := range rows {
		if float64(dist[i*neighbours]) <= width {
			n++
		}
	}
	return float64(n) / float64(max(1, rows))
}

// groups joins rows into groups; a group is named by its first row.
type groups struct{ parent []int }

func newGroups(n int) *groups {
	g := &groups{parent: make([]int, n)}
	for i := range g.parent {
		g.parent[i] = i
	}
	return g
}

func (g *groups) of(i int) int {
	for g.parent[i] != i {
		g.parent[i] = g.parent[g.parent[i]]
		i = g.parent[i]
	}
	return i
}

func (g *groups) join(i, j int) {
	i, j = g.of(i), g.of(j)
	g.parent[max(i, j)] = min(i, j)
}

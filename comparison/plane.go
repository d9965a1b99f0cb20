package comparison

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

const (
	mapRows       = 350 // rows of each side on the map
	mapFlagged    = 80  // flagged rows on it beyond those
	mapFeatures   = 1 << 19
	regionCells   = 1 << 22 // features of the rows that regions are found on, at most
	regionRows    = 4000
	regionCount   = 24
	regionAtLeast = 0.01 // share of the reference; smaller ones may be missing by chance
	maxRegions    = 12
)

// plane places rows of both sides on the first two principal components of the
// reference's features, and marks the clusters of it that the data lost.
//
// The components come from the eigenvectors of the matrix of inner products of
// the chosen reference rows, which is small however many columns there are.
func plane(in Input) *verdict.Map {
	yard := in.Reference
	if yard == nil {
		yard = in.Data
	}
	most := max(50, min(mapRows, mapFeatures/max(1, in.Space.Width)))
	yardRows := choose(yard.Rows(), most, in.Seed, 1)
	fitted := in.Space.Features(yard.Take(yardRows))
	if fitted.N < 3 || fitted.D == 0 {
		return nil
	}
	axes := fitAxes(fitted)
	dataRows := withFlagged(choose(in.Data.Rows(), most, in.Seed, 2), in)
	shown := in.Data.Take(dataRows)
	out := &verdict.Map{
		Explained: rounded(axes.explained),
		Data:      axes.points(in.Space.Features(shown), shown),
		Reference: verdict.Points{X: []verdict.Number{}, Y: []verdict.Number{}, Rows: []int64{}},
		Regions:   []verdict.Region{},
	}
	for _, id := range shown.RowIDs {
		out.Data.Flagged = append(out.Data.Flagged, in.Flagged[id])
	}
	if in.Reference != nil {
		out.Reference = axes.points(fitted, yard.Take(yardRows))
		out.Regions = lostRegions(in, axes)
	}
	return out
}

// choose returns at most most of n rows, ascending, by chance.
func choose(n, most int, seed, stream uint64) []int {
	rows := rand.New(rand.NewPCG(seed, 0x6d6170+stream)).Perm(n)[:min(n, most)]
	slices.Sort(rows)
	return rows
}

// withFlagged adds flagged rows of the data's sample to rows, not too many.
func withFlagged(rows []int, in Input) []int {
	out := slices.Clone(rows)
	for i, id := range in.Data.RowIDs {
		if _, there := slices.BinarySearch(rows, i); in.Flagged[id] && !there && len(out) < len(rows)+mapFlagged {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

// axes are two directions of the feature space.
type axes struct {
	mean      []float64
	direction [2][]float64 // of length 1
	explained float64      // share of the variance along them
}

// fitAxes returns the first two principal components of f.
func fitAxes(f *encode.Features) *axes {
	a := &axes{mean: make([]float64, f.D)}
	for i := range f.N {
		for j, x := range f.Row(i) {
			a.mean[j] += float64(x) / float64(f.N)
		}
	}
	centred := mat.NewDense(f.N, f.D, nil)
	for i := range f.N {
		for j, x := range f.Row(i) {
			centred.Set(i, j, float64(x)-a.mean[j])
		}
	}
	var products mat.SymDense
	products.SymOuterK(1, centred)
	var eigen mat.EigenSym
	for k := range a.direction {
		a.direction[k] = make([]float64, f.D)
	}
	if !eigen.Factorize(&products, true) {
		return a
	}
	values := eigen.Values(nil) // ascending
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total := 0.0
	for _, v := range values {
		total += max(0, v)
	}
	for k := range a.direction {
		at := len(values) - 1 - k
		if values[at] <= 1e-9*total || total == 0 {
			continue
		}
		a.explained += values[at] / total
		d := mat.NewVecDense(f.D, a.direction[k])
		d.MulVec(centred.T(), vectors.ColView(at))
		norm, largest := mat.Norm(d, 2), 0.0
		for _, x := range a.direction[k] { // the sign is free: the largest part is positive
			if math.Abs(x) > math.Abs(largest) {
				largest = x
			}
		}
		d.ScaleVec(math.Copysign(1/norm, largest), d)
	}
	return a
}

func (a *axes) place(row []float32) (x, y float64) {
	for j, v := range row {
		c := float64(v) - a.mean[j]
		x += c * a.direction[0][j]
		y += c * a.direction[1][j]
	}
	return x, y
}

func (a *axes) points(f *encode.Features, t *dataset.Table) verdict.Points {
	p := verdict.Points{Rows: t.RowIDs}
	for i := range f.N {
		x, y := a.place(f.Row(i))
		p.X, p.Y = append(p.X, decimals(x)), append(p.Y, decimals(y))
	}
	return p
}

func decimals(x float64) verdict.Number { return verdict.Number(math.Round(x*1000) / 1000) }

// lostRegions clusters the reference by k-means and returns the clusters that
// the data hold less than a quarter of, largest first (as NDB does: Richardson &
// Weiss, NeurIPS 2018).
func lostRegions(in Input, a *axes) []verdict.Region {
	most := max(200, min(regionRows, regionCells/max(1, in.Space.Width)))
	ref := in.Space.Features(in.Reference.Take(choose(in.Reference.Rows(), most, in.Seed, 3)))
	data := in.Space.Features(in.Data.Take(choose(in.Data.Rows(), most, in.Seed, 4)))
	k := max(2, min(regionCount, int(math.Sqrt(float64(ref.N)))))
	centroids, of := stats.KMeans(ref.Data, ref.N, ref.D, k, in.Seed, 8)
	k = len(centroids) / ref.D
	share := func(of []int32) []float64 {
		out := make([]float64, k)
		for _, c := range of {
			out[c] += 1 / float64(len(of))
		}
		return out
	}
	r, d := share(of), share(stats.NearestCentroid(data.Data, data.N, data.D, centroids))
	out := []verdict.Region{}
	for c := range k {
		if r[c] >= regionAtLeast && d[c]*lostBelow < r[c] {
			x, y := a.place(centroids[c*ref.D : (c+1)*ref.D])
			out = append(out, verdict.Region{X: decimals(x), Y: decimals(y), Reference: rounded(r[c]), Data: rounded(d[c])})
		}
	}
	slices.SortStableFunc(out, func(a, b verdict.Region) int { return descending(float64(a.Reference), float64(b.Reference)) })
	return out[:min(maxRegions, len(out))]
}

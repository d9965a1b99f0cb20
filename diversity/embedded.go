package diversity

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
)

const (
	embeddedRows  = 2000 // rows of each side whose vectors are looked at, at most
	embeddedSplit = 1000 // of these, rows of each sample of a split
	embeddedVendi = 500  // rows of a Vendi score of vectors
)

// Embeddings are vectors that stand for the meaning of rows, by a model of the
// user's choice. The semantic diversity is measured on them instead of on the
// texts' latent semantic analysis.
type Embeddings struct {
	// Data holds the vectors of EmbeddedRows(Input.Data, Input.Seed), Reference
	// those of EmbeddedRows(Input.Reference, Input.Seed), with as many dimensions;
	// nil: the data are not compared by them. All numbers are finite. A zero vector
	// stands for a row without words: equal to others of its kind, and at right
	// angles to all else.
	Data, Reference *encode.Features
}

// EmbeddedRows returns the positions in t of the rows whose vectors are needed:
// at most 2,000, ascending, the same for the same number of rows and seed.
func EmbeddedRows(t *dataset.Table, seed uint64) []int {
	rows := choose(rand.New(rand.NewPCG(seed, 0xe3bed)), t.Rows(), embeddedRows)
	slices.Sort(rows)
	return rows
}

// checkEmbeddings returns an error if there are vectors of other rows than are
// needed, or of different dimensions.
func (in *Input) checkEmbeddings() error {
	e := in.Embeddings
	if e == nil {
		return nil
	}
	if want := min(embeddedRows, in.Data.Rows()); e.Data == nil || e.Data.N != want {
		return fmt.Errorf("diversity: the embeddings must be of %d rows of the data", want)
	}
	if e.Reference == nil {
		return nil
	}
	if in.Reference == nil || e.Reference.N != min(embeddedRows, in.Reference.Rows()) {
		return errors.New("diversity: the reference's embeddings are not of the rows that EmbeddedRows returns")
	}
	if e.Data.D != e.Reference.D {
		return fmt.Errorf("diversity: the embeddings of the data have %d dimensions, those of the reference %d", e.Data.D, e.Reference.D)
	}
	return nil
}

// meaning is the vectors of the samples of a split, scaled to length 1. Their
// rows are not those of the split. All of data and reference are in ofData and
// ofReference, equally many: a sample of pairs keeps fewer pairs than rows.
type meaning struct{ data, fresh, yard, ofData, ofReference *encode.Features }

// compared reports whether data and yardstick both have vectors, which then
// stand in for the texts' own words.
func (v *view) compared() bool {
	e := v.in.Embeddings
	return e != nil && (v.in.Reference == nil || e.Reference != nil)
}

// alone reports whether a statistic looks at the data without the reference.
func (v *view) alone(s *statistic) bool {
	return v.in.Reference == nil || s.embedded && v.in.Embeddings.Reference == nil
}

// splitEmbeddings draws the samples of vectors.
func (v *view) splitEmbeddings() {
	e := v.in.Embeddings
	if e == nil {
		return
	}
	data := normalised(e.Data)
	if v.in.Reference == nil || e.Reference == nil {
		rng := rand.New(rand.NewPCG(v.in.Seed, 0xe3bed+1))
		v.splits[0].meaning.data = data.Take(choose(rng, data.N, embeddedSplit))
		return
	}
	other := normalised(e.Reference)
	n, whole := min(data.N, other.N/2, embeddedSplit), min(data.N, other.N)
	rng := rand.New(rand.NewPCG(v.in.Seed, 0xe3bed+1))
	ofData, ofReference := data.Take(choose(rng, data.N, whole)), other.Take(choose(rng, other.N, whole))
	for k := range v.splits {
		rng := rand.New(rand.NewPCG(v.in.Seed, 0xe3bed+2+uint64(k)))
		both := rng.Perm(other.N)[:2*n]
		v.splits[k].meaning = meaning{data: data.Take(choose(rng, data.N, n)), fresh: other.Take(both[:n]), yard: other.Take(both[n:]), ofData: ofData, ofReference: ofReference}
	}
}

// normalised returns f scaled to length 1, with a dimension more, in which rows
// of zeros are 1.
func normalised(f *encode.Features) *encode.Features {
	out := &encode.Features{N: f.N, D: f.D + 1, Data: make([]float32, f.N*(f.D+1))}
	for i := range f.N {
		from, to := f.Row(i), out.Row(i)
		most := 0.0 // against overflow of the squares
		for _, x := range from {
			most = max(most, math.Abs(float64(x)))
		}
		if most == 0 {
			to[f.D] = 1
			continue
		}
		sum := 0.0
		for _, x := range from {
			sum += float64(x) / most * (float64(x) / most)
		}
		for j, x := range from {
			to[j] = float32(float64(x) / most / math.Sqrt(sum))
		}
	}
	return out
}

// meanings is the Vendi score of a fixed number of rows by the cosine of their
// vectors: the effective number of different meanings, 1 to embeddedVendi.
var meanings = statistic{
	name: "embedding_vendi_score", aspect: semantic, what: "effective number of different meanings (Vendi score of the embeddings)", embedded: true,
	source: "Friedman & Dieng 2023, TMLR; cosine kernel, 500 rows",
	reference: func(v *view, s *split) (float64, float64) {
		n := min(embeddedVendi, s.meaning.data.N)
		return cosineVendi(s.meaning.data, n), cosineVendi(s.meaning.fresh, n)
	},
	self: func(v *view, s *split) float64 {
		return cosineVendi(s.meaning.data, min(embeddedVendi, s.meaning.data.N))
	},
	scale: 0.25, tolerance: 0.05, norm: nan, below: nan, // what is ordinary differs between models
}

// cosineVendi returns the Vendi score of the first n rows of f, which are of
// length 1, by the kernel k(x, y) = x.y: n if all are at right angles, 1 if all
// are alike. O(n^3 + n^2 d) time.
func cosineVendi(f *encode.Features, n int) float64 {
	kernel := make([]float64, n*n)
	for i := range n {
		kernel[i*n+i] = 1 / float64(n)
		for j := range i {
			k := dot(f.Row(i), f.Row(j)) / float64(n)
			kernel[i*n+j], kernel[j*n+i] = k, k
		}
	}
	return stats.EffectiveRank(stats.SymmetricEigenvalues(kernel, n))
}

func dot(a, b []float32) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

// apart is one minus the mean cosine between two rows.
var apart = statistic{
	name: "embedding_distance", aspect: semantic, what: "mean cosine distance between the embeddings of two rows", embedded: true,
	source: "1 - mean pairwise cosine, as self-similarity in Zhu et al. 2018, SIGIR (Texygen), of vectors in place of n-grams",
	reference: func(v *view, s *split) (float64, float64) {
		return cosineDistance(s.meaning.data), cosineDistance(s.meaning.fresh)
	},
	self:  func(v *view, s *split) float64 { return cosineDistance(s.meaning.data) },
	scale: 0.25, tolerance: 0.05, norm: nan, below: nan,
}

// cosineDistance returns one minus the mean of x.y over all pairs of different
// rows of f, which are of length 1: 0 if all are alike, 1 if all are at right
// angles, n/(n-1) at most. From |sum x|^2 = n + sum of x.y over the pairs.
func cosineDistance(f *encode.Features) float64 {
	sum := make([]float64, f.D)
	for i := range f.N {
		for j, x := range f.Row(i) {
			sum[j] += float64(x)
		}
	}
	square := 0.0
	for _, x := range sum {
		square += x * x
	}
	n := float64(f.N)
	return max(0, 1-(square-n)/(n*(n-1)))
}

// meaningsCovered is the share of reference rows that a row of the data is near
// in meaning.
var meaningsCovered = statistic{
	name: "embedding_coverage", aspect: semantic, what: "reference rows with a counterpart in meaning", embedded: true, splits: 2,
	source: "coverage, Naeem et al. 2020, ICML, k = 5, of normalised embeddings",
	reference: func(v *view, s *split) (float64, float64) {
		return covered(s.meaning.yard, s.meaning.data, s.meaning.fresh)
	},
	scale: 0.25, tolerance: 0.03,
}

const (
	// With a reference, rows nearer to another than this share of its rows are near
	// duplicates in meaning.
	nearMeanings = 0.05
	// Alone, rows at this part of the median distance of two rows are. By
	// all-MiniLM-L6-v2, nine of ten paraphrases are nearer to their original, and 0 to
	// 2 % of the rows of three real sources to another, 10 % of a fourth; the spike
	// near 0 that copies with a little noise make is not there (docs/measured.md).
	nearAlone = 0.4
	// Rows whose distances tell the median: their pairs are mostly no duplicates,
	// even if each of many meanings is there ten times.
	usualRows = 500
)

// freshMeanings is one minus the share of rows that mean nearly the same as
// another.
var freshMeanings = statistic{
	name: "embeddings_without_near_duplicate", aspect: semantic, what: "rows without another of nearly the same meaning", embedded: true, splits: 1, counted: nearQueries,
	source: "nearest-neighbour distances of embeddings, as semantic duplicates in Abbas et al. 2023 (SemDeDup); near as the closest 5 % of the reference, or 0.4 of the median distance",
	reference: func(v *view, s *split) (float64, float64) {
		d, r := nearestOther(s.meaning.ofData), nearestOther(s.meaning.ofReference)
		near := stats.Quantile(float64s(r), nearMeanings)
		return farther(d, near), farther(r, near)
	},
	self: func(v *view, s *split) float64 {
		d := nearestOther(s.meaning.data)
		return farther(d, nearAlone*medianDistance(s.meaning.data, min(usualRows, s.meaning.data.N)))
	},
	scale: 0.40, tolerance: 0.02, norm: 0.90, below: 0.25,
}

// farther returns the share of the distances above near.
func farther(distances []float32, near float64) float64 {
	n := 0
	for _, d := range distances {
		if float64(d) > near {
			n++
		}
	}
	return float64(n) / float64(len(distances))
}

// wordless returns the features of x but for those of texts, if embeddings stand
// in for the texts.
func (v *view) wordless(x *sample) *encode.Features {
	if !v.compared() || !v.text {
		return x.features
	}
	out := &encode.Features{N: x.n()}
	var keep []*encode.Column
	for j := range x.space.Columns {
		if c := &x.space.Columns[j]; !c.Text() {
			keep = append(keep, c)
			out.D += c.Width
		}
	}
	out.Data = make([]float32, 0, out.N*out.D)
	for i := range out.N {
		row := x.features.Row(i)
		for _, c := range keep {
			out.Data = append(out.Data, row[c.Offset:c.Offset+c.Width]...)
		}
	}
	return out
}

// onlyText reports whether all compared columns are of free text.
func (v *view) onlyText() bool {
	for j := range v.other.space.Columns {
		if !v.other.space.Columns[j].Text() {
			return false
		}
	}
	return true
}

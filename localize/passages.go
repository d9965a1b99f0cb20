package localize

import (
	"slices"

	"synthos/sketch"
	"synthos/text"
)

const (
	signature  = 60 // hash functions of a signature
	bandRows   = 3  // that must agree in a band: texts of Jaccard index 0.5 are found with probability 0.93
	bucketRead = 32 // texts of a bucket that are compared
	passageTop = 4  // the how manieth best match tells of a template
)

// passages finds texts that share most of their runs of three words.
//
// Method: MinHash signatures in bands (Leskovec, Rajaraman & Ullman, Mining of
// massive datasets, section 3.4), verified by the exact Jaccard index.
type passages struct {
	sets    [][]uint64
	ids     []int64
	buckets map[uint64][]int32
}

// passage is what passages has for a text.
type passage struct {
	best  float64 // Jaccard index with the most similar text
	at    int     // which one; -1 if none was found
	group float64 // Jaccard index with the passageTop-th most similar text
}

func newPassages(docs [][]uint64, ids []int64) *passages {
	p := &passages{sets: make([][]uint64, len(docs)), ids: ids, buckets: map[uint64][]int32{}}
	for i, doc := range docs {
		p.sets[i] = text.Shingles(doc)
		for _, key := range bands(doc) {
			if len(p.buckets[key]) < bucketRead {
				p.buckets[key] = append(p.buckets[key], int32(i))
			}
		}
	}
	return p
}

// bands returns the buckets that a document falls into; an empty one into none.
func bands(doc []uint64) []uint64 {
	s := text.Signature(doc, signature)
	keys := make([]uint64, 0, signature/bandRows)
	for b := 0; b < len(s); b += bandRows {
		key := uint64(b)
		for _, x := range s[b : b+bandRows] {
			key = sketch.Mix(key ^ x)
		}
		keys = append(keys, key)
	}
	return keys
}

// find looks up a document. The text with the row number self does not count;
// -1 excludes none.
func (p *passages) find(doc []uint64, self int64) passage {
	out := passage{at: -1}
	var found []int32
	for _, key := range bands(doc) {
		found = append(found, p.buckets[key]...)
	}
	slices.Sort(found)
	set := text.Shingles(doc)
	var all []float64
	for _, k := range slices.Compact(found) {
		if p.ids[k] == self {
			continue
		}
		s := text.Jaccard(set, p.sets[k])
		all = append(all, s)
		if s > out.best {
			out.best, out.at = s, int(k)
		}
	}
	if slices.Sort(all); len(all) >= passageTop {
		out.group = all[len(all)-passageTop]
	}
	return out
}

package localize

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/scan"
	"synthos/verdict"
)

// pairsIn plants near duplicates, one in forty rows, anywhere in a table: copies with a
// little noise in half of the numbers. It returns their rows by the rows copied.
func pairsIn(data *dataset.Table, seed uint64) map[int]int {
	rng := rand.New(rand.NewPCG(seed, 5))
	order, of := rng.Perm(data.Rows()), map[int]int{}
	for k := range data.Rows() / 40 {
		bad, from := order[2*k], order[2*k+1]
		copyRow(data, bad, data, from)
		for _, name := range []string{"x", "y", "price", "gap"} {
			if rng.IntN(2) == 0 {
				column(data, name).Floats[bad] *= 1 + 0.001*rng.NormFloat64()
			}
		}
		of[bad] = from
	}
	return of
}

// TestWholeFile plants pairs in a file of which the sample holds one row in eight: few pairs
// have a row in it, yet nearly all are found, and nobody else is accused.
func TestWholeFile(t *testing.T) {
	const n = 16000
	for _, mode := range []string{"reference", "self"} {
		data := made(1, n)
		pairs := pairsIn(data, 1)
		in := Input{Schema: data.Schema, Sample: choose(data, 3, n/8), Seed: 1, Jobs: 2, KeepRowScores: true}
		if mode == "reference" {
			in.Reference = made(2, 2000)
		}
		l := runOn(t, data, in, 3)
		partners := map[int]bool{}
		found := 0
		for bad, from := range pairs {
			partners[bad], partners[from] = true, true
			if l.RowScores[bad] >= FlagAt {
				found++
			}
		}
		others := 0
		for i, s := range l.RowScores {
			if s >= FlagAt && !partners[i] {
				others++
			}
		}
		if found < len(pairs)*3/4 || others > len(pairs)/20 {
			t.Errorf("%s mode: of %d near duplicates %d are flagged, and %d other rows", mode, len(pairs), found, others)
		}
		kept, gone := map[int64]bool{}, 0
		for _, row := range l.KeptRows() {
			kept[row] = true
		}
		drops := func(i int) bool { return l.RowScores[i] >= FlagAt && !kept[int64(i)] }
		for bad, from := range pairs {
			if drops(bad) && drops(from) {
				gone++
			}
		}
		if gone > len(pairs)/20 || len(kept) < found/2 {
			t.Errorf("%s mode: of %d pairs, both rows are dropped; %d rows are kept", mode, gone, len(kept))
		}
		named, wrong := 0, 0
		for _, r := range l.Rows {
			from, is := pairs[int(r.Row)]
			said := regexp.MustCompile(`(?:near duplicate of|contradicts) row (\d+)`).FindStringSubmatch(r.Reason)
			switch {
			case !is || said == nil:
			case said[1] == strconv.Itoa(from):
				named++
			default:
				wrong++
			}
		}
		if named < len(pairs)/2 || wrong > named/20 {
			t.Errorf("%s mode: the sentences name the row copied %d times, another %d times", mode, named, wrong)
		}
		if mode == "self" {
			continue
		}
		for _, cut := range [][2]int{{1, 1}, {7, 4}} {
			in.Jobs = cut[1]
			if diff := cmp.Diff(l, runOn(t, data, in, cut[0]), cmp.Comparer(func(a, b verdict.Number) bool {
				return math.Float64bits(float64(a)) == math.Float64bits(float64(b))
			})); diff != "" {
				t.Errorf("%d ranges, %d jobs (-want +got):\n%s", cut[0], cut[1], diff)
			}
		}
	}
}

// TestWholeHealthyFile accuses nobody of being alike in a file of which the sample holds one
// row in eight.
func TestWholeHealthyFile(t *testing.T) {
	data := made(1, 16000)
	for _, reference := range []*dataset.Table{made(2, 2000), nil} {
		in := Input{Schema: data.Schema, Sample: choose(data, 3, 2000), Reference: reference, Seed: 1, Jobs: 2, KeepRowScores: true}
		if l := runOn(t, data, in, 3); l.RowsFlagged > 8 {
			t.Errorf("%d of 16000 healthy rows are flagged (reference: %v): %+v", l.RowsFlagged, reference != nil, l.Groups[0])
		}
	}
}

// TestBlocks counts how often unlike rows agree in a block: in one of all rows in a
// hundred, not much more, as it was chosen to be. Rows that differ a little in every
// number, or much in one column, agree in some block.
func TestBlocks(t *testing.T) {
	const n = 8000
	data := made(1, n)
	j := judgeOfSample(t, data, data.Take(rangeOf(0, 2000)), nil)
	b := fitBlocks(j.view, n)
	if b.n < blocksEach {
		t.Fatalf("%d blocks", b.n)
	}
	loose := map[int]bool{} // all columns here are in a block of close cells, so that rows that agree are alike
	for _, uses := range b.uses {
		for _, u := range uses {
			loose[u.block] = loose[u.block] || u.grid.width > 0
		}
	}
	_, keys := b.keys(data)
	for k := range keys {
		times := map[uint32]int{}
		for _, key := range keys[k] {
			times[key]++
		}
		agree := 0
		for _, key := range keys[k] {
			if times[key] > 1 {
				agree++
			}
		}
		if !loose[k] && agree > 3*n/100 {
			t.Errorf("block %d: %d of %d rows agree with another", k, agree, n)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name   string
		change func(t *dataset.Table, i int)
		least  float64
	}{
		{"a little noise in every number", func(t *dataset.Table, i int) {
			for _, name := range []string{"x", "y", "price", "code", "gap"} {
				column(t, name).Floats[i] *= 1 + 0.001*rng.NormFloat64()
			}
		}, 0.9},
		{"another city", func(t *dataset.Table, i int) { column(t, "city").Strings[i] = "Ulm" }, 1},
		{"another code", func(t *dataset.Table, i int) { column(t, "code").Floats[i] = 1e6 * rng.Float64() }, 1},
	} {
		changed := data.Take(rangeOf(0, 500))
		for i := range 500 {
			c.change(changed, i)
		}
		_, after := b.keys(changed)
		agree := 0
		for i := range 500 {
			for k := range keys {
				if keys[k][i] == after[k][i] {
					agree++
					break
				}
			}
		}
		if float64(agree) < 500*c.least {
			t.Errorf("%s: %d of 500 rows agree with what they were in some block", c.name, agree)
		}
	}
}

// TestKeyCounts compares bounded counts, merged in two ways, with a map of everything.
func TestKeyCounts(t *testing.T) {
	for round := range uint64(20) {
		rng := rand.New(rand.NewPCG(round, 1))
		keep := 50 + rng.IntN(2000)
		expected := int64(rng.IntN(8000))
		one, parts := newKeyCounts(keep, expected), []*keyCounts{newKeyCounts(keep, expected), newKeyCounts(keep, expected), newKeyCounts(keep, expected)}
		rows := map[uint32]map[uint32]bool{}
		for range 6000 {
			key, row := uint32(rng.IntN(4000))*1048573, uint64(rng.IntN(9))
			one.add(key, row)
			parts[rng.IntN(3)].add(key, row)
			if rows[key] == nil {
				rows[key] = map[uint32]bool{}
			}
			rows[key][uint32(row)] = true
		}
		parts[2].merge(parts[0])
		parts[2].merge(parts[1])
		keys, n := one.shared()
		again, m := parts[2].shared()
		if !slices.Equal(keys, again) || n != m || one.limit != parts[2].limit {
			t.Fatalf("round %d: %d keys of %d rows below %d, in parts %d of %d below %d", round, len(keys), n, one.limit, len(again), m, parts[2].limit)
		}
		var want []uint32
		total := 0
		for key, r := range rows {
			if uint64(key) < one.limit {
				total += len(r)
				if len(r) > 1 {
					want = append(want, key)
				}
			}
		}
		slices.Sort(want)
		if !slices.Equal(keys, want) || total > keep {
			t.Fatalf("round %d: %d shared keys, want %d; %d rows are kept, %d at most", round, len(keys), len(want), total, keep)
		}
	}
}

func TestSortKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 2047, 2048, 5000, 100_000} {
		list := make([]uint64, n)
		for i := range list {
			list[i] = uint64(rng.Uint32N(uint32(n)))<<uint(32*rng.IntN(2)) | uint64(rng.IntN(3))
		}
		want := slices.Clone(list)
		slices.Sort(want)
		if sortKeys(list); !slices.Equal(list, want) {
			t.Errorf("%d keys are not ascending", n)
		}
	}
}

// TestSpacingsOfChance draws the matches of rows from an exponential tail: strengths are
// minus the logarithm of a probability, so that one in a hundred rows is as strong as
// log(100), or fewer.
func TestSpacingsOfChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const n = 20000
	own := make([]found, n)
	for i := range own {
		nats := make([]float64, 300)
		for k := range nats {
			nats[k] = 100 + 2.5*rng.ExpFloat64()
		}
		slices.Sort(nats)
		for k := range 6 {
			own[i].matches = append(own[i].matches, match{alike: alike{nats: nats[299-k], equal: 10}})
		}
	}
	s := fitSpacings(own, 300)
	for m, scale := range s.scale {
		if math.Abs(scale-2.5) > 0.1 {
			t.Errorf("match %d: scale %v, want 2.5", m, scale)
		}
	}
	for _, p := range []float64{0.1, 0.01, 0.001} {
		strong := 0
		for i := range own {
			if s.strength(&own[i], 10) >= -math.Log(p) {
				strong++
			}
		}
		if share := float64(strong) / n; share > 1.3*p || share < 0.4*p {
			t.Errorf("%v of the rows are as strong as one in %v", share, 1/p)
		}
		if f := own[0]; s.strength(&f, 13) != 0 {
			t.Error("a row alike in 10 of 13 columns counts as a near duplicate")
		}
	}
}

// TestSpacingChance compares with drawn numbers.
func TestSpacingChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	const n = 200_000
	for m := range spacingGroups {
		for _, d := range []float64{0.3, 1, 2} {
			more := 0
			for range n {
				sum := 0.0 // of exponential numbers, as Rényi showed
				for k := m + 1; k <= m+spacingAfter; k++ {
					sum += rng.ExpFloat64() / float64(k)
				}
				if sum >= d {
					more++
				}
			}
			if want, got := float64(more)/n, spacingChance(m, d); math.Abs(got-want) > 4*math.Sqrt(want/n)+1e-5 {
				t.Errorf("match %d, spacing %v: %v, drawn %v", m, d, got, want)
			}
		}
		if got := spacingChance(m, spacingMedian(m)); math.Abs(got-0.5) > 1e-9 {
			t.Errorf("match %d: the median has chance %v", m, got)
		}
	}
}

// TestNoRoomForKin counts a key as shared that no row of the file has, as when there is room for
// none of those that rows share: nothing is found, and nothing fails.
func TestNoRoomForKin(t *testing.T) {
	data := made(1, 4000)
	src := scan.Memory(data, 2)
	in := Input{Schema: data.Schema, Sample: data.Take(rangeOf(0, 1000)), Seed: 1, Jobs: 2}
	v, err := newView(t.Context(), src, in)
	if err != nil {
		t.Fatal(err)
	}
	a := newCounter(v, fitBlocks(v, 4000))
	_, keys := a.blocks.keys(data)
	free := uint32(0)
	for slices.Contains(keys[0], free) {
		free++
	}
	for row := range uint64(blockRows) {
		a.keys[0].add(free, row)
	}
	a.counts.total = 4000
	found, err := findKin(t.Context(), scan.Local{Jobs: 2}, src, a)
	if found != nil || err != nil {
		t.Errorf("%+v, %v, want nothing", found, err)
	}
}

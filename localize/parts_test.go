package localize

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"synthos/dataset"
	"synthos/encode"
	"synthos/text"
	"synthos/verdict"
)

// TestRepeatCounts counts in parts of any order, with less room than there are
// rows, and compares with a map.
func TestRepeatCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	type added struct {
		h     uint64
		first int64
	}
	var all []added
	want := map[uint64]repeated{}
	for i := range int64(3000) {
		h := rand.New(rand.NewPCG(rng.Uint64()%700, 1)).Uint64()
		all = append(all, added{h, i})
		r, seen := want[h]
		if !seen {
			r.first = i
		}
		r.count++
		want[h] = r
	}
	const keep = 100
	limit := slices.Sorted(maps.Keys(want))[keep-1]
	maps.DeleteFunc(want, func(h uint64, _ repeated) bool { return h > limit })
	for round := range 4 {
		sum := newRepeatCounts(keep)
		parts := []*repeatCounts{newRepeatCounts(keep), newRepeatCounts(keep), newRepeatCounts(keep)}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for i, a := range all {
			parts[i%3].add(a.h, 1, a.first)
			parts[i%3].total++
		}
		for k := range parts {
			sum.merge(parts[(k+round)%3])
		}
		sum.settle()
		got := map[uint64]repeated{}
		for _, x := range sum.list {
			got[x.hash] = x.repeated
		}
		if sum.total != 3000 || len(sum.list) != keep || !maps.Equal(got, want) {
			t.Fatalf("round %d: %d rows counted, %d kept of %d", round, sum.total, len(sum.list), len(want))
		}
		sum.index()
		maps.DeleteFunc(got, func(_ uint64, r repeated) bool { return r.count < 2 })
		if !maps.Equal(sum.rows, got) {
			t.Fatalf("round %d: %d rows can be looked up, want %d", round, len(sum.rows), len(got))
		}
	}
}

// TestWorst keeps the same rows as sorting all of them.
func TestWorst(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var all []verdict.Row
	w := worst{room: 25}
	for i := range 500 {
		r := verdict.Row{Row: int64(rng.IntN(1 << 40)), Score: float64(rng.IntN(20)) / 20, Reason: fmt.Sprint(i)}
		all = append(all, r)
		if w.wants(r.Score, r.Row) {
			w.push(r)
		}
	}
	slices.SortFunc(all, func(a, b verdict.Row) int { return compareRows(a.Score, a.Row, b.Score, b.Row) })
	for i, r := range w.sorted() {
		if r.Reason != all[i].Reason {
			t.Fatalf("place %d holds row %d with %v, want row %d with %v", i, r.Row, r.Score, all[i].Row, all[i].Score)
		}
	}
	if len(w.rows) != 25 {
		t.Errorf("%d rows are kept", len(w.rows))
	}
}

// TestCoincidence works on 1000 rows with the numbers 0 to 999 and four equally
// frequent levels, where chances can be counted.
func TestCoincidence(t *testing.T) {
	base := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "n", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "c", Type: dataset.String, Kind: dataset.Categorical},
	}}, Columns: []dataset.Vector{{Floats: make([]float64, 1000), Null: make([]bool, 1000)}, {Strings: make([]string, 1000), Null: make([]bool, 1000)}}}
	for i := range 1000 {
		base.RowIDs = append(base.RowIDs, int64(i))
		base.Columns[0].Floats[i] = float64(i)
		base.Columns[1].Strings[i] = string("abcd"[i%4])
	}
	space := encode.Fit(base, nil)
	v := &view{space: space, near: space, names: []string{"n", "c"}}
	r := v.rowsOf(base)
	c := fitCoincidence(v, r)
	pair := func(x, y float64, a, b string, nulls int) alike {
		row := func(n float64, level string) []*dataset.Vector {
			return []*dataset.Vector{{Floats: []float64{n}, Null: []bool{nulls > 0}}, {Strings: []string{level}, Null: []bool{nulls > 1}}}
		}
		return c.between(row(x, a), 0, row(y, b), 0)
	}
	level := math.Log(1001.0 / 251)
	cases := []struct {
		name, reason string
		got          alike
		nats         float64
		equal        int
		differ       int
	}{
		{"equal", "one number of 1000, one level of four", pair(500, 500, "a", "a", 0), math.Log(1001.0/2) + level, 2, -1},
		{"close", "numbers from 490 to 510 are as close", pair(500, 510, "a", "a", 0), math.Log(1001.0/22) + level, 2, -1},
		{"not close", "201 numbers are as close", pair(500, 600, "a", "a", 0), math.Log(1001.0/202) + level, 1, 0},
		{"other level", "a difference says nothing", pair(500, 500, "a", "b", 0), math.Log(1001.0 / 2), 1, 1},
		{"unknown level", "nobody has it", pair(0, 999, "x", "x", 0), math.Log(1001), 1, 0},
		{"nulls", "nulls are equal, but tell nothing", pair(500, 500, "a", "a", 2), 0, 2, -1},
	}
	for _, k := range cases {
		if math.Abs(k.got.nats-k.nats) > 1e-9 || k.got.equal != k.equal || k.got.differ != k.differ {
			t.Errorf("%s (%s): %+v, want %v nats, %d equal, %d differs", k.name, k.reason, k.got, k.nats, k.equal, k.differ)
		}
	}
}

// TestDomain checks strengths of numbers beyond what others have.
func TestDomain(t *testing.T) {
	data := made(1, 2000)
	space := encode.Fit(data, nil)
	d := fitDomain(&space.Columns[0], &data.Columns[0], 0)
	last := 0.0
	for _, x := range []float64{0, 2, 5, 50, 5e3, 5e300} {
		s := d.value(x, false)
		if x <= 2 && s != 0 || x >= 5 && s <= last {
			t.Errorf("strength of %v standard deviations is %v", x, s)
		}
		if mirrored := d.value(-x, false); (mirrored > 0) != (s > 0) {
			t.Errorf("strength of %v is %v, of %v %v", x, s, -x, mirrored)
		}
		last = s
	}
	if top := d.sorted[len(d.sorted)-1]; d.value(top, false) != 0 || d.value(top, true) <= 0 {
		t.Error("the largest value is usual to others only")
	}
	many := fitDomain(&space.Columns[5], &data.Columns[5], 0)
	if many.level("Bern", true) != 0 || many.level("Rom", false) < 5 {
		t.Errorf("strengths of levels %v, %v", many.level("Bern", true), many.level("Rom", false))
	}
}

// sentences returns n instructions and answers on different things.
func sentences(seed uint64, n int) (questions, answers []string) {
	rng := rand.New(rand.NewPCG(seed, 9))
	word := func(k int) string { return fmt.Sprintf("%c%cwort%d", 'a'+k%26, 'a'+k/26%26, k) }
	for range n {
		topic := rng.IntN(2000)
		var q, a []string
		for k := range 12 {
			q = append(q, word(topic+k*rng.IntN(3)), word(3000+rng.IntN(800)))
			a = append(a, word(topic+k*rng.IntN(3)), word(4000+rng.IntN(800)))
		}
		questions, answers = append(questions, strings.Join(q, " ")+"?"), append(answers, strings.Join(a, " ")+".")
	}
	return questions, answers
}

func texts(questions, answers []string) *dataset.Table {
	n := len(questions)
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "instruction", Type: dataset.String, Kind: dataset.Text}, {Name: "output", Type: dataset.String, Kind: dataset.Text},
	}}, Columns: []dataset.Vector{{Strings: questions, Null: make([]bool, n)}, {Strings: answers, Null: make([]bool, n)}}}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
	}
	return t
}

// TestProse plants six kinds of damage in instruction data, 60 rows each.
func TestProse(t *testing.T) {
	rq, ra := sentences(2, 500)
	reference := texts(rq, ra)
	cases := []struct {
		name, reason, says string
		plant              func(q, a []string, i int) // damages row i
	}{
		{"mismatch", "answers to other questions", "instruction and output have nothing to do with each other", func(q, a []string, i int) {
			_, other := sentences(uint64(i), 1)
			a[i] = other[0]
		}},
		{"copies", "reference rows with one word changed", "copies that of reference row", func(q, a []string, i int) {
			q[i], a[i] = rq[i], strings.Replace(ra[i], "wort", "word", 1)
		}},
		{"near duplicates", "earlier rows with one word changed", "nearly repeats row", func(q, a []string, i int) {
			q[i], a[i] = strings.Replace(q[i%100], "wort", "word", 1), strings.Replace(a[i%100], "wort", "word", 1)
		}},
		{"template", "three patterns with a slot", "output follows a template", func(q, a []string, i int) {
			words := strings.Fields(ra[i%3])
			words[len(words)/2] = strings.Fields(a[i])[0]
			a[i] = strings.Join(words, " ")
		}},
		{"gibberish", "words that nobody knows", "output consists of unknown words", func(q, a []string, i int) {
			a[i] = strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) {
					return 'z' - (r-'a'+rune(i))%26
				}
				return r
			}, a[i])
		}},
		{"repetition", "an answer that goes round in circles", "output repeats itself", func(q, a []string, i int) {
			a[i] = strings.Repeat(strings.Join(strings.Fields(a[i])[:3], " ")+" ", 8)
		}},
	}
	q, a := sentences(1, 560)
	for k, c := range cases {
		for i := 200 + 60*k; i < 260+60*k; i++ {
			c.plant(q, a, i)
		}
	}
	l := localized(t, texts(q, a), reference)
	for k, c := range cases {
		bad := slices.Collect(between(200+60*k, 260+60*k))
		recall, _ := caught(l, bad)
		said := 0
		for _, i := range bad {
			if r, err := about(l, i); err == nil && strings.Contains(r.Reason, c.says) {
				said++
			}
		}
		if recall < 0.9 || said < 40 {
			r, _ := about(l, bad[30])
			t.Errorf("%s (%s): %.0f %% flagged, %d of 60 sentences hold %q; row %d: %+v", c.name, c.reason, 100*recall, said, c.says, bad[30], r)
		}
	}
	if _, false := caught(l, slices.Collect(between(0, 100))); false-360 > 5 { // the first 100 have near duplicates
		t.Errorf("%d rows that are not bad are flagged", false-360)
	}
	q, a = sentences(3, 300)
	if l := localized(t, texts(q, a), reference); l.RowsFlagged > 3 {
		t.Errorf("%d healthy rows are flagged: %+v", l.RowsFlagged, l.Rows[0])
	}
}

// TestRelated compares with text.Relatedness, which sees all rows at once.
func TestRelated(t *testing.T) {
	q, a := sentences(5, 80)
	a[7] = ""
	docsOf := func(s []string) [][]uint64 {
		var out [][]uint64
		for _, x := range s {
			out = append(out, text.Hashes(x))
		}
		return out
	}
	dq, da := docsOf(q), docsOf(a)
	r := fitRelated(dq, da)
	for i, want := range text.Relatedness(dq, da) {
		got := r.between(dq[i], da[i], true)
		if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-12 {
			t.Errorf("row %d: %v, text.Relatedness says %v", i, got, want)
		}
	}
}

// TestPassages finds the text with the largest Jaccard index among those of at
// least one half, which is what its bands are made for.
func TestPassages(t *testing.T) {
	var docs [][]uint64
	q, a := sentences(6, 150)
	for i := range q {
		docs = append(docs, text.Hashes(q[i]+" "+a[i]))
	}
	for i := range 40 {
		near := slices.Clone(docs[i])
		near[5+i%10]++
		docs = append(docs, near)
	}
	p := newPassages(docs, made(1, len(docs)).RowIDs)
	for i, doc := range docs {
		best, at := 0.0, -1
		for k := range docs {
			if s := text.Jaccard(text.Shingles(doc), text.Shingles(docs[k])); k != i && s > best {
				best, at = s, k
			}
		}
		if got := p.find(doc, int64(i)); best >= 0.5 && (got.at != at || got.best != best) {
			t.Errorf("text %d: %+v, want %d with %v", i, got, at, best)
		}
	}
	if got := p.find(nil, -1); got.at != -1 || got.best != 0 {
		t.Errorf("an empty text is like %+v", got)
	}
}

// FuzzQuote checks that any cell can stand in a sentence.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "Zürich", "a\nb\x1b[31m", "\xff\xfe", strings.Repeat("長", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := quote(s)
		if !utf8.ValidString(q) || strings.ContainsFunc(q, unicode.IsControl) || utf8.RuneCountInString(q) > quoted+5 {
			t.Errorf("%q is quoted as %q", s, q)
		}
	})
}

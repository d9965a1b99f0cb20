package collapse

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"synthos/dataset"
)

// byItself returns the view of a table without a reference.
func byItself(t *testing.T, data *dataset.Table) *view {
	t.Helper()
	space, err := Fit(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := newView(context.Background(), Input{Data: data, Space: space, Seed: 1, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// first returns what a measurement found.
func first(t *testing.T, m measurement) float64 {
	t.Helper()
	if len(m.value) == 0 {
		t.Fatalf("%s was not measured", m.name)
	}
	return m.value[0]
}

// repeated returns t followed by copies of its first n rows.
func repeated(t *dataset.Table, n int) *dataset.Table {
	rows := make([]int, t.Rows()+n)
	for i := range rows {
		rows[i] = i % t.Rows()
	}
	return t.Take(rows)
}

func TestContradictionsAreOneCellApart(t *testing.T) {
	clean := shop(2000, 61)
	if x := first(t, byItself(t, clean).oneCellApart()); x != 0 {
		t.Errorf("%.3f of clean rows are one cell apart from another, want none", x)
	}
	data := repeated(clean, 400)
	if x := first(t, byItself(t, data).oneCellApart()); x != 0 {
		t.Errorf("%.3f of the rows are one cell apart, though all that is wrong are exact copies", x)
	}
	churn := data.Schema.Index("churn")
	for i := 2000; i < 2400; i++ {
		was := data.Columns[churn].Strings[i]
		data.Columns[churn].Strings[i] = map[string]string{"yes": "no", "no": "yes"}[was]
	}
	m := byItself(t, data).oneCellApart()
	if x := first(t, m); math.Abs(x-800.0/2400) > 0.02 { // the copies and what they were copied from
		t.Errorf("%.3f of the rows are one cell apart, want 0.333", x)
	}
	if !strings.Contains(m.reason, "churn") {
		t.Errorf("the reason does not name the column: %s", m.reason)
	}
}

func TestNoisyCopiesAgreeInMoreThanChance(t *testing.T) {
	share := func(data *dataset.Table) float64 {
		v := byItself(t, data)
		w, err := v.nearest()
		if err != nil {
			t.Fatal(err)
		}
		return first(t, v.nearTwins(w, positiveQuantile(w.dataData, 0.9)))
	}
	clean := shop(2000, 62)
	if x := share(clean); x > 0.01 {
		t.Errorf("%.3f of clean rows are near twins, want none", x)
	}
	data := repeated(clean, 500)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := 2000; i < 2500; i++ {
		data.Columns[0].Floats[i] += 0.5 * rng.NormFloat64() // age
	}
	if x := share(data); x < 0.3 || x > 0.45 {
		t.Errorf("%.3f of the rows are near twins, want 0.4", x)
	}
}

// families is a table of children: what is of the family stands in each child's row.
func families(n int) *dataset.Table {
	rng := rand.New(rand.NewPCG(7, 8))
	names := []string{"father", "mother", "income", "rooms", "height", "weight"}
	t := &dataset.Table{Schema: &dataset.Schema{}, Columns: make([]dataset.Vector, len(names))}
	for _, name := range names {
		t.Schema.Fields = append(t.Schema.Fields, dataset.Field{Name: name, Type: dataset.Float, Kind: dataset.Numerical})
	}
	for range n {
		father, mother := 175+7*rng.NormFloat64(), 165+6*rng.NormFloat64()
		income, rooms := 1000*math.Exp(3+rng.NormFloat64()), float64(rng.IntN(30))
		for range 4 + rng.IntN(6) {
			height := (father+mother)/2 + 5*rng.NormFloat64()
			for j, x := range []float64{father, mother, income, rooms, height, height/2 + 9*rng.NormFloat64()} {
				t.Columns[j].Floats = append(t.Columns[j].Floats, x)
				t.Columns[j].Null = append(t.Columns[j].Null, false)
			}
			t.RowIDs = append(t.RowIDs, int64(len(t.RowIDs)))
		}
	}
	return t
}

func TestChildrenOfOneFamilyAreNoTemplate(t *testing.T) {
	if x := first(t, byItself(t, families(200)).manyAlike()); x > 0.005 {
		t.Errorf("%.3f of the children fill in templates, want none", x)
	}
}

func TestTemplatesShareMostCells(t *testing.T) {
	clean := shop(1500, 63)
	if x := first(t, byItself(t, clean).manyAlike()); x > 0.005 {
		t.Errorf("%.3f of clean rows fill in templates, want none", x)
	}
	data := clone(clean)
	for i := range 600 { // two templates that leave age and plan open
		of := i % 2
		for j := range data.Columns {
			switch name := data.Schema.Fields[j].Name; {
			case name == "age" || name == "plan":
			case data.Columns[j].Floats != nil:
				data.Columns[j].Floats[i] = data.Columns[j].Floats[of]
			default:
				data.Columns[j].Strings[i] = data.Columns[j].Strings[of]
			}
		}
	}
	if x := first(t, byItself(t, data).manyAlike()); math.Abs(x-0.4) > 0.02 {
		t.Errorf("%.3f of the rows fill in templates, want 0.4", x)
	}
}

func TestNullsByDesignAreNoBursts(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	lacking := func(which func(row int) []int) float64 {
		data := clone(shop(2000, 64))
		for i := range data.Rows() {
			for _, j := range which(i) {
				data.Columns[j].Null[i] = true
			}
		}
		return first(t, byItself(t, data).scatteredNulls())
	}
	if x := lacking(func(row int) []int {
		if rng.Float64() < 0.3 {
			return []int{1, 2, 5} // those who were not asked
		}
		return nil
	}); x > 0.01 {
		t.Errorf("columns that lack their cells together by design count as bursts: %.3f", x)
	}
	if x := lacking(func(int) (out []int) {
		for j := range 7 {
			if rng.Float64() < 0.05 {
				out = append(out, j)
			}
		}
		return out
	}); x > 0.01 {
		t.Errorf("independent nulls count as bursts: %.3f", x)
	}
	if x := lacking(func(int) (out []int) {
		if rng.Float64() > 0.2 {
			return nil
		}
		return rng.Perm(7)[:4]
	}); x < 0.15 || x > 0.22 {
		t.Errorf("bursts in 20 %% of the rows are measured as %.3f", x)
	}
}

// advice returns n rows of questions and answers, each about one of 50 topics. If
// answers are mixed, a row's answer is about another topic; if words are, any
// text is about everything.
func advice(n int, mixedAnswers, mixedWords bool) *dataset.Table {
	rng := rand.New(rand.NewPCG(5, 6))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "instruction", Type: dataset.String, Kind: dataset.Text},
		{Name: "output", Type: dataset.String, Kind: dataset.Text},
	}}}
	t.Columns = make([]dataset.Vector, 2)
	write := func(topic, words int) string {
		var b strings.Builder
		for range words {
			of := topic
			if mixedWords {
				of = rng.IntN(50)
			}
			if rng.Float64() < 0.5 {
				fmt.Fprintf(&b, "word%d ", rng.IntN(40))
			} else {
				fmt.Fprintf(&b, "topic%dx%d ", of, int(60*math.Pow(rng.Float64(), 2)))
			}
		}
		return b.String()
	}
	for i := range n {
		topic := rng.IntN(50)
		t.RowIDs = append(t.RowIDs, int64(i))
		t.Columns[0].Strings = append(t.Columns[0].Strings, write(topic, 20))
		if mixedAnswers {
			topic = rng.IntN(50)
		}
		t.Columns[1].Strings = append(t.Columns[1].Strings, write(topic, 60))
		for j := range t.Columns {
			t.Columns[j].Null = append(t.Columns[j].Null, false)
		}
	}
	return t
}

func TestAnswersToOtherQuestionsAreUnrelated(t *testing.T) {
	if x := first(t, byItself(t, advice(800, false, false)).unrelatedBySelf()); x > 0.05 {
		t.Errorf("%.3f of matching fields are called unrelated", x)
	}
	if x := first(t, byItself(t, advice(800, true, false)).unrelatedBySelf()); x < 0.9 {
		t.Errorf("only %.3f of fields of different topics are called unrelated", x)
	}
}

func TestWordsOfTextsAboutSomethingReturn(t *testing.T) {
	if x := first(t, byItself(t, advice(800, false, false)).wordsLeft()); x > 0 {
		t.Errorf("words of texts about a topic are said not to return: %.3f", x)
	}
	if x := first(t, byItself(t, advice(800, false, true)).wordsLeft()); x < 0.8 {
		t.Errorf("of texts about everything, words are said to return: %.3f", x)
	}
}

func TestRareWordsAreMissed(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	write := func(words func() int) *dataset.Table {
		t := advice(500, false, false)
		for i := range t.Rows() {
			var b strings.Builder
			for range 60 {
				fmt.Fprintf(&b, "w%d ", words())
			}
			t.Columns[1].Strings[i] = b.String()
		}
		return t
	}
	zipf := func() int { return int(1 / math.Pow(1-rng.Float64(), 1.2)) } // shares fall as rank^-1.8
	if x := first(t, byItself(t, write(zipf)).rareWordsLost()); x > 0.05 {
		t.Errorf("rare words are missed in a text with Zipf's law: %.3f", x)
	}
	if x := first(t, byItself(t, write(func() int { return rng.IntN(300) })).rareWordsLost()); x < 0.9 {
		t.Errorf("rare words are not missed among 300 equally frequent ones: %.3f", x)
	}
}

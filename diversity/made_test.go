package diversity

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/verdict"
)

// shop returns n rows of customers: numbers, levels and a date that depend on each
// other, with nulls. Tables of different seeds are samples of one population.
func shop(n int, seed uint64) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x5409))
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "customer", Type: dataset.Float, Kind: dataset.ID},
		{Name: "age", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "income", Type: dataset.Float, Kind: dataset.Numerical},
		{Name: "visits", Type: dataset.Float, Kind: dataset.Numerical, Integer: true},
		{Name: "since", Type: dataset.Time, Kind: dataset.Datetime},
		{Name: "city", Type: dataset.String, Kind: dataset.Categorical},
		{Name: "plan", Type: dataset.String, Kind: dataset.Categorical},
	}}, Columns: make([]dataset.Vector, 7)}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		age := 18 + 50*rng.Float64()
		income := math.Exp(9 + 0.02*age + 0.3*rng.NormFloat64())
		numbers := []float64{float64(i), age, income, math.Floor(30*rng.ExpFloat64() + age/10), 1.6e9 + 1e8*rng.Float64()}
		for j, x := range numbers {
			t.Columns[j].Floats = append(t.Columns[j].Floats, x)
		}
		t.Columns[5].Strings = append(t.Columns[5].Strings, fmt.Sprint("city ", int(12*math.Pow(rng.Float64(), 2))))
		t.Columns[6].Strings = append(t.Columns[6].Strings, []string{"basic", "plus", "pro"}[min(2, int(income/25000+rng.Float64()))])
		for j := range t.Columns {
			t.Columns[j].Null = append(t.Columns[j].Null, j == 5 && rng.IntN(30) == 0)
		}
	}
	return t
}

var subjects = strings.Fields("river market engine teacher garden bank doctor village student ship forest camera court kitchen road museum")
var verbs = strings.Fields("explain describe compare list summarise translate improve criticise imagine defend")
var things = strings.Fields("history price design future danger purpose origin colour weight meaning owner value shape noise rhythm taste")
var places = strings.Fields("Paris Cairo Lima Oslo Kyoto Dublin Accra Quito Hanoi Tunis Perth Riga")

// asks returns n rows with an instruction of free text.
func asks(n int, seed uint64) *dataset.Table {
	rng := rand.New(rand.NewPCG(seed, 0x7e47))
	pick := func(words []string) string { return words[rng.IntN(len(words))] }
	t := &dataset.Table{Schema: &dataset.Schema{Fields: []dataset.Field{
		{Name: "instruction", Type: dataset.String, Kind: dataset.Text},
	}}, Columns: make([]dataset.Vector, 1)}
	for i := range n {
		t.RowIDs = append(t.RowIDs, int64(i))
		var s []string
		for range 2 + rng.IntN(3) {
			words := []string{pick(verbs), pick(things), pick(subjects), pick(places), pick(verbs), pick(subjects), pick(things), pick(places)}
			rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			s = append(s, strings.Join(words[:4+rng.IntN(4)], " "))
		}
		t.Columns[0].Strings = append(t.Columns[0].Strings, strings.Join(s, ". ")+".")
		t.Columns[0].Null = append(t.Columns[0].Null, false)
	}
	return t
}

// again returns n rows, row i a copy of row from(i) of t, numbered anew.
func again(t *dataset.Table, n int, from func(i int) int) *dataset.Table {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = from(i)
	}
	out := t.Take(rows)
	for i := range out.RowIDs {
		out.RowIDs[i] = int64(i)
	}
	return out
}

func measure(t testing.TB, data, reference *dataset.Table) *verdict.Diversity {
	t.Helper()
	d, err := Measure(context.Background(), Input{Data: data, Reference: reference, Seed: 1, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

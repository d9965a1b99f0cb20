package demo

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
)

func TestCustomersMarginals(t *testing.T) {
	const n = 20000
	c := Customers(n, 1)
	share := func(col int, level string) float64 {
		count := 0
		for _, s := range c.Columns[col].Strings {
			if s == level {
				count++
			}
		}
		return float64(count) / n
	}
	countryTotal := 0.0
	for _, x := range countries {
		countryTotal += x.weight
	}
	for _, x := range countries {
		// Four standard errors of a share; 20 levels are tested, so one in 800 seeds would fail.
		p := x.weight / countryTotal
		if got := share(colCountry, x.level); math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("share of country %s = %.4f, want %.4f as designed", x.level, got, p)
		}
	}
	for _, test := range []struct {
		name      string
		got       float64
		low, high float64
		reason    string
	}{
		{"null comments", nullShare(c, colComment), 0.49, 0.51, "designed to be one half"},
		{"null satisfaction", nullShare(c, colSatisfaction), 0.1, 0.22, "designed as 0.1 + 0.12 exp(-tickets)"},
		{"churned", mean(c, colChurned), 0.1, 0.4, "both classes must be worth predicting"},
		{"least age", slices.Min(c.Columns[colAge].Floats), 18, 18, "adults only"},
		{"greatest age", slices.Max(c.Columns[colAge].Floats), 80, 90, "cut at 90"},
		{"mean age", mean(c, colAge), 43, 46, "18 + 14 x 1.9 = 44.6, less what is cut at 90"},
		{"spend above ten times its mean", tail(c.Columns[colMonthly].Floats, 10*mean(c, colMonthly)), 0.0005, 0.02, "a heavy tail, not outliers"},
		{"free plan", share(colPlan, "free"), 0.22, 0.46, "between the shares of old and young"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got < test.low || test.got > test.high {
				t.Errorf("got %v, want %v to %v: %s", test.got, test.low, test.high, test.reason)
			}
		})
	}
	ids := slices.Clone(c.Columns[colID].Strings)
	slices.Sort(ids)
	if len(slices.Compact(ids)) != n {
		t.Error("customer ids repeat")
	}
	comments := map[string]bool{}
	for _, s := range c.Columns[colComment].Strings {
		comments[s] = true
	}
	if share := float64(len(comments)) / (n / 2); share < 0.75 {
		t.Errorf("%.0f %% of the comments are distinct, want most of them", 100*share)
	}
}

func TestCustomersDependencies(t *testing.T) {
	c := Customers(20000, 1)
	product := make([]float64, c.Rows())
	for i := range product {
		product[i] = c.Columns[colMonthly].Floats[i] * (c.Columns[colTenure].Floats[i] + 0.5)
	}
	if r := correlation(product, c.Columns[colTotal].Floats); r < 0.98 {
		t.Errorf("correlation of monthly x tenure with total = %.3f, want above 0.98: total is their product with 6 %% noise", r)
	}
	var tickets, satisfaction []float64
	for i, null := range c.Columns[colSatisfaction].Null {
		if !null {
			tickets = append(tickets, c.Columns[colTickets].Floats[i])
			satisfaction = append(satisfaction, c.Columns[colSatisfaction].Floats[i])
		}
	}
	if r := correlation(tickets, satisfaction); r > -0.3 {
		t.Errorf("correlation of tickets with satisfaction = %.3f, want clearly negative", r)
	}
	if r := correlation(c.Columns[colSignup].Floats, c.Columns[colTenure].Floats); r > -0.5 {
		t.Errorf("correlation of sign-up with tenure = %.3f, want clearly negative", r)
	}
	unhappy, happy := churnAt(c, 1, 2), churnAt(c, 4, 5)
	if unhappy < 2*happy {
		t.Errorf("churn of the unhappy %.2f, of the happy %.2f: want at least twice", unhappy, happy)
	}
	for i, p := range c.Columns[colPlan].Strings {
		if free := p == "free"; free != (c.Columns[colMonthly].Floats[i] == 0) {
			t.Fatalf("row %d: plan %s with monthly spend %v", i, p, c.Columns[colMonthly].Floats[i])
		}
	}
	complaints := 0
	for i, s := range c.Columns[colComment].Strings {
		if strings.Contains(s, "crashes whenever") && c.Columns[colSatisfaction].Floats[i] >= 4 && !c.Columns[colSatisfaction].Null[i] {
			complaints++
		}
	}
	if complaints > 0 {
		t.Errorf("%d satisfied customers complain", complaints)
	}
}

func TestDeterminism(t *testing.T) {
	a, b := Customers(500, 7), Customers(500, 7)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("the same seed gave other customers (-first +second):\n%s", diff)
	}
	if cmp.Equal(a, Customers(500, 8)) {
		t.Error("another seed gave the same customers")
	}
	if diff := cmp.Diff(Collapse(a, 2, 3), Collapse(b, 2, 3)); diff != "" {
		t.Errorf("the same seed gave another collapse (-first +second):\n%s", diff)
	}
}

func TestSplit(t *testing.T) {
	a, b := Split(Customers(1001, 1))
	if a.Rows() != 501 || b.Rows() != 500 {
		t.Fatalf("halves of %d and %d rows, want 501 and 500", a.Rows(), b.Rows())
	}
	seen := map[string]bool{}
	for _, half := range []*dataset.Table{a, b} {
		for i, id := range half.Columns[colID].Strings {
			if seen[id] {
				t.Fatalf("customer %s is in both halves or twice in one", id)
			}
			seen[id] = true
			if half.RowIDs[i] != int64(i) {
				t.Fatalf("row %d is numbered %d", i, half.RowIDs[i])
			}
		}
	}
}

// What must fall from generation to generation is what the literature on
// recursive training found to fall: entropy and tails (Shumailov et al.,
// Nature 631, 2024).
func TestCollapseLosesEntropyAndTails(t *testing.T) {
	first := Customers(6000, 1)
	low, high := quantile(first, colTotal, 0.01), quantile(first, colTotal, 0.99)
	measure := func(c *dataset.Table) [4]float64 {
		x := c.Columns[colTotal].Floats
		return [4]float64{
			entropy(c, colCountry), entropy(c, colPlan), distinct(c, colComment),
			(tail(x, high) + 1 - tail(x, math.Nextafter(low, math.Inf(-1)))),
		}
	}
	names := [4]string{"entropy of country", "entropy of plan", "share of distinct comments", "mass outside the first rows' 1-99 % box"}
	start := measure(first)
	last, c := start, first
	for g := 1; g <= 5; g++ {
		c = Collapse(c, 1, uint64(g))
		now := measure(c)
		t.Logf("generation %d: %.4f", g, now)
		for k := range now {
			// The noise of 6000 rows: 2 % for the first three; three standard
			// errors, sqrt(0.01/6000) each, for the mass in the tails.
			if now[k] > 1.02*last[k]+[4]float64{3: 0.0039}[k] {
				t.Errorf("generation %d: %s rose from %.4f to %.4f", g, names[k], last[k], now[k])
			}
		}
		last = now
	}
	for k, most := range [4]float64{0.75, 0.9, 0.85, 0.25} {
		if last[k] > most*start[k] {
			t.Errorf("after five generations %s is %.4f of %.4f, want at most %.0f %%", names[k], last[k], start[k], 100*most)
		}
	}
}

func TestSampleKeepsDomain(t *testing.T) {
	first := Customers(3000, 1)
	c := Fit(first).Sample(3000, 9)
	if diff := cmp.Diff(first.Schema, c.Schema); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	for j, f := range c.Schema.Fields {
		v, w := &c.Columns[j], &first.Columns[j]
		if !f.Type.Numeric() {
			continue
		}
		if slices.Min(v.Floats) < slices.Min(w.Floats) || slices.Max(v.Floats) > slices.Max(w.Floats) {
			t.Errorf("%s leaves the range that was fitted", f.Name)
		}
		for i, x := range v.Floats {
			if f.Integer && x != math.Round(x) || f.Type == dataset.Time && math.Mod(x, day) != 0 {
				t.Fatalf("%s, row %d: %v is not whole", f.Name, i, x)
			}
		}
	}
	for _, j := range []int{colSatisfaction, colComment} {
		if got, want := nullShare(c, j), nullShare(first, j); math.Abs(got-want) > 0.1 {
			t.Errorf("%s: %.2f null, fitted to %.2f", c.Schema.Fields[j].Name, got, want)
		}
	}
	known := map[string]bool{}
	for _, id := range first.Columns[colID].Strings {
		known[id] = true
	}
	for _, id := range c.Columns[colID].Strings {
		if known[id] {
			t.Fatalf("id %s was copied", id)
		}
	}
}

func TestFitOddTables(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*dataset.Table)
		reason string
	}{
		{"one row", func(c *dataset.Table) { *c = *c.Take([]int{0}) }, "every bin holds one number"},
		{"all null", func(c *dataset.Table) {
			for j := range c.Columns {
				for i := range c.Columns[j].Null {
					c.Columns[j].Null[i] = true
				}
			}
		}, "no bin, no level and no sentence"},
		{"constant", func(c *dataset.Table) { *c = *c.Take(make([]int, c.Rows())) }, "no column tells anything about another"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Customers(50, 1)
			test.change(c)
			got := Collapse(c, 2, 1)
			for j, f := range c.Schema.Fields {
				if f.Kind == dataset.ID {
					continue
				}
				for i := range got.Rows() {
					if got.Columns[j].Null[i] != c.Columns[j].Null[0] {
						t.Fatalf("%s, row %d: null %v, want as in the fitted row (%s)", f.Name, i, got.Columns[j].Null[i], test.reason)
					}
				}
			}
		})
	}
}

// Exact values: two fair coins share ln 2 if they are one coin, 0 if they are
// independent.
func TestMutualInformation(t *testing.T) {
	x := []int{0, 0, 1, 1}
	if got := mutualInformation(x, x); math.Abs(got-math.Ln2) > 1e-15 {
		t.Errorf("one coin: %v, want ln 2", got)
	}
	if got := mutualInformation(x, []int{0, 1, 0, 1}); got != 0 {
		t.Errorf("independent coins: %v, want 0", got)
	}
}

func TestSentences(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"One.", []string{"One."}},
		{"One. Two and 3.5. Three.", []string{"One.", "Two and 3.5.", "Three."}},
	} {
		if diff := cmp.Diff(test.want, sentences(test.text)); diff != "" {
			t.Errorf("sentences(%q) (-want +got):\n%s", test.text, diff)
		}
	}
}

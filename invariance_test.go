package synthos

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// What must change nothing that it should not.

// scores returns the overall score and those of the dimensions, by name.
func scores(r *Result) map[string]float64 {
	out := map[string]float64{"collapse": r.CollapseScore.Or(math.NaN())}
	for _, d := range r.Collapse.Dimensions {
		out[d.Name] = d.Score.Or(math.NaN())
	}
	return out
}

// compare fails if a score of b is further from that of a than most.
func compare(t *testing.T, what string, a, b *Result, most float64) {
	t.Helper()
	x, y := scores(a), scores(b)
	for name := range x {
		if math.IsNaN(x[name]) != math.IsNaN(y[name]) || math.Abs(x[name]-y[name]) > most {
			t.Errorf("%s: %s is %.2f and %.2f, want them within %g", what, name, x[name], y[name], most)
		}
	}
}

// lopsided damages a row: orders from Italy are lost, prices drift up, some cells are junk.
func lopsided(i int, row []string) {
	if row[3] == "IT" {
		row[3] = "DE"
	}
	price, _ := strconv.ParseFloat(row[2], 64)
	row[2] = fmt.Sprintf("%.2f", 1.2*price)
	if i%25 == 0 {
		row[1] = "many"
	}
}

func TestNumberOfRows(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 200,000 rows")
	}
	reference := writeOrders(t, 10000, 1, nil)
	judge := func(n int, seed uint64, damage func(int, []string)) *Result {
		o := quick(reference)
		o.Omit = []string{"localize", "recommend"}
		r := validate(t, o, writeOrders(t, n, seed, damage))
		if r.ApprovedForTraining != (damage == nil) {
			t.Errorf("%d rows, damaged %v: approved %v (%s)", n, damage != nil, r.ApprovedForTraining, r.Reason)
		}
		return r
	}
	for _, damage := range []func(int, []string){nil, lopsided} {
		// One sample of 2,000 rows is off by chance; three are less.
		few := map[string]float64{}
		for seed := range uint64(3) {
			for name, x := range scores(judge(2000, 10+seed, damage)) {
				few[name] += x / 3
			}
		}
		for k, n := range []int{20000, 200000} {
			many := scores(judge(n, uint64(20+k), damage))
			for name, x := range many {
				most := 5.0
				if name == "collapse" {
					most = 4
				}
				if math.Abs(x-few[name]) > most {
					t.Errorf("damaged %v: %s is %.2f with 2,000 rows and %.2f with %d", damage != nil, name, few[name], x, n)
				}
			}
		}
	}
}

// rewritten returns the file with its header and rows passed through f.
func rewritten(t *testing.T, path string, f func(rows [][]string) [][]string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		rows = append(rows, strings.Split(line, ","))
	}
	var out strings.Builder
	for _, row := range f(rows) {
		out.WriteString(strings.Join(row, ",") + "\n")
	}
	return writeFile(t, "rewritten.csv", out.String())
}

func TestUnitsNamesAndOrder(t *testing.T) {
	data, reference := writeOrders(t, 1500, 12, lopsided), writeOrders(t, 1500, 11, nil)
	judge := func(data, reference string) *Result {
		o := quick(reference)
		o.Omit = []string{"localize", "recommend"}
		return validate(t, o, data)
	}
	base := judge(data, reference)
	column := func(j int, f func(cell string) string) func(rows [][]string) [][]string {
		return func(rows [][]string) [][]string {
			for _, row := range rows[1:] {
				row[j] = f(row[j])
			}
			return rows
		}
	}
	number := func(f func(x float64) float64) func(string) string {
		return func(cell string) string {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return cell
			}
			return strconv.FormatFloat(f(x), 'g', -1, 64)
		}
	}
	for _, c := range []struct {
		what   string
		most   float64 // levels in another order are other random draws, rows in another order other sums
		change func(rows [][]string) [][]string
	}{
		{"price in thousandths", 1, column(2, number(func(x float64) float64 { return 1000 * x }))},
		{"price plus 1,000", 1, column(2, number(func(x float64) float64 { return x + 1000 }))},
		{"quantity in Fahrenheit", 1.5, column(1, number(func(x float64) float64 { return 32 + 1.8*x }))},
		{"countries with other names", 3, column(3, func(cell string) string {
			return map[string]string{"DE": "zebra", "FR": "yak", "IT": "ibex", "ES": "elk", "PL": "panda", "AT": "asp", "": ""}[cell]
		})},
		{"rows backwards", 1e-9, func(rows [][]string) [][]string {
			for i, j := 1, len(rows)-1; i < j; i, j = i+1, j-1 {
				rows[i], rows[j] = rows[j], rows[i]
			}
			return rows
		}},
		{"columns backwards", 0, func(rows [][]string) [][]string {
			for _, row := range rows {
				for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
					row[i], row[j] = row[j], row[i]
				}
			}
			return rows
		}},
	} {
		compare(t, c.what, base, judge(rewritten(t, data, c.change), rewritten(t, reference, c.change)), c.most)
	}
}

func TestTheReferenceAsDataIsMemorized(t *testing.T) {
	reference := writeOrders(t, 1500, 21, nil)
	r := validate(t, quick(reference), reference)
	if m := scores(r)["memorization"]; r.ApprovedForTraining || m > 40 {
		t.Errorf("a copy of the reference: approved %v, memorization %.1f", r.ApprovedForTraining, m)
	}
}

package recommend

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/verdict"
)

// scoring returns a collapse of one statistic with a score.
func scoring(score float64) *verdict.Collapse {
	damage := math.Log(score/100) / math.Log(0.65) // as yardstick scores
	return &verdict.Collapse{Overall: verdict.NewScore(score), Dimensions: []verdict.Dimension{{
		Name: "mode_collapse", Score: verdict.NewScore(score),
		Statistics: []verdict.Statistic{{Name: "x", Value: verdict.Number(damage / 4), Damage: verdict.Number(damage)}},
	}}}
}

// TestRowsThatWerePaidFor tries a fix that drops every second row, and one that adds rows,
// whose scores alone and together are known.
func TestRowsThatWerePaidFor(t *testing.T) {
	everyOther := fix{
		kind: "every_other",
		need: func(*view) float64 { return 2 },
		apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
			gone := map[int64]bool{}
			for i, row := range t.RowIDs {
				gone[row] = i%2 == 1
			}
			out, n, ok := without(t, func(row int64) bool { return gone[row] })
			d := details{title: "drop", text: "every second row", dropped: gone, total: v.inFile(float64(n), t.Rows())}
			d.good, d.change = v.inFile(float64(v.good(t, gone)), t.Rows()), -d.total
			return out, d, ok
		},
		cost: func(p *Prices, d *details) float64 { return p.DroppedRow * float64(d.good) },
	}
	bring := fix{
		kind: "bring",
		need: func(*view) float64 { return 1 },
		apply: func(v *view, t *dataset.Table, _ *rand.Rand) (*dataset.Table, details, bool) {
			one := t.Take([]int{0})
			one.RowIDs = []int64{-1}
			return dataset.Concat(t, one), details{title: "bring", text: "a tenth more", total: v.rows / 10, change: v.rows / 10}, true
		},
		cost: func(p *Prices, d *details) float64 { return p.GeneratedRow * float64(d.total) },
	}
	usual := fixes
	defer func() { fixes = usual }()
	tests := []struct {
		name, reason    string
		fixes           []fix
		asIs, alone     float64 // scores: of the data, with half of the rows
		brought, both   float64 // with rows that were brought, and with both
		flagged         float64 // share of the rows that go
		prices          Prices
		want            []string // kinds of the plan, in any order
		projected, paid float64  // the score; of the rows of the file, the share that is paid for as dropped
	}{
		{name: "all is well without", reason: "half of the rows for nothing",
			fixes: []fix{everyOther, bring}, asIs: 22, alone: 26, brought: 97, both: 96, want: []string{"bring"}, projected: 97},
		{name: "healthy without", reason: "nothing is recommended from 90 points on",
			fixes: []fix{everyOther, bring}, asIs: 22, alone: 26, brought: 91, both: 99, want: []string{"bring"}, projected: 91},
		{name: "only together", reason: "neither is as good alone",
			fixes: []fix{everyOther, bring}, asIs: 40, alone: 50, brought: 66, both: 99, want: []string{"bring", "every_other"}, projected: 99, paid: 0.5},
		{name: "heals at once", reason: "the other fix must be asked too, though it was not needed",
			fixes: []fix{everyOther, bring}, asIs: 40, alone: 99, brought: 95, both: 99, want: []string{"bring"}, projected: 95},
		{name: "a few points", reason: "45 % of the price of all rows for a fifth of what is missing",
			fixes: []fix{everyOther, bring}, asIs: 40, alone: 50, brought: 75, both: 80, want: []string{"bring"}, projected: 75},
		{name: "the goal", reason: "65 are only reached with it",
			fixes: []fix{everyOther, bring}, asIs: 40, alone: 50, brought: 64, both: 67, want: []string{"bring", "every_other"}, projected: 67, paid: 0.5},
		{name: "nothing else", reason: "half of the rows for 5 of 70 points",
			fixes: []fix{everyOther}, asIs: 30, alone: 35, projected: 30},
		{name: "nothing else does as much", reason: "half of the rows for 40 of 70 points",
			fixes: []fix{everyOther}, asIs: 20, alone: 60, want: []string{"every_other"}, projected: 60, paid: 0.5},
		{name: "free rows", reason: "whoever says that rows are worth nothing gets the points",
			fixes: []fix{everyOther}, asIs: 30, alone: 35, prices: Prices{DroppedRow: -1}, want: []string{"every_other"}, projected: 35},
		{name: "dear rows", reason: "real rows would be thrown away for what generated ones bring in part",
			fixes: []fix{everyOther, bring}, asIs: 40, alone: 50, brought: 70, both: 89, prices: Prices{DroppedRow: 0.5}, want: []string{"bring"}, projected: 70},
		{name: "flagged rows", reason: "what is held against them is why they go",
			fixes: []fix{everyOther}, asIs: 30, alone: 35, flagged: 1, want: []string{"every_other"}, projected: 35},
		{name: "a fifth is not flagged", reason: "a tenth of the price of all rows for 10 of 70 points",
			fixes: []fix{everyOther}, asIs: 30, alone: 40, flagged: 0.8, want: []string{"every_other"}, projected: 40, paid: 0.1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fixes = test.fixes
			in := Input{Data: shop(1000, 1), Rows: 1000, Collapse: scoring(test.asIs), Yardstick: yardstick, Prices: test.prices, Seed: 1}
			in.Localization = &verdict.Localization{}
			for i := 1; i < int(1000*test.flagged); i += 2 {
				in.Localization.Rows = append(in.Localization.Rows, verdict.Row{Row: in.Data.RowIDs[i], Score: 1})
				in.Localization.RowsFlagged++
			}
			calls := 0
			in.Score = func(_ context.Context, d *dataset.Table) (*verdict.Collapse, error) {
				calls++
				brought := slices.Contains(d.RowIDs, -1)
				switch half := d.Rows() < 600; {
				case half && brought:
					return scoring(test.both), nil
				case half:
					return scoring(test.alone), nil
				case brought:
					return scoring(test.brought), nil
				}
				return scoring(test.asIs), nil
			}
			plan, err := Make(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			got := kindsOf(plan)
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.reason, diff)
			}
			if got := plan.Projected.Or(0); math.Abs(got-test.projected) > 1e-6 {
				t.Errorf("projected %.3f, want %.0f", got, test.projected)
			}
			sound(t, plan, test.asIs)
			if calls > maxScores+retries {
				t.Errorf("%d calls of Score", calls)
			}
			if r := find(plan, "every_other"); r != nil && test.prices.DroppedRow == 0 {
				if got, want := float64(r.CostUSD), 0.001*1000*test.paid; math.Abs(got-want) > 1e-9 {
					t.Errorf("it costs %v, want %v: a tenth of a cent for each row that nothing is held against", got, want)
				}
			}
		})
	}
}

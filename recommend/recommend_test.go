package recommend

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/verdict"
)

func TestDamageGetsItsFix(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			var n counter
			in := c.input(t, &n)
			data, reference := cells(in.Data), cells(in.Reference)
			plan, err := Make(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			r := find(plan, c.kind)
			if r == nil {
				t.Fatalf("%s: got %v, want %s among them", c.reason, kindsOf(plan), c.kind)
			}
			if c.column != "" && !slices.Contains(r.Columns, c.column) {
				t.Errorf("columns %v, want %s among them", r.Columns, c.column)
			}
			if s := r.Title + " " + r.Detail; !strings.Contains(s, c.text) {
				t.Errorf("%q does not say %q", s, c.text)
			}
			score, projected := in.Collapse.Overall.Or(0), plan.Projected.Or(0)
			if projected < score+c.gain {
				t.Errorf("projected %.1f from %.1f, want %.0f more", projected, score, c.gain)
			}
			if n.calls > maxScores+retries {
				t.Errorf("%d calls of Score, want at most %d", n.calls, maxScores+retries)
			}
			sound(t, plan, score)
			if diff := cmp.Diff(data, cells(in.Data)); diff != "" {
				t.Errorf("the data were changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(reference, cells(in.Reference)); diff != "" {
				t.Errorf("the reference was changed (-before +after):\n%s", diff)
			}
			var m counter
			same, err := Make(context.Background(), c.input(t, &m))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(marshal(t, plan), marshal(t, same)); diff != "" {
				t.Errorf("the same seed gives another plan (-first +second):\n%s", diff)
			}
		})
	}
}

// sound checks what every plan must hold.
func sound(t *testing.T, p *Plan, score float64) {
	t.Helper()
	sum := 0.0
	for i, r := range p.Recommendations {
		if r.Priority != i+1 {
			t.Errorf("%s has priority %d at place %d", r.Kind, r.Priority, i+1)
		}
		if r.Title == "" || r.Detail == "" {
			t.Errorf("%s has no title or detail", r.Kind)
		}
		if cost := float64(r.CostUSD); !(cost >= 0) || math.IsInf(cost, 0) {
			t.Errorf("%s costs %v", r.Kind, cost)
		}
		gain := float64(r.EstimatedImpact)
		switch {
		case math.IsNaN(gain):
			if !strings.Contains(r.Detail, "not measured") {
				t.Errorf("%s has no impact and does not say why: %s", r.Kind, r.Detail)
			}
		case !(float64(r.ImpactInterval.Low) <= gain && gain <= float64(r.ImpactInterval.High)):
			t.Errorf("%s gains %v, outside its interval %v", r.Kind, gain, r.ImpactInterval)
		case gain < leastGain:
			t.Errorf("%s gains only %v", r.Kind, gain)
		default:
			sum += gain
		}
		for _, row := range r.Rows {
			if row < 0 {
				t.Errorf("%s names row %d", r.Kind, row)
				break
			}
		}
		if len(r.Rows) > 1000 || int64(len(r.Rows)) > r.RowsTotal {
			t.Errorf("%s lists %d rows of %d", r.Kind, len(r.Rows), r.RowsTotal)
		}
	}
	if got, want := p.Projected.Or(0), min(100, score+sum); math.Abs(got-want) > 1e-9 {
		t.Errorf("projected %v; each gain was measured on top of the last, so it is %v", got, want)
	}
}

func TestHealthyDataNeedNothing(t *testing.T) {
	var n counter
	in := inputOf(t, shop(1200, 20), shop(1600, 1), &n)
	plan, err := Make(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Recommendations) != 0 || plan.Recommendations == nil || n.calls != 0 {
		t.Errorf("got %v after %d calls of Score, want an empty list and none", kindsOf(plan), n.calls)
	}
	if plan.Projected != in.Collapse.Overall {
		t.Errorf("projected %v, want the score %v", plan.Projected, in.Collapse.Overall)
	}
}

func TestWhatCannotBeMeasuredIsNull(t *testing.T) {
	d := shop(1200, 9)
	for i := range d.Columns[0].Floats { // beyond repair: no column is like the reference's
		d.Columns[0].Floats[i] = float64(i % 3)
		d.Columns[1].Floats[i] = float64(i % 5)
		d.Columns[3].Strings[i] = "nowhere"
	}
	tests := []struct {
		name, reason, kind string
		change             func(*Input)
	}{
		{"regenerate", "what a new generator makes is unknown", "regenerate", func(in *Input) {}},
		{"no other reference", "real rows would be scored against themselves", "mix_real", func(in *Input) { in.ScoreAgainst = nil }},
		{"no reference", "a constant column can only be left out", "drop_column", func(in *Input) {
			in.Reference, in.ScoreAgainst = nil, nil
		}},
	}
	for _, test := range tests {
		var n counter
		in := inputOf(t, d, shop(1600, 1), &n)
		in.Score = func(context.Context, *dataset.Table) (*verdict.Collapse, error) {
			return &verdict.Collapse{Overall: verdict.NewScore(20)}, nil
		}
		if in.ScoreAgainst != nil {
			in.ScoreAgainst = func(context.Context, *dataset.Table, *dataset.Table) (*verdict.Collapse, error) {
				return &verdict.Collapse{Overall: verdict.NewScore(20)}, nil
			}
		}
		test.change(&in)
		plan, err := Make(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		r := find(plan, test.kind)
		if r == nil {
			t.Errorf("%s: got %v, want %s (%s)", test.name, kindsOf(plan), test.kind, test.reason)
			continue
		}
		if !math.IsNaN(float64(r.EstimatedImpact)) {
			t.Errorf("%s: impact %v, want null (%s)", test.name, r.EstimatedImpact, test.reason)
		}
		sound(t, plan, in.Collapse.Overall.Or(0))
	}
}

func TestAddedRowsAreScoredAgainstOthers(t *testing.T) {
	reference := shop(1600, 1)
	var n counter
	d := shop(1400, 6)
	in := inputOf(t, keep(d, func(i int) bool { return d.Columns[3].Strings[i] != "city 1" }), reference, &n)
	added := 0
	in.ScoreAgainst = func(_ context.Context, d, r *dataset.Table) (*verdict.Collapse, error) {
		judges := map[int64]bool{}
		for _, id := range r.RowIDs {
			judges[id] = true
		}
		for _, id := range d.RowIDs {
			if id < 0 {
				added++
				if judges[-1-id] {
					t.Fatalf("reference row %d was added, and is what the data are scored against", -1-id)
				}
			}
		}
		return judge(d, r), nil
	}
	if _, err := Make(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	if added == 0 {
		t.Error("no row was added")
	}
}

func TestRowsAreFoundByTheirNumbers(t *testing.T) {
	d := again(shop(300, 2), func(i int) int { return i % 200 })
	var n counter
	in := inputOf(t, d, nil, &n)
	in.Rows = 300
	plan, err := Make(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	r := find(plan, "drop_duplicates")
	if r == nil {
		t.Fatalf("got %v, want drop_duplicates", kindsOf(plan))
	}
	var want []int64
	for i := 200; i < 300; i++ {
		want = append(want, int64(7*i+3))
	}
	if diff := cmp.Diff(want, r.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestRowScoresFlagMoreThanTheListedRows(t *testing.T) {
	d := shop(400, 2)
	l := &verdict.Localization{RowsScored: 4000, RowsFlagged: 40, RowScores: make([]float32, 4000)}
	for i := range 40 {
		l.RowScores[100*i+3] = 0.9
	}
	l.Rows = []verdict.Row{{Row: 3, Score: 0.9}}
	v := &view{in: Input{Data: d, Localization: l}}
	got := v.flagged()
	if len(got) != 40 || !got[3] || !got[3903] {
		t.Errorf("%d rows are flagged, want the 40 with the highest scores", len(got))
	}
}

func TestPricesDecideCosts(t *testing.T) {
	c := cases()[5] // the lost level
	var n counter
	in := c.input(t, &n)
	in.Prices = Prices{GeneratedRow: 2}
	plan, err := Make(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	r := find(plan, c.kind)
	if r == nil {
		t.Fatalf("got %v, want %s", kindsOf(plan), c.kind)
	}
	if got, want := float64(r.CostUSD), 2*float64(r.RowsTotal); got != want {
		t.Errorf("%d rows at 2 dollars cost %v, want %v", r.RowsTotal, got, want)
	}
	if p := (Prices{RealRow: -1}).withDefaults(); p.RealRow != 0 || p.ReviewedRow != 0.10 {
		t.Errorf("got %+v, want a free real row and the default for the rest", p)
	}
}

func TestEndOfContextKeepsThePlanSoFar(t *testing.T) {
	c := cases()[5]
	var n counter
	in := c.input(t, &n)
	ctx, cancel := context.WithCancel(context.Background())
	score := in.ScoreAgainst
	in.ScoreAgainst = func(_ context.Context, d, r *dataset.Table) (*verdict.Collapse, error) {
		if n.calls == 1 {
			defer cancel()
		}
		return score(context.Background(), d, r)
	}
	plan, err := Make(ctx, in)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if plan == nil || n.calls > 2 {
		t.Errorf("plan %v after %d calls, want a plan, and no call after the end", plan, n.calls)
	}
}

func TestBaselineThatCannotBeScoredIsAnError(t *testing.T) {
	c := cases()[0]
	var n counter
	in := c.input(t, &n)
	broken := errors.New("broken")
	in.ScoreAgainst = func(context.Context, *dataset.Table, *dataset.Table) (*verdict.Collapse, error) { return nil, broken }
	if _, err := Make(context.Background(), in); !errors.Is(err, broken) {
		t.Errorf("error %v, want one that wraps %v", err, broken)
	}
	if _, err := Make(context.Background(), Input{}); err == nil {
		t.Error("no data, no scores: want an error")
	}
}

func cells(t *dataset.Table) []dataset.Vector {
	if t == nil {
		return nil
	}
	rows := make([]int, t.Rows())
	for i := range rows {
		rows[i] = i
	}
	return t.Take(rows).Columns
}

func marshal(t *testing.T, p *Plan) string {
	t.Helper()
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

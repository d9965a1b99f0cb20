package localize

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"synthos/scan"
	"synthos/verdict"
)

// TestGroups plants three causes and wants one group for each, with its rows.
func TestGroups(t *testing.T) {
	data, reference := made(1, 1000), made(2, 600)
	for i := 200; i < 240; i++ {
		column(data, "price").Floats[i] = 1e6
	}
	for i := 300; i < 900; i += 20 {
		column(data, "city").Strings[i] = "Zgu"
	}
	for i := 900; i < 950; i++ {
		copyRow(data, i, data, 17)
	}
	l := runOn(t, data, Input{Schema: data.Schema, Sample: data, Reference: reference, Seed: 1, Jobs: 2}, 3)
	for _, want := range []struct {
		detail string
		rows   int64
		from   int64
	}{
		{"out of range in price: 40 rows, all between rows 200 and 239", 40, 200},
		{"unknown level in city: 30 rows", 30, 300},
		{"repeated row: 50 rows, all between rows 900 and 949", 50, 900},
		{"row 17 stands 51 times", 50, 17},
	} {
		at := slices.IndexFunc(l.Groups, func(g verdict.RowGroup) bool { return g.Detail == want.detail })
		if at < 0 {
			t.Errorf("no group %q in %+v", want.detail, l.Groups)
			continue
		}
		if g := l.Groups[at]; g.RowsTotal != want.rows || g.From != want.from {
			t.Errorf("%+v, want %d rows from %d on", g, want.rows, want.from)
		}
	}
}

// TestExplain explains rows in the sample and beyond it, and checks that it says
// what the pass says.
func TestExplain(t *testing.T) {
	data, reference := damaged()
	data = data.Take(slices.Collect(between(5, 600)))
	for i := range data.RowIDs {
		data.RowIDs[i] = int64(i)
	}
	column(data, "price").Floats[590] = -99999
	in := Input{Schema: data.Schema, Sample: data.Take(rangeOf(0, 500)), Reference: reference, Seed: 1, Jobs: 2, KeepRowScores: true}
	src := scan.Memory(data, 3)
	l, err := Run(context.Background(), scan.Local{Jobs: 2}, src, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []int64{10, 420, 590} {
		e, err := Explain(context.Background(), scan.Local{Jobs: 2}, src, in, row)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.Score-float64(l.RowScores[row])) > 0.01 && e.Score >= reportAt {
			t.Errorf("row %d scores %v explained, %v in the pass", row, e.Score, l.RowScores[row])
		}
		if e.InSample != (row < 500) || len(e.Cells) != 7 || len(e.Neighbours) != 2 {
			t.Errorf("row %d: %+v", row, e)
		}
	}
	e, err := Explain(context.Background(), scan.Local{Jobs: 2}, src, in, 590)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Charges) == 0 || !strings.HasPrefix(e.Charges[0].Reason, "price is -99999") || e.Cells[2].Beyond <= 0 || e.Cells[2].Value != "-99999" {
		t.Errorf("row 590: charges %+v, cells %+v", e.Charges, e.Cells)
	}
	if e.Cells[0].Expected == "" || math.IsNaN(float64(e.Cells[0].Surprise)) || !math.IsNaN(float64(e.Cells[0].NetworkLoss)) {
		t.Errorf("x is told by y, and there are no networks: %+v", e.Cells[0])
	}
	if _, err := Explain(context.Background(), scan.Local{Jobs: 2}, src, in, 595); err == nil || !strings.Contains(err.Error(), "no row 595") {
		t.Errorf("error %v", err)
	}
}

package headline

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// near compares figures that two programs sum in different orders.
var near = cmp.Options{cmpopts.EquateApprox(0, 1e-12), cmpopts.EquateNaNs()}

func compute(t *testing.T) *Figures {
	t.Helper()
	items, err := ReadManifest("testdata")
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := ReadResults("testdata/results.csv")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Compute(items, outcomes, "testdata", "testdata")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAgainstScorer compares every figure with the one that the benchmark's own
// scorer, written independently in Python, computes from the same files; see
// testdata/make.go.
func TestAgainstScorer(t *testing.T) {
	type decision struct {
		Reject       int      `json:"n_reject"`
		Approve      int      `json:"n_approve"`
		FalseApprove *float64 `json:"false_approve"`
		FalseReject  *float64 `json:"false_reject"`
		Accuracy     *float64 `json:"accuracy"`
		Balanced     *float64 `json:"balanced_accuracy"`
	}
	type chain struct {
		Severity   *float64 `json:"severity"`
		Generation *float64 `json:"generation"`
		N          int      `json:"n"`
	}
	type rows struct {
		AP       *float64 `json:"ap"`
		PAtBad   *float64 `json:"p_at_bad"`
		AUC      *float64 `json:"roc_auc"`
		BaseRate *float64 `json:"base"`
		N        int      `json:"n"`
	}
	type figures struct {
		Items        int                    `json:"items"`
		Scored       int                    `json:"scored"`
		AUC          *float64               `json:"auc"`
		AUCBorder    *float64               `json:"auc_with_borderline"`
		AUCControls  *float64               `json:"auc_real_controls"`
		Defects      map[string][3]*float64 `json:"defect_auc"`
		Chains       map[string]chain       `json:"chain"`
		Doses        *float64               `json:"dose_spearman"`
		Decisions    map[string]decision    `json:"decision"`
		Dimension    map[string]*float64    `json:"dimension"`
		DiversityAUC *float64               `json:"diversity_auc"`
		Rows         map[string]rows        `json:"rows"`
	}
	stored, err := os.ReadFile("testdata/score.json")
	if err != nil {
		t.Fatal(err)
	}
	var want figures
	if err := json.Unmarshal(stored, &want); err != nil {
		t.Fatal(err)
	}
	// What the scorer says beyond what we compute.
	delete(want.Dimension, "drop_strict")
	delete(want.Dimension, "drop_lenient")

	f := compute(t)
	n := func(x float64) *float64 { // null as the scorer writes it
		if math.IsNaN(x) {
			return nil
		}
		return &x
	}
	got := figures{
		Items: f.Items, Scored: f.Scored, AUC: n(f.AUC), AUCBorder: n(f.AUCWithBorderline), AUCControls: n(f.AUCRealControls),
		Defects: map[string][3]*float64{}, Chains: map[string]chain{}, Doses: n(f.Doses), Decisions: map[string]decision{},
		Dimension:    map[string]*float64{"strict": n(f.Dimensions[0].Strict), "lenient": n(f.Dimensions[0].Lenient)},
		DiversityAUC: n(f.Diversity), Rows: map[string]rows{},
	}
	for _, d := range f.Defects {
		got.Defects[d.Defect] = [3]*float64{n(d.Mild), n(d.Medium), n(d.Severe)}
	}
	for _, c := range f.Chains {
		got.Chains[c.Family] = chain{n(c.Severity), n(c.Generation), c.Chains}
	}
	for _, d := range f.Decisions {
		got.Decisions[d.Group] = decision{d.Reject, d.Approve, n(d.FalseApprove), n(d.FalseReject), n(d.Accuracy), n(d.Balanced)}
	}
	for _, r := range f.Rows {
		group := r.Group
		if group == "all" {
			group = "ALL"
		}
		got.Rows[group] = rows{n(r.AveragePrecision), n(r.PrecisionAtBad), n(r.AUC), n(r.BaseRate), r.N}
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("figures differ from the scorer's (-scorer +ours):\n%s", diff)
	}
}

var update = flag.Bool("update", false, "write testdata/figures.txt; then read its diff")

// TestPrint compares the whole text with a stored one. Its figures were compared
// with the scorer's above and, for what it only prints, by eye.
func TestPrint(t *testing.T) {
	var got strings.Builder
	if err := compute(t).Print(&got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/figures.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/figures.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the text differs (-want +got):\n%s", diff)
	}
}

func TestNothingMeasured(t *testing.T) {
	items := []Item{{ID: "a", Label: "healthy", Kind: "tabular"}, {ID: "b", Label: "defect", Kind: "tabular"}}
	f, err := Compute(items, nil, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]float64{"AUC": f.AUC, "doses": f.Doses, "diversity": f.Diversity, "median": f.SecondsMedianTabular} {
		if !math.IsNaN(x) {
			t.Errorf("%s is %v of a run without any result, want NaN", name, x)
		}
	}
	if f.Items != 2 || f.Scored != 0 || f.Decided != 0 {
		t.Errorf("counts are %d items, %d scored, %d decided, want 2, 0, 0", f.Items, f.Scored, f.Decided)
	}
}

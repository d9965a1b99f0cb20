package collapse

import (
	"context"
	"strings"
	"testing"

	"synthos/dataset"
)

// without returns t without the rows that are in a region.
func without(t *dataset.Table, in func(row int) bool) *dataset.Table {
	var rows []int
	for i := range t.Rows() {
		if !in(i) {
			rows = append(rows, i)
		}
	}
	return t.Take(rows)
}

func TestLostRegionsAreNamedByTheirConditions(t *testing.T) {
	full := shop(6000, 31)
	age, plan := full.Schema.Index("age"), full.Schema.Index("plan")
	data := without(full, func(i int) bool {
		return full.Columns[plan].Strings[i] == "pro" && full.Columns[age].Floats[i] > 55
	})
	reference := shop(6000, 32)
	space, err := Fit(data, reference)
	if err != nil {
		t.Fatal(err)
	}
	v, err := newView(context.Background(), Input{Data: data, Reference: reference, Space: space, Seed: 1, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	regions := v.lostRegions()
	if len(regions) == 0 {
		t.Fatal("no region was found")
	}
	words := v.words(&regions[0])
	if len(regions[0].of) != 2 || !strings.Contains(words, "plan = pro") || !strings.Contains(words, "age 5") || !strings.Contains(words, "and above") {
		t.Errorf("the lost region is named %q, want plan = pro and age 5x and above", words)
	}
	real := 0.0
	for i := range reference.Rows() {
		if reference.Columns[plan].Strings[i] == "pro" && reference.Columns[age].Floats[i] > 55 {
			real++
		}
	}
	if real /= float64(reference.Rows()); regions[0].share < 0.8*real || regions[0].share > 1.4*real {
		t.Errorf("the region holds %.3f of the reference, want about %.3f", regions[0].share, real)
	}
	for _, c := range detect(t, data, reference).Dimension("mode_collapse").Contributors {
		if strings.HasPrefix(c.Detail, "lost: "+words) {
			return
		}
	}
	t.Errorf("mode_collapse does not name %s", words)
}

func TestAnotherSampleHasLostNoRegion(t *testing.T) {
	for seed := range uint64(5) {
		data, reference := shop(3000, 40+seed), shop(3000, 50+seed)
		space, err := Fit(data, reference)
		if err != nil {
			t.Fatal(err)
		}
		v, err := newView(context.Background(), Input{Data: data, Reference: reference, Space: space, Seed: seed, Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range v.lostRegions() {
			t.Errorf("seed %d: %s was called lost: %.3f of the reference, %.3f here", seed, v.words(&r), r.share, r.there)
		}
	}
}

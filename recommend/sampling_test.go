package recommend

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/verdict"
)

// sampledShop returns a view of shop data in which half of the rows are left out but those of
// city 0, and the data.
func sampledShop(t *testing.T) (*view, *dataset.Table) {
	t.Helper()
	d := shop(4000, 2)
	d = keep(d, func(i int) bool {
		return i%2 == 0 || d.Columns[3].Strings[i] == "city 0"
	})
	return newView(Input{Data: d, Reference: shop(4000, 1), Collapse: &verdict.Collapse{}, Seed: 1}), d
}

func sharesOf(t *dataset.Table, column int) map[string]float64 {
	out := map[string]float64{}
	for _, level := range t.Columns[column].Strings {
		out[level] += 1 / float64(t.Rows())
	}
	return out
}

// TestSamplingMeetsTheReference checks the shares of the weights, and of what is left.
func TestSamplingMeetsTheReference(t *testing.T) {
	v, d := sampledShop(t)
	s := v.sampling(d, v.donors)
	if s == nil {
		t.Fatal("the shift was not seen")
	}
	c := v.coded(d)
	n := float64(d.Rows())
	for _, m := range s.margins {
		got := make([]float64, len(m.wanted))
		for i := range d.Rows() {
			w := 1.0 // not trimmed
			for _, other := range s.margins {
				w *= other.factor[other.cell[c.of(i, other.slot)]]
			}
			got[m.cell[c.of(i, m.slot)]] += w / n
		}
		for cell := range got {
			if math.Abs(got[cell]-m.wanted[cell]) > 1e-6 {
				t.Errorf("slot %d: the weights give cell %d a share of %.6f, want %.6f", m.slot, cell, got[cell], m.wanted[cell])
			}
		}
	}
	leaves := s.leaves(v, d)
	left := keep(d, func(i int) bool { return !leaves[i] })
	want, before := sharesOf(v.donors, 3), sharesOf(d, 3)
	for city, got := range sharesOf(left, 3) {
		if math.Abs(got-want[city]) > math.Abs(before[city]-want[city])/3+0.02 {
			t.Errorf("%s has %.3f of the rows that are left, %.3f of the data and %.3f of the reference", city, got, before[city], want[city])
		}
	}
	if stays := float64(left.Rows()) / n; math.Abs(stays-s.stays) > 0.04 || stays < leastLeft {
		t.Errorf("%.2f of the rows stay, expected were %.2f", stays, s.stays)
	}
	if s.effective < s.stays-0.01 || s.effective >= 1 {
		t.Errorf("weights are worth %.2f of the rows, sampling by them %.2f: it can be worth no more", s.effective, s.stays)
	}
	// What goes does not depend on which rows are looked at together.
	half := d.Take([]int{0, 5, 7, 100})
	if diff := cmp.Diff([]bool{leaves[0], leaves[5], leaves[7], leaves[100]}, s.leaves(v, half)); diff != "" {
		t.Errorf("rows by themselves are judged otherwise (-want +got):\n%s", diff)
	}
}

func TestHealthyDataAreNotSampled(t *testing.T) {
	for seed := range uint64(20) {
		v := newView(Input{Data: shop(3000, 100+seed), Reference: shop(2000, 200+seed), Collapse: &verdict.Collapse{}, Seed: seed})
		if s := v.sampling(v.work, v.donors); s != nil {
			t.Errorf("seed %d: %s", seed, s.detail())
		}
	}
}

func TestWhatSamplingCannotMend(t *testing.T) {
	d := shop(3000, 3)
	tests := []struct {
		name, reason string
		data         *dataset.Table
	}{
		{"lost level", "its rows have to be brought", keep(d, func(i int) bool { return d.Columns[3].Strings[i] != "city 4" })},
		{"rare class", "all other rows would have to go for few of it", keep(d, func(i int) bool { return d.Columns[4].Strings[i] != "pro" || i%40 == 0 })},
		{"few rows", "nothing can be told of them", d.Take([]int{1, 2, 3})},
	}
	for _, test := range tests {
		v := newView(Input{Data: test.data, Reference: shop(3000, 1), Collapse: &verdict.Collapse{}, Seed: 1})
		if s := v.sampling(v.work, v.donors); s != nil && s.stays < 0.6 {
			t.Errorf("%s: %s, but %s", test.name, s.detail(), test.reason)
		}
	}
}

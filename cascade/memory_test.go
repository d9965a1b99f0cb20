//go:build !race

// The race detector makes pools forget what they hold, so what is allocated says nothing.

package cascade

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"synthos/dataset"
	"synthos/linalg"
)

// TestMemory checks the forecast against closed forms of its largest parts, and
// for one network against what the Go runtime hands out.
func TestMemory(t *testing.T) {
	fifty := slices.Repeat([]int{22}, 50)
	// 10 x 76M + 5 x 454M + 3 x 983M parameters of 4 bytes; five times 983M more for each goroutine
	for jobs, want := range map[int]float64{1: 23.9e9 + 19.7e9, 2: 23.9e9 + 39.3e9} {
		if got := float64(Memory("full", fifty, jobs)); math.Abs(got/want-1) > 0.06 {
			t.Errorf("full with %d goroutines: %.3g bytes, want %.3g", jobs, got, want)
		}
	}
	if n := testing.AllocsPerRun(1, func() { Memory("full", fifty, 2) }); n > 200 {
		t.Errorf("the forecast allocates %g times", n)
	}
	d := table(400, slices.Repeat([]int{22}, 15), func(r *rand.Rand, row []uint16) {
		for j := range row {
			row[j] = uint16(r.IntN(22))
		}
	})
	spec := plan(d.Cards, 1, presetOf("cpu"))[17] // a base network
	spec.visits = 2 * spec.batch
	trained, heldOut := split(d.Rows, 1)
	r := run{data: &d, spec: spec, kernels: linalg.Best(), trained: trained, heldOut: heldOut, report: newReporter(nil, 1, 1, "")}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := r.train(context.Background()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	got := float64(after.TotalAlloc - before.TotalAlloc)
	parameters := float64(r.network.Parameters())
	want := 4 * (6*parameters + float64(activations(&spec)))
	// Buffers of the heads and of norms, which do not grow with the network, are not counted.
	if got > 1.8*want || got < 0.7*want {
		t.Errorf("training a network of %.0f parameters took %.3g bytes, foreseen %.3g", parameters, got, want)
	}
}

func TestCheckMemory(t *testing.T) {
	cards := slices.Repeat([]int{22}, 50)
	cases := []struct {
		name, reason, preset string
		bytes                int64
		want                 string // in the advice; "" = no error
	}{
		{"enough", "more than it needs", "full", 1 << 40, ""},
		{"unknown", "some systems do not tell", "full", 0, ""},
		{"too little for full", "the other preset fits", "full", 16 << 30, "use the preset cpu"},
		{"too little for all", "nothing can be advised but less", "cpu", 1 << 20, "fewer columns"},
	}
	for _, c := range cases {
		err := CheckMemory(c.preset, cards, 2, c.bytes)
		var e *dataset.Error
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s (%s): %v", c.name, c.reason, err)
		case c.want != "" && (!errors.As(err, &e) || !strings.Contains(e.Do, c.want)):
			t.Errorf("%s (%s): error %v, want advice with %q", c.name, c.reason, err, c.want)
		}
	}
}

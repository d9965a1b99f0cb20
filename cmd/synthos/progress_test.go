package main

import (
	"bytes"
	"testing"
	"time"

	"synthos"
)

// TestProgressOfTwoRuns wants no negative time where a stage that one run began is ended by the
// next: fix opens the data, and then validates what it wrote.
func TestProgressOfTwoRuns(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, false)
	p.update(synthos.Progress{Stage: "load", Elapsed: 300 * time.Millisecond})
	p.update(synthos.Progress{Stage: "load", Elapsed: 200 * time.Millisecond, Finished: true})
	if got := out.String(); got != "load 0.2s\n" {
		t.Errorf("%q, want the seconds of the second run", got)
	}
}

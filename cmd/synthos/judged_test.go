package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"synthos"
	"synthos/dataset"
	"synthos/verdict"
)

// newJudged returns the program with a validation that takes no time: the name
// of the file says how it ends.
func newJudged(stdin io.Reader, stdout, stderr io.Writer) *program {
	return &program{stdin: stdin, stdout: stdout, stderr: stderr, validate: judged}
}

func judged(o *synthos.Orchestrator, ctx context.Context, path, format string) (*synthos.Result, error) {
	o.Progress(synthos.Progress{Stage: "load"})
	o.Progress(synthos.Progress{Stage: "load", Finished: true, Elapsed: 420 * time.Millisecond})
	r := &synthos.Result{Result: verdict.Result{
		CollapseScore: verdict.NewScore(80), DiversityScore: verdict.NewScore(70), Confidence: 90, Rows: 3, Columns: 2, Seed: o.Seed,
		Config: verdict.Config{
			Data: path, Format: format, Reference: o.Reference, Holdout: o.Holdout, Target: o.Target, Preset: o.Preset, Jobs: o.Jobs, Sample: o.Sample,
			CollapseThreshold: o.CollapseThreshold, DiversityThreshold: o.DiversityThreshold, CriticalThreshold: o.CriticalThreshold,
			CriticalDimensions: o.CriticalDimensions, DimensionThresholds: o.DimensionThresholds, Prices: o.Prices, Sensitive: o.Sensitive, UseCache: o.UseCache, TimeoutSeconds: o.Timeout.Seconds(),
		},
	}}
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	switch name {
	case "good", "healthy":
		r.ApprovedForTraining, r.Reason = true, "nothing is wrong"
	case "bad", "collapsed":
		r.CollapseScore, r.Reason = verdict.NewScore(12), "everything is wrong"
	case "broken":
		return nil, &dataset.Error{Path: path, Row: 7, Offset: -1, Column: "a\x1b[31m", Found: "an unclosed quote", Do: "close it"}
	case "half":
		r.Partial, r.Reason = true, "cannot approve: stage cascade failed"
	case "standard-input":
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		r.ApprovedForTraining, r.Reason = true, fmt.Sprintf("read %q", text)
		r.Load = &verdict.Load{Path: path, Findings: []dataset.Finding{{Path: path, Message: "odd"}}}
	case "slow", "slowload":
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			return nil, errors.New("the interrupt did not arrive")
		}
		if name == "slowload" {
			return nil, ctx.Err()
		}
		r.Partial, r.Reason = true, "cannot approve: stopped"
	default:
		return nil, dataset.NewError(path, "there is no such file", "check the name")
	}
	return r, nil
}

// The first interrupt keeps what is done: the report is written and the exit
// code says partial.
func TestInterrupt(t *testing.T) {
	output := filepath.Join(t.TempDir(), "report.json")
	var stdout, stderr bytes.Buffer
	if code := newJudged(nil, &stdout, &stderr).run([]string{"validate", "slow.csv", "--output", output}); code != exitPartial {
		t.Errorf("exit code %d, want %d: %s", code, exitPartial, stderr.String())
	}
	if !strings.Contains(stderr.String(), "interrupted; keeping what is done") {
		t.Errorf("stderr does not tell of the interrupt: %s", stderr.String())
	}
	if b, err := os.ReadFile(output); err != nil || !strings.Contains(string(b), `"partial": true`) {
		t.Errorf("the report was not written as partial: %v\n%s", err, b)
	}
	stderr.Reset()
	if code := newJudged(nil, &stdout, &stderr).run([]string{"validate", "slowload.csv"}); code != exitPartial || !strings.Contains(stderr.String(), "no report was written") {
		t.Errorf("interrupted while loading: exit code %d, stderr %s", code, stderr.String())
	}
}

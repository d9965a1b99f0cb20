package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"synthos"
)

// judge runs the validation that r asks for, with progress on stderr. A first
// Ctrl-C ends it early, with what is done; a second one ends the program.
func (p *program) judge(r *request) (*synthos.Result, int, error) {
	path := r.path
	if path == "-" {
		spooled, remove, err := spool(p.stdin, r.format)
		if err != nil {
			return nil, exitError, err
		}
		defer remove()
		path = spooled
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, r.quiet)
	disarm := context.AfterFunc(ctx, func() {
		stop() // the next signal acts as if we had never asked
		progress.note("synthos: interrupted; keeping what is done (once more to quit at once)")
	})
	r.Progress = progress.update
	began := time.Now()
	result, err := p.validate(r.Orchestrator, ctx, path, r.format)
	progress.end()
	r.interrupted = !disarm()
	switch {
	case result != nil:
	case r.interrupted:
		return nil, exitPartial, errors.New("interrupted before anything was measured; no report was written")
	case r.Timeout > 0 && time.Since(began) >= r.Timeout:
		return nil, exitPartial, fmt.Errorf("nothing was measured in time; no report was written: %w; give --timeout more", err)
	default:
		return nil, exitError, err
	}
	if path != r.path {
		rename(result, path, r.path)
	}
	switch {
	case result.Partial:
		return result, exitPartial, err
	case result.ApprovedForTraining:
		return result, exitApproved, err
	}
	return result, exitRejected, err
}

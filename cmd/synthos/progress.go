package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"synthos"
	"synthos/report"
)

const (
	redraw      = 100 * time.Millisecond // at most this often
	progressBar = 24                     // columns
)

// progress shows how far a validation is. On a terminal it keeps one line for
// each running stage; elsewhere it writes a line when a stage ends.
type progress struct {
	w      io.Writer
	live   bool
	silent bool

	mu      sync.Mutex // update and note come from different goroutines
	running []runningStage
	lines   int           // live lines on the screen, the cursor is below them
	drawn   time.Duration // when, since the start
}

// runningStage is a stage that has begun and not ended.
type runningStage struct {
	synthos.Progress
	begun time.Duration
}

func newProgress(w io.Writer, quiet bool) *progress {
	return &progress{w: w, live: isTerminal(w), silent: quiet, drawn: -redraw}
}

// update is an Orchestrator's Progress function.
func (p *progress) update(u synthos.Progress) {
	if p.silent {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.running, func(s runningStage) bool { return s.Stage == u.Stage })
	if i < 0 {
		i = len(p.running)
		p.running = append(p.running, runningStage{begun: u.Elapsed})
	}
	p.running[i].Progress = u
	if u.Finished {
		took := u.Elapsed - p.running[i].begun
		p.running = slices.Delete(p.running, i, i+1)
		if !p.live {
			fmt.Fprintf(p.w, "%s %.1fs%s\n", u.Stage, took.Seconds(), outcome(u))
		}
	}
	if p.live && (u.Finished || u.Elapsed-p.drawn >= redraw) {
		p.draw(u.Elapsed)
	}
}

// outcome returns what there is to say about a stage that has ended: nothing,
// unless it failed.
func outcome(u synthos.Progress) string {
	if u.Detail == "" {
		return ""
	}
	return ": " + report.Clean(u.Detail)
}

// note writes a line of its own.
func (p *progress) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.w, text)
}

// end removes the live lines.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.running = nil
}

// clear removes the live lines: to the left (a typed ^C may stand there), up,
// and erase to the end of the screen.
func (p *progress) clear() {
	if p.lines > 0 {
		fmt.Fprintf(p.w, "\r\x1b[%dA\x1b[J", p.lines)
		p.lines = 0
	}
}

// draw replaces the live lines, in one write so that nothing flickers. A line
// that is too long is cut by the terminal, not wrapped: auto-wrap is off while
// drawing.
func (p *progress) draw(now time.Duration) {
	var b strings.Builder
	if p.lines > 0 {
		fmt.Fprintf(&b, "\r\x1b[%dA\x1b[J", p.lines)
	}
	b.WriteString("\x1b[?7l")
	for i := range p.running {
		b.WriteString(p.running[i].line() + "\n")
	}
	b.WriteString("\x1b[?7h")
	p.lines, p.drawn = len(p.running), now
	io.WriteString(p.w, b.String())
}

// line is one live line: name, bar, percentage, detail and the time left.
func (s *runningStage) line() string {
	done := min(1, max(0, s.Done))
	full := int(done*progressBar + 0.5)
	line := fmt.Sprintf("%-10s %s%s %3.0f %%  %s", s.Stage, strings.Repeat("█", full), strings.Repeat("·", progressBar-full), 100*done, report.Clean(s.Detail))
	if left, ok := s.left(); ok {
		line += fmt.Sprintf("  about %s left", left)
	}
	return strings.TrimRight(line, " ")
}

// left estimates the time left as if the stage went on at the same pace. It is
// not known in the first second, nor before a fiftieth is done.
func (s *runningStage) left() (time.Duration, bool) {
	spent := s.Elapsed - s.begun
	if spent < time.Second || s.Done < 0.02 || s.Done >= 1 {
		return 0, false
	}
	left := time.Duration(float64(spent) * (1 - s.Done) / s.Done)
	return max(time.Second, left.Round(time.Second)), true
}

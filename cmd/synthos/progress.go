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
	progressBar = 16                     // columns
)

// progress shows how far a validation is. On a terminal it keeps one line for
// each running stage; elsewhere it writes a line when a stage ends.
type progress struct {
	w      io.Writer
	live   bool
	silent bool
	ticks  bool // draws by itself, since stages may say nothing for long

	mu      sync.Mutex // update, note and tick come from different goroutines
	running []runningStage
	lines   int           // live lines on the screen, the cursor is below them
	drawn   time.Duration // when, since the start
	stop    chan struct{} // ends tick; nil if it does not run
}

// runningStage is a stage that has begun and not ended.
type runningStage struct {
	synthos.Progress
	begun time.Duration
	first synthos.Progress // with which something was done
}

func newProgress(w io.Writer, quiet bool) *progress {
	live := isTerminal(w)
	return &progress{w: w, live: live, silent: quiet, ticks: live, drawn: -redraw}
}

// update is an Orchestrator's Progress function.
func (p *progress) update(u synthos.Progress) {
	if p.silent {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ticks && p.stop == nil {
		p.stop = make(chan struct{})
		go p.tick(time.Now().Add(-u.Elapsed), p.stop)
	}
	i := slices.IndexFunc(p.running, func(s runningStage) bool { return s.Stage == u.Stage })
	if i < 0 {
		i = len(p.running)
		p.running = append(p.running, runningStage{begun: u.Elapsed})
	}
	if u.Elapsed < p.running[i].begun { // a run ended without this stage, and another began: fix validates what it wrote
		p.running[i].begun = 0
	}
	p.running[i].Progress = u
	if p.running[i].first.Done == 0 {
		p.running[i].first = u
	}
	if u.Finished {
		took := u.Elapsed - p.running[i].begun
		p.running = slices.Delete(p.running, i, i+1)
		if !p.live && !(u.Stage == "load" && u.Detail != "") { // that ends the program, which says why
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
	if p.stop != nil {
		close(p.stop)
		p.stop = nil
	}
}

// tick draws again and again until stop is closed; began is when Elapsed was 0.
func (p *progress) tick(began time.Time, stop chan struct{}) {
	t := time.NewTicker(2 * redraw)
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
		}
		p.mu.Lock()
		if now := time.Since(began); p.stop == stop && len(p.running) > 0 && now-p.drawn >= redraw {
			p.draw(now)
		}
		p.mu.Unlock()
	}
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
		b.WriteString(p.running[i].line(now) + "\n")
	}
	b.WriteString("\x1b[?7h")
	p.lines, p.drawn = len(p.running), now
	io.WriteString(p.w, b.String())
}

// line is one live line: name, bar, percentage, detail and the time left. Those that
// occur fit 80 columns.
func (s *runningStage) line(now time.Duration) string {
	done := min(1, max(0, s.Done))
	full := int(done*progressBar + 0.5)
	var about []string
	if s.Detail != "" {
		about = append(about, report.Clean(s.Detail))
	}
	if left, ok := s.left(now); ok {
		about = append(about, fmt.Sprintf("about %s left", inWords(left)))
	} else if spent := now - s.begun; s.Done == 0 && spent >= time.Second {
		about = append(about, inWords(spent)+" so far")
	}
	line := fmt.Sprintf("%-9s %s%s %3.0f %%  %s", s.Stage, strings.Repeat("█", full), strings.Repeat("·", progressBar-full), 100*done, strings.Join(about, ", "))
	return strings.TrimRight(line, " ")
}

// left estimates the time left as if the stage went on at the pace that it has had
// since something was done: preparations do not count. It is not known in the
// first second of that, nor before a fiftieth is done.
func (s *runningStage) left(now time.Duration) (time.Duration, bool) {
	spent, done := s.Elapsed-s.first.Elapsed, s.Done-s.first.Done
	if spent < time.Second || done < 0.02 || s.Done >= 1 {
		return 0, false
	}
	left := time.Duration(float64(spent)*(1-s.Done)/done) - (now - s.Elapsed)
	return max(time.Second, left), true
}

// inWords rounds a time to what is worth knowing of it.
func inWords(d time.Duration) string {
	switch {
	case d < 100*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 100*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synthos"
)

func TestDidYouMean(t *testing.T) {
	for _, test := range []struct{ word, want, reason string }{
		{"validte", " (did you mean validate?)", "a letter is missing"},
		{"vaildate", " (did you mean validate?)", "swapped"},
		{"frobnicate", "", "nothing is near"},
		{"x", "", "short words are near to everything"},
	} {
		if got := didYouMean(test.word, commandNames()); got != test.want {
			t.Errorf("didYouMean(%q) = %q, want %q: %s", test.word, got, test.want, test.reason)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name   string
		args   []string
		rest   []string
		n      int
		err    string
		reason string
	}{
		{"after", []string{"a", "--n", "3"}, []string{"a"}, 3, "", "flags after the argument work"},
		{"between", []string{"a", "-n=3", "b"}, []string{"a", "b"}, 3, "", "so do flags between"},
		{"end", []string{"--n", "3", "--", "--n", "-x"}, []string{"--n", "-x"}, 3, "", "what follows -- is no flag"},
		{"dash", []string{"-", "--n", "3"}, []string{"-"}, 3, "", "a single dash is an argument"},
		{"unknown", []string{"--nn", "3"}, nil, 0, "there is no flag --nn (did you mean --n?); see: synthos help test", "a suggestion"},
		{"value", []string{"--n", "x"}, nil, 0, `invalid value "x" for flag --n: parse error; see: synthos help test`, "the flag as the user writes it"},
		{"missing", []string{"--n"}, nil, 0, "flag needs an argument: --n; see: synthos help test", "the flag as the user writes it"},
		{"help", []string{"a", "--help"}, nil, 0, "help", "help anywhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fs := newFlags("test")
			n := fs.Int("n", 0, "")
			rest, err := parse(fs, test.args)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.err || err == nil && *n != test.n {
				t.Errorf("n = %d, error %q; want %d, %q: %s", *n, got, test.n, test.err, test.reason)
			}
			if diff := cmp.Diff(test.rest, rest); diff != "" {
				t.Errorf("arguments (-want +got): %s\n%s", test.reason, diff)
			}
		})
	}
}

// Every flag is in the long help, and the help names no other. The short one fits
// a screen.
func TestHelpHoldsFlags(t *testing.T) {
	r := &request{Orchestrator: synthos.New()}
	known := map[string]bool{"--all": true}
	long := validateCommand.text(true)
	r.flags().VisitAll(func(f *flag.Flag) {
		known["--"+f.Name] = true
		if !strings.Contains(long, "  --"+f.Name+" ") {
			t.Errorf("the help does not explain --%s", f.Name)
		}
	})
	for _, word := range strings.Fields(long) {
		if strings.HasPrefix(word, "--") && !known[word] {
			t.Errorf("the help names %s, which is no flag", word)
		}
	}
	if !strings.Contains(validateCommand.text(false), "synthos help validate --all") {
		t.Error("the short help does not say where the rest is")
	}
	for _, c := range commands() {
		if n := strings.Count(c.text(false), "\n"); n > 40 {
			t.Errorf("help of %s: %d lines do not fit a screen", c.name, n)
		}
		for _, line := range strings.Split(c.text(true), "\n") {
			if len(line) > 100 {
				t.Errorf("help of %s: too wide: %s", c.name, line)
			}
		}
	}
}

// docs/cli.md is what the program says about itself.
func TestCLIPage(t *testing.T) {
	const path = "../../docs/cli.md"
	if *update {
		if err := os.WriteFile(path, []byte(cliText()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(page), cliText()); diff != "" {
		t.Errorf("%s is out of date, -update writes it (-page +help):\n%s", path, diff)
	}
}

// Without flags, a request is what synthos.New returns.
func TestRequestDefaults(t *testing.T) {
	r, err := parseRequest([]string{"data.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(synthos.New(), r.Orchestrator, cmp.FilterPath(func(p cmp.Path) bool {
		last, ok := p.Last().(cmp.StructField)
		return ok && (last.Name() == "Progress" || last.Name()[0] >= 'a')
	}, cmp.Ignore())); diff != "" {
		t.Errorf("(-New +request):\n%s", diff)
	}
}

func TestProgressPlain(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, false)
	for _, u := range story {
		p.update(u)
	}
	p.end()
	want := "diversity 1.5s\ncascade 4.0s: every network diverged\\x1b\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	b.Reset()
	p = newProgress(&b, true)
	for _, u := range story {
		p.update(u)
	}
	if b.Len() > 0 {
		t.Errorf("quiet progress wrote %q", b.String())
	}
}

// story is two stages side by side, the second of which fails.
var story = []synthos.Progress{
	{Stage: "diversity", Elapsed: 500 * time.Millisecond},
	{Stage: "cascade", Elapsed: 500 * time.Millisecond},
	{Stage: "cascade", Done: 0.1, Elapsed: 550 * time.Millisecond}, // too soon to be drawn
	{Stage: "cascade", Done: 0.25, Detail: "5 of 18 networks", Elapsed: 1600 * time.Millisecond},
	{Stage: "diversity", Done: 1, Finished: true, Elapsed: 2 * time.Second},
	{Stage: "cascade", Done: 1, Finished: true, Detail: "every network diverged\x1b", Elapsed: 4500 * time.Millisecond},
}

func TestProgressLive(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, false)
	p.live = true
	for _, u := range story {
		p.update(u)
	}
	p.end()
	screen := newScreen()
	var seen []string
	for frame := range strings.SplitAfterSeq(b.String(), "\x1b[?7h") {
		screen.write(frame)
		seen = append(seen, strings.Join(screen.lines, "\n"))
	}
	empty := strings.Repeat("·", 16)
	quarter := strings.Repeat("█", 4) + strings.Repeat("·", 12)
	want := []string{
		"diversity " + empty + "   0 %\n",
		"diversity " + empty + "   0 %  1 s so far\ncascade   " + quarter + "  25 %  5 of 18 networks, about 5 s left\n",
		"cascade   " + quarter + "  25 %  5 of 18 networks, about 5 s left\n",
		"",
		"",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("screens (-want +got):\n%s", diff)
	}
}

// What the stages say fits a terminal of 80 columns.
func TestProgressFits(t *testing.T) {
	for _, s := range []runningStage{
		{Progress: synthos.Progress{Stage: "cascade", Done: 0.75, Detail: "10 of 10 reference networks", Elapsed: 270 * time.Second}},
		{Progress: synthos.Progress{Stage: "localize", Done: 0.5, Detail: "10000000 of 20000000 rows", Elapsed: 99 * time.Minute}},
		{Progress: synthos.Progress{Stage: "recommend", Done: 0.1, Detail: "10 of 12 fixes tried", Elapsed: 100 * time.Minute}},
	} {
		if line := s.line(s.Elapsed); len([]rune(line)) > 79 {
			t.Errorf("%d columns: %s", len([]rune(line)), line)
		}
	}
}

// A stage that says nothing is drawn again all the same, until the end.
func TestProgressTicks(t *testing.T) {
	var b lockedBuffer
	p := newProgress(&b, false)
	p.live, p.ticks = true, true
	p.update(synthos.Progress{Stage: "collapse"})
	for deadline := time.Now().Add(30 * time.Second); strings.Count(b.String(), "collapse") < 3; time.Sleep(redraw) {
		if time.Now().After(deadline) {
			t.Fatalf("drawn only %d times", strings.Count(b.String(), "collapse"))
		}
	}
	p.end()
	over := b.String()
	if time.Sleep(5 * redraw); b.String() != over {
		t.Error("it is drawn after the end")
	}
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// screen is a terminal that knows what progress writes.
type screen struct{ lines []string }

func newScreen() *screen { return &screen{[]string{""}} }

func (s *screen) write(text string) {
	text = strings.NewReplacer("\x1b[?7l", "", "\x1b[?7h", "").Replace(text)
	for text != "" {
		if up, rest, ok := strings.Cut(text, "A\x1b[J"); ok && strings.HasPrefix(text, "\r\x1b[") {
			n := int(up[3] - '0')
			s.lines = append(s.lines[:len(s.lines)-1-n], "")
			text = rest
			continue
		}
		line, rest, _ := strings.Cut(text, "\n")
		s.lines[len(s.lines)-1] = line
		s.lines = append(s.lines, "")
		text = rest
	}
}

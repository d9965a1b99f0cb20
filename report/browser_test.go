package report

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"synthos/verdict"
)

var (
	pages = flag.String("pages", "", "HTML reports to open, a pattern, for TestPages")
	shots = flag.String("shots", "", "folder for pictures of them")
)

// browser is a headless Chromium with one tab.
type browser struct {
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// widths are those of a phone, a tablet and a laptop, in CSS pixels.
var widths = []int64{390, 834, 1280}

// newBrowser starts a browser, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("the page was NOT looked at: no Chromium or Chrome is installed (on Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "file:") && !strings.HasPrefix(e.Request.URL, "about:") {
				b.complain("a request to " + e.Request.URL)
			}
		case *runtime.EventExceptionThrown:
			b.complain("an exception: " + e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			b.complain("a line on the console")
		case *log.EventEntryAdded:
			b.complain("the log: " + e.Entry.Text)
		}
	})
	if err != nil {
		t.Skip("the page was NOT looked at: Chromium does not start here: ", err)
	}
	_, err1 := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	_, err2 := chromedp.Call(ctx, log.Enable, cdp.Empty{})
	_, err3 := chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) complain(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, s)
}

// report fails t for what the browser complained about since the last call.
func (b *browser) report(t *testing.T, name string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		t.Errorf("%s: %s", name, c)
	}
	b.complaints = nil
}

func (b *browser) run(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// open shows the file at path in a window of this width.
func (b *browser) open(t *testing.T, path string, width int64) {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	b.run(t, chromedp.EmulateViewport(width, 900), chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()))
}

// value runs an action and returns its value.
func value[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// evaluate returns the value of a JavaScript expression.
func evaluate[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	return value(t, b, chromedp.Evaluate[T](expression))
}

// drawAll draws what is outside of the window, too: sections that are drawn late
// move what stands below them.
const drawAll = `document.querySelectorAll("section").forEach((s) => { s.style.contentVisibility = "visible"; });`

// fits fails t if the page is wider than the window, with everything open.
func (b *browser) fits(t *testing.T, name string) {
	t.Helper()
	wide := evaluate[[]string](t, b, `(() => {
		document.querySelectorAll("details").forEach((d) => { d.open = true; });
		`+drawAll+`
		const inner = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= inner) return [];
		return [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > inner + 1 && !e.closest(".scroll"))
			.slice(0, 5).map((e) => e.tagName + "." + (e.getAttribute("class") || "") + " in " + document.documentElement.scrollWidth + " of " + inner)
			.concat("page " + document.documentElement.scrollWidth + " of " + inner);
	})()`)
	if len(wide) > 0 {
		t.Errorf("%s: wider than the window: %s", name, strings.Join(wide, "; "))
	}
}

func written(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBrowser opens pages in headless Chromium at three widths: no request
// leaves, nothing is complained about, nothing is wider than the window.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	draw := func(r *verdict.Result) func(io.Writer) error {
		return func(w io.Writer) error { return HTML(w, r) }
	}
	for name, write := range map[string]func(io.Writer) error{
		"approved": draw(approved()), "rejected": draw(rejected()), "partial": draw(partial()), "hostile": draw(hostile()), "huge": draw(huge()),
		"ranking": func(w io.Writer) error { return RankingHTML(w, ranked()) },
	} {
		path := written(t, name, write)
		for _, width := range widths {
			b.open(t, path, width)
			b.fits(t, fmt.Sprintf("%s at %d", name, width))
		}
		b.report(t, name)
	}
}

// TestClicks does what a reader does.
func TestClicks(t *testing.T) {
	b := newBrowser(t)
	b.open(t, written(t, "rejected", func(w io.Writer) error { return HTML(w, rejected()) }), 1280)
	b.run(t, chromedp.Evaluate[chromedp.Void](drawAll))
	const (
		rows  = `document.querySelectorAll("#worst tbody tr:not([hidden])").length`
		cards = `document.querySelectorAll("article.col:not([hidden])").length`
		first = `document.querySelector("#worst tbody tr td").textContent`
	)
	check := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	check("rows before the filter", evaluate[int](t, b, rows), 7)
	b.run(t, chromedp.SendKeys(chromedp.CSS(`[data-filter="#worst tbody tr"] input`), "template"))
	check("rows with a template", evaluate[int](t, b, rows), 1)
	b.run(t, chromedp.SendKeys(chromedp.CSS(`[data-filter="#worst tbody tr"] input`), strings.Repeat("\b", 8)))
	check("rows after the filter", evaluate[int](t, b, rows), 7)
	b.run(t, chromedp.SendKeys(chromedp.CSS(`[data-filter="article.col"] input`), "country"))
	check("columns called country", evaluate[int](t, b, cards), 1)
	b.run(t, chromedp.SendKeys(chromedp.CSS(`[data-filter="article.col"] input`), strings.Repeat("\b", 7)))

	check("the worst row", evaluate[string](t, b, first), "12,345")
	b.run(t, chromedp.Click(chromedp.CSS(`#worst th:first-child button`)))
	check("the least row", evaluate[string](t, b, first), "192")
	b.run(t, chromedp.Click(chromedp.CSS(`#worst th:first-child button`)))
	check("the greatest row", evaluate[string](t, b, first), "12,345")
	check("said to a screen reader", evaluate[string](t, b, `document.querySelector("#worst th").getAttribute("aria-sort")`), "descending")

	b.run(t, chromedp.Evaluate[chromedp.Void](`(() => { const e = document.querySelector("svg[data-bins]"), r = e.getBoundingClientRect();
		e.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: r.left + 2, clientY: r.top + 5 })); })()`))
	check("under the pointer", evaluate[string](t, b, `document.getElementById("tip").textContent`), "below 42\ndata 20.0 %\nreference 25.0 %")

	b.run(t, chromedp.Click(chromedp.CSS(`details.item summary`)))
	check("opened by a click", evaluate[bool](t, b, `document.querySelector("details.item").open`), true)
	b.run(t, chromedp.Focus(chromedp.CSS(`details.item:nth-of-type(2) summary`)), chromedp.KeyEvent("\r"))
	check("opened by a key", evaluate[bool](t, b, `document.querySelector("details.item:nth-of-type(2)").open`), true)

	b.run(t, chromedp.Click(chromedp.CSS(`input[data-layer="dat"]`)))
	check("a layer of the map", evaluate[string](t, b, `document.querySelector(".map .dat").style.display`), "none")
	before := evaluate[string](t, b, `getComputedStyle(document.body).backgroundColor`)
	b.run(t, chromedp.Click(chromedp.CSS(`#theme`)))
	check("the theme", evaluate[string](t, b, `document.documentElement.dataset.theme`), "dark")
	check("the ground stays the same", evaluate[string](t, b, `getComputedStyle(document.body).backgroundColor`) == before, false)
	check("controls without a name", evaluate[int](t, b, `[...document.querySelectorAll("button, select, input, summary")].filter((e) => !(e.textContent.trim() || e.closest("label")?.textContent.trim())).length`), 0)
	check("pictures without a name", evaluate[int](t, b, `[...document.querySelectorAll("svg")].filter((e) => !e.getAttribute("aria-label") && e.getAttribute("aria-hidden") !== "true").length`), 0)
	b.report(t, "rejected")
}

// TestPages opens the reports that -pages names and says how large they are and
// how long they take to open, also with the processor slowed down to a quarter,
// as on a phone. With -shots it writes pictures of them, at three widths, dark and
// light, and a PDF.
func TestPages(t *testing.T) {
	if *pages == "" {
		t.Skip("name reports with -pages")
	}
	paths, err := filepath.Glob(*pages)
	if err != nil || len(paths) == 0 {
		t.Fatal("no page found: ", err)
	}
	b := newBrowser(t)
	const opened = `(() => { const n = performance.getEntriesByType("navigation")[0], p = performance.getEntriesByName("first-contentful-paint")[0];
		return JSON.stringify([n.loadEventEnd, p ? p.startTime : -1, document.querySelectorAll("*").length]); })()`
	fmt.Printf("%-32s %9s %9s %12s %12s %12s\n", "page", "KB", "elements", "painted ms", "loaded ms", "4x slower ms")
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		times := func(rate float64) []float64 {
			b.slow(t, rate)
			b.open(t, "testdata/approved.html", 1280) // nothing of the page is warm
			b.open(t, path, 1280)
			value(t, b, chromedp.Poll[bool](`performance.getEntriesByName("first-contentful-paint").length > 0`, chromedp.WithPollingTimeout(20*time.Second)))
			var out []float64
			if err := json.Unmarshal([]byte(evaluate[string](t, b, opened)), &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
		at1, at4 := times(1), times(4)
		b.slow(t, 1)
		fmt.Printf("%-32s %9.0f %9.0f %12.0f %12.0f %12.0f\n", filepath.Base(path), float64(info.Size())/1e3, at1[2], at1[1], at1[0], at4[0])
		for _, width := range widths {
			b.open(t, path, width)
			b.picture(t, path, fmt.Sprint(width))
			b.fits(t, fmt.Sprintf("%s at %d", path, width))
		}
		b.report(t, path)
	}
}

// picture writes what the tab shows to the folder of -shots: light, dark and, of
// the widest, as a PDF.
func (b *browser) picture(t *testing.T, path, name string) {
	if *shots == "" {
		return
	}
	b.run(t, chromedp.Evaluate[chromedp.Void](drawAll))
	base := filepath.Join(*shots, strings.TrimSuffix(filepath.Base(path), ".html")+"-"+name)
	save := func(ending string, data []byte) {
		if err := os.WriteFile(base+ending, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, theme := range []string{"light", "dark"} {
		b.run(t, chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.theme = "`+theme+`"`))
		save("-"+theme+".png", value(t, b, chromedp.FullScreenshot(100)))
	}
	if name == fmt.Sprint(widths[len(widths)-1]) {
		b.run(t, chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.theme = "light"`))
		save(".pdf", value(t, b, chromedp.PrintToPDF(chromedp.PDFPrintBackground())))
	}
}

// slow makes the processor of the tab so many times slower.
func (b *browser) slow(t *testing.T, rate float64) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate}); err != nil {
		t.Fatal(err)
	}
}

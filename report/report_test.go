package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"synthos/verdict"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

func plainText(w io.Writer, r *verdict.Result) error    { return Text(w, r, false) }
func colouredText(w io.Writer, r *verdict.Result) error { return Text(w, r, true) }

// writers are all reports, by the ending of their golden files.
var writers = []struct {
	ending string
	write  func(io.Writer, *verdict.Result) error
}{
	{"json", JSON}, {"html", HTML}, {"md", Markdown}, {"xml", JUnit}, {"sarif", SARIF}, {"txt", plainText}, {"ansi", colouredText},
}

func render(t *testing.T, write func(io.Writer, *verdict.Result) error, r *verdict.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, result := range []struct {
		name string
		make func() *verdict.Result
	}{
		{"approved", approved}, {"rejected", rejected}, {"partial", partial}, {"hostile", hostile},
	} {
		for _, w := range writers {
			name := result.name + "." + w.ending
			t.Run(name, func(t *testing.T) {
				got := render(t, w.write, result.make())
				path := filepath.Join("testdata", name)
				if *update {
					if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("(-want +got), -update if it is meant:\n%s", diff)
				}
			})
		}
	}
}

func TestRankingGolden(t *testing.T) {
	for _, w := range []struct {
		ending string
		write  func(io.Writer, *verdict.Ranking) error
	}{
		{"html", RankingHTML}, {"md", RankingMarkdown}, {"txt", func(w io.Writer, r *verdict.Ranking) error { return RankingText(w, r, false) }},
	} {
		var b bytes.Buffer
		if err := w.write(&b, ranked()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "ranking."+w.ending)
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got), -update if it is meant:\n%s", path, diff)
		}
		for i, r := range b.String() {
			if r != '\n' && !unicode.IsPrint(r) || w.ending != "txt" && strings.HasPrefix(b.String()[i:], "<script>alert") {
				t.Fatalf("%s: byte %d is %q", path, i, r)
			}
		}
	}
}

// The report does not change the Result that it draws.
func TestWritersLeaveResultAlone(t *testing.T) {
	same := cmp.Options{
		cmp.AllowUnexported(verdict.Score{}),
		cmp.Comparer(func(x, y verdict.Number) bool { return x == y || x != x && y != y }),
		cmpopts.EquateNaNs(),
	}
	for _, w := range writers {
		r := hostile()
		render(t, w.write, r)
		if diff := cmp.Diff(hostile(), r, same); diff != "" {
			t.Errorf("%s (-before +after):\n%s", w.ending, diff)
		}
	}
}

// Whatever stands in a file, a report holds no byte that acts on a terminal, a
// page or a table.
func TestHostileTextIsEscaped(t *testing.T) {
	for _, w := range writers {
		t.Run(w.ending, func(t *testing.T) {
			got := render(t, w.write, hostile())
			if w.ending == "ansi" {
				got = regexp.MustCompile(`\x1b\[[0-9;]+m`).ReplaceAllStringFunc(got, func(s string) string {
					if s == "\x1b[31mred" {
						return s
					}
					return ""
				})
			}
			for i, r := range got {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Fatalf("byte %d is %q: %q", i, r, got[max(0, i-40):i+10])
				}
			}
			for _, bad := range []string{"<script>alert", "\n# title", "]]>"} {
				if w.ending != "txt" && w.ending != "ansi" && strings.Contains(got, bad) {
					t.Errorf("holds %q", bad)
				}
			}
			if !strings.Contains(got, `\x1b`) && !strings.Contains(got, `\u001b`) {
				t.Error("the escape byte has vanished instead of being shown")
			}
		})
	}
	if md := render(t, Markdown, hostile()); strings.Contains(md, "@all") || strings.Contains(md, "http://") || strings.Contains(md, "**b**") {
		t.Error("Markdown holds a mention, a link or bold text from the data")
	}
	for _, line := range strings.Split(render(t, Markdown, hostile()), "\n") {
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") && strings.Count(line, "|")-strings.Count(line, `\|`) > 6 {
			t.Errorf("a cell broke out of its table: %s", line)
		}
	}
}

func TestTextFitsTerminal(t *testing.T) {
	for name, r := range map[string]*verdict.Result{"approved": approved(), "rejected": rejected(), "partial": partial(), "hostile": hostile(), "huge": huge()} {
		lines := strings.Split(strings.TrimSuffix(render(t, plainText, r), "\n"), "\n")
		if len(lines) > 38 { // of 40: the call and the prompt are there too
			t.Errorf("%s: %d lines, want at most 38", name, len(lines))
		}
		for _, line := range lines {
			if n := cells(line); n > 100 {
				t.Errorf("%s: %d columns, want at most 100: %s", name, n, line)
			}
		}
		coloured := regexp.MustCompile(`\x1b\[[0-9;]+m`).ReplaceAllString(render(t, colouredText, r), "")
		if diff := cmp.Diff(strings.Join(lines, "\n")+"\n", coloured); diff != "" {
			t.Errorf("%s: colours change the text (-plain +coloured):\n%s", name, diff)
		}
	}
}

func TestHTMLIsSmallAndSelfContained(t *testing.T) {
	page := render(t, HTML, huge())
	if len(page) > 2<<20 {
		t.Errorf("%d bytes for a huge result, want at most 2 MB", len(page))
	}
	page = render(t, HTML, rejected())
	if m := regexp.MustCompile(`(?i)(https?:|src=|href="?[^"#]|url\(|@import|<link|<iframe)`).FindString(page); m != "" {
		t.Errorf("the page refers to %q", m)
	}
	for _, want := range []string{"REJECTED", "mode_collapse", "noise floor", "customer_id", "tiny", "Remove 413 repeated comments", "critical threshold", "the networks trained on the reference diverged", "≈ 5,190"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}

// encoding/json is the independent reader: strict, and other code than the writer's.
func TestJSONRoundTrip(t *testing.T) {
	for name, make := range map[string]func() *verdict.Result{"approved": approved, "rejected": rejected, "partial": partial, "hostile": hostile} {
		first := render(t, JSON, make())
		var back verdict.Result
		d := json.NewDecoder(strings.NewReader(first))
		d.DisallowUnknownFields()
		if err := d.Decode(&back); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if back.SchemaVersion != verdict.SchemaVersion {
			t.Errorf("%s: schema_version %q, want %q", name, back.SchemaVersion, verdict.SchemaVersion)
		}
		if name == "hostile" {
			continue // NaN in a plain float64 comes back as 0
		}
		if diff := cmp.Diff(first, render(t, JSON, &back)); diff != "" {
			t.Errorf("%s: read and written again (-first +second):\n%s", name, diff)
		}
	}
	if got := render(t, JSON, &verdict.Result{}); !strings.Contains(got, `"problematic_rows": []`) || !strings.Contains(got, `"load": null`) {
		t.Errorf("lists that are not there must be [], sections null:\n%s", got)
	}
	var value map[string]any
	if err := json.Unmarshal([]byte(render(t, JSON, hostile())), &value); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(hostileText, "\ufffd"); value["reason"] != want {
		t.Errorf("reason came back as %q, want %q", value["reason"], want)
	}
	if value["confidence"] != nil {
		t.Errorf("confidence NaN came back as %v, want null", value["confidence"])
	}
}

func TestJUnitCounts(t *testing.T) {
	for _, test := range []struct {
		name                             string
		result                           *verdict.Result
		tests, failures, errors, skipped int
		reason                           string
	}{
		{"approved", approved(), 12, 0, 0, 0, "decision, two scores, eight dimensions, one stage"},
		{"rejected", rejected(), 17, 4, 0, 1, "decision, collapse score and two critical dimensions fail; one dimension was not measured"},
		{"partial", partial(), 9, 1, 1, 4, "no collapse score; cascade failed, three stages were skipped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
				Skipped  int `xml:"skipped,attr"`
				Suite    struct {
					Cases []struct {
						Failure *struct{} `xml:"failure"`
						Error   *struct{} `xml:"error"`
						Skipped *struct{} `xml:"skipped"`
					} `xml:"testcase"`
				} `xml:"testsuite"`
			}
			if err := xml.Unmarshal([]byte(render(t, JUnit, test.result)), &got); err != nil {
				t.Fatal(err)
			}
			failures, errors, skipped := 0, 0, 0
			for _, c := range got.Suite.Cases {
				if c.Failure != nil {
					failures++
				}
				if c.Error != nil {
					errors++
				}
				if c.Skipped != nil {
					skipped++
				}
			}
			want := fmt.Sprint(test.tests, test.failures, test.errors, test.skipped)
			if counted := fmt.Sprint(len(got.Suite.Cases), failures, errors, skipped); counted != want {
				t.Errorf("tests, failures, errors, skipped = %s, want %s: %s", counted, want, test.reason)
			}
			if said := fmt.Sprint(got.Tests, got.Failures, got.Errors, got.Skipped); said != want {
				t.Errorf("the attributes say %s, want %s", said, want)
			}
		})
	}
}

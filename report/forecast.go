package report

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"synthos/verdict"
)

// forecast is what is left of the data after generations of models that learn
// from the output of the one before.
type forecast struct {
	Text    string
	Why     string // nothing was measured, and why
	Lines   []forecastLine
	Panels  []forecastPanel
	Repeats string
}

// forecastLine is an entry of the key: one share of real rows.
type forecastLine struct {
	Style string // CSS class
	Name  string
}

// forecastPanel shows one quantity.
type forecastPanel struct {
	Name, About string
	Hot         bool // it dies first
	Levels      [3]string
	Last        int // generation
	Full        float64
	Curves      []forecastCurve
	HalfLives   []string // one a chain, in generations
	Label       string
}

type forecastCurve struct {
	Style string
	Path  string
	Dots  []dot
}

// quantities are what a generation is measured by.
var quantities = []struct {
	key, name, about string
	of               func(g *verdict.Generation) verdict.Number
}{
	{"entropy", "entropy", "variety within the columns", func(g *verdict.Generation) verdict.Number { return g.Entropy }},
	{"tail_mass", "tail mass", "rows in rare combinations", func(g *verdict.Generation) verdict.Number { return g.TailMass }},
	{"association", "association", "how much columns tell of each other", func(g *verdict.Generation) verdict.Number { return g.Association }},
	{"effective_rank", "effective rank", "directions that the columns vary in", func(g *verdict.Generation) verdict.Number { return g.EffectiveRank }},
}

const (
	forecastChains = 4  // drawn
	forecastSteps  = 50 // generations of each
	forecastMost   = 2  // times the data; more is cut
)

// newForecast draws r, nil if there is nothing to say about it.
func newForecast(r *verdict.Recursion) *forecast {
	if r == nil {
		return nil
	}
	if r.NullReason != "" || len(r.Chains) == 0 || len(r.Chains[0].Generations) < 2 {
		return &forecast{Why: cmp.Or(r.NullReason, "no generation was drawn")}
	}
	f := &forecast{}
	chains := head(r.Chains, forecastChains)
	least, most := math.MaxInt, 0
	for i, c := range chains {
		f.Lines = append(f.Lines, forecastLine{fmt.Sprintf("g%d", i), chainName(&c)})
		least, most = min(least, c.Repetitions), max(most, c.Repetitions)
	}
	f.Repeats = fmt.Sprintf("Half-lives count generations, with what nine of ten resamples show; %s rows a generation; each line is one run", count(int64(r.Rows)))
	if most > 1 {
		f.Repeats = strings.Replace(f.Repeats, "each line is one run", fmt.Sprintf("each line is the mean of %d to %d runs", least, most), 1)
	}
	for _, q := range quantities {
		f.Panels = append(f.Panels, newForecastPanel(chains, q.key, q.name, q.about, q.key == r.Fastest, q.of))
	}
	f.Text = forecastText(r)
	return f
}

func chainName(c *verdict.Chain) string {
	if c.RealShare == 0 {
		return "only the output of the model before"
	}
	return fmt.Sprintf("with %s real rows mixed in", percent(c.RealShare))
}

// forecastText says in a sentence what dies first, and how fast; plain, so that
// every report can use it.
func forecastText(r *verdict.Recursion) string {
	if r == nil || r.NullReason != "" || len(r.Chains) == 0 {
		return ""
	}
	name, half := dying(r)
	if name == "" || half == "" {
		return fmt.Sprintf("Of models trained on the output of the one before, none of %d generations lost anything that can be told from chance.", len(r.Chains[0].Generations)-1)
	}
	text := fmt.Sprintf("Models that learn from the output of the one before lose %s first: half of it is gone after %s", name, half)
	var mixed []string
	for _, c := range head(r.Chains[1:], forecastChains) {
		if h := halfLife(c.HalfLives[r.Fastest]); h != "" {
			mixed = append(mixed, percent(c.RealShare)+" "+h)
		} else if len(c.Generations) > 1 {
			mixed = append(mixed, percent(c.RealShare)+" no loss")
		}
	}
	if len(mixed) > 0 {
		text += "; with real rows in every training set: " + strings.Join(mixed, ", ")
	}
	return text + "."
}

// dying returns the name of what is lost first and its half-life, "" if nothing is.
func dying(r *verdict.Recursion) (name, half string) {
	for _, q := range quantities {
		if q.key == r.Fastest {
			name = q.name
		}
	}
	return name, halfLife(r.HalfLife)
}

// halfLife returns "1.9 generations (1.5-2.8)", "" if no loss was seen.
func halfLife(h verdict.HalfLife) string {
	v := float64(h.Generations)
	if math.IsNaN(v) || math.IsInf(v, 0) || v <= 0 {
		return ""
	}
	text := short(v) + " generations"
	if v == 1 {
		text = "1 generation"
	}
	low, high := float64(h.Interval.Low), float64(h.Interval.High)
	switch {
	case math.IsNaN(low):
		return text
	case math.IsNaN(high):
		return text + fmt.Sprintf(" (%s or more)", short(low))
	}
	return text + fmt.Sprintf(" (%s-%s)", short(low), short(high))
}

// short returns x with one decimal if it is small.
func short(x float64) string {
	if x < 10 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	}
	return count(int64(math.Round(x)))
}

func newForecastPanel(chains []verdict.Chain, key, name, about string, hot bool, of func(*verdict.Generation) verdict.Number) forecastPanel {
	p := forecastPanel{Name: name, About: about, Hot: hot, Label: name + " by generation"}
	most := 1.0
	share := func(c *verdict.Chain, i int) float64 {
		return float64(of(&c.Generations[i])) / float64(of(&c.Generations[0]))
	}
	for i := range chains {
		p.Last = max(p.Last, min(forecastSteps, len(chains[i].Generations)-1))
		for g := range head(chains[i].Generations, forecastSteps+1) {
			if s := share(&chains[i], g); !math.IsInf(s, 0) && s > most {
				most = min(forecastMost, s)
			}
		}
		half := halfLife(chains[i].HalfLives[key])
		if half == "" {
			half = "no loss seen"
		} else {
			half = "half-life " + strings.Replace(strings.Replace(half, " generations", "", 1), " generation", "", 1)
		}
		p.HalfLives = append(p.HalfLives, half)
	}
	y := func(share float64) float64 {
		return chartBottom - (chartBottom-chartTop)*min(most, max(0, share))/most
	}
	p.Levels, p.Full = [3]string{percent(most), percent(most / 2), "0 %"}, y(1)
	for i := range chains {
		c := forecastCurve{Style: fmt.Sprintf("g%d", i)}
		pen := "M"
		var path strings.Builder
		for g := range head(chains[i].Generations, forecastSteps+1) {
			s := share(&chains[i], g)
			if math.IsNaN(s) || math.IsInf(s, 0) {
				pen = "M"
				continue
			}
			x := chartLeft + (chartRight-chartLeft)*float64(g)/float64(max(1, p.Last))
			fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y(s))
			pen = "L"
			c.Dots = append(c.Dots, dot{x, y(s)})
		}
		if c.Path = path.String(); c.Path != "" {
			p.Curves = append(p.Curves, c)
		}
		if i == 0 && len(chains[i].Generations) > 1 {
			if last := share(&chains[i], min(forecastSteps, len(chains[i].Generations)-1)); !math.IsNaN(last) && !math.IsInf(last, 0) {
				p.Label += fmt.Sprintf(": %s of the data's after %d", percent(last), p.Last)
			}
		}
	}
	return p
}

package main

import (
	"fmt"
	"io"
	"math"

	"synthos/collapse"
	"synthos/stats"
)

// doubts are the standard deviations of damage that are tried: how far a damage of
// this table is from the true harm.
var doubts = []float64{0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.25, 1.5, 2, 3}

// confidence returns how sure a decision is whose damage is off by about doubt: the
// probability that the true damage is on the same side of 1, from 0.5 to 0.99.
func confidence(damage, doubt float64) float64 {
	return min(0.99, stats.NormalCDF(math.Abs(1-damage)/doubt))
}

// reliability prints the doubt under which the right and wrong decisions are the most
// likely, and how often decisions of a confidence are right.
func (c *cases) reliability(scalesFor func(*oneCase) []collapse.Scale, out io.Writer) {
	type decision struct {
		damage float64
		right  bool
	}
	var decisions []decision
	for _, k := range c.list {
		if weightOf(k) > 0 {
			overall, _ := c.damage(k, scalesFor(k))
			decisions = append(decisions, decision{overall, k.item.Harmful() == (overall > 1)})
		}
	}
	best, most := doubts[0], math.Inf(-1)
	for _, doubt := range doubts {
		sum := 0.0
		for _, d := range decisions {
			p := confidence(d.damage, doubt)
			if !d.right {
				p = 1 - p
			}
			sum += math.Log(p)
		}
		if sum > most {
			best, most = doubt, sum
		}
	}
	fmt.Fprintf(out, "\nconfidence of the decisions of the last table: most likely doubt %.2f\n   confidence   decisions   right\n", best)
	edges := []float64{0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99}
	for i, low := range edges {
		high := 1.0
		if i+1 < len(edges) {
			high = edges[i+1]
		}
		n, right := 0, 0
		for _, d := range decisions {
			if p := confidence(d.damage, best); p >= low && p < high {
				n++
				if d.right {
					right++
				}
			}
		}
		if n > 0 {
			fmt.Fprintf(out, "   %3.0f-%3.0f %%  %9d  %5.1f %%\n", 100*low, 100*high, n, 100*float64(right)/float64(n))
		}
	}
}

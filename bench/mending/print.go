package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"text/tabwriter"

	"synthos/stats"
)

// print prints the table of defects, and what they come to.
func print(out io.Writer, list []outcome) {
	byDefect := map[string][]outcome{}
	var mended, controls []outcome
	for _, o := range list {
		switch {
		case o.BadRowsFile == "":
			controls = append(controls, o)
			continue
		case !math.IsNaN(o.after):
			mended = append(mended, o)
		}
		byDefect[o.Defect] = append(byDefect[o.Defect], o)
	}
	names := slices.Sorted(maps.Keys(byDefect))
	if len(names) > 0 {
		printRows(out, names, byDefect)
	}
	if len(mended) > 0 {
		printMended(out, mended)
	}
	if len(controls) > 0 {
		worst := slices.MaxFunc(controls, func(a, b outcome) int { return compare(a.flagged, b.flagged) })
		above := 0
		for _, o := range controls {
			if o.flagged > 0.005 {
				above++
			}
		}
		fmt.Fprintf(out, "\nreal data: %d cases, on average %.2f %% of the rows flagged, more than 0.5 %% in %d; most in %s: %.2f %%\n",
			len(controls), 100*mean(controls, func(o *outcome) float64 { return o.flagged }), above, worst.ID, 100*worst.flagged)
	}
}

func printRows(out io.Writer, names []string, byDefect map[string][]outcome) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "defect\tcases\tAP\tROC\tforest\tnearest\tflagged\tback\t")
	var perDefect [4][]float64
	for _, name := range names {
		l := byDefect[name]
		ap := mean(l, func(o *outcome) float64 { return o.ap })
		roc := mean(l, func(o *outcome) float64 { return o.roc })
		forest, nearest := mean(l, func(o *outcome) float64 { return o.forest }), mean(l, func(o *outcome) float64 { return o.nearest })
		for i, x := range []float64{ap, roc, forest, nearest} {
			perDefect[i] = append(perDefect[i], x)
		}
		fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f %%\t%s\t\n", name, len(l), ap, roc, forest, nearest,
			100*mean(l, func(o *outcome) float64 { return o.flagged }), share(median(l, (*outcome).back)))
	}
	over := func(x []float64) float64 { m, _ := stats.MeanVar(x); return m }
	fmt.Fprintf(w, "mean over defects\t\t%.3f\t%.3f\t%.3f\t%.3f\t\t\t\n", over(perDefect[0]), over(perDefect[1]), over(perDefect[2]), over(perDefect[3]))
	w.Flush()
	worst := slices.Index(perDefect[0], slices.Min(perDefect[0]))
	fmt.Fprintf(out, "\nworst: %s, AP %.3f\n", names[worst], perDefect[0][worst])
}

func printMended(out io.Writer, mended []outcome) {
	within, planned, held := 0, 0, 0
	for i := range mended {
		o := &mended[i]
		if len(o.kinds) > 0 {
			planned++
			if math.Abs(o.promised-o.gained()) <= 5 {
				within++
			}
			if o.low <= o.gained() && o.gained() <= o.high {
				held++
			}
		}
	}
	fmt.Fprintf(out, "\nmended: %d cases, of %d fixes were applied\nmedian way back to the score of the real data: %s\n", len(mended), planned, share(median(mended, (*outcome).back)))
	fmt.Fprintf(out, "promise within 5 points of what was gained: in %d of %d cases (%s)\n", within, planned, share(float64(within)/float64(max(1, planned))))
	fmt.Fprintf(out, "the interval of the promise held it: in %d of %d cases (%s)\n", held, planned, share(float64(held)/float64(max(1, planned))))
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func share(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

// known returns what get finds of the outcomes, without NaN.
func known(list []outcome, get func(o *outcome) float64) []float64 {
	var out []float64
	for i := range list {
		if x := get(&list[i]); !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out
}

func mean(list []outcome, get func(o *outcome) float64) float64 {
	m, _ := stats.MeanVar(known(list, get))
	return m
}

func median(list []outcome, get func(o *outcome) float64) float64 {
	x := known(list, get)
	if len(x) == 0 {
		return math.NaN()
	}
	return stats.Quantile(x, 0.5)
}

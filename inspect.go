package synthos

import (
	"context"
	"math"
	"strconv"
	"time"

	"synthos/dataset"
	"synthos/profile"
	"synthos/stats"
	"synthos/verdict"
)

// Inspect runs stage 1 alone: it reads the dataset at path once and returns what
// is in it, with quantiles and examples of every column from the sample. The
// options that concern later stages do not count. Errors are those of Validate.
func (o *Orchestrator) Inspect(ctx context.Context, path, format string) (*verdict.Load, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	ctx, cancel := o.limited(ctx)
	defer cancel()
	r := o.newRun(path, format)
	if err := r.stage(ctx, "load", r.load); err != nil {
		r.close()
		return nil, err
	}
	defer r.close()
	section := r.result.Load
	for j := range section.Columns {
		describe(&section.Columns[j], &r.data.table.Columns[j], r.data.table.Schema.Fields[j])
	}
	section.Seconds = verdict.Number(time.Since(r.started).Seconds())
	return section, nil
}

// Limits of what an inspection shows of a column.
const (
	examples     = 5
	exampleRunes = 60
)

// describe adds what the sample shows of a column to its profile.
func describe(c *verdict.Column, v *dataset.Vector, f dataset.Field) {
	if f.Type.Numeric() && f.Type != dataset.Bool {
		var x []float64
		for i, null := range v.Null {
			if !null {
				x = append(x, v.Floats[i])
			}
		}
		if len(x) > 0 {
			q := stats.Quantiles(x, []float64{0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99})
			n := func(i int) verdict.Number { return verdict.Number(q[i]) }
			c.Quantiles = &verdict.Quantiles{P01: n(0), P05: n(1), P25: n(2), P50: n(3), P75: n(4), P95: n(5), P99: n(6)}
		}
	}
	seen := map[string]bool{}
	for i := 0; i < len(v.Null) && len(c.Examples) < examples; i++ {
		if v.Null[i] {
			continue
		}
		text := ""
		if f.Type == dataset.String {
			text = shorten(v.Strings[i])
		} else {
			text = exampleNumber(f, v.Floats[i])
		}
		if !seen[text] {
			seen[text] = true
			c.Examples = append(c.Examples, text)
		}
	}
	for _, bad := range v.Invalid {
		if text := shorten(bad.Text); !seen["!"+text] && len(c.Broken) < examples {
			seen["!"+text] = true
			c.Broken = append(c.Broken, text)
		}
	}
}

// exampleNumber returns the text of a cell that is no string.
func exampleNumber(f dataset.Field, x float64) string {
	if f.Type == dataset.Float && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	column := profile.Column{Field: f}
	return column.LevelName(profile.Level{Value: x})
}

// shorten cuts a text to what an example shows.
func shorten(s string) string {
	n := 0
	for i := range s {
		if n == exampleRunes {
			return s[:i] + "..."
		}
		n++
	}
	return s
}

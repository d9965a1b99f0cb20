package profile

import (
	"math"
	"strconv"
	"time"

	"synthos/dataset"
	"synthos/verdict"
)

// maxTop is how many levels of a column stand in a report.
const maxTop = 10

// Section returns what stands in a report about the first pass over the file at
// path, read as format.
func (p *Profile) Section(path, format string) *verdict.Load {
	s := &verdict.Load{
		Path:        path,
		Format:      format,
		Rows:        p.Rows,
		RowsSkipped: p.Skipped,
		SampleRows:  p.Sample.Rows(),
		StateHash:   p.StateHash,
		RowsDigest:  p.RowsDigest,
		Columns:     make([]verdict.Column, 0, len(p.Columns)),
		Findings:    append([]dataset.Finding{}, p.Findings...),
	}
	for j := range p.Columns {
		s.Columns = append(s.Columns, p.Columns[j].section())
	}
	return s
}

func (c *Column) section() verdict.Column {
	s := verdict.Column{
		Name:         c.Name,
		Kind:         c.Kind,
		Type:         c.Type,
		KindEvidence: c.KindEvidence,
		Nulls:        c.Nulls,
		Invalid:      c.Invalid,
		Distinct:     c.Distinct,
		DistinctIs:   "exact",
		Min:          verdict.Number(c.Min),
		Max:          verdict.Number(c.Max),
		Mean:         verdict.Number(c.Mean),
		SD:           verdict.Number(c.SD),
	}
	if !c.DistinctExact {
		s.DistinctIs = "estimate"
	}
	// Only a complete list begins with the most frequent values; and if none
	// repeats, there are none.
	if c.LevelsComplete && len(c.Levels) > 0 && c.Levels[0].Count > 1 {
		for _, l := range c.Levels[:min(maxTop, len(c.Levels))] {
			s.Top = append(s.Top, verdict.LevelCount{Level: c.LevelName(l), Count: l.Count})
		}
	}
	return s
}

// LevelName returns the value of a level of c as text: times in the column's
// layout, or RFC 3339 in UTC if it has none.
func (c *Column) LevelName(l Level) string {
	switch c.Type {
	case dataset.String:
		return l.Text
	case dataset.Bool:
		return strconv.FormatBool(l.Value != 0)
	case dataset.Time:
		if seconds, fraction := math.Modf(l.Value); math.Abs(seconds) < 1e12 {
			layout := c.Layout
			if layout == "" {
				layout = time.RFC3339Nano
			}
			return time.Unix(int64(seconds), int64(math.Round(fraction*1e9))).UTC().Format(layout)
		}
	}
	return strconv.FormatFloat(l.Value, 'g', -1, 64)
}

package report

import (
	"fmt"

	"synthos/verdict"
)

// setting is one line of the configuration.
type setting struct{ Name, Value string }

// settings lists the options that the result was made with.
func settings(r *verdict.Result) []setting {
	c := &r.Config
	orNone := func(s string) string {
		if s == "" {
			return "none"
		}
		return s
	}
	format := c.Format
	if format == "" && r.Load != nil {
		format = r.Load.Format // found out
	}
	timeout := "none"
	if c.TimeoutSeconds > 0 {
		timeout = seconds(c.TimeoutSeconds)
	}
	embeddings := c.Embeddings
	switch {
	case c.ReferenceEmbeddings != "":
		embeddings += ", " + c.ReferenceEmbeddings
	case c.EmbeddingsURL != "":
		embeddings = served(c.EmbeddingsModel, c.EmbeddingsURL)
	}
	return []setting{
		{"data", c.Data}, {"format", orNone(format)}, {"reference", orNone(c.Reference)}, {"holdout", orNone(c.Holdout)}, {"target", orNone(c.Target)}, {"embeddings", orNone(embeddings)},
		{"mode", c.Mode}, {"preset", c.Preset}, {"seed", fmt.Sprint(r.Seed)}, {"sample", count(int64(c.Sample)) + " rows"}, {"jobs", fmt.Sprint(c.Jobs)}, {"timeout", timeout},
		{"collapse threshold", fmt.Sprintf("%.0f", c.CollapseThreshold)}, {"diversity threshold", fmt.Sprintf("%.0f", c.DiversityThreshold)},
		{"critical threshold", fmt.Sprintf("%.0f", c.CriticalThreshold)}, {"critical dimensions", joinNames(head(c.CriticalDimensions, 20))},
		{"cache", fmt.Sprint(c.UseCache)}, {"GPU memory", percent(c.GPUMemoryFraction)}, {"mixed precision", fmt.Sprint(c.MixedPrecision)},
		{"version", r.Version}, {"schema", r.SchemaVersion}, {"started", r.StartedAt},
	}
}

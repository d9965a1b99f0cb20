// Package whole reads tables whole into memory, for benchmarks.
package whole

import (
	"context"

	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/scan"
)

// Read returns all rows of a file, stored and understood as schema says; nil =
// as the file shows.
func Read(ctx context.Context, path string, schema *dataset.Schema) (*dataset.Table, error) {
	return Sample(ctx, path, schema, 1<<20, 1)
}

// Sample is Read of a uniform sample of at most so many rows, by so many goroutines.
func Sample(ctx context.Context, path string, schema *dataset.Schema, rows, jobs int) (*dataset.Table, error) {
	options := load.Options{}
	if schema != nil {
		options.Types = map[string]dataset.Type{}
		for _, f := range schema.Fields {
			options.Types[f.Name] = f.Type
		}
	}
	src, err := load.Open(ctx, path, options)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	p, err := profile.Run(ctx, scan.Local{Jobs: max(1, jobs)}, src, profile.Options{Seed: 1, Sample: rows}, nil)
	if err != nil {
		return nil, err
	}
	if schema != nil {
		p.Adopt(schema)
	}
	return p.Sample, nil
}

// Common returns the names of the columns that a and b store alike.
func Common(a, b *dataset.Table) []string {
	var names []string
	for _, f := range a.Schema.Fields {
		if j := b.Schema.Index(f.Name); j >= 0 && b.Schema.Fields[j].Type.Numeric() == f.Type.Numeric() {
			names = append(names, f.Name)
		}
	}
	return names
}

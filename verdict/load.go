package verdict

import "synthos/dataset"

// Load is what stage 1 found in the file.
type Load struct {
	Path        string            `json:"path"`
	Format      string            `json:"format"`
	Rows        int64             `json:"rows"`
	RowsSkipped int64             `json:"rows_skipped"`
	SampleRows  int               `json:"sample_rows"`
	StateHash   string            `json:"state_hash"`       // of the merged first pass
	RowsDigest  string            `json:"rows_digest"`      // of all rows, in their order
	Seconds     Number            `json:"seconds,omitzero"` // in an inspection only: what it took
	Files       []File            `json:"files,omitempty"`  // of a dataset of several files, the first 1000
	FilesTotal  int               `json:"files_total,omitzero"`
	Columns     []Column          `json:"columns"`
	Findings    []dataset.Finding `json:"findings"`
}

// File is one file of a dataset of several.
type File struct {
	Path     string `json:"path"`
	FirstRow int64  `json:"first_row"` // number of its first row in the dataset
	Rows     int64  `json:"rows"`
}

// Column is the profile of one column.
type Column struct {
	Name         string       `json:"name"`
	Kind         dataset.Kind `json:"kind"`
	Type         dataset.Type `json:"type"`
	KindEvidence string       `json:"kind_evidence"`
	Nulls        int64        `json:"nulls"`
	Invalid      int64        `json:"invalid"`
	InvalidRows  []int64      `json:"invalid_rows,omitempty"` // the first 100 rows with an invalid cell
	Distinct     int64        `json:"distinct"`
	DistinctIs   string       `json:"distinct_is"` // "exact" or "estimate"
	Min          Number       `json:"min"`         // null unless stored as numbers
	Max          Number       `json:"max"`
	Mean         Number       `json:"mean"`
	SD           Number       `json:"sd"`
	Top          []LevelCount `json:"top,omitempty"` // the most frequent values

	// In an inspection only.
	Quantiles *Quantiles `json:"quantiles,omitempty"` // of numbers and times, from the sample
	Examples  []string   `json:"examples,omitempty"`  // values as they stand in the data, from the sample
	Broken    []string   `json:"broken,omitempty"`    // texts of invalid cells, from the sample
}

// Quantiles are those of a sample of the rows; seconds since 1970 for times.
type Quantiles struct {
	P01 Number `json:"p01"`
	P05 Number `json:"p05"`
	P25 Number `json:"p25"`
	P50 Number `json:"p50"`
	P75 Number `json:"p75"`
	P95 Number `json:"p95"`
	P99 Number `json:"p99"`
}

// LevelCount is a value and how often it occurs.
type LevelCount struct {
	Level string `json:"level"`
	Count int64  `json:"count"`
}

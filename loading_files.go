package synthos

import (
	"fmt"

	"synthos/dataset"
	"synthos/load"
	"synthos/profile"
	"synthos/verdict"
)

// checkRows returns an error if too many rows of the file could not be read.
func checkRows(src dataset.Source, path string, policy load.BadRows, p *profile.Profile) error {
	var first *dataset.Finding
	for i := range p.Findings {
		if f := &p.Findings[i]; f.Row >= 0 && p.Skipped > 0 && (first == nil || f.Row < first.Row) {
			first = f
		}
	}
	return load.CheckRows(src, path, policy, p.Rows, p.Skipped, first)
}

// override gives the columns the kinds that the schema file says.
func (r *run) override(p *profile.Profile, path string) {
	if r.schema == nil {
		return
	}
	for j := range p.Columns {
		c := &p.Columns[j]
		kind, given := r.schema.Kinds[c.Name]
		if !given || c.Count == 0 {
			continue
		}
		c.KindEvidence = fmt.Sprintf("given by %s (by itself %v: %s)", r.schema.Path, c.Kind, c.KindEvidence)
		if kind == c.Kind {
			c.KindEvidence = "given by " + r.schema.Path
		}
		c.Kind = kind
		p.Schema.Fields[j].Kind = kind
	}
	for _, name := range r.schema.Missing(p.Schema) {
		p.Findings = append(p.Findings, dataset.Finding{Path: path, Row: -1, Column: name, Message: "the schema file names this column, the data do not have it"})
	}
}

// maxFiles is how many files of a dataset stand in a report.
const maxFiles = 1000

// addFiles lists the files of a dataset of several in its section.
func addFiles(s *verdict.Load, ranges []dataset.Range) {
	var files []verdict.File
	for _, rg := range ranges {
		if n := len(files); n > 0 && files[n-1].Path == load.WithoutSecrets(rg.Path) {
			files[n-1].Rows += rg.Rows
			continue
		}
		files = append(files, verdict.File{Path: load.WithoutSecrets(rg.Path), FirstRow: rg.FirstRow, Rows: rg.Rows})
	}
	if len(files) > 1 {
		s.FilesTotal = len(files)
		s.Files = files[:min(maxFiles, len(files))]
	}
}

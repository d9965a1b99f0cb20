package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"synthos/dataset"
)

// joined is a column of a dataset of several files.
type joined struct {
	field dataset.Field
	rows  map[dataset.Type]int64     // rows of the files that store it as each type
	first map[dataset.Type]*openPart // the first file that does
	in    int                        // files that have it
	codes bool                       // one of them has names made of digits in it
}

// join brings the columns of all parts together; see openParts.
func (s *partsSource) join(ctx context.Context, o Options) error {
	var columns []*joined
	byName := map[string]*joined{}
	for i, p := range s.parts {
		fields := p.source.Schema().Fields
		if i > 0 {
			if err := s.overlap(p, fields, byName); err != nil {
				return err
			}
		}
		for _, f := range fields {
			c := byName[f.Name]
			if c == nil {
				c = &joined{field: f, rows: map[dataset.Type]int64{}, first: map[dataset.Type]*openPart{}}
				byName[f.Name] = c
				columns = append(columns, c)
			}
			c.in++
			c.add(p, f)
		}
	}
	forced := map[string]dataset.Type{}
	for _, c := range columns {
		t, err := c.settle()
		if err != nil {
			return err
		}
		if len(c.rows) > 1 {
			forced[c.field.Name] = t
			s.note(s.path, c.field.Name, c.conflict()+fmt.Sprintf("; read as %v in all", t))
		}
		if t != c.field.Type {
			c.field.Type, c.field.Layout, c.field.Integer = t, "", false
		}
		if missing := len(s.parts) - c.in; missing > 0 {
			s.note(s.path, c.field.Name, fmt.Sprintf("%d of %d files do not have this column; its cells are null there", missing, len(s.parts)))
		}
		s.schema.Fields = append(s.schema.Fields, c.field)
	}
	o.Prefer = s.preferred(o.Prefer)
	if err := s.reopen(ctx, o, forced); err != nil {
		return err
	}
	for _, p := range s.parts {
		p.bind(&s.schema)
	}
	return nil
}

// preferred returns which layout to prefer in files that leave it open: the one
// that another file shows, unless the options say.
func (s *partsSource) preferred(given map[string]string) map[string]string {
	prefer := maps.Clone(given)
	if prefer == nil {
		prefer = map[string]string{}
	}
	for _, p := range s.parts {
		j, ok := p.source.(judge)
		if !ok {
			continue
		}
		for name, layout := range j.layouts() {
			if !j.guessed(name) && prefer[name] == "" {
				prefer[name] = layout
			}
		}
	}
	return prefer
}

// leftOpen reports whether the file guessed a layout that prefer knows, or reads years
// of two digits in other hundred years.
func (p *openPart) leftOpen(prefer map[string]string) bool {
	j, ok := p.source.(judge)
	if !ok {
		return false
	}
	for name, layout := range j.layouts() {
		if (j.guessed(name) || otherCentury(layout, prefer[name])) && prefer[name] != "" && prefer[name] != layout {
			return true
		}
	}
	return false
}

// overlap makes sure that a file is about the same thing as those before it.
func (s *partsSource) overlap(p *openPart, fields []dataset.Field, known map[string]*joined) error {
	first := s.parts[0].source.Schema()
	common := 0
	var other []string
	for _, f := range fields {
		if known[f.Name] != nil {
			common++
		} else {
			other = append(other, f.Name)
		}
	}
	if 2*common >= min(len(fields), len(first.Fields)) {
		return nil
	}
	lacking := slices.DeleteFunc(first.Names(), func(name string) bool {
		return slices.ContainsFunc(fields, func(f dataset.Field) bool { return f.Name == name })
	})
	e := dataset.NewError(p.path, fmt.Sprintf("has other columns than %s: %s instead of %s", s.parts[0].path, quotedPaths(other), quotedPaths(lacking)),
		"give files with the same columns; if this one has no header, add one")
	if len(other) > 0 {
		e.Column = other[0]
	}
	return e
}

// add counts the rows of a file that stores the column like f. A column without
// a single value says nothing about its type where the type is found out.
func (c *joined) add(p *openPart, f dataset.Field) {
	rows := int64(1)
	if ranges := p.source.Ranges(); len(ranges) > 0 {
		last := ranges[len(ranges)-1]
		rows = max(rows, last.FirstRow+last.Rows)
	}
	if blank, ok := p.source.(textual); ok && blank.unseen(f.Name) {
		if len(c.rows) == 0 {
			c.field = f
		}
		return
	}
	if coded, ok := p.source.(textual); ok {
		c.codes = c.codes || coded.hasCodes(f.Name)
	}
	if len(c.rows) == 0 { // what was known until now was without evidence
		c.field = f
	}
	c.rows[f.Type] += rows
	if c.first[f.Type] == nil {
		c.first[f.Type] = p
	}
	c.field.Integer = c.field.Integer && f.Integer
}

// settle returns the type that the column gets in all files.
func (c *joined) settle() (dataset.Type, error) {
	switch len(c.rows) {
	case 0:
		return c.field.Type, nil
	case 1:
		for t := range c.rows {
			return t, nil
		}
	}
	var all int64
	for _, n := range c.rows {
		all += n
	}
	isText := false
	for _, p := range c.first {
		isText = isText || p.format.text
	}
	for t, n := range c.rows {
		if isText && !c.codes && float64(n) >= mostly*float64(all) {
			return t, nil
		}
	}
	switch {
	case isText || c.rows[dataset.String] > 0:
		return dataset.String, nil
	case c.rows[dataset.Time] > 0:
		last := c.first[dataset.Time]
		for _, p := range c.first {
			if p.index > last.index {
				last = p
			}
		}
		e := dataset.NewError(last.path, c.conflict(), "write the files with one type, or say which it is with a schema")
		e.Column = c.field.Name
		return 0, e
	}
	return dataset.Float, nil
}

// conflict says which types the column has, and where.
func (c *joined) conflict() string {
	var types []string
	for _, t := range []dataset.Type{dataset.Float, dataset.Bool, dataset.Time, dataset.String} {
		if p := c.first[t]; p != nil {
			types = append(types, fmt.Sprintf("%v in %s", t, p.path))
		}
	}
	return "the column is " + strings.Join(types, ", ")
}

// reopen opens the files again whose columns are to be stored in another way.
func (s *partsSource) reopen(ctx context.Context, o Options, forced map[string]dataset.Type) error {
	types := maps.Clone(forced)
	maps.Copy(types, o.Types)
	o.Types = types
	return s.each(func(p *openPart) error {
		same := !p.leftOpen(o.Prefer)
		for _, f := range p.source.Schema().Fields {
			t, is := forced[f.Name]
			same = same && (!is || t == f.Type)
		}
		if same {
			return nil
		}
		p.source.Close()
		var err error
		p.source, p.format, err = openOne(ctx, p.path, o)
		return err
	})
}

// bind finds the columns of the dataset in the file.
func (p *openPart) bind(schema *dataset.Schema) {
	at := map[string]int{}
	for i, f := range p.source.Schema().Fields {
		at[f.Name] = i
	}
	p.columns = make([]int, len(schema.Fields))
	p.values = make([]dataset.Vector, len(schema.Fields))
	for j, f := range schema.Fields {
		i, ok := at[f.Name]
		if !ok {
			i = -1
			p.values[j] = fixedCell(f.Type, 0, "", true)
		}
		p.columns[j] = i
	}
}

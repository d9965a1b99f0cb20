package load

import (
	"fmt"
	"slices"

	"synthos/dataset"
)

// fixedCell returns a vector of one cell.
func fixedCell(t dataset.Type, x float64, s string, null bool) dataset.Vector {
	v := dataset.Vector{Null: []bool{null}}
	if t == dataset.String {
		v.Strings = []string{s}
	} else {
		v.Floats = []float64{x}
	}
	return v
}

// addKeys adds the columns of the partition keys.
func (s *partsSource) addKeys(o Options) error {
	first := s.parts[0]
	for _, p := range s.parts {
		same := slices.EqualFunc(p.keys, first.keys, func(a, b partKey) bool { return a.name == b.name })
		if !same {
			return dataset.NewError(p.path, fmt.Sprintf("is in folders with the keys %v, %s in folders with the keys %v", p.keys, first.path, first.keys),
				"give folders that are all partitioned in the same way")
		}
	}
	for k, key := range first.keys {
		cells := make([]cell, 0, len(s.parts))
		for _, p := range s.parts {
			if v := p.keys[k].value; v != hiveNull {
				cells = append(cells, cell{text: v})
			}
		}
		field, finding := inferAs(cells, o.Types[key.name], false)
		field.Name = key.name
		if finding != "" {
			s.note(s.path, key.name, finding)
		}
		j := s.schema.Index(key.name)
		if j < 0 {
			j = len(s.schema.Fields)
			s.schema.Fields = append(s.schema.Fields, dataset.Field{})
			for _, p := range s.parts {
				p.columns, p.values = append(p.columns, -1), append(p.values, dataset.Vector{})
			}
		} else {
			s.note(s.path, key.name, "is a column of the files and the name of their folders; read from the folders")
		}
		s.schema.Fields[j] = shownFields([]dataset.Field{field})[0]
		for _, p := range s.parts {
			p.columns[j], p.values[j] = -1, keyCell(&field, p.keys[k].value)
		}
	}
	return nil
}

// keyCell reads the value of a partition key as the type of its column.
func keyCell(f *dataset.Field, text string) dataset.Vector {
	if text == hiveNull {
		return fixedCell(f.Type, 0, "", true)
	}
	if f.Type == dataset.String {
		return fixedCell(f.Type, 0, text, false)
	}
	c := newBuilder(&dataset.Schema{Fields: []dataset.Field{*f}}).columns[0]
	x, ok := c.read([]byte(text))
	v := fixedCell(f.Type, x, "", !ok)
	return v
}

// String returns name=value.
func (k partKey) String() string { return k.name + "=" + k.value }

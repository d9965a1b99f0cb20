package load

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"synthos/dataset"
	"synthos/load/hdf5"
)

// pandas recognises a data frame by the attribute pandas_type of its group.
func (t *hdf5Tree) pandas(group *hdf5.Object) (candidate, bool) {
	attrs := attributes(group)
	c := candidate{paths: []string{group.Path}}
	switch attrs["pandas_type"] {
	case "frame":
		c.about = "a data frame"
		c.make = func() (*hdf5Table, error) { return t.fixedFrame(group, attrs) }
	case "frame_table":
		c.about = "a data frame"
		if o := t.member(group, "table"); o != nil && o.Dataset != nil {
			c.about = fmt.Sprintf("a data frame of %d rows", o.Dataset.Rows())
		}
		c.make = func() (*hdf5Table, error) { return t.tableFrame(group, attrs) }
	default: // a series is a group of two datasets like any other
		return c, false
	}
	return c, true
}

// member returns what a group holds under a name, nil if there is nothing.
func (t *hdf5Tree) member(group *hdf5.Object, name string) *hdf5.Object {
	return t.at[strings.TrimSuffix(group.Path, "/")+"/"+name]
}

// data returns the dataset of a group with a name.
func (t *hdf5Tree) data(group *hdf5.Object, name string) (*hdf5.Object, error) {
	o := t.member(group, name)
	switch {
	case o == nil:
		return nil, fmt.Errorf("%s: a data frame without %q", group.Path, name)
	case o.Err != nil:
		return nil, fmt.Errorf("%s: %w", o.Path, o.Err)
	case o.Dataset == nil:
		return nil, fmt.Errorf("%s: a group where a dataset should be", o.Path)
	}
	return o, nil
}

// labels returns the names in a list of columns.
func (t *hdf5Tree) labels(group *hdf5.Object, name string) ([]string, error) {
	o, err := t.data(group, name)
	if err != nil {
		return nil, err
	}
	if attributes(o)["PSEUDOATOM"] == "object" {
		v, err := t.pickle(o)
		if err != nil {
			return nil, err
		}
		items, _, ok := objectArray(v)
		if !ok {
			return nil, fmt.Errorf("%s: a pickle of something else than names", o.Path)
		}
		names := make([]string, len(items))
		for i, v := range items {
			names[i], _ = objectText(v)
		}
		return names, nil
	}
	return t.texts(o, 0, o.Dataset.Type)
}

// texts reads the values at an offset of all rows of a dataset as texts.
func (t *hdf5Tree) texts(o *hdf5.Object, offset int, typ *hdf5.Type) ([]string, error) {
	if o.Dataset.Rows() > mostHDF5Columns {
		return nil, fmt.Errorf("%s: a list of %d names", o.Path, o.Dataset.Rows())
	}
	var out []string
	for r := o.Dataset.NewReader(0, o.Dataset.Rows()); ; {
		raw, n, err := r.Next(4096)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Path, err)
		}
		size := len(raw) / n
		for i := range n {
			text, err := t.file.Text(typ, raw[i*size+offset:])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", o.Path, err)
			}
			out = append(out, plainText(text))
		}
	}
}

// tableFrame makes a table of a frame in the table layout: records of the index
// and of values, where values_block_0 holds all columns of a type, or a data
// column one. Attributes of the records name the columns and their types.
func (t *hdf5Tree) tableFrame(group *hdf5.Object, attrs map[string]string) (*hdf5Table, error) {
	o, err := t.data(group, "table")
	if err != nil {
		return nil, err
	}
	typ := o.Dataset.Type
	if typ.Class != hdf5.Compound || len(o.Dataset.Dims) != 1 {
		return nil, fmt.Errorf("%s: no records in a data frame", o.Path)
	}
	own := attributes(o)
	table := &hdf5Table{path: group.Path, rows: o.Dataset.Rows()}
	part := &hdf5Part{path: o.Path, file: t.file, data: o.Dataset}
	for _, m := range typ.Members {
		if m.Name == "index" {
			t.tableIndex(table, part, m, own, attrs)
			continue
		}
		if err := t.tableBlock(table, part, group, m, own); err != nil {
			return nil, err
		}
	}
	if axes, ok := unpickled(attrs["non_index_axes"]).(*hdf5.Sequence); ok && len(axes.Items) == 1 {
		if axis, ok := axes.Items[0].(*hdf5.Sequence); ok && len(axis.Items) == 2 {
			table.order(nameList(axis.Items[1]))
		}
	}
	return table, nil
}

// tableIndex adds the index, unless it only counts the rows.
func (t *hdf5Tree) tableIndex(table *hdf5Table, part *hdf5Part, m hdf5.Member, own, attrs map[string]string) {
	kind := own["index_kind"]
	name, named := "index", false
	if info, ok := unpickled(attrs["info"]).(*hdf5.Mapping); ok {
		if index, ok := info.Get("index").(*hdf5.Mapping); ok {
			if s, ok := index.Get("index_name").(string); ok {
				name, named = s, true
			}
		}
	}
	if kind == "integer" && !named || m.Type.Readable() != nil {
		return
	}
	if kind == "datetime64" || kind == "datetime" {
		kind = "datetime64[ns]"
	}
	table.addColumn(part, &hdf5Column{field: dataset.Field{Name: name}, typ: m.Type, offset: m.Offset}, kind)
}

// tableBlock adds the columns of a field of the records.
func (t *hdf5Tree) tableBlock(table *hdf5Table, part *hdf5Part, group *hdf5.Object, m hdf5.Member, own map[string]string) error {
	names := nameList(unpickled(own[m.Name+"_kind"]))
	typ, width := m.Type, 1
	if typ.Class == hdf5.Array {
		typ, width = typ.Base, typ.Size/typ.Base.Size
	}
	if len(names) == 0 && width == 1 {
		names = []string{m.Name}
	}
	if len(names) != width {
		return fmt.Errorf("%s: %d names for the %d columns of %q", part.path, len(names), width, m.Name)
	}
	var categories []any
	if own[m.Name+"_meta"] == "category" {
		var err error
		if categories, err = t.categories(group, m.Name); err != nil {
			return err
		}
	}
	nullText, hasNull := unpickled(own[m.Name+"_nan_rep"]).(string)
	if _, said := own[m.Name+"_nan_rep"]; !said {
		nullText, hasNull = "nan", true // pandas' default
	}
	for k, name := range names {
		if err := typ.Readable(); err != nil {
			table.notes = append(table.notes, fmt.Sprintf("the column %q is left out: %v", name, err))
			continue
		}
		c := &hdf5Column{field: dataset.Field{Name: name}, typ: typ, offset: m.Offset + k*typ.Size, categories: categories}
		c.nullText, c.hasNull = nullText, hasNull && typ.Class == hdf5.String
		table.addColumn(part, c, own[m.Name+"_dtype"])
		if categories != nil {
			c.field = dataset.Field{Name: name, Type: dataset.String}
			c.wide = false
		}
	}
	return nil
}

// categories reads the categories of a field, a table of its own.
func (t *hdf5Tree) categories(group *hdf5.Object, field string) ([]any, error) {
	o := t.member(group, path.Join("meta", field, "meta", "table"))
	if o == nil || o.Dataset == nil {
		return nil, fmt.Errorf("%s: the categories of %q are missing", group.Path, field)
	}
	for _, m := range o.Dataset.Type.Members {
		if m.Name != "values" {
			continue
		}
		texts, err := t.texts(o, m.Offset, m.Type)
		if err != nil {
			return nil, err
		}
		out := make([]any, len(texts))
		for i, s := range texts {
			out[i] = s
		}
		return out, nil
	}
	return nil, errors.New(o.Path + ": categories without values")
}

// unpickled returns what an attribute of PyTables holds: a pickle, or a text.
func unpickled(text string) any {
	if strings.HasSuffix(text, ".") {
		if v, err := hdf5.Unpickle([]byte(text)); err == nil {
			return v
		}
	}
	return text
}

// nameList returns the texts of a list of names.
func nameList(v any) []string {
	list, ok := v.(*hdf5.Sequence)
	if !ok {
		return nil
	}
	names := make([]string, len(list.Items))
	for i, item := range list.Items {
		names[i], _ = objectText(item)
	}
	return names
}

// order sorts the columns by a list of names; others stay in front.
func (t *hdf5Table) order(names []string) {
	rank := map[string]int{}
	for i, name := range names {
		rank[name] = i + 1
	}
	slices.SortStableFunc(t.columns, func(a, b *hdf5Column) int { return rank[a.field.Name] - rank[b.field.Name] })
}

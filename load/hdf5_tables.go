package load

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"synthos/dataset"
	"synthos/load/hdf5"
)

// hdf5Tree is the objects of a file by their place.
type hdf5Tree struct {
	file    *hdf5.File
	path    string // of the file
	objects []*hdf5.Object
	at      map[string]*hdf5.Object
	members map[string][]*hdf5.Object // of each group, in order
}

func newHDF5Tree(file *hdf5.File, filePath string) (*hdf5Tree, error) {
	objects, err := file.Objects()
	if err != nil {
		return nil, err
	}
	t := &hdf5Tree{file: file, path: filePath, objects: objects, at: map[string]*hdf5.Object{}, members: map[string][]*hdf5.Object{}}
	for _, o := range objects {
		t.at[o.Path] = o
		if o.Path != "/" {
			parent := path.Dir(o.Path)
			t.members[parent] = append(t.members[parent], o)
		}
	}
	return t, nil
}

// candidate is a table that a file may be meant to hold.
type candidate struct {
	paths []string // by which it can be chosen; the first is its name
	about string   // its size
	make  func() (*hdf5Table, error)
}

// findTable returns the table called chosen, or the only one.
func findTable(file *hdf5.File, filePath, chosen string) (*hdf5Table, error) {
	tree, err := newHDF5Tree(file, filePath)
	if err != nil {
		return nil, err
	}
	candidates := tree.candidates()
	var names []string
	for _, c := range candidates {
		if chosen != "" && slices.Contains(c.paths, "/"+strings.Trim(chosen, "/")) {
			return c.make()
		}
		names = append(names, fmt.Sprintf("%s (%s)", c.paths[0], c.about))
	}
	switch {
	case len(candidates) == 0:
		return nil, tree.nothing()
	case chosen != "":
		return nil, dataset.NewError(filePath, fmt.Sprintf("there is no table at %q", chosen), "choose one of "+quotedPaths(names))
	case len(candidates) > 1:
		return nil, dataset.NewError(filePath, fmt.Sprintf("the file holds %d tables", len(candidates)), "choose one by its path: "+quotedPaths(names))
	}
	return candidates[0].make()
}

// nothing returns the error for a file without a table. It says what there is
// instead, and why it is none.
func (t *hdf5Tree) nothing() error {
	var found []string
	for _, o := range t.objects {
		switch {
		case o.Err != nil:
			found = append(found, fmt.Sprintf("%s (%v)", o.Path, o.Err))
		case o.Dataset != nil:
			if why := unfit(o); why != "" {
				found = append(found, fmt.Sprintf("%s (%s)", o.Path, why))
			}
		}
	}
	e := dataset.NewError(t.path, "there is no table in the HDF5 file", "write a data frame, a dataset of records, or datasets of one or two dimensions")
	if len(found) > 0 {
		e.Found += ", only " + quotedPaths(found)
	}
	return e
}

// unfit says why a dataset is not part of a table, "" if it can be.
func unfit(o *hdf5.Object) string {
	d := o.Dataset
	switch {
	case d.Empty || len(d.Dims) == 0:
		return "a single value"
	case len(d.Dims) > 2 || d.Type.Class == hdf5.Compound && len(d.Dims) > 1:
		return fmt.Sprintf("%d dimensions", len(d.Dims))
	case d.Rows() == 0 || len(d.Dims) == 2 && d.Dims[1] == 0:
		return "no rows"
	}
	if err := d.Type.Readable(); err != nil && d.Type.Class != hdf5.Compound {
		return err.Error()
	}
	if _, pickled := attributes(o)["PSEUDOATOM"]; pickled {
		return "pickled objects"
	}
	return ""
}

// candidates lists the tables of the file in order.
func (t *hdf5Tree) candidates() []candidate {
	var out []candidate
	inside := "" // of a data frame, or of an index of PyTables
	for _, o := range t.objects {
		if inside != "" && strings.HasPrefix(o.Path, inside+"/") || o.Dataset != nil || o.Err != nil {
			continue
		}
		inside = ""
		if strings.HasPrefix(path.Base(o.Path), "_i_") {
			inside = o.Path
			continue
		}
		if c, ok := t.pandas(o); ok {
			inside = strings.TrimSuffix(o.Path, "/")
			out = append(out, c)
			continue
		}
		out = append(out, t.records(o)...)
		out = append(out, t.group(o)...)
	}
	return out
}

// records lists the datasets of records in a group: each is a table.
func (t *hdf5Tree) records(group *hdf5.Object) []candidate {
	var out []candidate
	for _, o := range t.members[group.Path] {
		if o.Dataset == nil || o.Dataset.Type.Class != hdf5.Compound || unfit(o) != "" {
			continue
		}
		out = append(out, candidate{
			paths: []string{o.Path},
			about: fmt.Sprintf("%d rows of %d fields", o.Dataset.Rows(), len(o.Dataset.Type.Members)),
			make:  func() (*hdf5Table, error) { return t.recordTable(o), nil },
		})
	}
	return out
}

// recordTable makes a table of a dataset of records.
func (t *hdf5Tree) recordTable(o *hdf5.Object) *hdf5Table {
	table := &hdf5Table{path: o.Path, rows: o.Dataset.Rows()}
	table.add(&hdf5Part{path: o.Path, file: t.file, data: o.Dataset}, "", o.Dataset.Type, 0)
	return table
}

// group lists the tables that the datasets of a group make: one for each number
// of rows.
func (t *hdf5Tree) group(group *hdf5.Object) []candidate {
	var lengths []uint64
	byRows := map[uint64][]*hdf5.Object{}
	for _, o := range t.members[group.Path] {
		if o.Dataset == nil || o.Err != nil || o.Dataset.Type.Class == hdf5.Compound || unfit(o) != "" {
			continue
		}
		n := o.Dataset.Rows()
		if byRows[n] == nil {
			lengths = append(lengths, n)
		}
		byRows[n] = append(byRows[n], o)
	}
	var out []candidate
	for _, n := range lengths {
		members := byRows[n]
		c := candidate{make: func() (*hdf5Table, error) { return t.groupTable(group.Path, members), nil }}
		columns := uint64(0)
		for _, o := range members {
			c.paths = append(c.paths, o.Path)
			width := uint64(1)
			if len(o.Dataset.Dims) == 2 {
				width = o.Dataset.Dims[1]
			}
			columns += width
		}
		if len(lengths) == 1 && len(members) > 1 {
			c.paths = append([]string{group.Path}, c.paths...)
		}
		c.about = fmt.Sprintf("%d rows of %d columns", n, columns)
		out = append(out, c)
	}
	return out
}

// groupTable makes a table of datasets of the same number of rows.
func (t *hdf5Tree) groupTable(group string, members []*hdf5.Object) *hdf5Table {
	table := &hdf5Table{path: group, rows: members[0].Dataset.Rows()}
	for _, o := range members {
		d := o.Dataset
		part := &hdf5Part{path: o.Path, file: t.file, data: d}
		name := path.Base(o.Path)
		if len(d.Dims) == 2 {
			table.addMany(part, name, d.Type, 0, d.Dims[1])
		} else {
			table.add(part, name, d.Type, 0)
		}
	}
	return table
}

// mostHDF5Columns is how many columns of a table are looked at: more are
// refused by Options.MaxColumns, whatever that is.
const mostHDF5Columns = 1 << 24

// add adds the column, or for a record the columns, of a value that begins at
// an offset of each row.
func (t *hdf5Table) add(p *hdf5Part, name string, typ *hdf5.Type, offset int) {
	if len(p.columns) == 0 && !slices.Contains(t.parts, p) {
		t.parts = append(t.parts, p)
	}
	switch {
	case typ.Class == hdf5.Compound:
		for _, m := range typ.Members {
			inner := m.Name
			if name != "" {
				inner = name + "." + m.Name
			}
			t.add(p, inner, m.Type, offset+m.Offset)
		}
		return
	case typ.Class == hdf5.Array && len(typ.Dims) == 1 && typ.Base.Readable() == nil:
		t.addMany(p, name, typ.Base, offset, uint64(typ.Dims[0]))
		return
	}
	if err := typ.Readable(); err != nil {
		t.notes = append(t.notes, fmt.Sprintf("the column %q is left out: %v", name, err))
		return
	}
	t.addColumn(p, &hdf5Column{field: dataset.Field{Name: name}, typ: typ, offset: offset}, "")
}

// addMany adds n columns of elements that lie side by side.
func (t *hdf5Table) addMany(p *hdf5Part, name string, typ *hdf5.Type, offset int, n uint64) {
	if n == 1 {
		t.add(p, name, typ, offset)
		return
	}
	for k := range min(n, mostHDF5Columns) {
		t.add(p, fmt.Sprintf("%s_%d", name, k), typ, offset+int(k)*typ.Size)
	}
}

// addColumn adds a column that the type in the file, and what pandas says
// about it, describe.
func (t *hdf5Table) addColumn(p *hdf5Part, c *hdf5Column, pandasType string) {
	if p != nil {
		if !slices.Contains(t.parts, p) {
			t.parts = append(t.parts, p)
		}
		c.describe(pandasType)
		p.columns = append(p.columns, c)
	}
	t.columns = append(t.columns, c)
}

// attributes returns the attributes of an object as texts.
func attributes(o *hdf5.Object) map[string]string {
	list, err := o.Attributes()
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for _, a := range list {
		if text, ok := a.Text(); ok {
			out[a.Name] = text
		}
	}
	return out
}

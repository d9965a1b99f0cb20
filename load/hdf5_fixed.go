package load

import (
	"fmt"
	"math/big"
	"strconv"

	"synthos/dataset"
	"synthos/load/hdf5"
)

// fixedFrame makes a table of a frame in the fixed layout: axis0 lists the
// columns, axis1 the index; the columns of one type each are in a block with
// its own list of columns, block0_items, and its values, block0_values.
func (t *hdf5Tree) fixedFrame(group *hdf5.Object, attrs map[string]string) (*hdf5Table, error) {
	blocks, err := strconv.Atoi(attrs["nblocks"])
	if err != nil || blocks < 0 || blocks > mostHDF5Columns {
		return nil, fmt.Errorf("%s: a data frame of %q blocks", group.Path, attrs["nblocks"])
	}
	axis, err := t.data(group, "axis1")
	if err != nil {
		return nil, err
	}
	table := &hdf5Table{path: group.Path, rows: axis.Dataset.Rows()}
	if err := t.fixedIndex(table, axis, attrs); err != nil {
		return nil, err
	}
	names, err := t.labels(group, "axis0")
	if err != nil {
		return nil, err
	}
	for k := range blocks {
		if err := t.fixedBlock(table, group, fmt.Sprintf("block%d", k)); err != nil {
			return nil, err
		}
	}
	table.order(names)
	return table, nil
}

// fixedIndex adds the index of a frame, unless it only counts the rows.
func (t *hdf5Tree) fixedIndex(table *hdf5Table, axis *hdf5.Object, attrs map[string]string) error {
	own := attributes(axis)
	if attrs["axis1_variety"] != "regular" || own["PSEUDOATOM"] != "" {
		table.notes = append(table.notes, "the index of the data frame is left out")
		return nil
	}
	name, named := unpickled(own["name"]).(string)
	kind := own["kind"]
	if !named && kind == "integer" {
		return nil
	}
	if !named {
		name = "index"
	}
	c := &hdf5Column{field: dataset.Field{Name: name}, typ: axis.Dataset.Type}
	if kind == "datetime64" || kind == "datetime" {
		kind = "datetime64[ns]"
	}
	table.addColumn(&hdf5Part{path: axis.Path, file: t.file, data: axis.Dataset}, c, kind)
	return nil
}

// fixedBlock adds the columns of one block.
func (t *hdf5Tree) fixedBlock(table *hdf5Table, group *hdf5.Object, name string) error {
	names, err := t.labels(group, name+"_items")
	if err != nil {
		return err
	}
	values, err := t.data(group, name+"_values")
	if err != nil {
		return err
	}
	attrs := attributes(values)
	if attrs["PSEUDOATOM"] == "object" {
		return t.objectBlock(table, values, names)
	}
	d := values.Dataset
	if len(d.Dims) != 2 || d.Dims[1] != uint64(len(names)) || d.Dims[0] != table.rows || attrs["transposed"] != "1" {
		return fmt.Errorf("%s: a block of %v values for %d rows of %d columns", values.Path, d.Dims, table.rows, len(names))
	}
	part := &hdf5Part{path: values.Path, file: t.file, data: d}
	for k, name := range names {
		table.addColumn(part, &hdf5Column{field: dataset.Field{Name: name}, typ: d.Type, offset: k * d.Type.Size}, attrs["value_type"])
	}
	return nil
}

// objectBlock adds the columns of a block of Python objects, which is a pickle
// of an array of rows by columns.
func (t *hdf5Tree) objectBlock(table *hdf5Table, values *hdf5.Object, names []string) error {
	v, err := t.pickle(values)
	if err != nil {
		return err
	}
	items, shape, ok := objectArray(v)
	if !ok || len(shape) != 2 || shape[1] != len(names) || uint64(shape[0]) != table.rows || len(items) != shape[0]*shape[1] {
		return fmt.Errorf("%s: a pickle of something else than %d columns of %d rows", values.Path, len(names), table.rows)
	}
	for k, name := range names {
		c := &hdf5Column{field: dataset.Field{Name: name, Type: dataset.String}, objects: make([]any, shape[0])}
		for i := range c.objects {
			if text, ok := objectText(items[i*len(names)+k]); ok {
				c.objects[i] = text
			}
		}
		table.addColumn(nil, c, "")
	}
	return nil
}

// pickle decodes a dataset of one element, a pickle.
func (t *hdf5Tree) pickle(o *hdf5.Object) (any, error) {
	d := o.Dataset
	if d.Rows() != 1 || d.Type.Class != hdf5.VarLength {
		return nil, fmt.Errorf("%s: %d pickles where one should be", o.Path, d.Rows())
	}
	raw, _, err := d.NewReader(0, 1).Next(1)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Path, err)
	}
	data, err := t.file.Sequence(d.Type, raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Path, err)
	}
	v, err := hdf5.Unpickle(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Path, err)
	}
	return v, nil
}

// objectArray returns the items of a pickled array of objects, and its shape.
// Its state is a version, the shape, the type, whether memory is in column
// order, and the items, which are always in row order.
func objectArray(v any) (items []any, shape []int, ok bool) {
	array, ok := v.(*hdf5.Instance)
	if !ok {
		return nil, nil, false
	}
	state, ok := array.State.(*hdf5.Sequence)
	if !ok || len(state.Items) != 5 {
		return nil, nil, false
	}
	dims, ok1 := state.Items[1].(*hdf5.Sequence)
	list, ok2 := state.Items[4].(*hdf5.Sequence)
	if !ok1 || !ok2 {
		return nil, nil, false
	}
	n := int64(1)
	for _, d := range dims.Items {
		k, ok := d.(int64)
		if !ok || k < 0 || k > int64(len(list.Items)) {
			return nil, nil, false
		}
		n *= max(k, 1)
		if n > int64(len(list.Items)) {
			return nil, nil, false
		}
		shape = append(shape, int(k))
	}
	return list.Items, shape, true
}

// objectText returns a Python object as the text of a cell. None, NaN and what
// has no plain text are null.
func objectText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return plainText(string(v)), true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case *big.Int:
		return v.String(), true
	case float64:
		if v != v {
			return "", false
		}
		return formatNumber(v), true
	}
	return "", false
}

package load

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"synthos/dataset"
)

// parquetColumn is one column of the schema that we show: a leaf of the file
// outside of lists, or the root of a list or map with all its leaves.
type parquetColumn struct {
	field dataset.Field
	node  *parquetNode
	cast  forced
}

// parquetNode is a node of the file's schema.
type parquetNode struct {
	name               string
	repeated, optional bool
	maxRep, maxDef     byte
	list, dict         bool // annotated as LIST, as MAP
	children           []*parquetNode
	leaf               *parquetLeaf   // nil for groups
	leaves             []*parquetLeaf // below this node, in file order
}

// parquetReader hands out the cells of one column of a row group.
type parquetReader interface {
	// read returns the next n rows, fewer only at the end. The vector is valid
	// until the next call.
	read(n int) (*dataset.Vector, error)
	close()
}

// reader starts to read c in a row group.
func (c *parquetColumn) reader(group parquetGroup) parquetReader {
	if c.node.leaf != nil && !c.node.repeated {
		return newParquetFlat(c.node.leaf, group)
	}
	return newParquetNested(c.node, group)
}

// parquetColumns lists the columns of the file in order.
func parquetColumns(f *parquet.File) ([]*parquetColumn, error) {
	b := &parquetSchema{elements: f.Metadata().Schema[1:]}
	var columns []*parquetColumn
	var flatten func(n *parquetNode, path string)
	flatten = func(n *parquetNode, path string) {
		if n.leaf == nil && !n.repeated && !n.list && !n.dict {
			for _, child := range n.children {
				flatten(child, path+"."+child.name)
			}
			return
		}
		c := &parquetColumn{node: n, field: dataset.Field{Name: path, Type: dataset.String}}
		if n.leaf != nil && !n.repeated {
			c.field.Type, c.field.Integer, c.field.Layout = n.leaf.typ, n.leaf.whole, n.leaf.layout
		}
		columns = append(columns, c)
	}
	for _, col := range f.Root().Columns() {
		n, err := b.node(col)
		if err != nil {
			return nil, err
		}
		flatten(n, n.name)
	}
	return columns, nil
}

// isChat reports whether a node holds lists of messages.
func (n *parquetNode) isChat() bool {
	if !n.repeated && !n.list {
		return false
	}
	for n.leaf == nil && len(n.children) == 1 {
		n = n.children[0]
	}
	names := make([]string, len(n.children))
	for i, child := range n.children {
		names[i] = child.name
	}
	return isMessage(names)
}

// parquetSchema walks the footer's flat list of schema elements, which stand
// in depth-first order, beside the library's tree: the tree knows the levels,
// the elements know the annotations.
type parquetSchema struct {
	elements []format.SchemaElement
}

func (b *parquetSchema) node(col *parquet.Column) (*parquetNode, error) {
	if len(b.elements) == 0 {
		return nil, fmt.Errorf("the schema has fewer elements than columns")
	}
	e := &b.elements[0]
	b.elements = b.elements[1:]
	n := &parquetNode{
		name:     col.Name(),
		repeated: col.Repeated(),
		optional: col.Optional(),
		maxRep:   byte(col.MaxRepetitionLevel()),
		maxDef:   byte(col.MaxDefinitionLevel()),
	}
	if col.Leaf() {
		leaf, err := newParquetLeaf(col, e)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", strings.Join(col.Path(), "."), err)
		}
		n.leaf, n.leaves = leaf, []*parquetLeaf{leaf}
		return n, nil
	}
	switch e.LogicalType.Value.(type) {
	case *format.ListType:
		n.list = true
	case *format.MapType:
		n.dict = true
	case nil:
		if e.ConvertedType.Valid {
			n.list = e.ConvertedType.V == deprecated.List
			n.dict = e.ConvertedType.V == deprecated.Map || e.ConvertedType.V == deprecated.MapKeyValue && !n.repeated
		}
	}
	for _, child := range col.Columns() {
		c, err := b.node(child)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, c)
		n.leaves = append(n.leaves, c.leaves...)
	}
	// A LIST or MAP without a repeated child is a plain struct.
	if repeats := len(n.children) == 1 && n.children[0].repeated; !repeats {
		n.list, n.dict = false, false
	}
	return n, nil
}

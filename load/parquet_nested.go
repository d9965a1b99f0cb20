package load

import (
	"errors"
	"fmt"
	"io"

	"synthos/dataset"
)

// parquetEntry is one entry of a leaf below a list: its value, nil if there is
// none, and its levels. A repetition level of 0 starts a new row; the
// definition level says how many of the optional and repeated nodes on the path
// to the leaf are there (Melnik et al., Dremel, VLDB 2010, section 4.1).
type parquetEntry struct {
	rep, def byte
	value    any
}

// parquetEntries reads the entries of a leaf row by row.
type parquetEntries struct {
	pages *parquetPages
	queue []parquetEntry // read from the pages, not handed out yet
	start int            // where the queue begins
	end   bool           // no more pages
}

// row returns the entries of the next row, or nil after the last one. They are
// valid until the next call.
func (r *parquetEntries) row() ([]parquetEntry, error) {
	for i := r.start + 1; ; i++ {
		for i >= len(r.queue) && !r.end {
			if r.start > 0 {
				i -= r.start
				r.queue = append(r.queue[:0], r.queue[r.start:]...)
				r.start = 0
			}
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		if i >= len(r.queue) || r.queue[i].rep == 0 {
			row := r.queue[r.start:min(i, len(r.queue))]
			r.start = min(i, len(r.queue))
			return row, nil
		}
	}
}

// fill appends the entries of the next page to the queue.
func (r *parquetEntries) fill() error {
	p := r.pages
	err := p.next()
	if err == io.EOF {
		r.end = true
		return nil
	}
	if err != nil {
		return err
	}
	if len(p.rep) != p.rows || len(p.def) != p.rows {
		return fmt.Errorf("a page of %d entries has %d repetition levels", p.rows, len(p.rep))
	}
	k := 0
	for i := range p.rows {
		e := parquetEntry{rep: p.rep[i], def: p.def[i]}
		if e.def == p.leaf.maxDef {
			e.value = p.value(k)
			k++
		}
		r.queue = append(r.queue, e)
	}
	return nil
}

// value returns value k of the page as a nested value.
func (p *parquetPages) value(k int) any {
	var s string
	if p.leaf.strings != nil {
		s = p.strings[k]
	} else if x := p.floats[k]; x-x != 0 {
		return nil
	} else {
		s = p.leaf.format(x)
	}
	if p.leaf.quoted {
		return s
	}
	return literal(s)
}

// parquetNested reads a column that is a list, a map or below one, as text.
type parquetNested struct {
	node    *parquetNode
	entries []*parquetEntries // one a leaf of node
	row     [][]parquetEntry
	v       dataset.Vector
}

func newParquetNested(node *parquetNode, group parquetGroup) *parquetNested {
	r := &parquetNested{node: node, row: make([][]parquetEntry, len(node.leaves))}
	for _, leaf := range node.leaves {
		r.entries = append(r.entries, &parquetEntries{pages: newParquetPages(leaf, group)})
	}
	return r
}

func (r *parquetNested) close() {
	for _, e := range r.entries {
		e.pages.close()
	}
}

func (r *parquetNested) read(n int) (*dataset.Vector, error) {
	r.v.Null, r.v.Strings = sized(r.v.Null, n)[:0], sized(r.v.Strings, n)[:0]
	for range n {
		for i, e := range r.entries {
			row, err := e.row()
			if err != nil {
				return nil, err
			}
			if len(row) == 0 {
				return &r.v, nil // the caller notices that rows are missing
			}
			r.row[i] = row
		}
		v, err := r.node.build(r.row)
		if err != nil {
			return nil, err
		}
		text, ok := nestedText(v)
		r.v.Strings, r.v.Null = append(r.v.Strings, text), append(r.v.Null, !ok)
	}
	return &r.v, nil
}

var errUneven = errors.New("the leaves of a list disagree about its length")

// build assembles the value of a node from the entries of its leaves: those of
// a row, or of one element of the lists around it.
func (n *parquetNode) build(leaves [][]parquetEntry) (any, error) {
	if !n.repeated {
		return n.single(leaves)
	}
	list := []any{}
	if len(leaves) == 0 || leaves[0][0].def < n.maxDef {
		return list, nil
	}
	rest := append([][]parquetEntry(nil), leaves...)
	element := make([][]parquetEntry, len(leaves))
	for {
		for i, entries := range rest {
			if len(entries) == 0 {
				return nil, errUneven
			}
			k := 1
			for k < len(entries) && entries[k].rep > n.maxRep {
				k++
			}
			element[i], rest[i] = entries[:k], entries[k:]
		}
		v, err := n.single(element)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if len(rest[0]) == 0 {
			break
		}
	}
	for _, entries := range rest {
		if len(entries) > 0 {
			return nil, errUneven
		}
	}
	return list, nil
}

// single assembles one occurrence of a node.
func (n *parquetNode) single(leaves [][]parquetEntry) (any, error) {
	if len(leaves) == 0 {
		return &record{}, nil
	}
	if leaves[0][0].def < n.maxDef {
		return nil, nil
	}
	if n.leaf != nil {
		if len(leaves[0]) != 1 {
			return nil, errUneven
		}
		return leaves[0][0].value, nil
	}
	r := &record{}
	for _, child := range n.children {
		v, err := child.build(leaves[:len(child.leaves)])
		if err != nil {
			return nil, err
		}
		leaves = leaves[len(child.leaves):]
		r.names, r.values = append(r.names, child.name), append(r.values, v)
	}
	switch {
	case n.list:
		return n.elements(r.values[0].([]any)), nil
	case n.dict:
		return entriesRecord(r.values[0].([]any)), nil
	}
	return r, nil
}

// elements unwraps a LIST: its repeated child is a group with the element as
// its only field, or in old files the element itself.
// See "Backward-compatibility rules" in the format's LogicalTypes.md.
func (n *parquetNode) elements(list []any) []any {
	group := n.children[0]
	if group.leaf != nil || len(group.children) != 1 || group.name == "array" || group.name == n.name+"_tuple" {
		return list
	}
	for i, v := range list {
		if r, ok := v.(*record); ok {
			list[i] = r.values[0]
		}
	}
	return list
}

// entriesRecord turns the key-value pairs of a MAP into a record.
func entriesRecord(list []any) any {
	out := &record{}
	for _, v := range list {
		r, ok := v.(*record)
		if !ok || len(r.values) == 0 {
			continue
		}
		name, _ := nestedText(r.values[0])
		var value any
		if len(r.values) > 1 {
			value = r.values[1]
		}
		out.names, out.values = append(out.names, name), append(out.values, value)
	}
	return out
}

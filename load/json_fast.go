package load

import "synthos/dataset"

// jsonFast reads records straight into the columns of a builder: a key is
// compared with the one that usually follows, a value is read by what its
// column holds. It knows records without surprises only; of all others it leaves
// nothing behind, and jsonReader.record reads them, or says what is wrong with them.
type jsonFast struct {
	root    jsonPath
	builder *builder
	parser  jsonParser
	record  int // number of the current record, from 1 on
	cells   int // columns that it has set
	leaves  []*jsonPath
}

// jsonPath is what a jsonFast needs of a jsonNode.
type jsonPath struct {
	key     jsonKey
	cells   *columnBuilder
	column  int // -1 if there are columns below it
	record  int // the last record that had it
	place   int // among the members of its parent
	node    *jsonNode
	members []jsonPath
}

func newJSONFast(root *jsonNode, b *builder) *jsonFast {
	f := &jsonFast{builder: b, leaves: make([]*jsonPath, len(b.columns))}
	f.add(&f.root, root)
	return f
}

// add makes path what n is, with all below it.
func (f *jsonFast) add(path *jsonPath, n *jsonNode) {
	*path = jsonPath{column: n.column, node: n, place: n.place, key: newJSONKey(n.name)}
	if n.column >= 0 {
		path.cells = &f.builder.columns[n.column]
		f.leaves[n.column] = path
		return
	}
	path.members = make([]jsonPath, len(n.children))
	for i, c := range n.children {
		f.add(&path.members[i], c)
	}
}

// read adds the cells of a record to the builder and reports whether it could.
func (f *jsonFast) read(text []byte) bool {
	f.parser.reset(text)
	f.record++
	f.cells = 0
	p := skipSpace(text, 0)
	if p == len(text) || text[p] != '{' {
		return false
	}
	if p = f.object(&f.root, p+1, 0); p < 0 || skipSpace(text, p) < len(text) {
		f.builder.undo(len(f.builder.columns))
		return false
	}
	if f.cells < len(f.leaves) {
		for i, leaf := range f.leaves {
			if leaf.record != f.record {
				f.builder.addNull(i)
			}
		}
	}
	return true
}

// object reads the members of an object into the columns below path, from behind
// its brace on. It returns the position behind the object, or -1. Of two members
// of the same name the last counts: such objects are not for here. The depth is
// within bounds, as that of the sample's records was.
func (f *jsonFast) object(path *jsonPath, p, depth int) int {
	b := f.parser.b
	if p = skipSpace(b, p); p < len(b) && b[p] == '}' {
		return p + 1
	}
	for next := 0; ; {
		var m *jsonPath
		if next < len(path.members) {
			m = &path.members[next]
			if m.key.isAt(b, p) {
				p += len(m.key.text)
			} else {
				m = nil
			}
		}
		if m == nil {
			if m, p = f.member(path, p); m == nil {
				return -1
			}
		}
		next = m.place + 1
		if m.record == f.record {
			return -1
		}
		m.record = f.record
		if p = f.value(m, skipSpace(b, p), depth+1); p < 0 {
			return -1
		}
		if p = skipSpace(b, p); p == len(b) {
			return -1
		}
		switch b[p] {
		case ',':
			p = skipSpace(b, p+1)
		case '}':
			return p + 1
		default:
			return -1
		}
	}
}

// member reads a name and its colon and returns the member that it is of, nil if
// it is none, and the position behind the colon.
func (f *jsonFast) member(path *jsonPath, p int) (*jsonPath, int) {
	d := &f.parser
	d.p = p
	name, err := d.text()
	if err != nil || d.space() != ':' {
		return nil, p
	}
	n := path.node.index[string(name)]
	if n == nil {
		return nil, p
	}
	return &path.members[n.place], d.p + 1
}

// value reads the value at p into the column of path, or those below it, and
// returns the position behind it, or -1.
func (f *jsonFast) value(path *jsonPath, p, depth int) int {
	b, c := f.parser.b, path.cells
	if p == len(b) {
		return -1
	}
	kind := b[p]
	if c == nil {
		switch {
		case kind == '{':
			return f.object(path, p+1, depth)
		case kind == 'n' && isAt(b, p, "null"):
			return p + len("null")
		}
		return -1
	}
	f.cells++
	if c.plain {
		if v, end, ok := scanPlain(b, p); ok && !leadingZero(b, p) {
			f.builder.setFloat(c, v)
			return end
		}
	}
	switch {
	case kind == '"':
		return f.text(path, p+1)
	case kind == 'n' && isAt(b, p, "null"):
		f.builder.addNull(path.column)
		return p + len("null")
	case kind == 't' && c.typ == dataset.Bool && isAt(b, p, "true"):
		f.builder.setFloat(c, 1)
		return p + len("true")
	case kind == 'f' && c.typ == dataset.Bool && isAt(b, p, "false"):
		f.builder.setFloat(c, 0)
		return p + len("false")
	case kind == '{' || kind == '[':
		return f.nested(path.column, p, depth)
	}
	return f.scalar(path.column, p)
}

// text reads the string whose first character is at p into the column of path.
func (f *jsonFast) text(path *jsonPath, p int) int {
	b, c := f.parser.b, path.cells
	start, escapes := p, false
	for {
		p = stringStop(b, p)
		if p >= len(b) {
			return -1
		}
		if b[p] == '"' {
			break
		}
		escapes = true
		p += 2
	}
	raw := b[start:p]
	switch {
	case c.typ == dataset.String && !escapes:
		c.text = append(c.text, raw...)
		f.builder.endText(c)
	case c.typ == dataset.String:
		size := len(c.text)
		var err error
		if c.text, err = appendUnescaped(c.text, raw); err != nil {
			c.text = c.text[:size]
			return -1
		}
		f.builder.endText(c)
	default:
		f.parser.p = start - 1
		text, err := f.parser.text()
		if err != nil {
			return -1
		}
		f.builder.add(path.column, text, true)
	}
	return p + 1
}

// nested reads an object or a list into the column i of texts.
func (f *jsonFast) nested(i, p, depth int) int {
	f.parser.p = p
	v, err := f.parser.nested(depth)
	if err != nil {
		return -1
	}
	text, _ := nestedText(v)
	f.builder.add(i, []byte(text), true)
	return f.parser.p
}

// scalar reads a number or a word into column i.
func (f *jsonFast) scalar(i, p int) int {
	f.parser.p = p
	text, err := f.parser.scalar()
	switch {
	case err != nil:
		return -1
	case text == nil:
		f.builder.addNull(i)
	default:
		f.builder.add(i, text, false)
	}
	return f.parser.p
}

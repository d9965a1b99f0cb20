package load

import (
	"synthos/dataset"
)

// jsonNode is a path in the records: the root, a member, a member of a member.
// Paths with members become as many columns as they have, named with dots;
// those without become one.
type jsonNode struct {
	name     string
	children []*jsonNode // in the order in which the sample shows them
	index    map[string]*jsonNode
	place    int // among the children of its parent
	column   int // of a leaf; -1 if the node has columns below it

	object bool        // the sample shows objects here
	nested bool        // the sample shows arrays here
	chat   *chatColumn // what those of them show that are conversations, if there are
	length int         // of the last array
	others int         // how many values are none, nor empty, nor null
	cells  thinned     // what else the sample shows here, unless null
}

// maxMembers is how many different members the objects at one path may have to
// become columns. More are names that hold data, such as {"user 17": 0.5}:
// such objects stay JSON text.
const maxMembers = 1000

// child returns the member called name, and where the one that usually follows
// is; nil if there is none. hint is where it is expected.
func (n *jsonNode) child(name []byte, hint int) (*jsonNode, int) {
	if hint < len(n.children) && n.children[hint].name == string(name) {
		return n.children[hint], hint + 1
	}
	c := n.index[string(name)]
	if c == nil {
		return nil, hint
	}
	return c, c.place + 1
}

// jsonPaths is what limits the tree of paths.
type jsonPaths struct {
	root    *jsonNode
	count   int // nodes
	columns int // MaxColumns
}

// cells returns how many cells a path may keep: as many as sampleRecords says, for
// the paths known so far.
func (p *jsonPaths) cells() int { return 2 * sampleRecords(p.count) }

// learn adds a record of the sample below n. What has more members than it may
// have, anyway, learns no more of them.
func (n *jsonNode) learn(r *record, paths *jsonPaths) {
	n.object = true
	most := maxMembers
	if n == paths.root {
		most = paths.columns
	}
	hint := 0
	for i, name := range r.names {
		var c *jsonNode
		if hint < len(n.children) && n.children[hint].name == name {
			c = n.children[hint]
		} else {
			c = n.index[name]
		}
		if c == nil {
			if len(n.children) > most {
				continue
			}
			paths.count++
			if n.index == nil {
				n.index = map[string]*jsonNode{}
			}
			c = &jsonNode{name: name, place: len(n.children)}
			n.index[name] = c
			n.children = append(n.children, c)
		}
		hint = c.place + 1
		switch v := r.values[i].(type) {
		case nil:
		case *record:
			c.learn(v, paths)
		case []any:
			c.nested = true
			c.length = len(v)
			if len(v) > 0 {
				c.list(v)
			}
		case literal:
			c.others++
			c.cells.offer(string(v), false, paths.cells())
		case string:
			c.others++
			c.cells.offer(v, true, paths.cells())
		}
	}
}

// list learns from an array that is not empty.
func (n *jsonNode) list(list []any) {
	messages := make([]chatMessage, len(list))
	for i, v := range list {
		r, ok := v.(*record)
		if ok {
			messages[i], ok = r.message()
		}
		if !ok {
			n.others++
			return
		}
	}
	if n.chat == nil {
		n.chat = &chatColumn{}
	}
	n.chat.learn(messages)
}

// offer adds a cell if it is the turn of one. The text is kept as it is unless it is
// long.
func (t *thinned) offer(text string, quoted bool, limit int) {
	if t.takes() {
		if len(text) > sampleText {
			text = validPrefix(text)
		}
		t.add(cell{text: text, quoted: quoted}, limit)
	}
}

// jsonColumns collects the columns of a tree of paths.
type jsonColumns struct {
	fields []dataset.Field // Type is String where only text will do, else 0
	sample [][]cell        // of each field
	wide   []string        // names of fields whose objects have too many members
	chats  []*chatColumn
}

// add appends the columns of n, whose name is the given one, and numbers them.
func (c *jsonColumns) add(n *jsonNode, name string) {
	wide := len(n.children) > maxMembers
	if n.object && !n.nested && len(n.cells.cells) == 0 && len(n.children) > 0 && !wide {
		n.column = -1
		for _, child := range n.children {
			c.add(child, name+"."+child.name)
		}
		return
	}
	if n.object && wide {
		c.wide = append(c.wide, name)
	}
	field := dataset.Field{Name: name}
	if n.chat != nil && n.chat.seen > 9*n.others && !n.object { // as for numbers, nine in ten decide
		n.chat.at = len(c.fields)
		c.chats = append(c.chats, n.chat)
	}
	if n.object || n.nested {
		field.Type = dataset.String
	}
	n.column = len(c.fields)
	c.fields = append(c.fields, field)
	c.sample = append(c.sample, n.cells.cells)
	n.cells = thinned{}
}

// columnsOf numbers the columns below root.
func columnsOf(root *jsonNode) *jsonColumns {
	c := &jsonColumns{}
	root.column = -1
	for _, n := range root.children {
		c.add(n, n.name)
	}
	return c
}

package hdf5

import (
	"cmp"
	"slices"
	"strings"
)

// Object is a group or a dataset.
type Object struct {
	Path    string   // from the root, such as "/data/x"; the root is "/"
	Dataset *Dataset // nil if it is a group
	Err     error    // why it cannot be read, although it is there

	f        *File
	messages []message
}

// Bounds on the tree of groups.
const (
	mostObjects  = 1 << 20
	deepestGroup = 64
)

// Objects lists the objects of the file, each group before its members,
// these in the order of their creation if the group keeps it, else by name. An object that several hard links
// lead to is listed once; soft and external links are not followed. Objects
// that cannot be read are listed with the reason; if the root is one, that is
// the error.
func (f *File) Objects() (objects []*Object, err error) {
	defer rescue(&err)
	w := objectWalk{f: f, seen: map[uint64]bool{}}
	w.visit(f.root, "/", 0)
	return w.out, w.out[0].Err
}

type objectWalk struct {
	f    *File
	seen map[uint64]bool
	out  []*Object
}

func (w *objectWalk) visit(address uint64, path string, depth int) {
	if w.seen[address] || depth > deepestGroup {
		return
	}
	if len(w.seen) >= mostObjects {
		fail("the file has more than %d objects", mostObjects)
	}
	w.seen[address] = true
	o := &Object{Path: path, f: w.f}
	w.out = append(w.out, o)
	links, err := o.open(address)
	if err != nil {
		o.Err = err
		return
	}
	for _, l := range links {
		w.visit(l.address, strings.TrimSuffix(path, "/")+"/"+l.name, depth+1)
	}
}

// open decodes the object at an address. It returns the members of a group.
func (o *Object) open(address uint64) (links []link, err error) {
	defer rescue(&err)
	o.messages = o.f.header(address, 0)
	if o.Dataset = o.f.dataset(o.messages); o.Dataset != nil {
		return nil, nil
	}
	return o.f.links(o.messages), nil
}

// link is a hard link of a group.
type link struct {
	name    string
	address uint64
	order   uint64 // of creation
	ordered bool   // the group keeps it
}

// mostLinks bounds the members of a group.
const mostLinks = 1 << 20

// links lists the hard links of the group with the given messages: in the order
// of their creation if the group keeps it, else by name.
func (f *File) links(messages []message) []link {
	var out []link
	add := func(l link, hard bool) {
		if len(out) >= mostLinks {
			fail("a group has more than %d members", mostLinks)
		}
		if hard && l.address != undefined {
			out = append(out, l)
		}
	}
	for _, m := range messages {
		c := f.cursor(m.body)
		switch m.kind {
		case msgSymbols:
			tree, heap := c.address(), c.address()
			f.symbols(tree, f.localHeap(heap), add)
		case msgLink:
			add(f.link(c))
		case msgLinkInfo:
			c.skip(1)
			if flags := c.u8(); flags&1 != 0 {
				c.skip(8)
			}
			heap, tree := c.address(), c.address()
			if heap == undefined || tree == undefined {
				continue
			}
			h := f.fractalHeap(heap)
			f.tree2(tree, func(kind int, record []byte) {
				add(f.link(f.cursor(h.object(heapID(kind, record)))))
			})
		}
	}
	slices.SortStableFunc(out, func(a, b link) int {
		if a.ordered && b.ordered {
			return cmp.Compare(a.order, b.order)
		}
		return cmp.Compare(a.name, b.name)
	})
	return out
}

// heapID cuts the identifier in a fractal heap out of a record of a tree of
// links: by name (kind 5, behind a hash) or by creation order (kind 6).
func heapID(kind int, record []byte) []byte {
	if kind == 6 {
		return record[8:]
	}
	return record[4:]
}

// link decodes a link message.
func (f *File) link(c *cursor) (l link, hard bool) {
	if version := c.u8(); version != 1 {
		fail("link version %d", version)
	}
	flags := c.u8()
	kind := 0
	if flags&8 != 0 {
		kind = c.u8()
	}
	if flags&4 != 0 {
		l.order, l.ordered = c.u64(), true
	}
	if flags&16 != 0 {
		c.skip(1)
	}
	n := c.uint(1 << (flags & 3))
	if n > uint64(c.left()) {
		fail("a link's name has %d bytes", n)
	}
	l.name = string(c.take(int(n)))
	if kind != 0 {
		return l, false
	}
	l.address = c.address()
	return l, true
}

// symbols walks the B-tree of an old group, whose leaves are symbol tables.
func (f *File) symbols(tree uint64, names []byte, add func(l link, hard bool)) {
	seen := map[uint64]bool{}
	var walk func(address uint64)
	walk = func(address uint64) {
		if seen[address] {
			fail("the tree of a group leads in a circle")
		}
		seen[address] = true
		level, n, c := f.tree1(address, 0, f.lengthSize)
		for range n {
			c.length()
			child := c.address()
			if level > 0 {
				walk(child)
			} else {
				f.symbolTable(child, names, add)
			}
		}
	}
	walk(tree)
}

// symbolTable decodes a symbol table node. A cache type of 2 is a soft link.
func (f *File) symbolTable(address uint64, names []byte, add func(l link, hard bool)) {
	c := f.cursor(f.read(address, 8))
	c.signature("SNOD")
	c.skip(2)
	n := c.u16()
	c = f.cursor(f.read(address+8, uint64(n)*uint64(2*f.offsetSize+24)))
	for range n {
		name, object := c.address(), c.address()
		cache := c.u32()
		c.skip(20)
		if name > uint64(len(names)) {
			fail("a name is outside of the heap of its group")
		}
		add(link{name: f.cursor(names[name:]).text(), address: object}, cache != 2)
	}
}

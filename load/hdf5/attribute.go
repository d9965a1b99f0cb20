package hdf5

// Attribute is a small value attached to an object.
type Attribute struct {
	Name string
	Type *Type
	Dims []uint64 // none: a single value
	Data []byte   // the elements, one behind the other; nil if it is empty

	f *File
}

// Attributes returns the attributes of o that can be read.
func (o *Object) Attributes() (out []Attribute, err error) {
	defer rescue(&err)
	for _, m := range o.messages {
		switch m.kind {
		case msgAttribute:
			if a, ok := o.f.attribute(m.body); ok {
				out = append(out, a)
			}
		case msgAttrInfo:
			c := o.f.cursor(m.body)
			c.skip(1)
			if flags := c.u8(); flags&1 != 0 {
				c.skip(2)
			}
			heap, tree := c.address(), c.address()
			if heap == undefined || tree == undefined {
				continue
			}
			h := o.f.fractalHeap(heap)
			o.f.tree2(tree, func(kind int, record []byte) {
				if kind != 8 || len(record) < 9 { // by name: identifier, flags, order, hash
					fail("a tree of attributes has records of kind %d", kind)
				}
				if shared := record[8]&2 != 0; shared {
					return
				}
				if a, ok := o.f.attribute(h.object(record[:8])); ok {
					out = append(out, a)
				}
			})
		}
	}
	return out, nil
}

// attribute decodes an attribute message. It is not ok if its value is of a
// kind that we do not decode.
func (f *File) attribute(body []byte) (a Attribute, ok bool) {
	c := f.cursor(body)
	version, flags := c.u8(), c.u8()
	nameSize, typeSize, spaceSize := c.u16(), c.u16(), c.u16()
	if version >= 3 {
		c.skip(1)
	}
	if version < 1 || version > 3 {
		fail("attribute version %d", version)
	}
	part := func(n int) []byte {
		b := c.take(n)
		if version == 1 {
			c.skip(min(c.left(), -n&7))
		}
		return b
	}
	a = Attribute{f: f, Name: f.cursor(part(nameSize)).text()}
	typ, space := part(typeSize), part(spaceSize)
	if flags != 0 && version >= 2 { // the type or the extent is shared
		return a, false
	}
	a.Type = f.datatype(f.cursor(typ), 0)
	dims, empty := f.dataspace(f.cursor(space))
	if empty {
		return a, true
	}
	a.Dims = dims
	n := uint64(a.Type.Size)
	for _, d := range dims {
		if d != 0 && n > uint64(len(body))/d {
			fail("the attribute %q has more values than bytes", a.Name)
		}
		n *= d
	}
	a.Data = c.take(int(n))
	return a, true
}

// Text returns the first value as text, and whether there is one.
func (a Attribute) Text() (string, bool) {
	if a.Data == nil || len(a.Data) < a.Type.Size {
		return "", false
	}
	s, err := a.f.Text(a.Type, a.Data)
	return s, err == nil
}

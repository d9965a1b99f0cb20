package hdf5

// Types of object header messages.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgDatatype     = 0x03
	msgFill         = 0x05
	msgLink         = 0x06
	msgExternal     = 0x07
	msgLayout       = 0x08
	msgFilters      = 0x0b
	msgAttribute    = 0x0c
	msgContinuation = 0x10
	msgSymbols      = 0x11
	msgAttrInfo     = 0x15
)

// message is one message of an object header.
type message struct {
	kind int
	body []byte
}

// Bounds on object headers.
const (
	mostMessages  = 1 << 17
	deepestShared = 8 // messages that refer to messages of other objects
)

// header returns the messages of the object at an address.
func (f *File) header(address uint64, depth int) []message {
	if depth > deepestShared {
		fail("the object at address %d shares messages in a circle", address)
	}
	h := headerReader{f: f, depth: depth, seen: map[uint64]bool{}}
	c := f.cursor(f.readUpTo(address, 64))
	if len(c.b) >= 4 && string(c.b[:4]) == "OHDR" {
		h.version2(c, address)
	} else {
		if c.u8() != 1 {
			fail("there is no object header at address %d", address)
		}
		c.skip(7)
		h.queue(address+16, uint64(c.u32()))
	}
	for len(h.blocks) > 0 {
		b := h.blocks[0]
		h.blocks = h.blocks[1:]
		h.block(b.address, b.length)
	}
	return h.out
}

// headerReader collects the messages of one object from its blocks.
type headerReader struct {
	f         *File
	depth     int
	two       bool // version 2
	ordered   bool // version 2: messages have a creation order
	continued bool // version 2: the first block has been read
	blocks    []headerBlock
	seen      map[uint64]bool
	out       []message
}

type headerBlock struct{ address, length uint64 }

func (h *headerReader) queue(address, length uint64) {
	if h.seen[address] {
		fail("the object header at address %d leads in a circle", address)
	}
	h.seen[address] = true
	h.blocks = append(h.blocks, headerBlock{address, length})
}

// version2 decodes the prefix of a header of version 2.
func (h *headerReader) version2(c *cursor, address uint64) {
	h.two = true
	c.skip(5)
	flags := c.u8()
	if flags&0x20 != 0 {
		c.skip(16)
	}
	if flags&0x10 != 0 {
		c.skip(4)
	}
	h.ordered = flags&4 != 0
	length := c.uint(1 << (flags & 3))
	h.queue(address+uint64(c.p), length)
}

// block decodes the messages of a block.
func (h *headerReader) block(address, length uint64) {
	c := h.f.cursor(h.f.read(address, length))
	head := 8
	if h.two {
		head = 4
		if h.ordered {
			head = 6
		}
		if h.continued {
			c.signature("OCHK")
			c.b = c.b[:len(c.b)-4] // checksum
		}
		h.continued = true
	}
	for c.left() >= head {
		var kind, size, flags int
		if h.two {
			kind, size, flags = c.u8(), c.u16(), c.u8()
			c.skip(head - 4)
		} else {
			kind, size, flags = c.u16(), c.u16(), c.u8()
			c.skip(3)
		}
		h.add(kind, flags, c.take(size))
	}
}

// add keeps a message, or follows it to where it leads.
func (h *headerReader) add(kind, flags int, body []byte) {
	const shared = 2
	switch {
	case len(h.out) > mostMessages:
		fail("an object header has more than %d messages", mostMessages)
	case kind == msgContinuation:
		c := h.f.cursor(body)
		h.queue(c.address(), c.length())
		return
	case flags&shared != 0 && h.needed(kind):
		body = h.f.sharedMessage(body, kind, h.depth)
	}
	h.out = append(h.out, message{kind, body})
}

// needed reports whether we decode messages of a kind that can be shared.
func (h *headerReader) needed(kind int) bool {
	return kind == msgDataspace || kind == msgDatatype || kind == msgFill || kind == msgFilters || kind == msgAttribute
}

// sharedMessage returns the body of a message that another object has.
func (f *File) sharedMessage(body []byte, kind, depth int) []byte {
	c := f.cursor(body)
	version, where := c.u8(), c.u8()
	if version == 1 {
		c.skip(6)
	}
	if version == 3 && where == 1 {
		unsupported("a shared object header message")
	}
	address := c.address()
	for _, m := range f.header(address, depth+1) {
		if m.kind == kind {
			return m.body
		}
	}
	fail("the object at address %d has no message to share", address)
	return nil
}

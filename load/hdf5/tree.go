package hdf5

import "math/bits"

// tree1 decodes the head of a node of a version 1 B-tree and returns its
// level, the number of its children, and a cursor to the keys (of keySize bytes
// each) and children in turn.
func (f *File) tree1(address uint64, kind, keySize int) (level, n int, c *cursor) {
	c = f.cursor(f.read(address, 8))
	c.signature("TREE")
	if got := c.u8(); got != kind {
		fail("a B-tree of kind %d where one of kind %d should be", got, kind)
	}
	level, n = c.u8(), c.u16()
	if level > 32 {
		fail("a B-tree of %d levels", level)
	}
	entries := uint64(n) * uint64(keySize+f.offsetSize)
	return level, n, f.cursor(f.read(address+8+2*uint64(f.offsetSize), entries))
}

// sizeFor returns how many bytes hold numbers up to limit.
func sizeFor(limit uint64) int { return (max(bits.Len64(limit), 1)-1)/8 + 1 }

// tree2 walks the version 2 B-tree at an address and calls visit with every
// record, in order. kind says what the records are.
func (f *File) tree2(address uint64, visit func(kind int, record []byte)) {
	c := f.cursor(f.readUpTo(address, 64))
	c.signature("BTHD")
	c.skip(1)
	t := tree2{f: f, kind: c.u8(), nodeSize: int(c.u32()), recordSize: c.u16(), visit: visit, seen: map[uint64]bool{}}
	depth := c.u16()
	c.skip(2)
	root, n := c.address(), c.u16()
	if t.recordSize == 0 || depth > 20 || t.nodeSize < 16 || uint64(t.nodeSize) > uint64(f.size) {
		fail("a B-tree of depth %d with nodes of %d and records of %d bytes", depth, t.nodeSize, t.recordSize)
	}
	if root == undefined {
		return
	}
	t.plan(depth)
	t.node(root, n, depth)
}

// tree2 is a version 2 B-tree. Slices are indexed by the depth below a node: 0
// is a leaf.
type tree2 struct {
	f                    *File
	kind                 int
	nodeSize, recordSize int
	most                 []uint64 // records in a node
	totalSize            []int    // bytes of the number of records in and below a node
	countSize            int      // bytes of the number of records in a node
	visit                func(kind int, record []byte)
	seen                 map[uint64]bool
}

// plan computes how nodes are laid out, as the format prescribes.
func (t *tree2) plan(depth int) {
	const overhead = 10 // signature, version, kind, checksum
	t.most, t.totalSize = make([]uint64, depth+1), make([]int, depth+1)
	t.most[0] = uint64(t.nodeSize-overhead) / uint64(t.recordSize)
	total := t.most[0]
	t.countSize = sizeFor(t.most[0])
	for d := 1; d <= depth; d++ {
		pointer := t.f.offsetSize + t.countSize + t.totalSize[d-1]
		if t.nodeSize < overhead+pointer {
			fail("nodes of %d bytes in a B-tree", t.nodeSize)
		}
		t.most[d] = uint64(t.nodeSize-overhead-pointer) / uint64(t.recordSize+pointer)
		total = (t.most[d]+1)*total + t.most[d]
		t.totalSize[d] = sizeFor(total)
	}
}

// node walks a node with n records.
func (t *tree2) node(address uint64, n, depth int) {
	if uint64(n) > t.most[depth] || t.seen[address] {
		fail("a B-tree node at address %d with %d records", address, n)
	}
	t.seen[address] = true
	c := t.f.cursor(t.f.readUpTo(address, uint64(t.nodeSize)))
	if depth == 0 {
		c.signature("BTLF")
	} else {
		c.signature("BTIN")
	}
	c.skip(2)
	records := make([][]byte, n)
	for i := range records {
		records[i] = c.take(t.recordSize)
	}
	for i := 0; i <= n; i++ {
		if depth > 0 {
			child := c.address()
			k := c.uint(t.countSize)
			if depth > 1 {
				c.skip(t.totalSize[depth-1])
			}
			t.node(child, int(min(k, 1<<30)), depth-1)
		}
		if i < n {
			t.visit(t.kind, records[i])
		}
	}
}

package hdf5

import (
	"bytes"
	"strconv"
)

// Sequence is a list, a tuple or a set in a pickle.
type Sequence struct{ Items []any }

// Mapping is a dictionary in a pickle.
type Mapping struct{ Keys, Values []any }

// Get returns the value of a key that is a string, nil if there is none.
func (m *Mapping) Get(key string) any {
	for i, k := range m.Keys {
		if k == key {
			return m.Values[i]
		}
	}
	return nil
}

// Instance is an object in a pickle: what would have been called to make it,
// and the state that it would have been given.
type Instance struct {
	Class string // "module.name"
	Args  any
	State any
}

// Unpickle decodes a pickle of Python, of protocol 0 to 5, without running
// anything: PyTables and pandas keep the names of columns in pickles, and
// columns of objects.
//
// It returns nil, bool, int64, *big.Int, float64, string, []byte, *Sequence,
// *Mapping or *Instance. Values that occur twice are shared, and may contain
// themselves.
//
// Source: CPython's pickletools.py.
func Unpickle(data []byte) (value any, err error) {
	defer rescue(&err)
	u := unpickler{cursor: cursor{b: data, f: &File{}}, memo: map[int]any{}}
	for {
		if op := u.take(1)[0]; op == '.' {
			return u.pop(), nil
		} else {
			u.do(op)
		}
	}
}

// unpickler is the stack machine that a pickle is a program for.
type unpickler struct {
	cursor
	stack []any
	memo  map[int]any
}

// mark stands on the stack where a sequence begins.
type mark struct{}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

func (u *unpickler) pop() any {
	v := u.top()
	u.stack = u.stack[:len(u.stack)-1]
	return v
}

func (u *unpickler) top() any {
	if len(u.stack) == 0 {
		fail("a pickle takes more than it has")
	}
	return u.stack[len(u.stack)-1]
}

// popMark returns what is above the last mark and takes both off.
func (u *unpickler) popMark() []any {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if _, ok := u.stack[i].(mark); ok {
			items := append([]any(nil), u.stack[i+1:]...)
			u.stack = u.stack[:i]
			return items
		}
	}
	fail("a pickle ends a sequence that it did not begin")
	return nil
}

// line returns the text up to the next newline.
func (u *unpickler) line() string {
	n := bytes.IndexByte(u.b[u.p:], '\n')
	if n < 0 {
		fail("a line of a pickle does not end")
	}
	return string(u.take(n + 1)[:n])
}

// sized returns so many bytes as an integer of n bytes before them says.
func (u *unpickler) sized(n int) []byte {
	size := u.uint(n)
	if size > uint64(u.left()) {
		fail("a value of %d bytes in a pickle", size)
	}
	return u.take(int(size))
}

// do runs one instruction.
func (u *unpickler) do(op byte) {
	switch op {
	case 0x80: // protocol
		u.skip(1)
	case 0x95: // frame
		u.skip(8)
	case '(':
		u.push(mark{})
	case '0':
		u.pop()
	case '1':
		u.popMark()
	case '2':
		u.push(u.top())
	case 'N':
		u.push(nil)
	case 0x88, 0x89:
		u.push(op == 0x88)
	default:
		if !u.scalar(op) && !u.container(op) && !u.remember(op) && !u.instance(op) {
			unsupported("instruction %#x of a pickle", op)
		}
	}
}

// container runs the instructions about lists, tuples, sets and dictionaries.
func (u *unpickler) container(op byte) bool {
	switch op {
	case ']', ')', 0x8f:
		u.push(&Sequence{})
	case '}':
		u.push(&Mapping{})
	case 'l', 't', 0x91:
		u.push(&Sequence{u.popMark()})
	case 0x85, 0x86, 0x87: // tuples of one, two and three
		n := int(op-0x85) + 1
		items := make([]any, n)
		for i := n - 1; i >= 0; i-- {
			items[i] = u.pop()
		}
		u.push(&Sequence{items})
	case 'd':
		m := &Mapping{}
		m.add(u.popMark())
		u.push(m)
	case 'a':
		v := u.pop()
		u.sequence().Items = append(u.sequence().Items, v)
	case 'e', 0x90:
		items := u.popMark()
		u.sequence().Items = append(u.sequence().Items, items...)
	case 's':
		v := u.pop()
		k := u.pop()
		u.mapping().add([]any{k, v})
	case 'u':
		items := u.popMark()
		u.mapping().add(items)
	default:
		return false
	}
	return true
}

// sequence returns the sequence on top of the stack; for objects that behave
// like lists, their state.
func (u *unpickler) sequence() *Sequence {
	switch v := u.top().(type) {
	case *Sequence:
		return v
	case *Instance:
		s, ok := v.State.(*Sequence)
		if !ok {
			s = &Sequence{}
			v.State = s
		}
		return s
	}
	fail("a pickle appends to what is no list")
	return nil
}

// mapping is sequence for dictionaries.
func (u *unpickler) mapping() *Mapping {
	switch v := u.top().(type) {
	case *Mapping:
		return v
	case *Instance:
		m, ok := v.State.(*Mapping)
		if !ok {
			m = &Mapping{}
			v.State = m
		}
		return m
	}
	fail("a pickle sets items of what is no dictionary")
	return nil
}

// add takes in keys and values in turn.
func (m *Mapping) add(items []any) {
	if len(items)%2 != 0 {
		fail("a dictionary in a pickle has a key without a value")
	}
	for i := 0; i < len(items); i += 2 {
		m.Keys, m.Values = append(m.Keys, items[i]), append(m.Values, items[i+1])
	}
}

// remember runs the instructions about values that are used again.
func (u *unpickler) remember(op byte) bool {
	get := func(i int) {
		v, ok := u.memo[i]
		if !ok {
			fail("a pickle uses value %d before it is there", i)
		}
		u.push(v)
	}
	switch op {
	case 'p':
		u.memo[u.number()] = u.top()
	case 'q':
		u.memo[u.u8()] = u.top()
	case 'r':
		u.memo[int(u.u32())] = u.top()
	case 0x94:
		u.memo[len(u.memo)] = u.top()
	case 'g':
		get(u.number())
	case 'h':
		get(u.u8())
	case 'j':
		get(int(u.u32()))
	default:
		return false
	}
	return true
}

// number returns the line as an integer.
func (u *unpickler) number() int {
	n, err := strconv.Atoi(u.line())
	if err != nil {
		fail("a pickle: %w", err)
	}
	return n
}

// instance runs the instructions that would import, call and build.
func (u *unpickler) instance(op byte) bool {
	switch op {
	case 'c': // a class or function, by name
		module := u.line()
		u.push(&Instance{Class: module + "." + u.line()})
	case 0x93:
		name, module := u.pop(), u.pop()
		n, ok1 := name.(string)
		m, ok2 := module.(string)
		if !ok1 || !ok2 {
			fail("a class in a pickle has no name")
		}
		u.push(&Instance{Class: m + "." + n})
	case 'R', 0x81: // call it with arguments
		args := u.pop()
		u.push(&Instance{Class: className(u.pop()), Args: args})
	case 0x92: // and with named ones
		named, args := u.pop(), u.pop()
		u.push(&Instance{Class: className(u.pop()), Args: &Sequence{[]any{args, named}}})
	case 'i':
		module := u.line()
		name := u.line()
		u.push(&Instance{Class: module + "." + name, Args: &Sequence{u.popMark()}})
	case 'o':
		items := u.popMark()
		if len(items) == 0 {
			fail("a pickle makes an object of no class")
		}
		u.push(&Instance{Class: className(items[0]), Args: &Sequence{items[1:]}})
	case 'b': // give it its state
		state := u.pop()
		if v, ok := u.top().(*Instance); ok {
			v.State = state
		} else {
			fail("a pickle gives a state to what has none")
		}
	default:
		return false
	}
	return true
}

func className(v any) string {
	c, ok := v.(*Instance)
	if !ok {
		fail("a pickle calls what is no class")
	}
	return c.Class
}

package load

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Kinds of messages: Message.header_type in the format's Message.fbs.
const (
	arrowSchemaMessage     = 1
	arrowDictionaryMessage = 2
	arrowBatchMessage      = 3
)

// arrowFileRows checks every message of an Arrow IPC file and returns the
// number of rows of each record batch.
//
// Both would be the library's task, but it tells the rows of a batch only after
// it has read its data, and it allocates what a message asks for unseen.
func arrowFileRows(file io.ReaderAt, size int64) ([]int64, error) {
	footer, err := arrowFooter(file, size)
	if err != nil {
		return nil, err
	}
	root := rootTable(footer) // Footer { version; schema; dictionaries: [Block]; recordBatches: [Block] }
	if err := checkArrowSchema(root.table(1)); err != nil {
		return nil, err
	}
	if _, err := arrowBlocks(file, size, root, 2, arrowDictionaryMessage); err != nil {
		return nil, err
	}
	return arrowBlocks(file, size, root, 3, arrowBatchMessage)
}

// arrowBlocks checks the messages that a field of the footer lists and returns
// the rows of each.
func arrowBlocks(file io.ReaderAt, size int64, footer flatTable, field int, kind byte) ([]int64, error) {
	const blockSize = 24 // struct Block { offset: long; metaDataLength: int; bodyLength: long }
	at, n := footer.vector(field, blockSize)
	rows := make([]int64, n)
	var total int64
	for i := range rows {
		offset := int64(binary.LittleEndian.Uint64(footer.b[at+i*blockSize:]))
		m, err := readArrowMessage(file, offset, size)
		if err != nil {
			return nil, err
		}
		if m.kind != kind {
			return nil, fmt.Errorf("the message at byte %d is of kind %d, not %d", offset, m.kind, kind)
		}
		rows[i] = m.rows
		if total += m.rows; total < 0 {
			return nil, errors.New("the record batches have too many rows")
		}
	}
	return rows, nil
}

// arrowStreamRows checks every message of an Arrow IPC stream and returns the
// number of rows of all its record batches together.
func arrowStreamRows(file io.ReaderAt, size int64) (int64, error) {
	var rows int64
	for at := int64(0); at < size; {
		m, err := readArrowMessage(file, at, size)
		if err != nil {
			return 0, err
		}
		if m.next == at { // the end is marked
			break
		}
		if m.kind == arrowBatchMessage {
			if rows += m.rows; rows < 0 {
				return 0, errors.New("the record batches have too many rows")
			}
		}
		at = m.next
	}
	return rows, nil
}

// arrowFooter returns the footer of a file: it ends in the footer, its length
// in 4 bytes, and the magic ARROW1.
func arrowFooter(file io.ReaderAt, size int64) ([]byte, error) {
	const tail = 10
	var end [tail]byte
	if size < 2*tail {
		return nil, fmt.Errorf("%d bytes are too few", size)
	}
	if _, err := file.ReadAt(end[:], size-tail); err != nil {
		return nil, err
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if string(end[4:]) != "ARROW1" {
		return nil, errors.New("it does not end in ARROW1")
	}
	if length > size-2*tail {
		return nil, fmt.Errorf("a footer of %d bytes in a file of %d", length, size)
	}
	footer := make([]byte, length)
	_, err := file.ReadAt(footer, size-tail-length)
	return footer, err
}

// arrowMessage is what a message says about itself.
type arrowMessage struct {
	kind byte
	rows int64 // of a record batch
	next int64 // where the next message begins; where this one does if it marks the end of a stream
}

// readArrowMessage reads and checks the head of the message at byte at: a
// marker (since version 0.15 of the format), the length of the head, and
// Message { version; header_type; header; bodyLength; custom_metadata }.
func readArrowMessage(file io.ReaderAt, at, size int64) (arrowMessage, error) {
	var m arrowMessage
	var prefix [8]byte
	if at < 0 || at > size-4 {
		return m, fmt.Errorf("a message is said to be at byte %d", at)
	}
	n, err := file.ReadAt(prefix[:min(8, size-at)], at)
	if err != nil && err != io.EOF {
		return m, err
	}
	length, head := int64(int32(binary.LittleEndian.Uint32(prefix[:]))), at+4
	if length == -1 && n == 8 {
		length, head = int64(int32(binary.LittleEndian.Uint32(prefix[4:]))), at+8
	}
	if length == 0 {
		return arrowMessage{next: at}, nil
	}
	if length < 8 || length > size-head {
		return m, fmt.Errorf("the message at byte %d is said to have a head of %d bytes", at, length)
	}
	b := make([]byte, length)
	if _, err := file.ReadAt(b, head); err != nil {
		return m, err
	}
	message := rootTable(b)
	m.kind = message.byte(1)
	body := message.long(3)
	if body < 0 || body > size-head-length {
		return m, fmt.Errorf("the message at byte %d is said to have a body of %d bytes", at, body)
	}
	m.next = head + length + body
	message.vector(4, 4)
	switch m.kind {
	case arrowSchemaMessage:
		return m, checkArrowSchema(message.table(2))
	case arrowDictionaryMessage: // DictionaryBatch { id; data; isDelta }
		_, err = checkArrowBatch(message.table(2).table(1), body)
	case arrowBatchMessage:
		m.rows, err = checkArrowBatch(message.table(2), body)
	}
	if err != nil {
		return m, fmt.Errorf("the message at byte %d: %w", at, err)
	}
	return m, nil
}

// checkArrowBatch checks RecordBatch { length; nodes: [FieldNode]; buffers:
// [Buffer]; compression; variadicBufferCounts: [long] } against the length of
// the body and returns the number of rows.
func checkArrowBatch(t flatTable, body int64) (int64, error) {
	const pair = 16 // struct FieldNode { length, null_count: long }; struct Buffer { offset, length: long }
	long := func(at int) int64 { return int64(binary.LittleEndian.Uint64(t.b[at:])) }
	rows := t.long(0)
	if rows < 0 {
		return 0, fmt.Errorf("%d rows", rows)
	}
	at, n := t.vector(1, pair)
	for i := range n {
		if length, nulls := long(at+i*pair), long(at+i*pair+8); length < 0 || nulls < 0 || nulls > length {
			return 0, fmt.Errorf("%d nulls among %d values", nulls, length)
		}
	}
	at, n = t.vector(2, pair)
	for i := range n {
		if offset, length := long(at+i*pair), long(at+i*pair+8); offset < 0 || length < 0 || offset > body || length > body-offset {
			return 0, fmt.Errorf("a buffer of %d bytes at %d in a body of %d", length, offset, body)
		}
	}
	buffers := int64(n)
	at, n = t.vector(4, 8)
	for i := range n {
		if k := long(at + i*8); k < 0 || k > buffers {
			return 0, fmt.Errorf("%d of %d buffers", k, buffers)
		}
	}
	return rows, nil
}

// mostArrowFields and deepestArrowField bound a schema: its tables can be
// shared, so that few bytes may describe very many fields.
const (
	mostArrowFields   = 1 << 20
	deepestArrowField = 64
)

// checkArrowSchema checks Schema { endianness; fields: [Field]; custom_metadata }.
func checkArrowSchema(t flatTable) error {
	t.vector(2, 4)
	at, n := t.vector(1, 4)
	budget := mostArrowFields
	for i := range n {
		if err := checkArrowField(t.element(at, i), 0, &budget); err != nil {
			return err
		}
	}
	return nil
}

// checkArrowField checks Field { name; nullable; type_type; type; dictionary;
// children: [Field]; custom_metadata }.
func checkArrowField(t flatTable, depth int, budget *int) error {
	if *budget--; *budget < 0 || depth > deepestArrowField {
		return errors.New("the schema has too many fields")
	}
	const union = 14 // Type.Union { mode; typeIds: [int] }
	if t.byte(2) == union {
		t.table(3).vector(1, 4)
	}
	t.vector(6, 4)
	at, n := t.vector(5, 4)
	for i := range n {
		if err := checkArrowField(t.element(at, i), depth+1, budget); err != nil {
			return err
		}
	}
	return nil
}

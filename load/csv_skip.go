package load

import "bytes"

// skip passes over one record without reading it and returns oneRecord, or
// noRecord at the end of the input.
func (r *csvReader) skip() (status, error) {
	b := r.blocks
	for {
		p, s := r.begin(b.buf, b.at, b.end)
		if s == noRecord {
			b.at = p
			return s, nil
		}
		if s == oneRecord {
			after, end := r.fields.leniently(b.buf, p, b.end)
			if end == atRecordEnd {
				b.at = after
				return oneRecord, nil
			}
		}
		if err := b.more(); err != nil {
			return needMore, r.failed(err)
		}
	}
}

// skipAbove passes over what stands above the first record of a file.
func (r *csvReader) skipAbove(d *dialect) error {
	if err := r.skipLines(d.lines); err != nil || d.header == nil {
		return err
	}
	return r.skipHeader()
}

// skipHeader passes over the header and the empty lines before it.
func (r *csvReader) skipHeader() error {
	blankRows := r.blankRows
	r.blankRows = false
	_, err := r.skip()
	r.blankRows = blankRows
	return err
}

// skipLines passes over n lines.
func (r *csvReader) skipLines(n int) error {
	b := r.blocks
	for n > 0 {
		if i := bytes.IndexByte(b.buf[b.at:], '\n'); i >= 0 {
			b.at += i + 1
			n--
			continue
		}
		if b.end {
			return nil
		}
		if err := b.more(); err != nil {
			return r.failed(err)
		}
	}
	return nil
}

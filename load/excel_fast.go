package load

import "bytes"

// plainCell reads a cell as Excel and its peers write nearly all of them,
// <c r="A1" s="2" t="s"><v>7</v></c>, at one go. It reports false, and has read
// nothing, if something else follows, or if the cell is not in the buffer as a whole.
func (s *sheetReader) plainCell() (done bool, err error) {
	if s.slow || s.inV || s.inIs || s.spoken {
		return false, nil
	}
	b := s.xml.buf[s.xml.at:s.xml.n]
	if !bytes.HasPrefix(b, []byte("<c ")) {
		return false, nil
	}
	var name, style, typ []byte
	i := 3
	for ; i+3 < len(b) && b[i] != '>'; i++ {
		if b[i] == ' ' {
			continue
		}
		if b[i+1] != '=' || b[i+2] != '"' {
			return false, nil
		}
		end := bytes.IndexByte(b[i+3:], '"')
		if end < 0 {
			return false, nil
		}
		value := b[i+3 : i+3+end]
		switch {
		case b[i] == 'r' && name == nil:
			name = value
		case b[i] == 's' && style == nil:
			style = value
		case b[i] == 't' && typ == nil:
			typ = value
		default:
			return false, nil
		}
		i += end + 3 // the loop passes over the second quote
	}
	if i+4 > len(b) || string(b[i:i+4]) != "><v>" {
		return false, nil
	}
	i += 4
	end := bytes.IndexByte(b[i:], '<')
	const closing = "</v></c>"
	if end < 0 || len(b) < i+end+len(closing) || string(b[i+end:i+end+len(closing)]) != closing {
		return false, nil
	}
	value := b[i : i+end]
	for _, c := range value {
		if c == '&' || c == '\r' || c == '_' { // what appendText resolves
			return false, nil
		}
	}
	s.begin(name, style, typ)
	s.value = append(s.value, value...)
	s.xml.at += i + end + len(closing)
	return true, s.endCell()
}

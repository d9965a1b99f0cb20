package hdf5

// unlzf decompresses LZF to at most most bytes. A control byte below 32 is
// followed by that many bytes and one more as they are; any other is a copy:
// three bits of length (7: more in the next byte) and 13 of distance.
//
// Source: Lehmann, LibLZF, lzf_d.c.
func unlzf(in []byte, most int) []byte {
	out := make([]byte, 0, most)
	for i := 0; i < len(in); {
		control := int(in[i])
		i++
		if control < 32 {
			out = append(out, in[i:i+control+1]...)
			i += control + 1
			continue
		}
		n := control >> 5
		if n == 7 {
			n += int(in[i])
			i++
		}
		from := len(out) - (control&31)<<8 - int(in[i]) - 1
		i++
		if len(out)+n+2 > most {
			fail("LZF: more than %d bytes", most)
		}
		for k := range n + 2 {
			out = append(out, out[from+k]) // what is copied may overlap what it makes
		}
	}
	return out
}

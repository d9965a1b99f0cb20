package linalg

// Transpose writes the transpose of src, rows*columns with leading dimension
// ld, to dst: dst[j*rows+i] = src[i*ld+j].
func Transpose(dst, src []float32, rows, columns, ld int) {
	i := 0
	for ; i+8 <= rows; i += 8 {
		done := transpose8(dst[i:], src[i*ld:], rows, columns, ld)
		if done < columns {
			transpose4(dst[done*rows+i:], src[i*ld+done:], rows, columns-done, ld)
			transpose4(dst[done*rows+i+4:], src[(i+4)*ld+done:], rows, columns-done, ld)
		}
	}
	if i+4 <= rows {
		transpose4(dst[i:], src[i*ld:], rows, columns, ld)
		i += 4
	}
	for ; i < rows; i++ {
		for j, x := range src[i*ld:][:columns] {
			dst[j*rows+i] = x
		}
	}
}

// transpose4 is Transpose of four of so many rows.
func transpose4(dst, src []float32, rows, columns, ld int) {
	s0, s1 := src[:columns], src[ld:][:columns]
	s2, s3 := src[2*ld:][:columns], src[3*ld:][:columns]
	at := 0
	for j, x := range s0 {
		d := dst[at : at+4 : at+4]
		d[0], d[1], d[2], d[3] = x, s1[j], s2[j], s3[j]
		at += rows
	}
}

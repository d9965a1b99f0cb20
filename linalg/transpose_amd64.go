package linalg

import "golang.org/x/sys/cpu"

// transpose8 is Transpose of eight of so many rows, as far as there are whole
// blocks of eight columns. It returns the number of columns that are done.
func transpose8(dst, src []float32, rows, columns, ld int) int {
	blocks := columns / 8
	if blocks == 0 || !cpu.X86.HasAVX2 {
		return 0
	}
	_, _ = dst[(8*blocks-1)*rows+7], src[7*ld+8*blocks-1]
	transpose256(&dst[0], &src[0], 4*rows, 4*ld, blocks)
	return 8 * blocks
}

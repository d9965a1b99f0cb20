package stats

import "math"

// Code is a bin of a discretised column, counted from 0.
type Code interface {
	~uint8 | ~uint16 | ~uint32 | ~int32 | ~int
}

// CramersV returns the association of two coded columns, 0 (independent) to 1
// (one determines the other), corrected for the bias that many levels and few
// rows bring.
//
// a and b have one code a row, 0 <= a[i] < ka and 0 <= b[i] < kb; codes that do
// not occur do not count as levels. CramersV returns NaN if one column has fewer
// than two levels. O(n + ka*kb) time and memory.
//
// Source: Bergsma, J. Korean Stat. Soc. 42(3), 2013.
func CramersV[C Code](a, b []C, ka, kb int) float64 {
	t := crossTable(a, b, ka, kb)
	if t.n < 2 || t.rowsUsed < 2 || t.columnsUsed < 2 {
		return math.NaN()
	}
	n, r, c := float64(t.n), float64(t.rowsUsed), float64(t.columnsUsed)
	phi2 := -1.0
	for i, ri := range t.rows {
		for j, cj := range t.columns {
			if x := float64(t.cells[i*kb+j]); x > 0 {
				phi2 += x * x / (float64(ri) * float64(cj))
			}
		}
	}
	phi2 = max(0, phi2-(r-1)*(c-1)/(n-1))
	r -= (r - 1) * (r - 1) / (n - 1)
	c -= (c - 1) * (c - 1) / (n - 1)
	least := min(r, c) - 1
	if least <= 0 {
		return 0 // as many levels as rows: nothing is left after the correction
	}
	return min(1, math.Sqrt(phi2/least))
}

// contingency counts how often each pair of codes occurs together.
type contingency struct {
	n                     int
	cells                 []int32 // ka*kb row-major
	rows, columns         []int32 // marginals
	rowsUsed, columnsUsed int
}

func crossTable[C Code](a, b []C, ka, kb int) contingency {
	sameLength(len(a), len(b))
	t := contingency{n: len(a), cells: make([]int32, ka*kb), rows: make([]int32, ka), columns: make([]int32, kb)}
	for i := range a {
		t.cells[int(a[i])*kb+int(b[i])]++
		t.rows[a[i]]++
		t.columns[b[i]]++
	}
	t.rowsUsed, t.columnsUsed = used(t.rows), used(t.columns)
	return t
}

func used(counts []int32) int {
	k := 0
	for _, c := range counts {
		if c > 0 {
			k++
		}
	}
	return k
}

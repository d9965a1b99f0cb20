// Package embeddings gets vectors that stand for the meaning of rows, made by a
// model that the user chose: from a NumPy file, from a table of numbers, or from
// an endpoint that speaks OpenAI's protocol.
//
// Only the rows that are asked for are read or sent. A file has one row for each
// row of the data, in the same order; rows count from 0. All vectors of one
// source have the same number of dimensions, and all numbers are finite.
//
// Reading files sends nothing anywhere. An Endpoint sends texts to the address
// that it was given, and nowhere else.
package embeddings

import (
	"fmt"
	"math"

	"synthos/dataset"
)

// maxDimensions is how many dimensions a vector may have.
const maxDimensions = 1 << 14

// checkRows returns an error if a file does not have a vector for each of want
// rows of the data.
func checkRows(path string, got, want int64) error {
	if got == want {
		return nil
	}
	return dataset.NewError(path, fmt.Sprintf("%d vectors, but the data have %d rows", got, want),
		"embed every row of the data, in their order, and rows that cannot be read too; embed again if the data have changed")
}

// checkDimensions returns an error if a vector cannot have d dimensions.
func checkDimensions(path string, d int64) error {
	switch {
	case d < 1:
		return dataset.NewError(path, "the vectors have no dimensions", "save an array of the shape (rows, dimensions)")
	case d > maxDimensions:
		return dataset.NewError(path, fmt.Sprintf("the vectors have %d dimensions; at most %d can be used", d, maxDimensions),
			"save an array of the shape (rows, dimensions), not its transpose")
	}
	return nil
}

// checkFinite returns an error that names the first number of a vector that is
// NaN or infinite.
func checkFinite(path string, row int64, vector []float32) error {
	for j, x := range vector {
		if v := float64(x); math.IsNaN(v) || math.IsInf(v, 0) {
			return &dataset.Error{Path: path, Row: row, Offset: -1, Found: fmt.Sprintf("dimension %d is %v", j, x), Do: "embed this row again; a text without words may have zeros"}
		}
	}
	return nil
}

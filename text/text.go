// Package text measures free text and instruction data: how rich its words
// are, how often it repeats itself or copies a reference, whether an answer
// belongs to its instruction, and what looks broken on the surface.
//
// A document is a slice of tokens (Tokens), or of their hashes (Hash), which is
// what most measures work on:
//
//	buf = text.Tokens(s, buf[:0])
//	for _, token := range buf {
//		doc = append(doc, text.Hash(token))
//	}
//
// All functions are pure: the same input gives the same bits, nothing depends
// on chance or on the number of cores, and no argument is changed. Time and
// memory are linear in the number of tokens unless said otherwise. A statistic
// that the documents cannot support is NaN.
//
// The package imports nothing of synthos.
package text

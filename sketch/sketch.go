// Package sketch holds mergeable summaries of a stream of values: exact sums,
// extremes, distinct counts and uniform samples. It imports nothing of ours.
//
// The merged state of every sketch is a function of the multiset of values that
// were added, and of nothing else: not of their order, not of how they were
// spread over sketches, not of the order of the merges. Two sketches that saw
// the same values give the same bytes from AppendBinary. That is what makes a
// result the same bits on any number of cores.
//
// Sketches of one kind can be merged if they were made with the same
// parameters; otherwise Merge panics. A sketch that was merged into another one
// must not be used afterwards. No sketch may be used by two goroutines at once.
package sketch

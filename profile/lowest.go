package profile

import "slices"

// lowest keeps the n smallest of the items added, ascending: whatever the
// order of the additions, the same ones.
type lowest[T any] struct {
	n       int
	compare func(a, b T) int
	items   []T
}

func (l *lowest[T]) add(x T) {
	if len(l.items) == l.n && (l.n == 0 || l.compare(x, l.items[l.n-1]) >= 0) {
		return
	}
	if len(l.items) == l.n {
		l.items = l.items[:l.n-1]
	}
	i, _ := slices.BinarySearchFunc(l.items, x, l.compare)
	l.items = slices.Insert(l.items, i, x)
}

func (l *lowest[T]) merge(o *lowest[T]) {
	for _, x := range o.items {
		l.add(x)
	}
}

package localize

// stays returns which of the rows of r stay when rows that are like others are dropped: near
// duplicates that stand before all rows that are like them, and of each template the row that it
// was found by. follows says which templates they follow, in self mode. Of a template that was not
// found as one, nobody can tell which of its many rows to keep.
func (w *near) stays(r *rows, own []found, follows []int) func(channel, row int) bool {
	return func(c, i int) bool {
		id := r.table.RowIDs[i]
		switch {
		case c == nearTwin:
			return own[i].first(id, w.columns())
		case c == nearGroup && w.alone != nil:
			return w.alone.patterns.list[follows[i]].row == id
		}
		return false
	}
}

// first reports whether a row stands before all its matches that are alike in most columns, as far
// as these are more like the best one than like the last.
func (f *found) first(id int64, columns int) bool {
	if len(f.matches) == 0 {
		return false
	}
	least := (f.best().nats + f.matches[len(f.matches)-1].nats) / 2
	for k := range f.matches {
		if m := &f.matches[k]; m.id() < id && m.nats >= least && float64(m.equal) >= alikeShare*float64(columns) {
			return false
		}
	}
	return true
}

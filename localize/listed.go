package localize

import (
	"slices"

	"synthos/verdict"
)

// maxListed is up to how many flagged rows are listed by number, beside the worst
// that are described: so that they can be dropped without being judged again.
const maxListed = 1 << 17

// listing is the flagged rows by what they are charged with most, in any order.
// Of more than maxListed there is none.
type listing struct {
	rows map[accusation][]int64
	n    int // all
	over bool
}

// unread is what rows that cannot be read are charged with.
var unread = accusation{-1, -1}

func (l *listing) add(key accusation, rows ...int64) {
	if l.n += len(rows); l.n > maxListed || l.over {
		l.rows, l.over = nil, true
		return
	}
	if l.rows == nil {
		l.rows = map[accusation][]int64{}
	}
	l.rows[key] = append(l.rows[key], rows...)
}

func (l *listing) merge(o *listing) {
	l.over = l.over || o.over
	for key, rows := range o.rows {
		l.add(key, rows...)
	}
	if l.over {
		l.rows = nil
	}
}

// keptRows returns the flagged rows that stay when others are dropped, nil if there are none.
func (a *accumulator) keptRows() *verdict.FlaggedRows {
	rows := a.kept.rows[accusation{}]
	if len(rows) == 0 {
		return nil
	}
	slices.Sort(rows)
	out := &verdict.FlaggedRows{Cause: "first of rows that are nearly equal"}
	out.SetRows(rows)
	return out
}

// flaggedRows returns the listing in the order of accusations, if the worst rows
// are not all that are flagged.
func (a *accumulator) flaggedRows() []verdict.FlaggedRows {
	if a.listing.over || a.flagged <= int64(a.judge.view.in.Worst) {
		return nil
	}
	var out []verdict.FlaggedRows
	for _, key := range append([]accusation{unread}, a.accusations()...) {
		rows := a.listing.rows[key]
		if len(rows) == 0 {
			continue
		}
		f := verdict.FlaggedRows{Cause: "cannot be read"}
		if key != unread {
			f.Cause = a.judge.list[key.channel].name
		}
		if key.column >= 0 {
			f.Column = a.judge.view.names[key.column]
		}
		slices.Sort(rows)
		f.SetRows(rows)
		out = append(out, f)
	}
	return out
}

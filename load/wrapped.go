package load

import "synthos/dataset"

// wrapped is embedded by sources that show another one in their own way: it passes on
// all that the other knows beyond what dataset.Source asks for. Of a source that
// does not decide its columns by what is in them, nothing is doubtful.
type wrapped struct{ dataset.Source }

// textual is a source that decides its columns from text.
type textual interface {
	hasCodes(column string) bool // it holds strings because there are names made of digits
	unseen(column string) bool   // its type was decided without a value
}

var (
	_ judge    = wrapped{}
	_ textual  = wrapped{}
	_ badRower = wrapped{}
	_ textual  = (*textSource)(nil)
)

// badRows implements badRower.
func (w wrapped) badRows() (int64, dataset.Finding) { return badRowsOf(w.Source) }

// hasCodes implements textual.
func (w wrapped) hasCodes(column string) bool {
	t, ok := w.Source.(textual)
	return ok && t.hasCodes(column)
}

// unseen implements textual.
func (w wrapped) unseen(column string) bool {
	t, ok := w.Source.(textual)
	return ok && t.unseen(column)
}

// judgedByPart implements judge.
func (w wrapped) judgedByPart() bool { return judges(w.Source, judge.judgedByPart) }

// lost implements judge.
func (w wrapped) lost() bool { return judges(w.Source, judge.lost) }

// guessed implements judge.
func (w wrapped) guessed(column string) bool {
	return judges(w.Source, func(j judge) bool { return j.guessed(column) })
}

// layouts implements judge.
func (w wrapped) layouts() map[string]string {
	if j, ok := w.Source.(judge); ok {
		return j.layouts()
	}
	return nil
}

// paddedCells implements judge.
func (w wrapped) paddedCells(column string) int64 {
	if j, ok := w.Source.(judge); ok {
		return j.paddedCells(column)
	}
	return 0
}

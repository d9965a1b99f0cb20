package collapse

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// What networks of the data and of the reference lose on rows that they have not seen. It
// tells nothing about a fix, for which no networks are trained.

// losses returns what the networks lose; nil if that is unknown.
func (v *view) losses() (*Losses, error) {
	if v.in.Networks == nil || v.in.Coarse {
		return nil, nil
	}
	return v.lost.get(func() (*Losses, error) { return v.in.Networks.Losses(v.ctx) })
}

// utmost is how much of the loss on one slot counts, in nats: a column that is wrong
// altogether is for other statistics, this one is for relations that are wrong throughout.
const utmost = 0.5

// transfer measures how much worse networks trained on the data predict real rows than
// networks trained on real rows do: the mean over the slots of what they lose, in nats a
// cell. What the data teach better by chance wins nothing back. The loss estimates the
// divergence of Kullback and Leibler (1951) between what the columns of the reference tell
// about each other and what those of the data do.
func (v *view) transfer() (measurement, error) {
	m := measurement{name: "transfer_lost"}
	l, err := v.losses()
	if l == nil {
		return m, err
	}
	lost := make([]float64, len(l.Usual))
	sum, n, scatter := 0.0, 0.0, 0.0
	var whole []float64 // of each part, the sum over the slots
	for j := range lost {
		lost[j] = math.NaN()
		if l.Usual[j] == nil {
			continue
		}
		more := make([]float64, len(l.Usual[j]))
		for part, x := range l.Usual[j] {
			more[part] = l.Taught[j][part] - x
		}
		if whole == nil {
			whole = make([]float64, len(more))
		}
		for part, x := range more {
			whole[part] += x
		}
		lost[j] = mean(more)
		scatter += deviation(more)
		sum += min(utmost, max(0, lost[j]))
		n++
	}
	if n == 0 {
		return m, nil
	}
	m.add(sum/n, 0)
	// Two standard errors of the mean over the rows, and what the positive part of chance is on
	// average in each slot: 0.4 standard errors.
	m.chance = (2*deviation(whole) + 0.4*scatter) / n / math.Sqrt(float64(len(whole)))
	order := byDescending(lost)
	for _, j := range order[:min(3, len(order))] {
		if lost[j] > 0.05 {
			m.contributors = append(m.contributors, verdict.Contributor{
				Columns: []string{v.columnOf(j)},
				Detail:  fmt.Sprintf("networks trained on the data predict it worse in real rows, by %.2f nats", lost[j]),
				Damage:  verdict.Number(min(utmost, lost[j]) / n / scaleOf(ReferenceMode, m.name).PerDamage),
			})
		}
	}
	m.reason = fmt.Sprintf("what networks learn from the data does not hold on real rows: they lose %.2f nats a cell, most on %s (%.2f)", sum/n, v.columnOf(order[0]), lost[order[0]])
	return m, nil
}

// leastUsual is the loss in nats that others are shares of at least.
const leastUsual = 0.3

// surprise measures by how much more, in shares of what is usual, the cells of one column of the
// data surprise networks that were trained on real rows than those of the next column do:
// wrong labels are in one column, while rows that are unlike real ones surprise everywhere.
func (v *view) surprise() (measurement, error) {
	m := measurement{name: "one_column_surprises"}
	l, err := v.losses()
	if l == nil {
		return m, err
	}
	var more, chance []float64
	var slots []int
	for j := range l.Usual {
		if l.Usual[j] == nil || v.space.Columns[v.space.Slots[j].Column].Text() {
			continue
		}
		usual := mean(l.Usual[j])
		x := (mean(l.Shown[j]) - usual) / max(usual, leastUsual)
		if math.IsNaN(x) {
			continue
		}
		more, slots = append(more, x), append(slots, j)
		error := math.Hypot(deviation(l.Shown[j]), deviation(l.Usual[j])) / math.Sqrt(float64(len(l.Usual[j])))
		chance = append(chance, 2*error/max(usual, leastUsual))
	}
	if len(more) < 3 {
		return m, nil
	}
	order := byDescending(more)
	top := slots[order[0]]
	m.add(max(0, more[order[0]]-max(0, more[order[1]])), 0)
	m.chance = chance[order[0]]
	shown, usual := mean(l.Shown[top]), mean(l.Usual[top])
	m.reason = fmt.Sprintf("the values of %s contradict the rest of their rows: networks trained on real rows lose %.2f nats on them, on real rows %.2f", v.columnOf(top), shown, usual)
	if m.value[0] > leastUsual {
		m.contributors = []verdict.Contributor{{
			Columns: []string{v.columnOf(top)},
			Detail:  fmt.Sprintf("networks trained on real rows lose %.2f nats on its values, on real ones %.2f", shown, usual),
			Damage:  verdict.Number(m.value[0] / scaleOf(ReferenceMode, m.name).PerDamage),
		}}
	}
	return m, nil
}

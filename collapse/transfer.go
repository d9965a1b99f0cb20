package collapse

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// utmost is how much of the loss on one slot counts, in nats: a column that is wrong
// altogether is for other statistics, this one is for relations that are wrong throughout.
const utmost = 0.5

// transfer measures how much worse networks trained on the data predict real rows than
// networks trained on real rows do: the mean over the slots of what they lose, in nats a
// cell. What the data teach better by chance wins nothing back. The loss estimates the
// divergence of Kullback and Leibler (1951) between what the columns of the reference tell
// about each other and what those of the data do. It tells nothing about a fix, for which
// no networks are trained.
func (v *view) transfer() ([]measurement, error) {
	if v.in.Networks == nil || v.in.Coarse {
		return nil, nil
	}
	lost, err := v.in.Networks.Transfer(v.ctx)
	if err != nil || lost == nil {
		return nil, err
	}
	m := measurement{name: "transfer_lost"}
	sum, n := 0.0, 0.0
	for j, x := range lost {
		if math.IsNaN(x) {
			lost[j] = 0
			continue
		}
		sum += min(utmost, max(0, x))
		n++
	}
	m.add(sum/n, 0)
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
	return []measurement{m}, nil
}

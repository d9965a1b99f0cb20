package synthos

import (
	"context"
	"math"
)

// Transfer implements collapse.Networks. Networks of the data and of the reference are
// compared in pairs of the same seed and mask rate, so that only what they learned from
// makes a difference.
func (t *training) Transfer(ctx context.Context) ([]float64, error) {
	if t.twins == nil {
		return nil, nil
	}
	k := len(t.slots)
	rows := make([]uint16, 0, len(t.direction)+len(t.floor))
	rows = append(append(rows, t.direction...), t.floor...)
	onData, err := t.own.ColumnLosses(ctx, rows, len(rows)/k)
	if err != nil {
		return nil, err
	}
	onReference, err := t.twins.ColumnLosses(ctx, rows, len(rows)/k)
	if err != nil {
		return nil, err
	}
	pairs, sums := 0, make([]float64, k)
	for i := range min(len(onData), len(onReference)) {
		if onData[i] == nil || onReference[i] == nil {
			continue
		}
		pairs++
		for j := range sums {
			sums[j] += onData[i][j] - onReference[i][j]
		}
	}
	if pairs == 0 {
		return nil, nil
	}
	lost := make([]float64, t.allSlots)
	for j := range lost {
		lost[j] = math.NaN()
	}
	for n, j := range t.slots {
		lost[j] = sums[n] / float64(pairs)
	}
	return lost, nil
}

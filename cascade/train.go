package cascade

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"synthos/linalg"
	"synthos/resonance"
	"synthos/verdict"
)

const (
	mostEpochs  = 20   // passes over the training rows, at most
	curvePoints = 10   // entries of a curve, at least, if there are as many steps
	patience    = 3    // epochs without a lower held-out loss that end a training
	warmUp      = 0.05 // share of the steps in which the learning rate rises
	curveRows   = 256  // held-out rows that a curve is measured on
	finalRows   = 512  // rows that a loss is measured on at the end
)

// A run is the training of one network.
type run struct {
	data    *Data
	spec    spec
	kernels *linalg.Kernels
	trained []int // rows it sees
	heldOut []int
	report  *reporter

	network  *resonance.Network
	trainer  *resonance.Trainer
	random   *rand.Rand
	order    []int // the training rows, shuffled; next is the first not yet seen
	next     int
	codes    []uint16 // one batch
	marks    []bool
	held     batch // the held-out rows, masked once and for all
	training verdict.Training
	best     []float32 // the parameters with the lowest held-out loss
	bestLoss float64
	noise    *noise
}

// A batch is some rows and which of their cells are masked.
type batch struct {
	rows  int
	codes []uint16
	marks []bool
}

// train trains the network. It returns only ctx's error.
//
// An epoch is a pass over the training rows, or a tenth of the training where
// that is less: the learning rate falls to zero over the whole training, so
// curves of a single point would say nothing.
func (r *run) train(ctx context.Context) (Member, error) {
	start := time.Now()
	r.prepare()
	visits := min(r.spec.visits, mostEpochs*len(r.trained))
	size := min(r.spec.batch, len(r.trained))
	steps := max(1, visits/size)
	epoch := max(1, min(len(r.trained)/size, steps/curvePoints))
	t := &r.training
	worst := 0 // epochs since the lowest held-out loss
	for step := 0; step < steps && !t.Diverged && worst < patience; {
		var loss, norm float64
		n := min(epoch, steps-step)
		for range n {
			if err := ctx.Err(); err != nil {
				return Member{}, err
			}
			l, g := r.step(size, step, steps)
			step++
			loss += l
			norm += g
			if math.IsNaN(l) || math.IsInf(l, 0) || math.IsNaN(g) || math.IsInf(g, 0) {
				t.Diverged = true
				break
			}
		}
		t.Epochs++
		t.Steps = step
		t.TrainLoss = append(t.TrainLoss, verdict.Number(loss/float64(n)))
		t.GradientNorm = append(t.GradientNorm, verdict.Number(norm/float64(n)))
		held := r.heldOutLoss()
		t.HeldOutLoss = append(t.HeldOutLoss, verdict.Number(held))
		switch {
		case exploded(t.TrainLoss):
			t.Diverged = true
		case held < r.bestLoss:
			r.bestLoss, worst = held, 0
			r.best = r.network.Values(r.best)
		default:
			worst++
			t.StoppedEarly = worst == patience && step < steps
		}
	}
	r.report.add(r.spec.work() * (1 - float64(t.Steps)/float64(steps)))
	if r.best != nil {
		r.network.SetValues(r.best)
	}
	t.GradientNoise, t.GradientConflict = verdict.Number(r.noise.scale()), verdict.Number(r.noise.conflict())
	m := Member{Network: r.network}
	r.evaluate(&m)
	t.Seconds = time.Since(start).Seconds()
	m.Training = *t
	return m, ctx.Err()
}

// prepare makes the network, at the marginals of its rows, and the buffers.
func (r *run) prepare() {
	s, columns := &r.spec, len(r.data.Cards)
	r.network = resonance.New(s.config)
	r.network.SetMarginals(marginals(r.data, r.trained))
	r.best = r.network.Values(nil)
	size := min(s.batch, len(r.trained))
	r.trainer = resonance.NewTrainer(r.network, r.kernels, size)
	r.noise = newNoise(r.kernels, size, r.network.Parameters())
	r.random = rand.New(rand.NewPCG(s.config.Seed, 0x747261696e))
	r.order = append([]int(nil), r.trained...)
	r.next = len(r.order)
	r.codes, r.marks = make([]uint16, s.batch*columns), make([]bool, s.batch*columns)
	r.held.rows = min(curveRows, len(r.heldOut))
	r.held.codes, r.held.marks = make([]uint16, r.held.rows*columns), make([]bool, r.held.rows*columns)
	masks := rand.New(rand.NewPCG(s.config.Seed, 0x68656c64))
	for i, row := range spread(r.heldOut, r.held.rows) {
		copy(r.held.codes[i*columns:], r.data.row(row))
		maskRow(r.held.marks[i*columns:(i+1)*columns], s.maskRate, masks)
	}
	r.bestLoss = r.heldOutLoss()
	r.training = verdict.Training{Tier: s.tier, Parameters: r.network.Parameters(), Seed: s.config.Seed, MaskRate: s.maskRate}
}

// spread returns n of the rows, evenly.
func spread(rows []int, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = rows[i*len(rows)/n]
	}
	return out
}

// step trains on the next batch. The learning rate rises linearly, then falls
// along a cosine.
func (r *run) step(size, step, steps int) (loss, norm float64) {
	columns := len(r.data.Cards)
	for i := range size {
		if r.next == len(r.order) {
			r.random.Shuffle(len(r.order), func(a, b int) { r.order[a], r.order[b] = r.order[b], r.order[a] })
			r.next = 0
		}
		copy(r.codes[i*columns:(i+1)*columns], r.data.row(r.order[r.next]))
		maskRow(r.marks[i*columns:(i+1)*columns], r.spec.maskRate, r.random)
		r.next++
	}
	x := (float64(step) + 0.5) / float64(steps)
	rate := r.spec.peak * min(x/warmUp, (1+math.Cos(math.Pi*x))/2)
	if step < steps/4 { // the gradient still changes too fast to tell its noise
		loss, norm = r.trainer.Step(r.codes, r.marks, size, float32(rate), nil)
	} else {
		loss, norm = r.trainer.Step(r.codes, r.marks, size, float32(rate), r.noise.wants())
		r.noise.add(r.trainer, norm)
	}
	r.report.add(r.spec.work() / float64(steps))
	return loss, norm
}

// exploded reports whether the loss of an epoch is far above the first epoch's:
// twice that and one nat more, which no healthy training comes near.
func exploded(losses []verdict.Number) bool {
	last := losses[len(losses)-1]
	return last > 2*losses[0]+1
}

// heldOutLoss returns the mean loss of the held-out rows under their own masks.
func (r *run) heldOutLoss() float64 {
	var sum float64
	columns, most := len(r.data.Cards), r.trainer.MaxBatch()
	losses := make([]float32, most*columns)
	for from := 0; from < r.held.rows; from += most {
		b := min(most, r.held.rows-from)
		marks := r.held.marks[from*columns : (from+b)*columns]
		r.trainer.Losses(r.held.codes[from*columns:], marks, b, losses, nil)
		for i := range b {
			var row, n float64
			for j := range columns {
				if marks[i*columns+j] {
					row += float64(losses[i*columns+j])
					n++
				}
			}
			sum += row / n
		}
	}
	return sum / float64(r.held.rows)
}

// evaluate measures the losses that are comparable between networks.
func (r *run) evaluate(m *Member) {
	s := newPasses(r.trainer.Evaluator, r.data.Cards)
	mean := func(rows []int) (float64, []float64) {
		part := r.data.take(spread(rows, min(finalRows, len(rows))))
		byColumn, sum := s.columnLosses(part.Codes, part.Rows), 0.0
		for _, x := range byColumn {
			sum += x
		}
		return sum / float64(len(byColumn)), byColumn
	}
	m.TrainLoss, _ = mean(r.trained)
	m.HeldOutLoss, m.ColumnLoss = mean(r.heldOut)
	t := &r.training
	t.FinalTrainLoss, t.FinalHeldOutLoss = verdict.Number(m.TrainLoss), verdict.Number(m.HeldOutLoss)
	t.MemorizationGap = t.FinalHeldOutLoss - t.FinalTrainLoss
	for _, x := range m.ColumnLoss {
		t.ColumnLosses = append(t.ColumnLosses, verdict.Number(x))
	}
	t.HiddenRank, t.HiddenWidth = verdict.Number(r.hiddenRank()), r.network.Width()
}

// rankRows is how many rows the rank of the hidden states is measured on.
const rankRows = 256

// hiddenRank returns the effective rank of the last hidden states of training
// rows with no cell masked.
func (r *run) hiddenRank() float64 {
	rows := spread(r.trained, min(rankRows, len(r.trained)))
	part, width := r.data.take(rows), r.network.Width()
	columns, most := len(r.data.Cards), r.trainer.MaxBatch()
	states, marks := make([]float32, len(rows)*width), make([]bool, most*columns)
	for from := 0; from < len(rows); from += most {
		r.trainer.Hidden(part.Codes[from*columns:], marks, min(most, len(rows)-from), states[from*width:])
	}
	return rankMe(r.kernels, states, len(rows), width)
}

// marginals returns the share of each bin among the given rows, every count
// raised by one half (Krichevsky & Trofimov 1981), so that none is zero.
func marginals(d *Data, rows []int) []float32 {
	var out []float32
	for j, card := range d.Cards {
		counts := make([]float64, card)
		for _, i := range rows {
			counts[d.Codes[i*len(d.Cards)+j]]++
		}
		for _, n := range counts {
			out = append(out, float32((n+0.5)/(float64(len(rows))+0.5*float64(card))))
		}
	}
	return out
}

// Package resonance holds the network that synthos trains on a table: a masked
// model of a row.
//
// Every column of a row is a bin code or masked. The state of a row is the sum
// of its cells' embeddings, and is changed by L residual blocks
//
//	h += W2 gelu(W1 S LayerNorm(h) + b1) + b2
//
// where S multiplies the lowest frequencies of its input by learned complex
// weights |w| e^(i phi) and leaves the others as they are (a real Fourier
// transform along the width, a diagonal, and the inverse transform). After a
// last LayerNorm there is one softmax a column. The loss of a row is the mean
// cross-entropy, in nats, over its masked columns.
//
// A Network holds the parameters. An Evaluator runs it forward, a Trainer also
// backward; each works in one goroutine and allocates nothing after it was made.
// Gradients are derived by hand and checked against finite differences.
//
// Letters: B rows in a batch, C columns, d width, e hidden width of a block, k
// modes, L blocks, V bins of all columns together.
//
// Sources: FNet (Lee-Thorp et al., arXiv:2105.03824), GFNet (Rao et al.,
// arXiv:2107.00645), TabMT (Gulati & Roysdon, arXiv:2312.06089).
package resonance

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"synthos/linalg"
)

// foldWidth is the largest width at which S may be folded into W1, and foldRows
// the number of rows, in widths, from which that pays for one use: for d = 112,
// e = 448 and k = 28 the fold and its gradient cost as much as S and its gradient
// for 450 rows. In training a fold serves one batch, in evaluation all.
const foldWidth, foldRows = 256, 4

// Config is the shape of a Network.
type Config struct {
	Cards     []int  // bins of each column, each at least 1
	Width     int    // d, a positive multiple of 16
	Modes     int    // k, 1 to d/2+1
	Blocks    int    // L, at least 0
	Expansion int    // e/d; 4 is usual
	Seed      uint64 // of the initial parameters
}

// Check returns an error that says what is impossible about the shape, nil if
// there can be such a network.
func (c *Config) Check() error {
	switch {
	case len(c.Cards) == 0:
		return errors.New("resonance: no columns")
	case c.Width <= 0 || c.Width%linalg.Lanes != 0:
		return errors.New("resonance: width is not a positive multiple of 16")
	case c.Modes < 1 || c.Modes > c.Width/2+1:
		return errors.New("resonance: modes are not in 1 to width/2+1")
	case c.Blocks < 0 || c.Expansion < 1:
		return errors.New("resonance: negative blocks or no expansion")
	}
	for _, card := range c.Cards {
		if card < 1 || card > math.MaxUint16+1 {
			return errors.New("resonance: a column with no bins, or with more than a code can name")
		}
	}
	return nil
}

// bins returns V.
func (c *Config) bins() int {
	n := 0
	for _, card := range c.Cards {
		n += card
	}
	return n
}

// hidden returns e.
func (c *Config) hidden() int { return c.Width * c.Expansion }

// Count returns the number of parameters of a network of shape c. It allocates
// nothing. It panics if the shape is impossible.
func Count(c Config) int {
	if err := c.Check(); err != nil {
		panic(err)
	}
	d, e, v := c.Width, c.hidden(), c.bins()
	block := 2*d*e + 2*c.Modes + 3*d + e
	return (v+len(c.Cards))*d + c.Blocks*block + 2*d + v*d + v
}

// weights are the parameters, or their gradient: parts of one vector.
type weights struct {
	blocks []blockWeights
	head   []float32 // d*V: column j's bins are columns offset[j] ... of it

	embed       []float32 // (V+C)*d: a row a bin, then a row a masked column
	gain, shift []float32 // d, of the last LayerNorm
	bias        []float32 // V
}

type blockWeights struct {
	w1, w2                    []float32 // d*e, e*d
	magnitude, phase          []float32 // k
	gain, shift, bias1, bias2 []float32 // d, d, e, d
}

// split cuts a vector of Count(c) values into weights: first the matrices, which
// decay, then the rest.
func (c *Config) split(flat []float32) (w weights, decaying int) {
	at := 0
	take := func(n int) []float32 {
		at += n
		return flat[at-n : at : at]
	}
	d, e, v := c.Width, c.hidden(), c.bins()
	w.blocks = make([]blockWeights, c.Blocks)
	for l := range w.blocks {
		w.blocks[l].w1, w.blocks[l].w2 = take(d*e), take(e*d)
	}
	w.head = take(d * v)
	decaying = at
	w.embed = take((v + len(c.Cards)) * d)
	for l := range w.blocks {
		b := &w.blocks[l]
		b.magnitude, b.phase = take(c.Modes), take(c.Modes)
		b.gain, b.shift, b.bias1, b.bias2 = take(d), take(d), take(e), take(d)
	}
	w.gain, w.shift, w.bias = take(d), take(d), take(v)
	return w, decaying
}

// Network holds the parameters of one network. Any number of Evaluators may
// read it at once as long as no Trainer changes it.
type Network struct {
	config   Config
	flat     []float32 // all parameters
	decaying int       // the first of them, which decay
	weights  weights   // the same, cut
	offset   []int     // the first bin of each column; V at the end
	changes  int       // grows with every change of the parameters
}

// New returns a network with random parameters, the same for the same Config on
// every machine. It panics if the shape is impossible.
func New(c Config) *Network {
	n := Restore(c, make([]float32, Count(c)))
	r := rand.New(rand.NewPCG(c.Seed, 0x5265736f6e616e63))
	normal := func(x []float32, mean, sd float64) {
		for i := range x {
			x[i] = float32(mean + sd*r.NormFloat64())
		}
	}
	w := &n.weights
	normal(w.embed, 0, 1/math.Sqrt(float64(len(c.Cards))))
	for l := range w.blocks {
		b := &w.blocks[l]
		normal(b.w1, 0, 1/math.Sqrt(float64(c.Width)))
		normal(b.w2, 0, 1/math.Sqrt(float64(2*c.Blocks*c.hidden())))
		normal(b.magnitude, 1, 0.1)
		normal(b.phase, 0, 0.1)
		fill(b.gain, 1)
	}
	fill(w.gain, 1)
	normal(w.head, 0, 0.02)
	return n
}

// Restore returns the network of shape c with the parameters that Values
// returned; it keeps values. It panics if the shape is impossible or there are
// not Count(c) values.
func Restore(c Config, values []float32) *Network {
	if want := Count(c); len(values) != want {
		panic(fmt.Sprintf("resonance: %d values for %d parameters", len(values), want))
	}
	n := &Network{config: c, flat: values, offset: make([]int, len(c.Cards)+1)}
	n.config.Cards = append([]int(nil), c.Cards...)
	n.weights, n.decaying = n.config.split(n.flat)
	for j, card := range c.Cards {
		n.offset[j+1] = n.offset[j] + card
	}
	return n
}

func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// Config returns the shape. Its Cards may not be changed.
func (n *Network) Config() Config { return n.config }

// Parameters returns the number of parameters.
func (n *Network) Parameters() int { return len(n.flat) }

// Columns returns C, the number of columns.
func (n *Network) Columns() int { return len(n.config.Cards) }

// Bins returns V, the number of bins of all columns together.
func (n *Network) Bins() int { return n.offset[len(n.config.Cards)] }

// Width returns d, the length of a row's state.
func (n *Network) Width() int { return n.config.Width }

// Offset returns the position of column j's first bin among those of all
// columns.
func (n *Network) Offset(j int) int { return n.offset[j] }

// SetMarginals sets the bias of every bin to the logarithm of its probability,
// so that the network starts from the marginal distributions of its columns.
// p has length V; entries must be positive.
func (n *Network) SetMarginals(p []float32) {
	if len(p) != n.Bins() {
		panic("resonance: marginals differ from the bins in length")
	}
	for i, x := range p {
		n.weights.bias[i] = float32(math.Log(float64(x)))
	}
	n.changes++
}

// Values copies all parameters to dst, which it grows if needed, and returns it.
func (n *Network) Values(dst []float32) []float32 { return append(dst[:0], n.flat...) }

// SetValues sets all parameters to what Values returned.
func (n *Network) SetValues(values []float32) {
	if len(values) != len(n.flat) {
		panic(fmt.Sprintf("resonance: %d values for %d parameters", len(values), len(n.flat)))
	}
	copy(n.flat, values)
	n.changes++
}

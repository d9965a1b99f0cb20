package cascade

import (
	"math"

	"synthos/resonance"
)

// Tiers, as they stand in reports.
const (
	Tiny  = "tiny"
	Small = "small"
	Base  = "base"
)

// A preset is a size of the cascade.
type preset struct {
	name  string
	tiers [3]tier
}

// A tier is a number of networks of one shape: with the given number of blocks
// and the width that brings it nearest to the parameters. Each is trained on so many rows,
// repeats counted.
type tier struct {
	name                                        string
	networks, parameters, blocks, batch, visits int
}

// The presets. One block learned more per second than two or more of the same
// number of parameters, on eight public tables of 2,000 to 10,000 rows and at
// 20,000 to 60,000 visits: at that budget width pays and depth does not.
//
// Tiny networks tell as much about the data after 1,700 visits as after three times as
// many. Larger ones learn no more than they do from equally many rows, and so need more to
// tell how the loss falls with size (Hoffmann et al., arXiv:2203.15556).
var presets = []preset{
	{"cpu", [3]tier{{Tiny, 10, 20000, 1, 32, 1700}, {Small, 5, 80000, 1, 32, 3400}, {Base, 3, 200000, 1, 64, 6800}}},
	{"fast", [3]tier{{Tiny, 10, 20000, 1, 32, 1700}, {Small, 5, 80000, 1, 32, 1700}, {Base, 3, 200000, 1, 64, 1700}}},
	{"full", [3]tier{{Tiny, 10, 76e6, 12, 256, 100000}, {Small, 5, 454e6, 24, 256, 200000}, {Base, 3, 983e6, 24, 256, 400000}}},
}

// visit sets how many rows every network is trained on.
func (p *preset) visit(rows int) {
	for i := range p.tiers {
		p.tiers[i].visits = rows
	}
}

// Presets returns the names of the presets.
func Presets() []string {
	names := make([]string, len(presets))
	for i := range presets {
		names[i] = presets[i].name
	}
	return names
}

func presetOf(name string) preset {
	if name == "" {
		name = presets[0].name
	}
	for _, p := range presets {
		if p.name == name {
			return p
		}
	}
	panic("cascade: unknown preset " + name)
}

// A spec is everything that distinguishes the training of one network.
type spec struct {
	tier     string
	config   resonance.Config
	batch    int
	visits   int
	maskRate float64
	keep     float64 // share of the training rows that it sees
	peak     float64 // of the learning rate
}

// work is proportional to the time of the training.
func (s *spec) work() float64 {
	return float64(s.visits) * float64(resonance.Count(s.config))
}

// Networks of a tier mask cells at rates spread over this interval.
const leastMaskRate, mostMaskRate = 0.15, 0.5

// plan returns the networks of a preset for columns of the given cards: tiny,
// small, base. The first of each tier sees all training rows, the others four
// fifths of them. With so many bins that the narrowest network is above the
// targets, each tier is still wider than the one before, so that a scaling law
// can be fitted.
func plan(cards []int, seed uint64, p preset) []spec {
	var specs []spec
	for n, t := range p.tiers {
		config := shape(cards, t.parameters, t.blocks)
		if n > 0 {
			if before := specs[len(specs)-1].config; config.Width <= before.Width && config.Blocks == before.Blocks {
				config.Width = 2 * before.Width
				config.Modes = modes(config.Width)
			}
		}
		for i := range t.networks {
			s := spec{tier: t.name, config: config, batch: t.batch, visits: t.visits, keep: 0.8, peak: learningRate(config.Width)}
			s.config.Seed = mix(seed, uint64(len(specs)))
			s.maskRate = leastMaskRate + (mostMaskRate-leastMaskRate)*float64(i)/float64(t.networks-1)
			if i == 0 {
				s.keep = 1
			}
			specs = append(specs, s)
		}
	}
	return specs
}

// shape returns the network with the given number of blocks whose number of
// parameters is nearest to the target, by ratio. With very many bins already the
// narrowest is above it.
func shape(cards []int, target, blocks int) resonance.Config {
	var best resonance.Config
	least := math.Inf(1)
	for width := 16; ; width += 16 {
		c := resonance.Config{Cards: cards, Width: width, Modes: modes(width), Blocks: blocks, Expansion: 4}
		n := resonance.Count(c)
		if miss := math.Abs(math.Log(float64(n) / float64(target))); miss < least {
			best, least = c, miss
		}
		if n >= target {
			return best
		}
	}
}

// Shape returns the shape of the networks of a tier of a preset on columns of the
// given cards; it panics if there is none of that name.
func Shape(presetName, tierName string, cards []int) resonance.Config {
	for _, t := range presetOf(presetName).tiers {
		if t.name == tierName {
			return shape(cards, t.parameters, t.blocks)
		}
	}
	panic("cascade: unknown tier " + tierName)
}

// modes returns a quarter of the width, in whole lanes where a network needs it.
func modes(width int) int {
	if width <= 256 {
		return width / 4
	}
	return (width/4 + 8) / 16 * 16
}

// learningRate of a network at its peak. Tuned on the same tables as the
// presets: best at 0.02 for width 32, 0.01 for 80, 0.006 for 128.
func learningRate(width int) float64 { return 0.02 * math.Pow(32/float64(width), 0.75) }

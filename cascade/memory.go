package cascade

import (
	"cmp"
	"fmt"
	"slices"

	"synthos/dataset"
	"synthos/resonance"
)

// Memory returns about how many bytes a training of a preset on columns of the
// given cards takes at its peak, with so many goroutines, without making any of
// it: the parameters of all networks, and for each of the largest that are
// trained at once their gradient, AdamW's two moments, the best parameters so
// far, a sum of gradients, and what the rows of a batch compute on their way.
func Memory(presetName string, cards []int, jobs int) int64 {
	specs := plan(cards, 1, presetOf(presetName))
	var total int64
	working := make([]int64, len(specs))
	for i := range specs {
		parameters := int64(resonance.Count(specs[i].config))
		total += 4 * parameters
		working[i] = 4 * (5*parameters + activations(&specs[i]))
	}
	slices.SortFunc(working, func(a, b int64) int { return cmp.Compare(b, a) })
	for _, bytes := range working[:min(len(working), max(1, jobs))] {
		total += bytes
	}
	return total
}

// activations returns how many numbers a batch of a network computes.
func activations(s *spec) int64 {
	c := &s.config
	d, e, b := int64(c.Width), int64(c.Width*c.Expansion), int64(s.batch)
	row := int64(c.Blocks)*(2*d+2*e+2*d) + 8*d + e // layers; states and their gradients
	return b*row + 4*d*d + d*e                     // and the matrices of the transform
}

// CheckMemory returns a *dataset.Error that names the largest preset that fits
// if a training of a preset would take more than the given number of bytes, nil
// if it fits or bytes is 0 = unknown.
func CheckMemory(presetName string, cards []int, jobs int, bytes int64) error {
	need := Memory(presetName, cards, jobs)
	if bytes <= 0 || need <= bytes {
		return nil
	}
	found := fmt.Sprintf("the networks of the preset %s need %s of memory to train %d at once, but %s are free",
		presetOf(presetName).name, gigabytes(need), max(1, jobs), gigabytes(bytes))
	fits, most := "", int64(0)
	for _, p := range presets {
		if m := Memory(p.name, cards, jobs); m <= bytes && m > most {
			fits, most = p.name, m
		}
	}
	if fits == "" {
		return dataset.NewError("", found, "free some memory, or judge fewer columns")
	}
	return dataset.NewError("", found, fmt.Sprintf("use the preset %s, which needs %s, or a machine with more memory", fits, gigabytes(most)))
}

func gigabytes(n int64) string {
	if n < 1e8 {
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

package cascade

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"slices"

	"synthos/resonance"
	"synthos/verdict"
)

// stored is a Cascade as it is written. Version changes with its meaning.
type stored struct {
	Version             int
	Preset              string
	Seed                uint64
	Names               []string
	Cards               []int
	RowsTrained, Visits int
	HeldOut             []int
	Seconds             float64
	Members             []storedMember
}

type storedMember struct {
	Shape                  resonance.Config
	Values                 []byte // float32, little endian
	Training               verdict.Training
	TrainLoss, HeldOutLoss float64
	ColumnLoss             []float64
}

const storedVersion = 3

// MarshalBinary writes the cascade with all parameters, for a later run.
func (c *Cascade) MarshalBinary() ([]byte, error) {
	s := stored{storedVersion, c.Preset, c.Seed, c.Names, c.Cards, c.RowsTrained, c.visits, c.HeldOut, c.Seconds, nil}
	for i := range c.Members {
		m := &c.Members[i]
		s.Members = append(s.Members, storedMember{m.Network.Config(), toBytes(m.Network.Values(nil)), m.Training, m.TrainLoss, m.HeldOutLoss, m.ColumnLoss})
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		return nil, fmt.Errorf("cascade: %w", err)
	}
	return b.Bytes(), nil
}

// SetJobs sets the number of goroutines that the methods of c use, 0 = all
// cores. It may not be called beside them.
func (c *Cascade) SetJobs(jobs int) { c.jobs = jobs }

func toBytes(values []float32) []byte {
	b := make([]byte, 4*len(values))
	for i, x := range values {
		binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(x))
	}
	return b
}

func fromBytes(b []byte) []float32 {
	values := make([]float32, len(b)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return values
}

// UnmarshalBinary reads what MarshalBinary wrote. The cascade then works with
// as many goroutines as there are cores.
func (c *Cascade) UnmarshalBinary(data []byte) error {
	var s stored
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&s); err != nil {
		return fmt.Errorf("cascade: not a stored cascade: %w", err)
	}
	if s.Version != storedVersion || len(s.Members) == 0 {
		return errors.New("cascade: stored by another version")
	}
	out := Cascade{Preset: s.Preset, Seed: s.Seed, Names: s.Names, Cards: s.Cards, RowsTrained: s.RowsTrained, HeldOut: s.HeldOut, Seconds: s.Seconds, visits: s.Visits}
	for i, m := range s.Members {
		if err := m.Shape.Check(); err != nil {
			return fmt.Errorf("cascade: stored network %d: %w", i, err)
		}
		if got, want := len(m.Values), 4*resonance.Count(m.Shape); got != want || !slices.Equal(m.Shape.Cards, s.Cards) {
			return fmt.Errorf("cascade: stored network %d has %d bytes of parameters for %d columns, not %d for %d", i, got, len(m.Shape.Cards), want, len(s.Cards))
		}
		out.Members = append(out.Members, Member{resonance.Restore(m.Shape, fromBytes(m.Values)), m.Training, m.TrainLoss, m.HeldOutLoss, m.ColumnLoss})
	}
	*c = out
	return nil
}

package synthos

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"log/slog"
	"path/filepath"

	"synthos/cache"
	"synthos/cascade"
	"synthos/verdict"
)

// A memory is the entry of stage 3 in the cache: what training on these very
// codes, with these options and this build of the program, has shown. A nil
// memory remembers nothing.
type memory struct {
	dir   *cache.Dir
	key   string
	label string
	jobs  int
}

// remembered is what the entry holds.
type remembered struct {
	Own, Twins  []byte // cascades; Twins may be empty
	Predictions []uint16
	Section     verdict.Cascade
}

// memoryOf returns the entry for a training on data, with twins on reference if
// that is not nil.
func (r *run) memoryOf(data, reference *cascade.Data, predictions int) *memory {
	label := fmt.Sprintf("%s, preset %s, seed %d", filepath.Base(r.path), r.o.Preset, r.o.Seed)
	if reference != nil {
		label += ", against " + filepath.Base(r.o.Reference)
	}
	return r.entry("cascade", predictions, label, data, reference)
}

// entry returns the entry of an outcome that depends on number and the codes of
// tables. A cache that cannot be used is none: it saves time and changes no result.
func (r *run) entry(what string, number int, label string, tables ...*cascade.Data) *memory {
	if !r.o.UseCache {
		return nil
	}
	dir, err := cache.Open(r.o.CacheDir, r.o.CacheLimit)
	if err != nil {
		slog.Debug("no cache", "error", err)
		return nil
	}
	key, err := cache.NewKey()
	if err != nil {
		slog.Debug("no cache", "error", err)
		return nil
	}
	key.Text(what + " " + r.o.Preset + " " + cascade.Kernel())
	key.Number(r.o.Seed)
	key.Number(uint64(number))
	for _, d := range tables {
		if d == nil {
			continue
		}
		key.Number(uint64(d.Rows))
		key.Number(uint64(len(d.Cards)))
		for j, card := range d.Cards {
			key.Text(d.Names[j])
			key.Number(uint64(card))
		}
		key.Codes(d.Codes)
	}
	return &memory{dir: dir, key: key.Name(), label: label, jobs: r.jobs}
}

// trainTwins trains the twins of own on the reference, unless an earlier run
// against the same reference has: other data of as many rows have the same twins.
func (r *run) trainTwins(ctx context.Context, reference cascade.Data, own *cascade.Cascade, o cascade.Options) (*cascade.Cascade, error) {
	rows := own.RowsTrained + len(own.HeldOut) // what of own the twins depend on, beside the options
	m := r.entry("twins", rows, fmt.Sprintf("%s, preset %s, seed %d, twins", filepath.Base(r.o.Reference), r.o.Preset, r.o.Seed), &reference)
	if m != nil {
		if data, ok := m.dir.Get(m.key); ok {
			twins := new(cascade.Cascade)
			if err := twins.UnmarshalBinary(data); err == nil {
				twins.SetJobs(m.jobs)
				return twins, nil
			}
		}
	}
	twins, err := cascade.TrainTwins(ctx, reference, own, o)
	if err != nil || m == nil {
		return twins, err
	}
	if data, err := twins.MarshalBinary(); err == nil {
		if err := m.dir.Put(m.key, m.label, data); err != nil {
			slog.Debug("the twins were not kept", "error", err)
		}
	}
	return twins, nil
}

// recall fills in t and returns the section of the report, or reports that
// nothing is remembered.
func (m *memory) recall(t *training) (predictions []uint16, section *verdict.Cascade, ok bool) {
	if m == nil {
		return nil, nil, false
	}
	data, ok := m.dir.Get(m.key)
	if !ok {
		return nil, nil, false
	}
	var kept remembered
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&kept); err != nil {
		slog.Debug("the cache holds something else", "error", err)
		return nil, nil, false
	}
	read := func(data []byte) *cascade.Cascade {
		if len(data) == 0 {
			return nil
		}
		c := new(cascade.Cascade)
		if err := c.UnmarshalBinary(data); err != nil {
			slog.Debug("the cache holds something else", "error", err)
			ok = false
			return nil
		}
		c.SetJobs(m.jobs)
		return c
	}
	own, twins := read(kept.Own), read(kept.Twins)
	if !ok || own == nil {
		return nil, nil, false
	}
	t.own, t.twins = own, twins
	kept.Section.FromCache = true
	return kept.Predictions, &kept.Section, true
}

// keep stores what has been trained.
func (m *memory) keep(t *training, predictions []uint16, section *verdict.Cascade) {
	if m == nil {
		return
	}
	err := func() error {
		kept := remembered{Predictions: predictions, Section: *section}
		var err error
		if kept.Own, err = t.own.MarshalBinary(); err != nil {
			return err
		}
		if t.twins != nil {
			if kept.Twins, err = t.twins.MarshalBinary(); err != nil {
				return err
			}
		}
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(kept); err != nil {
			return err
		}
		return m.dir.Put(m.key, m.label, b.Bytes())
	}()
	if err != nil {
		slog.Debug("the trained networks were not kept", "error", err)
	}
}

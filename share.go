package synthos

import (
	"context"
	"fmt"
	"sync"

	"synthos/cache"
	"synthos/load"
	"synthos/profile"
)

// KeepReference makes o, and every copy that is made of it afterwards, read the
// reference and the holdout once for all validations, and find out once what depends
// on the reference alone (forests and neighbours of its rows, noise floors), until
// release is called. That pays when many datasets are judged against one reference;
// less where their samples differ in size, since floors depend on it, or have free
// text, whose topics are those of both sides. The files must not change in between.
// Results are the same, bit for bit. (The networks that are trained on the reference
// are kept by UseCache.)
func (o *Orchestrator) KeepReference() (release func()) {
	k := &keptFiles{files: map[string]*keptFile{}, memory: cache.NewMemory()}
	o.kept = k
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		for key, f := range k.files {
			f.loaded.source.Close()
			delete(k.files, key)
		}
		k.over, k.memory = true, nil
	}
}

// remembered returns the memory of what the reference alone shows, nil if no other
// validation shares it.
func (o *Orchestrator) remembered() *cache.Memory {
	k := o.kept
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.over {
		k.memory.Turn()
	}
	return k.memory
}

// keptFiles are files after the first pass, by what they were read with.
type keptFiles struct {
	mu     sync.Mutex
	files  map[string]*keptFile
	memory *cache.Memory
	over   bool // released
}

type keptFile struct {
	loaded  *loaded
	profile *profile.Profile
}

// openOnce is open for a file that all validations share, if that is asked for.
// adopt is called once, before anybody else sees the file.
func (r *run) openOnce(ctx context.Context, into **loaded, o load.Options, path string, adopt func(*profile.Profile)) (*profile.Profile, error) {
	k := r.o.kept
	if k == nil {
		p, err := r.open(ctx, into, o, path)
		if err == nil {
			adopt(p)
		}
		return p, err
	}
	key := fmt.Sprintf("%q %q %q %q %q %v %v %d %d", path, o.Sheet, r.o.Schema, r.o.BadRows, r.o.Encoding, o.Types, o.Prefer, r.o.Seed, r.o.Sample) // maps are printed in order
	k.mu.Lock()
	defer k.mu.Unlock()
	if f := k.files[key]; f != nil {
		*into = f.loaded
		return f.profile, nil
	}
	p, err := r.open(ctx, into, o, path)
	if err != nil {
		return nil, err
	}
	adopt(p)
	if !k.over {
		(*into).kept = true
		k.files[key] = &keptFile{*into, p}
	}
	return p, nil
}

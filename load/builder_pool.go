package load

import (
	"sync"

	"synthos/dataset"
)

// builderPool keeps builders between the ranges of a source: what a builder takes
// in memory is more than what many a range holds.
type builderPool struct{ pool sync.Pool }

// take returns a builder of batches of the schema without rows.
func (p *builderPool) take(schema *dataset.Schema) *builder {
	if b, _ := p.pool.Get().(*builder); b != nil && b.schema == schema {
		return b
	}
	return newBuilder(schema)
}

// give returns a builder that is not used any more. Whatever it still holds is
// forgotten.
func (p *builderPool) give(b *builder) {
	b.row, b.text = 0, 0
	for i := range b.columns {
		c := &b.columns[i]
		c.text, c.ends, c.invalid = c.text[:0], c.ends[:0], c.invalid[:0]
		c.padded = padded{}
		clear(c.strings)
	}
	p.pool.Put(b)
}

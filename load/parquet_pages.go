package load

import (
	"bytes"
	"fmt"

	"github.com/parquet-go/parquet-go"
	pqenc "github.com/parquet-go/parquet-go/encoding"
)

// parquetPages walks the pages of a leaf in a row group and decodes each.
type parquetPages struct {
	group parquetGroup
	leaf  *parquetLeaf
	pages parquet.Pages // nil before the first page
	page  parquet.Page  // the current page, nil before the first

	rows     int    // entries of the page, nulls included
	rep, def []byte // levels of the entries; empty if the leaf has none
	floats   []float64
	infinite bool // some of floats are not finite
	strings  []string
	buffer   []float64 // for floats, where they are not the page's own

	dict      parquet.Dictionary // whose values are in the next two
	dictFloat []float64
	dictText  []string
}

func newParquetPages(leaf *parquetLeaf, group parquetGroup) *parquetPages {
	return &parquetPages{leaf: leaf, group: group}
}

func (p *parquetPages) close() {
	p.release()
	if p.pages != nil {
		p.pages.Close()
	}
}

func (p *parquetPages) release() {
	if p.page != nil {
		parquet.Release(p.page)
		p.page = nil
	}
}

// next decodes the next page that has entries. It returns io.EOF after the last.
func (p *parquetPages) next() error {
	if p.pages == nil {
		if err := p.group.checkPages(p.leaf); err != nil {
			return err
		}
		p.pages = p.group.openPages(p.leaf)
	}
	for {
		p.release()
		page, err := p.pages.ReadPage()
		if err != nil {
			return err
		}
		p.page = page
		p.rows = int(page.NumValues())
		if p.rows == 0 {
			continue
		}
		p.rep, p.def = page.RepetitionLevels(), page.DefinitionLevels()
		return p.decode()
	}
}

// decode fills floats or strings with the page's values, nulls left out.
func (p *parquetPages) decode() error {
	values := p.rows
	if p.leaf.maxDef > 0 {
		if len(p.def) != p.rows {
			return fmt.Errorf("a page of %d entries has %d definition levels", p.rows, len(p.def))
		}
		values = bytes.Count(p.def, []byte{p.leaf.maxDef})
	}
	if p.leaf.null {
		if values > 0 {
			return fmt.Errorf("a column of nulls holds %d values", values)
		}
		return nil
	}
	var err error
	data := p.page.Data()
	if dict := p.page.Dictionary(); dict != nil {
		err = p.look(dict, data)
	} else if p.leaf.double {
		p.floats = data.Double()
	} else if p.leaf.floats != nil {
		p.buffer, err = p.leaf.floats(data, p.buffer)
		p.floats = p.buffer
	} else {
		p.strings, err = p.leaf.strings(data, p.strings)
	}
	if err != nil {
		return err
	}
	have := len(p.floats)
	if p.leaf.strings != nil {
		have = len(p.strings)
	}
	if have < values {
		return fmt.Errorf("a page holds %d values, its header says %d", have, values)
	}
	p.infinite = p.leaf.floats != nil && !allFinite(p.floats[:values])
	return nil
}

// look resolves a page of indexes into the dictionary, which is decoded once.
func (p *parquetPages) look(dict parquet.Dictionary, data pqenc.Values) error {
	if p.dict != dict {
		var err error
		values := dict.Page().Data()
		if p.leaf.floats != nil {
			p.dictFloat, err = p.leaf.floats(values, nil)
		} else {
			p.dictText, err = p.leaf.strings(values, nil)
		}
		if err != nil {
			return err
		}
		p.dict = dict
	}
	index := data.Int32()
	if p.leaf.floats != nil {
		p.buffer = sized(p.buffer, len(index))
		p.floats = p.buffer
		for i, k := range index {
			p.floats[i] = p.dictFloat[k]
		}
		return nil
	}
	p.strings = sized(p.strings, len(index))
	for i, k := range index {
		p.strings[i] = p.dictText[k]
	}
	return nil
}

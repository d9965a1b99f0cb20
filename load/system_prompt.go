package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"synthos/dataset"
)

// systemSource leaves out the column of system prompts of another source, whose rows
// all have the same one.
type systemSource struct {
	wrapped
	schema dataset.Schema
	at     int // of the column in the schema of the source
	name   string
	prompt string
	path   string
	notes  notes
}

// noteSystem is the kind of notes about rows with another system prompt.
const noteSystem = "rows with another system prompt than the sample"

// withoutSystem returns src without the column of system prompts of instruction data,
// if it is the same text in all rows: as in conversations (chatColumn.fix), it would
// look like a column that collapsed. A column that the reference has stays.
func withoutSystem(ctx context.Context, path string, src dataset.Source, o Options) (dataset.Source, error) {
	schema := src.Schema()
	at := slices.IndexFunc(schema.Fields, func(f dataset.Field) bool {
		name := strings.ToLower(f.Name)
		return f.Type == dataset.String && (name == "system" || name == "system_prompt")
	})
	if at < 0 || len(trainingTexts(path, schema.Fields)) == 0 {
		return src, nil
	}
	if _, forced := o.Types[schema.Fields[at].Name]; forced {
		return src, nil
	}
	s := &systemSource{wrapped: wrapped{src}, at: at, name: schema.Fields[at].Name, path: path}
	same, err := s.learn(ctx, o.Whole)
	if err != nil {
		src.Close()
		return nil, err
	}
	if !same {
		return src, nil
	}
	s.schema.Fields = slices.Delete(slices.Clone(schema.Fields), at, at+1)
	return s, nil
}

// learn reports whether the sample, or all rows, have one and the same prompt, and
// enough of them that this is not by chance.
func (s *systemSource) learn(ctx context.Context, whole bool) (same bool, err error) {
	ranges := s.Source.Ranges()
	if !whole {
		ranges = someRanges(ranges)
	}
	enough, differs := errors.New("the sample is complete"), errors.New("another prompt")
	seen := 0
	for _, r := range ranges {
		rows := 0
		err := s.Source.Read(ctx, r, func(b *dataset.Batch) error {
			v := &b.Columns[s.at]
			for i, null := range v.Null {
				switch {
				case null:
					return differs
				case seen == 0:
					s.prompt = strings.Clone(v.Strings[i])
				case v.Strings[i] != s.prompt:
					return differs
				}
				seen++
			}
			if rows += b.Rows; rows >= chatSample && !whole {
				return enough
			}
			return nil
		})
		if err == differs {
			return false, nil
		}
		if err != nil && err != enough {
			return false, err
		}
	}
	return seen >= fewChats, nil
}

// Schema implements dataset.Source.
func (s *systemSource) Schema() *dataset.Schema { return &s.schema }

// Findings implements dataset.Source.
func (s *systemSource) Findings() []dataset.Finding {
	about := fmt.Sprintf("all rows have the same system prompt, which is no column: %q", cutText([]byte(s.prompt)))
	return slices.Concat(s.Source.Findings(), []dataset.Finding{{Path: s.path, Row: -1, Column: s.name, Message: about}}, s.notes.findings(s.path))
}

// Read implements dataset.Source.
func (s *systemSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	seen := tallies{}
	out := &dataset.Batch{}
	err := s.Source.Read(ctx, r, func(b *dataset.Batch) error {
		v := &b.Columns[s.at]
		for i, null := range v.Null {
			if null || v.Strings[i] != s.prompt {
				seen.add(noteSystem, b.FirstRow+int64(i), s.name, "another system prompt than the sample showed; it is no column")
			}
		}
		columns := append(append(out.Columns[:0], b.Columns[:s.at]...), b.Columns[s.at+1:]...)
		*out = *b
		out.Columns = columns
		return yield(out)
	})
	if err == nil {
		s.notes.set(r.Index, seen)
	}
	return err
}

// lost implements judge: with all rows looked at, the column would not have been left
// out.
func (s *systemSource) lost() bool {
	n, _ := s.notes.count(noteSystem)
	return n > 0 || s.wrapped.lost()
}

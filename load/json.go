package load

import (
	"context"
	"fmt"
	"io"

	"synthos/dataset"
)

// jsonSource is an open JSON file: lines of JSON, which are cut into ranges,
// or an array or a sequence of records, which are one range.
type jsonSource struct {
	textSource
	layout  jsonLayout
	wrapped wrapping
	root    *jsonNode
	chats   []*chatColumn
	slowly  bool // read without jsonFast, for tests to compare
}

func openJSON(ctx context.Context, path string, o Options) (_ dataset.Source, err error) {
	s := &jsonSource{textSource: textSource{path: path, options: o}, root: &jsonNode{}}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	head, last, err := s.readHead(ctx, func(head []byte, last bool) bool {
		_, isWrapped := unwrap(head, last, o.Format)
		_, ok := sniffLayout(head, last, o.Format)
		return ok || isWrapped
	})
	if err != nil {
		return nil, err
	}
	s.layout, _ = sniffLayout(head, last, o.Format)
	if w, ok := unwrap(head, last, o.Format); ok {
		s.layout, s.wrapped = jsonArray, w
		s.note("", w.String())
	}
	if err := s.findRanges(ctx, head, last); err != nil {
		return nil, err
	}
	if err := s.learn(ctx); err != nil {
		return nil, err
	}
	columns := columnsOf(s.root)
	keepTexts(columns.fields, columns.sample)
	if len(columns.fields) == 0 {
		return nil, dataset.NewError(path, "no record in it has a member", "check that it holds JSON objects")
	}
	if err := s.checkColumns(len(columns.fields)); err != nil {
		return nil, err
	}
	for _, name := range columns.wide {
		s.note(name, fmt.Sprintf("objects with more than %d different members; kept as JSON text", maxMembers))
	}
	s.findings = append(s.findings, uniqueNames(path, columns.fields)...)
	s.chats = columns.chats
	s.setSchema(columns.fields, columns.sample, true)
	s.findings = append(s.findings, trainingTexts(path, s.shown.Fields)...)
	return s, nil
}

// chatColumns implements chatter.
func (s *jsonSource) chatColumns() []*chatColumn { return s.chats }

// sniffLayout tells how the records stand in head; last says that it is all of
// the file. It is lines of JSON if the first or the second line that is not
// empty is a value by itself. ok is false if head ends too early to tell.
func sniffLayout(head []byte, last bool, format string) (layout jsonLayout, ok bool) {
	if firstInk(head) == '[' && (format != "ndjson" || !manyArrays(head, last)) {
		return jsonArray, true
	}
	for range 2 {
		line, used, err := findLine(head, last)
		if err != nil {
			return jsonLines, false
		}
		if line == nil {
			break
		}
		d := jsonParser{b: line}
		if d.skip(0) == nil && d.finish() == nil {
			return jsonLines, true
		}
		head = head[used:]
	}
	return jsonValues, true
}

// manyArrays reports whether the first two lines are an array each.
func manyArrays(head []byte, last bool) bool {
	for range 2 {
		line, used, err := findLine(head, last)
		d := jsonParser{b: line}
		if err != nil || firstInk(line) != '[' || d.skip(0) != nil || d.finish() != nil {
			return false
		}
		head = head[used:]
	}
	return true
}

// findRanges cuts the file, if it can be cut.
func (s *jsonSource) findRanges(ctx context.Context, head []byte, last bool) error {
	canCut, err := s.isPlain(ctx)
	if err != nil {
		return err
	}
	if !canCut || s.layout != jsonLines {
		return s.stream(ctx, head, last)
	}
	f, size, err := s.options.openFile(ctx, s.path)
	if err != nil {
		return err
	}
	s.file = f
	c := &cutter{path: s.path, file: f, start: int64(s.mark), end: size, rangeBytes: s.options.RangeBytes}
	result, err := c.cut(ctx)
	if err != nil {
		return err
	}
	return s.setCut(ctx, result)
}

// sampleColumns stands for the number of columns, which a sample decides, when
// the size of that sample is decided.
const sampleColumns = 200

// learn finds the columns in a sample of the records. Too many broken records
// are an error.
func (s *jsonSource) learn(ctx context.Context) error {
	var seen, bad int64
	var first dataset.Finding
	var parser jsonParser
	paths := jsonPaths{root: s.root, columns: s.options.MaxColumns}
	for _, run := range s.sampleRuns(sampleRecords(sampleColumns)) {
		err := s.each(ctx, run, func(row int64, text []byte) {
			seen++
			parser.reset(text)
			v, err := parser.nested(0)
			if err == nil {
				err = parser.finish()
			}
			r, isRecord := v.(*record)
			if err == nil && !isRecord {
				err = errNotRecord
			}
			if err != nil {
				if bad == 0 {
					first = s.badRecord(row, err)
				}
				bad++
				return
			}
			s.root.learn(r, &paths)
		})
		if err != nil {
			return err
		}
	}
	if seen == 1 && bad == 0 {
		return s.root.notRecords(s.path, s.options.Format == "json")
	}
	if s.options.BadRows.tooMany(bad, seen) {
		advice := adviceBadRows
		if bad == seen {
			advice = `write each record as an object: {"column": value, ...}`
		}
		e := dataset.NewError(s.path, fmt.Sprintf("%s; %d of %d records looked at cannot be read", first.Message, bad, seen), advice)
		e.Row = first.Row
		return e
	}
	return nil
}

// each calls visit with the records of a run of the sample.
func (s *jsonSource) each(ctx context.Context, run sampleRun, visit func(row int64, text []byte)) error {
	text, done, err := s.input(ctx, run.in)
	if err != nil {
		return err
	}
	defer done()
	records, err := s.records(text, run.in.FirstRow)
	if err != nil {
		return err
	}
	for records.row < run.end {
		record, err := records.next(ctx)
		if err != nil || record == nil {
			return err
		}
		if row := records.row - 1; row >= run.first {
			visit(row, record)
		}
	}
	return nil
}

// records cuts the text of a range into records, of which the first is the given row.
func (s *jsonSource) records(text io.Reader, first int64) (*jsonRecords, error) {
	if _, err := io.CopyN(io.Discard, text, s.wrapped.at); err != nil {
		return nil, named(s.path, err)
	}
	r := newJSONRecords(s.path, s.layout, text, first, s.options)
	r.wrapped = s.wrapped.at > 0
	return r, nil
}

// badRecord returns the finding about a record that cannot be read.
func (s *jsonSource) badRecord(row int64, err error) dataset.Finding {
	return dataset.Finding{Path: s.path, Row: row, Message: "the record cannot be read: " + err.Error()}
}

// Read implements dataset.Source.
func (s *jsonSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	text, done, err := s.input(ctx, r)
	if err != nil {
		return err
	}
	defer done()
	records, err := s.records(text, r.FirstRow)
	if err != nil {
		return err
	}
	reader := newJSONReader(s, records)
	defer reader.close()
	if err := reader.run(ctx, yield); err != nil {
		return err
	}
	if err := s.checkRows(r, records.row-r.FirstRow); err != nil {
		return err
	}
	reader.builder.notePadded(reader.notes, s.schema, s.options.Types)
	s.notes.set(r.Index, reader.notes)
	return nil
}

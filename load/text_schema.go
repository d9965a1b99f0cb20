package load

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"synthos/dataset"
)

// decided is what was decided about a column of a text file.
type decided struct {
	field    dataset.Field
	note     string // what there is to say about it; "" = nothing
	doubtful bool   // its layout is a guess
	coded    bool   // it holds strings because there are names made of digits
}

// setSchema decides the types of the fields: as the options say, else as the
// field says, else by the sample of its column. typed says that the format tells
// strings from other values.
func (s *textSource) setSchema(fields []dataset.Field, sample [][]cell, typed bool) {
	schema := &dataset.Schema{Fields: make([]dataset.Field, len(fields))}
	s.blank, s.doubtful, s.coded = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, d := range s.options.decideAll(fields, sample, typed) {
		schema.Fields[i] = d.field
		name := d.field.Name
		s.blank[name], s.doubtful[name], s.coded[name] = len(sample[i]) == 0, d.doubtful, d.coded
		if d.note != "" {
			s.note(name, d.note)
		}
	}
	s.schema, s.shown = schema, &dataset.Schema{Fields: shownFields(schema.Fields)}
}

// decideAll decides every field, on all cores.
func (o *Options) decideAll(fields []dataset.Field, sample [][]cell, typed bool) []decided {
	out := make([]decided, len(fields))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(fields), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(fields)); i = next.Add(1) - 1 {
				out[i] = o.decide(fields[i], sample[i], typed)
			}
		})
	}
	workers.Wait()
	return out
}

// decide decides the field of a column from the cells of its sample.
func (o *Options) decide(f dataset.Field, cells []cell, typed bool) (d decided) {
	forced, isForced := o.Types[f.Name]
	if !isForced {
		forced = f.Type
	}
	texts := typed && allQuoted(cells)
	field, finding := inferAs(cells, forced, typed && !texts)
	field.Name = f.Name
	if layout := o.Layouts[f.Name]; layout != "" && field.Type == dataset.Time {
		field.Layout, finding = layout, ""
	}
	prefer := o.Prefer[f.Name]
	if finding != "" && readsAs(cells, field, prefer) {
		field.Layout, finding = prefer, ""
	}
	if field.Type == dataset.Float && field.Layout == "" && prefer == commaNumbers && readsAs(cells, field, prefer) { // 1.234 may be 1234
		field.Layout, field.Integer = prefer, wholeAs(cells, prefer)
	}
	d.doubtful = finding != ""
	d.coded = !isForced && field.Type == dataset.String && slices.ContainsFunc(cells, func(c cell) bool { return isCode([]byte(c.text)) })
	if !isForced && field.Type != dataset.Time || forced == dataset.Time && field.Layout == isoDate {
		if layout := epochLayout(f.Name, cells); layout != "" {
			field.Type, field.Layout, field.Integer = dataset.Time, layout, false
		}
	}
	if field.Type == dataset.Time {
		field.Layout = withCentury(field.Layout, cells, prefer)
	}
	d.field, d.note = field, finding
	if texts && !isForced && (field.Type == dataset.Float || field.Type == dataset.Bool) && finding == "" {
		if d.note = tell(field, cells); d.note == "" {
			d.note = fmt.Sprintf("strings that are all %s: read as such, as in CSV; if they are names, say so with a schema", plural(field.Type))
		}
		return d
	}
	if finding == "" && !(isForced && field.Type == dataset.String) {
		d.note = tell(field, cells)
	}
	return d
}

// allQuoted reports whether all cells of a column that is not empty are strings, some
// with something in them: such a column of JSON is decided like one of CSV, where
// nothing but their text tells numbers from names.
func allQuoted(cells []cell) bool {
	some := false
	for _, c := range cells {
		if !c.quoted {
			return false
		}
		some = some || !isNullNumber([]byte(c.text))
	}
	return some
}

func plural(t dataset.Type) string {
	if t == dataset.Bool {
		return "true or false"
	}
	return "numbers"
}

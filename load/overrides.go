package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"synthos/dataset"
)

// Overrides is what a schema file says about columns.
type Overrides struct {
	Path    string
	Kinds   map[string]dataset.Kind
	Types   map[string]dataset.Type // storage that the kinds need; see Options.Types
	Layouts map[string]string       // layouts (package time) of datetimes
}

// Missing returns the columns that the file names and schema does not have, in
// alphabetical order.
func (o *Overrides) Missing(schema *dataset.Schema) []string {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(o.Kinds)) {
		if schema.Index(name) < 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

// schemaFile is the JSON of a schema file: ours, or SDV's metadata.
type schemaFile struct {
	Columns map[string]schemaColumn `json:"columns"`
	Tables  map[string]struct {
		Columns map[string]schemaColumn `json:"columns"`
	} `json:"tables"`
}

// schemaColumn is a column of a schema file: in ours its kind alone or an object
// with it.
type schemaColumn struct {
	Kind   string `json:"kind"`
	Format string `json:"format"`

	SDType         string `json:"sdtype"`
	DatetimeFormat string `json:"datetime_format"`
}

// UnmarshalJSON takes "numerical" for {"kind": "numerical"}.
func (c *schemaColumn) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte{'"'}) {
		return json.Unmarshal(b, &c.Kind)
	}
	type plain schemaColumn
	return json.Unmarshal(b, (*plain)(c))
}

// maxSchemaBytes is how long a schema file may be.
const maxSchemaBytes = 64 << 20

// ReadOverrides reads a schema file. It is JSON, either
//
//	{"columns": {"age": "numerical", "joined": {"kind": "datetime", "format": "%d/%m/%Y"}}}
//
// with the kinds numerical, categorical, boolean, datetime, text and id, or the
// metadata of one table as SDV writes it (sdtype, datetime_format). Of SDV's
// other sdtypes (email, phone_number, ...) nothing is taken: the values tell.
func ReadOverrides(path string) (*Overrides, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, failed(path, err, "the schema file cannot be opened", "check the path and its permissions")
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSchemaBytes+1))
	if err != nil {
		return nil, failed(path, err, "the schema file cannot be read", "check the disk")
	}
	if len(text) > maxSchemaBytes {
		return nil, dataset.NewError(path, fmt.Sprintf("a schema file of more than %d bytes", maxSchemaBytes), "check that this is the schema and not the data")
	}
	var s schemaFile
	if err := json.Unmarshal(bytes.TrimPrefix(text, utf8BOM), &s); err != nil {
		e := failed(path, err, "no schema file", `write {"columns": {"NAME": "KIND", ...}}, or give the metadata that SDV saves`)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			e.Offset = syntax.Offset
		}
		return nil, e
	}
	columns := s.Columns
	if len(columns) == 0 && len(s.Tables) == 1 {
		for _, t := range s.Tables {
			columns = t.Columns
		}
	}
	if len(columns) == 0 {
		if len(s.Tables) > 1 {
			return nil, dataset.NewError(path, fmt.Sprintf("the metadata of %d tables", len(s.Tables)), "keep the table that the data are")
		}
		return nil, dataset.NewError(path, "the schema file names no column", `write {"columns": {"NAME": "KIND", ...}}, or give the metadata that SDV saves`)
	}
	o := &Overrides{Path: path, Kinds: map[string]dataset.Kind{}, Types: map[string]dataset.Type{}, Layouts: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if err := o.add(name, columns[name]); err != nil {
			e := dataset.NewError(path, err.Error(), "use one of numerical, categorical, boolean, datetime, text, id, and a format as strftime has it")
			e.Column = name
			return nil, e
		}
	}
	return o, nil
}

// add takes over what a schema file says about a column.
func (o *Overrides) add(name string, c schemaColumn) error {
	word, format := c.Kind, c.Format
	if word == "" && c.SDType == "" {
		return errors.New("the column has no kind")
	}
	if word == "" {
		word, format = c.SDType, c.DatetimeFormat
	}
	var kind dataset.Kind
	if err := kind.UnmarshalText([]byte(word)); err != nil || kind == dataset.Unknown {
		if c.Kind == "" {
			return nil // another sdtype
		}
		return fmt.Errorf("there is no kind %q", word)
	}
	o.Kinds[name] = kind
	switch kind {
	case dataset.Numerical:
		o.Types[name] = dataset.Float
	case dataset.Text:
		o.Types[name] = dataset.String
	case dataset.Datetime:
		o.Types[name] = dataset.Time
		if format == "" {
			return nil
		}
		layout, err := strptimeLayout(format)
		if err != nil {
			return err
		}
		o.Layouts[name] = layout
	}
	return nil
}

// strptime holds the directives of C's strptime and what they are in layouts of
// package time.
var strptime = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'H': "15", 'I': "03", 'M': "04", 'S': "05", 'f': "999999999", 'p': "PM",
	'b': "Jan", 'h': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday", 'z': "-0700", 'Z': "MST", 'j': "002",
	'F': "2006-01-02", 'T': "15:04:05", 'D': "01/02/06", 'R': "15:04", '%': "%",
}

// strptimeLayout translates a format of strptime into a layout of package time.
func strptimeLayout(format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i < len(format) && format[i] == '-' { // no padding, in glibc
			i++
		}
		if i == len(format) || strptime[format[i]] == "" {
			return "", fmt.Errorf("the format %q has a directive that is not known", format)
		}
		b.WriteString(strptime[format[i]])
	}
	return b.String(), nil
}

package dataset

import "fmt"

// Kind says what the values of a column mean, and with that how they are
// measured. It is decided from evidence by the first pass, not by storage: a
// column stored as numbers can be categorical, one stored as strings an id.
type Kind uint8

const (
	Unknown     Kind = iota // no evidence: every cell is null
	Numerical               // ordered numbers; differences mean something
	Categorical             // a limited set of levels
	Boolean                 // two levels that mean false and true
	Datetime                // points in time
	Text                    // free text, compared by its words
	ID                      // (nearly) unique names of rows; not modelled
)

var kindNames = [...]string{"unknown", "numerical", "categorical", "boolean", "datetime", "text", "id"}

// String returns the field's name of k in lower case, as it stands in reports.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", k)
}

// MarshalText returns String, so that JSON holds the name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(b []byte) error {
	for i, name := range kindNames {
		if name == string(b) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("dataset: unknown kind %q", b)
}

// Type says how the cells of a column are stored in a Vector.
type Type uint8

const (
	Float  Type = iota + 1 // float64; integers up to 2^53 too (Field.Integer)
	Bool                   // float64, 0 or 1
	Time                   // float64, seconds since 1970-01-01T00:00:00Z
	String                 // string
)

var typeNames = [...]string{"", "float", "bool", "time", "string"}

// String returns "float", "bool", "time" or "string".
func (t Type) String() string {
	if t > 0 && int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", t)
}

// MarshalText returns String, so that JSON holds the name.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (t *Type) UnmarshalText(b []byte) error {
	for i, name := range typeNames {
		if i > 0 && name == string(b) {
			*t = Type(i)
			return nil
		}
	}
	return fmt.Errorf("dataset: unknown type %q", b)
}

// Numeric reports whether cells of type t are held in Vector.Floats.
func (t Type) Numeric() bool { return t != String }

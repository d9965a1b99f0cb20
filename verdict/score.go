package verdict

import (
	"encoding/json"
	"fmt"
	"math"
)

// Score is a grade from 0 to 100; higher is healthier. A score that could not
// be measured is null and says why: it never holds a neutral number. The zero
// Score is unmeasured.
type Score struct {
	value    float64
	measured bool
	why      string
}

// NewScore returns v as a Score, cut to 0-100. If v is NaN or infinite, the
// Score is unmeasured and says so.
func NewScore(v float64) Score {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Unmeasured(fmt.Sprintf("the measurement gave %v", v))
	}
	return Score{value: min(100, max(0, v)), measured: true}
}

// Unmeasured returns a Score without a value, with the reason.
func Unmeasured(why string) Score { return Score{why: why} }

// Value returns the grade, and whether there is one.
func (s Score) Value() (float64, bool) { return s.value, s.measured }

// Or returns the grade, or otherwise if there is none.
func (s Score) Or(otherwise float64) float64 {
	if s.measured {
		return s.value
	}
	return otherwise
}

// WhyNull returns the reason why there is no grade, "" if there is one.
func (s Score) WhyNull() string {
	if s.measured {
		return ""
	}
	if s.why == "" {
		return "not measured"
	}
	return s.why
}

// IsNull reports whether there is no grade.
func (s Score) IsNull() bool { return !s.measured }

// String returns the grade with one decimal, or "-". It is rounded from the two
// decimals that MarshalJSON writes, so that what is read again says the same.
func (s Score) String() string {
	if !s.measured {
		return "-"
	}
	return fmt.Sprintf("%.1f", math.Round(math.Round(s.value*100)/10)/10)
}

// MarshalJSON writes the grade rounded to two decimals, or null.
func (s Score) MarshalJSON() ([]byte, error) {
	if !s.measured {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(s.value*100) / 100)
}

// UnmarshalJSON reads a number from 0 to 100 or null.
func (s *Score) UnmarshalJSON(b []byte) error {
	var v *float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if v == nil {
		*s = Score{}
		return nil
	}
	if *v < 0 || *v > 100 {
		return fmt.Errorf("verdict: score %v is outside 0-100", *v)
	}
	*s = NewScore(*v)
	return nil
}

// Number is a statistic that may be unknown. NaN and infinities become null in
// JSON, so a report is always strict JSON.
type Number float64

// MarshalJSON writes the number, or null if it is not finite.
func (n Number) MarshalJSON() ([]byte, error) {
	if f := float64(n); !math.IsNaN(f) && !math.IsInf(f, 0) {
		return json.Marshal(f)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads a number; null becomes NaN.
func (n *Number) UnmarshalJSON(b []byte) error {
	var v *float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if v == nil {
		*n = Number(math.NaN())
		return nil
	}
	*n = Number(*v)
	return nil
}

package profile

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"synthos/dataset"
	"synthos/scan"
)

// TestCuts wants the same state, to the bit, however the file was cut and on any
// number of workers.
func TestCuts(t *testing.T) {
	src := mixed(9000)
	state := func(ranges, jobs int) []byte {
		a, err := scan.Local{Jobs: jobs}.Aggregate(t.Context(), scan.Memory(src, ranges), func() scan.Accumulator {
			return NewAccumulator(src.Schema, Options{Seed: 7, Sample: 500})
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := a.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := state(1, 1)
	for ranges := 2; ranges <= 7; ranges++ {
		for _, jobs := range []int{1, 3, 7} {
			if !bytes.Equal(state(ranges, jobs), want) {
				t.Errorf("%d ranges, %d jobs: another state", ranges, jobs)
			}
		}
	}

	one := run(t, scan.Memory(src, 1), 1, Options{Seed: 7, Sample: 500})
	many := run(t, scan.Memory(src, 7), 3, Options{Seed: 7, Sample: 500})
	if one.StateHash != many.StateHash || len(one.StateHash) != 32 {
		t.Errorf("state hashes %s and %s", one.StateHash, many.StateHash)
	}
	if diff := cmp.Diff(one.Section("p", "csv"), many.Section("p", "csv"), nan); diff != "" {
		t.Errorf("7 ranges change the report (-1 +7):\n%s", diff)
	}
	if diff := cmp.Diff(one.Sample, many.Sample); diff != "" {
		t.Errorf("7 ranges change the sample (-1 +7):\n%s", diff)
	}
	if other := run(t, scan.Memory(src, 1), 1, Options{Seed: 8, Sample: 500}); slices.Equal(other.Sample.RowIDs, one.Sample.RowIDs) || other.StateHash == one.StateHash {
		t.Error("another seed chose the same rows")
	}
	src.Columns[3].Strings[4321] += "!"
	if run(t, scan.Memory(src, 1), 1, Options{Seed: 7, Sample: 500}).StateHash == one.StateHash {
		t.Error("a changed cell left the state hash as it was")
	}
}

// TestDirect compares with what loops over the table give.
func TestDirect(t *testing.T) {
	const n = 3000
	src := mixed(n)
	p := run(t, scan.Memory(src, 3), 2, Options{Seed: 1})
	if p.Rows != n || p.Sample.Rows() != n || p.Skipped != 0 {
		t.Fatalf("%d rows, %d in the sample, %d skipped", p.Rows, p.Sample.Rows(), p.Skipped)
	}
	rows := map[string]bool{}
	for i := range n {
		var row strings.Builder
		for j := range src.Columns {
			v := &src.Columns[j]
			switch {
			case v.Null[i] || v.Floats != nil && !finite(v.Floats[i]):
				row.WriteString("|null")
			case v.Floats != nil:
				fmt.Fprintf(&row, "|%v", v.Floats[i]+0)
			default:
				fmt.Fprintf(&row, "|%q", v.Strings[i])
			}
		}
		rows[row.String()] = true
	}
	if want := int64(n - len(rows)); p.DuplicateRows != want || !p.DuplicatesExact || want != n/10 {
		t.Errorf("%d duplicate rows (exact: %v), want %d", p.DuplicateRows, p.DuplicatesExact, want)
	}
	for j := range src.Columns {
		c, v := &p.Columns[j], &src.Columns[j]
		var xs, lengths []float64
		counts := map[string]int64{}
		var nulls, invalid int64
		var bad []int64
		for i := range n {
			isBad := slices.ContainsFunc(v.Invalid, func(x dataset.Invalid) bool { return x.Row == i })
			switch {
			case isBad || v.Floats != nil && !v.Null[i] && math.IsInf(v.Floats[i], 0):
				invalid++
				bad = append(bad, int64(i))
			case v.Null[i] || v.Floats != nil && v.Floats[i] != v.Floats[i]:
				nulls++
			case v.Floats != nil:
				xs = append(xs, v.Floats[i])
				counts[fmt.Sprint(v.Floats[i]+0)]++
			default:
				lengths = append(lengths, float64(len([]rune(v.Strings[i]))))
				counts[v.Strings[i]]++
			}
		}
		if c.Count != int64(len(xs)+len(lengths)) || c.Nulls != nulls || c.Invalid != invalid {
			t.Errorf("%s: %d values, %d nulls, %d invalid, want %d, %d, %d", c.Name, c.Count, c.Nulls, c.Invalid, len(xs)+len(lengths), nulls, invalid)
		}
		if !slices.Equal(c.InvalidRows, bad[:min(100, len(bad))]) {
			t.Errorf("%s: invalid in rows %v, want %v", c.Name, c.InvalidRows, bad)
		}
		if c.Distinct != int64(len(counts)) || !c.DistinctExact || !c.LevelsComplete || len(c.Levels) != len(counts) {
			t.Errorf("%s: %d distinct (exact: %v), %d levels, want %d", c.Name, c.Distinct, c.DistinctExact, len(c.Levels), len(counts))
		}
		for k, l := range c.Levels {
			name := l.Text
			if c.Type.Numeric() {
				name = fmt.Sprint(l.Value)
			}
			if len(name) < 200 && l.Count != counts[name] {
				t.Errorf("%s: level %q %d times, want %d", c.Name, name, l.Count, counts[name])
			}
			if k > 0 && (l.Count > c.Levels[k-1].Count || l.Count == c.Levels[k-1].Count && (l.Value < c.Levels[k-1].Value || l.Text < c.Levels[k-1].Text)) {
				t.Errorf("%s: level %d is out of order", c.Name, k)
			}
		}
		if c.Type.Numeric() {
			mean, sd := meanSD(xs)
			// Plain sums of 3,000 numbers are good to about 1e-13.
			if c.Min != slices.Min(xs) || c.Max != slices.Max(xs) || !close(c.Mean, mean) || !close(c.SD, sd) {
				t.Errorf("%s: %v to %v, mean %v, SD %v; want %v to %v, %v, %v", c.Name, c.Min, c.Max, c.Mean, c.SD, slices.Min(xs), slices.Max(xs), mean, sd)
			}
		} else if mean, _ := meanSD(lengths); !close(c.MeanLength, mean) {
			t.Errorf("%s: mean length %v, want %v", c.Name, c.MeanLength, mean)
		}
	}
}

// TestSample wants the chosen rows with their cells as the file has them, except
// for what is not finite.
func TestSample(t *testing.T) {
	src := mixed(6000)
	p := run(t, scan.Memory(src, 4), 2, Options{Seed: 3, Sample: 1000})
	s := p.Sample
	if s.Rows() != 1000 || !slices.IsSorted(s.RowIDs) || len(slices.Compact(slices.Clone(s.RowIDs))) != 1000 {
		t.Fatalf("%d rows, sorted: %v", s.Rows(), slices.IsSorted(s.RowIDs))
	}
	if s.Schema != p.Schema {
		t.Error("the sample does not share the schema")
	}
	batch := &dataset.Batch{Rows: s.Rows(), Columns: s.Columns}
	nonFinite := 0
	for i, id := range s.RowIDs {
		for j := range s.Columns {
			got, from := &s.Columns[j], &src.Columns[j]
			at := slices.IndexFunc(got.Invalid, func(x dataset.Invalid) bool { return x.Row == i })
			text := ""
			if at >= 0 {
				text = got.Invalid[at].Text
			}
			switch x := from.Floats; {
			case x != nil && !from.Null[id] && !finite(x[id]):
				nonFinite++
				if want := map[bool]string{true: "", false: fmt.Sprint(x[id])}[x[id] != x[id]]; !got.Null[i] || got.Floats[i] != 0 || text != want {
					t.Errorf("row %d: %v became %v (null: %v, invalid: %q)", id, x[id], got.Floats[i], got.Null[i], text)
				}
			case from.Null[id]:
				want := ""
				if k := slices.IndexFunc(from.Invalid, func(y dataset.Invalid) bool { return y.Row == int(id) }); k >= 0 {
					want = from.Invalid[k].Text
				}
				if !got.Null[i] || text != want {
					t.Errorf("row %d, column %d: null %v, invalid %q, want %q", id, j, got.Null[i], text, want)
				}
			case got.Null[i] || text != "" || x != nil && got.Floats[i] != x[id] || x == nil && got.Strings[i] != from.Strings[id]:
				t.Errorf("row %d, column %d differs from the file", id, j)
			}
		}
		if h := RowHash(batch, i); p.RowHashes.Count(h) == 0 {
			t.Errorf("row %d of the sample is not among the row hashes", id)
		}
	}
	if nonFinite == 0 {
		t.Error("no cell that is not finite was drawn: the test tests nothing")
	}
}

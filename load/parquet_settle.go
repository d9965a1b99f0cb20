package load

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/big"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"synthos/dataset"
)

// settleIntegers decides for every column of wide integers whether float64
// holds them all: by the statistics in the footer, or by reading the column
// where there are none. Columns with an integer beyond 2^53 become String.
func (s *parquetSource) settleIntegers(ctx context.Context) error {
	for _, c := range s.columns {
		for _, leaf := range c.node.leaves {
			if leaf.exact == nil {
				continue
			}
			if c.field.Type == dataset.String { // below a list: text anyway
				leaf.useText()
				continue
			}
			fits, err := s.integersFit(ctx, leaf)
			if err != nil {
				return err
			}
			if !fits {
				leaf.useText()
				c.field.Type, c.field.Integer = dataset.String, false
			}
		}
	}
	return nil
}

func (s *parquetSource) integersFit(ctx context.Context, leaf *parquetLeaf) (bool, error) {
	unknown := []int{}
	for i, g := range s.groups {
		fits, known := statisticsFit(leaf, &g.meta.Columns[leaf.index].MetaData)
		if known && !fits {
			return false, nil
		}
		if !known {
			unknown = append(unknown, i)
		}
	}
	for _, i := range unknown {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		pages := newParquetPages(leaf, s.groups[i])
		err := error(nil)
		for err == nil {
			err = pages.next()
		}
		pages.close()
		if errors.Is(err, errBeyond) {
			return false, nil
		}
		if err != io.EOF {
			return false, err
		}
	}
	return true, nil
}

// statisticsFit reports whether the least and greatest integer of a column
// chunk are within ±2^53, and whether the footer says what they are.
func statisticsFit(leaf *parquetLeaf, m *format.ColumnMetaData) (fits, known bool) {
	st := &m.Statistics
	if m.NumValues > 0 && st.NullCount == m.NumValues {
		return true, true
	}
	low, high := leaf.statistic(m.Type, st.MinValue), leaf.statistic(m.Type, st.MaxValue)
	if low == nil || high == nil {
		return false, false
	}
	limit := big.NewInt(maxExact)
	return low.CmpAbs(limit) <= 0 && high.CmpAbs(limit) <= 0, true
}

// statistic decodes a least or greatest value, nil if it is not there.
func (l *parquetLeaf) statistic(kind format.Type, b []byte) *big.Int {
	switch parquet.Kind(kind) {
	case parquet.Int32:
		if len(b) == 4 {
			return big.NewInt(int64(int32(binary.LittleEndian.Uint32(b))))
		}
	case parquet.Int64:
		if len(b) == 8 && l.unsigned {
			return new(big.Int).SetUint64(binary.LittleEndian.Uint64(b))
		}
		if len(b) == 8 {
			return big.NewInt(int64(binary.LittleEndian.Uint64(b)))
		}
	case parquet.ByteArray, parquet.FixedLenByteArray:
		if len(b) > 0 {
			return bigEndian(b)
		}
	}
	return nil
}

// wholeRows is how many rows are looked at to see whether a column of
// floating-point numbers holds only integers, as pandas writes integers with nulls.
const wholeRows = 10_000

// markWhole sets Integer for columns of floating-point numbers whose first
// values are all whole.
func (s *parquetSource) markWhole(ctx context.Context) error {
	for _, g := range s.groups {
		if g.rows() == 0 {
			continue
		}
		for i, c := range s.columns {
			if err := ctx.Err(); err != nil {
				return err
			}
			if c.field.Type != dataset.Float || c.field.Integer {
				continue
			}
			reader := c.reader(g)
			v, err := reader.read(min(wholeRows, int(g.rows())))
			reader.close()
			if err != nil {
				return err
			}
			s.schema.Fields[i].Integer = allWhole(v)
		}
		return nil
	}
	return nil
}

// allWhole reports whether v holds numbers, and only whole ones.
func allWhole(v *dataset.Vector) bool {
	found := false
	for i, null := range v.Null {
		if null {
			continue
		}
		x := v.Floats[i]
		if x != float64(int64(x)) || x > maxExact || x < -maxExact {
			return false
		}
		found = true
	}
	return found
}

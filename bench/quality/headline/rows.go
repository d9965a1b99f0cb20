package headline

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// WriteRowScores writes the suspicion of the rows that have any as lines of
// "row,score", compressed with gzip. It makes the folder if it is not there.
func WriteRowScores(path string, scores []float32) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	z := gzip.NewWriter(f)
	w := bufio.NewWriter(z)
	w.WriteString("row,score\n")
	var line []byte
	for i, s := range scores {
		if s > 0 {
			line = strconv.AppendInt(line[:0], int64(i), 10)
			line = append(line, ',')
			line = strconv.AppendFloat(line, float64(s), 'g', -1, 32)
			w.Write(append(line, '\n'))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return z.Close()
}

// ReadRowScores returns the suspicion of n rows from a file of "row,score"
// lines, plain or .gz. A header is skipped; rows that are not listed tie below
// all that are. If no line has a score, the lines are rows, most suspect first.
func ReadRowScores(path string, n int) ([]float64, error) {
	scores := make([]float64, n)
	listed := make([]bool, n)
	var order []int
	scored := false
	lowest := 0.0
	err := readLines(path, func(fields []string) error {
		row, err := strconv.Atoi(fields[0])
		if err != nil {
			if len(order) == 0 && !scored {
				return nil // the header
			}
			return err
		}
		if row < 0 || row >= n {
			return fmt.Errorf("there is no row %d: the manifest says %d rows", row, n)
		}
		if len(fields) == 1 {
			order = append(order, row)
			return nil
		}
		s, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return err
		}
		if !scored || s < lowest {
			lowest = s
		}
		scores[row], listed[row], scored = s, true, true
		return nil
	})
	if err != nil {
		return nil, err
	}
	if scored {
		for i := range scores {
			if !listed[i] {
				scores[i] = lowest - 1
			}
		}
		return scores, nil
	}
	for k, row := range order {
		if !listed[row] {
			scores[row], listed[row] = float64(len(order)-k), true
		}
	}
	return scores, nil
}

// readRowSet reads row numbers, separated by white space, plain or .gz.
func readRowSet(path string) (map[int]bool, error) {
	set := map[int]bool{}
	err := readLines(path, func(fields []string) error {
		for _, f := range fields {
			row, err := strconv.Atoi(f)
			if err != nil {
				return err
			}
			set[row] = true
		}
		return nil
	})
	return set, err
}

// readLines calls yield with the fields of every line that has any; commas and
// white space separate them.
func readLines(path string, yield func(fields []string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		r = z
	}
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		fields := strings.FieldsFunc(lines.Text(), func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\r' })
		if len(fields) == 0 {
			continue
		}
		if err := yield(fields); err != nil {
			return fmt.Errorf("%s: line %d: %w", path, number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// ReadRows reads the set of row numbers in a file of a benchmark.
func ReadRows(path string) (map[int]bool, error) { return readRowSet(path) }

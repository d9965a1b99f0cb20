package load

import "synthos/dataset"

// A sampleRun is a run of rows of a sample, all in one range.
type sampleRun struct {
	in         dataset.Range
	first, end int64 // row numbers
}

// sampleRuns returns where to find a sample of n rows: all if there are no
// more, else a third of them at the start, in the middle and at the end of the
// file. They do not depend on where the file is cut. If the number of rows is
// not known, the file is one range and the sample its first n rows.
func sampleRuns(ranges []dataset.Range, n int64) []sampleRun {
	if len(ranges) == 0 {
		return nil
	}
	rows, known := dataset.RowsOf(ranges)
	if !known {
		return []sampleRun{{in: ranges[0], end: n}}
	}
	if rows <= n {
		return clipRuns(nil, ranges, 0, rows)
	}
	third := n / 3
	runs := clipRuns(nil, ranges, 0, third)
	runs = clipRuns(runs, ranges, rows/2-third/2, rows/2-third/2+third)
	return clipRuns(runs, ranges, rows-third, rows)
}

// clipRuns appends the parts of the rows from first to end that lie in each range.
func clipRuns(runs []sampleRun, ranges []dataset.Range, first, end int64) []sampleRun {
	for _, r := range ranges {
		from, to := max(first, r.FirstRow), min(end, r.FirstRow+r.Rows)
		if from < to {
			runs = append(runs, sampleRun{r, from, to})
		}
	}
	return runs
}

// someRanges returns the ranges in which something is looked at that hardly differs
// within a file: the first, the middle and the last one.
func someRanges(ranges []dataset.Range) []dataset.Range {
	if n := len(ranges); n > 3 {
		return []dataset.Range{ranges[0], ranges[n/2], ranges[n-1]}
	}
	return ranges
}

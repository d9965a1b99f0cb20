package verdict

import "synthos/dataset"

// Comparison shows the data beside the reference: distributions, pairs of
// columns and a map of the rows. It is made for the eye and decides nothing: the
// scores are measured by stages 2 and 4. Shares are of rows, 0-1.
type Comparison struct {
	Rows          int                `json:"rows"`           // of the sample of the data that was compared
	ReferenceRows int                `json:"reference_rows"` // of the sample of the reference; 0 = there is no reference
	Columns       []ColumnComparison `json:"columns"`        // most changed first; without a reference in file order
	ColumnsTotal  int                `json:"columns_total"`  // how many could be compared
	Pairs         []PairComparison   `json:"pairs"`          // most changed first; none without a reference
	Map           *Map               `json:"map"`
}

// ColumnComparison is the distribution of one column on both sides. Bins come
// from the reference, or from the data if there is none: Edges for numbers and
// times, Levels for categories. The first and the last bin of Edges are open: they
// hold what lies beyond, too.
type ColumnComparison struct {
	Name          string       `json:"name"`
	Kind          dataset.Kind `json:"kind"`
	Unit          string       `json:"unit"`             // of Edges: "value", "time" (seconds since 1970) or "words" (a text's length)
	Change        Number       `json:"change"`           // total variation distance of the two, 0-1; null without a reference
	Floor         Number       `json:"floor"`            // the same between two halves of the reference
	Edges         []Number     `json:"edges,omitempty"`  // bins + 1, ascending
	Levels        []string     `json:"levels,omitempty"` // one a bin; the last may stand for all others
	Data          []Number     `json:"data"`             // share of each bin among cells that are not null
	Reference     []Number     `json:"reference"`
	DataNull      Number       `json:"data_null"` // share of null cells among all
	ReferenceNull Number       `json:"reference_null"`
	Lost          []LevelShare `json:"lost,omitempty"` // levels of the reference that the data hold less than a quarter of
	New           Number       `json:"new"`            // share of cells with a level that the reference does not have
}

// LevelShare is a level and how frequent it is on both sides.
type LevelShare struct {
	Level     string `json:"level"`
	Reference Number `json:"reference"`
	Data      Number `json:"data"`
}

// PairComparison is the joint distribution of two columns in groups of values.
type PairComparison struct {
	X         string     `json:"x"`
	Y         string     `json:"y"`
	XGroups   []string   `json:"x_groups"`
	YGroups   []string   `json:"y_groups"`
	Data      [][]Number `json:"data"` // Data[i][j] is the share of rows in group i of X and j of Y
	Reference [][]Number `json:"reference"`
	Change    Number     `json:"change"` // total variation distance of the two, less what the columns by themselves explain
	Floor     Number     `json:"floor"`  // the same between two halves of the reference
}

// Map places rows in a plane: the first two principal components of the
// encoded reference (of the data without one), so that rows that are alike lie
// near each other.
type Map struct {
	Explained Number   `json:"explained"` // share of the reference's variance that the plane shows, 0-1
	Data      Points   `json:"data"`
	Reference Points   `json:"reference"`
	Regions   []Region `json:"regions"` // lost ones, largest first
}

// Points are rows of one side; the lists are of equal length.
type Points struct {
	X       []Number `json:"x"`
	Y       []Number `json:"y"`
	Rows    []int64  `json:"rows"`              // 0-based data rows
	Flagged []bool   `json:"flagged,omitempty"` // by localization
}

// Region is a kind of rows of the reference, a cluster of it, that the data hold less
// than a quarter of.
type Region struct {
	X         Number `json:"x"`
	Y         Number `json:"y"`
	Reference Number `json:"reference"` // share of the reference's rows in it
	Data      Number `json:"data"`
}

// Criterion is one condition of approval.
type Criterion struct {
	Name      string `json:"name"` // collapse_score, diversity_score or a critical dimension
	Score     Score  `json:"score"`
	Threshold Number `json:"threshold"`
	Holds     bool   `json:"holds"`
	Chance    Number `json:"chance"` // that it holds, given the doubt about the score, 0-1
}

// Cell is one cell of a row to blame, as text.
type Cell struct {
	Column string `json:"column"`
	Value  string `json:"value"` // cut to 64 characters; "" if Null
	Null   bool   `json:"null,omitzero"`
	Blamed bool   `json:"blamed,omitzero"` // the column is among the row's Columns
}

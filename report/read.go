package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"synthos/verdict"
)

// maxReport is the largest JSON report that Read takes, in bytes.
const maxReport = 256 << 20

// Read returns the Result in the JSON report at path. Reports of every version
// whose first number is that of verdict.SchemaVersion can be read: what a newer
// one holds beyond is ignored, what an older one lacks is empty. The error says
// what is wrong and where.
func Read(path string) (*verdict.Result, error) {
	result, ranking, err := ReadAny(path)
	if err == nil && ranking != nil {
		return nil, fmt.Errorf("report: %s is about %d datasets; name the report of one", path, len(ranking.Candidates))
	}
	return result, err
}

// ReadAny reads the Result or the Ranking in the JSON report at path, as Read does.
// One of both is nil.
func ReadAny(path string) (*verdict.Result, *verdict.Ranking, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("report: %w", err)
	case info.IsDir():
		return nil, nil, fmt.Errorf("report: %s is a folder; name a .json report in it", path)
	case info.Size() > maxReport:
		return nil, nil, fmt.Errorf("report: %s has %s, but no report is larger than %s; is it a report?", path, size(info.Size()), size(maxReport))
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("report: %w", err)
	}
	result, ranking, err := parse(b)
	if err != nil {
		return nil, nil, fmt.Errorf("report: %s: %w", path, err)
	}
	return result, ranking, nil
}

// parse reads a JSON report: the one with candidates is of a ranking.
func parse(b []byte) (*verdict.Result, *verdict.Ranking, error) {
	var version struct {
		Schema     *string          `json:"schema_version"`
		Candidates *json.RawMessage `json:"candidates"`
	}
	if err := json.Unmarshal(b, &version); err != nil {
		return nil, nil, wrongJSON(b, err)
	}
	if version.Schema == nil {
		return nil, nil, errors.New("this is not a report of synthos: it has no schema_version; make one with synthos validate DATA --output report.json")
	}
	ours := verdict.SchemaVersion
	if version.Candidates != nil {
		ours = verdict.RankingVersion
	}
	major, _, _ := strings.Cut(ours, ".")
	if theirs, _, _ := strings.Cut(*version.Schema, "."); theirs != major {
		return nil, nil, fmt.Errorf("the report has schema version %.20q, and this synthos reads version %s.x; use the synthos that wrote it", *version.Schema, major)
	}
	if version.Candidates != nil {
		ranking := &verdict.Ranking{}
		if err := json.Unmarshal(b, ranking); err != nil {
			return nil, nil, wrongJSON(b, err)
		}
		return nil, ranking, nil
	}
	result := &verdict.Result{}
	if err := json.Unmarshal(b, result); err != nil {
		return nil, nil, wrongJSON(b, err)
	}
	return result, nil, nil
}

// wrongJSON says where the JSON is wrong.
func wrongJSON(b []byte, err error) error {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		if kind.Field != "" {
			return fmt.Errorf("line %d: %s holds a %s, which a report never has there", lineOf(b, kind.Offset), kind.Field, kind.Value)
		}
		offset = kind.Offset
	}
	if offset < 0 {
		return fmt.Errorf("this is not a report of synthos: %w", err)
	}
	return fmt.Errorf("line %d: not a report in JSON: %w", lineOf(b, offset), err)
}

func lineOf(b []byte, offset int64) int {
	return 1 + bytes.Count(b[:min(int64(len(b)), max(0, offset))], []byte{'\n'})
}

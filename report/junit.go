package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"synthos/verdict"
)

// The elements of JUnit XML that CI servers agree on.
type (
	junitSuites struct {
		XMLName  xml.Name   `xml:"testsuites"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Skipped  int        `xml:"skipped,attr"`
		Time     string     `xml:"time,attr"`
		Suite    junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr,omitempty"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr,omitempty"`
		Failure *junitOutcome `xml:"failure"`
		Error   *junitOutcome `xml:"error"`
		Skipped *junitOutcome `xml:"skipped"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"` // some servers show only this
	}
)

// JUnit writes r as JUnit XML, for CI servers: one test case for the decision,
// one for each of the two scores that decide, for each dimension and for each
// stage. A score below its threshold and a rejection are failures, a failed
// stage is an error, what was not measured is skipped. A dimension fails only if
// it is critical.
func JUnit(w io.Writer, r *verdict.Result) error {
	r = printable(r)
	s := junitSuite{
		Name: "synthos", Time: junitTime(r.TotalTimeSeconds), Timestamp: strings.TrimSuffix(r.StartedAt, "Z"), // UTC; the format has no zones
		Properties: []junitProperty{
			{"data", r.Config.Data}, {"reference", r.Config.Reference}, {"mode", r.Config.Mode}, {"rows", strconv.FormatInt(r.Rows, 10)},
			{"columns", strconv.Itoa(r.Columns)}, {"confidence", confidence(r.Confidence)}, {"seed", strconv.FormatUint(r.Seed, 10)}, {"version", r.Version},
		},
	}
	s.add(junitDecision(r))
	s.add(junitScore("collapse_score", r.CollapseScore, r.Config.CollapseThreshold))
	s.add(junitScore("diversity_score", r.DiversityScore, r.Config.DiversityThreshold))
	if r.Collapse != nil {
		for i := range r.Collapse.Dimensions {
			s.add(junitDimension(r, &r.Collapse.Dimensions[i]))
		}
	}
	if r.Baseline != nil {
		for i := range r.Baseline.Changes {
			s.add(junitChange(&r.Baseline.Changes[i]))
		}
	}
	for _, stage := range r.Stages {
		s.add(junitStage(stage))
	}
	suites := junitSuites{Name: s.Name, Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Skipped: s.Skipped, Time: s.Time, Suite: s}
	b, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the result as XML: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(b)+"\n")
	return err
}

// add appends a case and counts its outcome.
func (s *junitSuite) add(c junitCase) {
	c.Time = cmp.Or(c.Time, junitTime(0))
	for _, o := range []*junitOutcome{c.Failure, c.Error, c.Skipped} {
		if o != nil {
			o.Text = o.Message
		}
	}
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func junitDecision(r *verdict.Result) junitCase {
	c := junitCase{Class: "synthos.decision", Name: "approved_for_training"}
	if !r.ApprovedForTraining {
		c.Failure = &junitOutcome{Message: r.Reason, Type: "rejected"}
	}
	return c
}

func junitScore(name string, s verdict.Score, threshold float64) junitCase {
	c := junitCase{Class: "synthos.decision", Name: name}
	if v, ok := s.Value(); !ok {
		c.Skipped = &junitOutcome{Message: "not measured: " + s.WhyNull()}
	} else if v < threshold {
		c.Failure = &junitOutcome{Message: fmt.Sprintf("%s is below %.0f", s, threshold), Type: "threshold"}
	}
	return c
}

func junitDimension(r *verdict.Result, d *verdict.Dimension) junitCase {
	c := junitCase{Class: "synthos.dimension", Name: d.Name}
	switch grade(r, d) {
	case gradeUnknown:
		c.Skipped = &junitOutcome{Message: "not measured: " + whyNull(d)}
	case gradeFatal:
		c.Failure = &junitOutcome{Message: fmt.Sprintf("%s is below %.0f: %s", d.Score, threshold(r, d.Name), d.Reason), Type: "critical"}
	}
	return c
}

func junitStage(s verdict.Stage) junitCase {
	c := junitCase{Class: "synthos.stage", Name: s.Name, Time: junitTime(s.Seconds)}
	switch s.Status {
	case verdict.StageFailed:
		c.Error = &junitOutcome{Message: s.Error, Type: "failed"}
	case verdict.StageSkipped, verdict.StageOmitted:
		c.Skipped = &junitOutcome{Message: cmp.Or(s.Error, "left out on request")}
	}
	return c
}

func junitTime(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 3, 64) }

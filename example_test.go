package synthos_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"synthos"
)

// The three lines of the README.
func Example() {
	ctx, data := context.Background(), repeated()
	defer os.RemoveAll(filepath.Dir(data))

	orchestrator := synthos.New()
	result, err := orchestrator.Validate(ctx, data, "csv")
	fmt.Println(result.ApprovedForTraining, err)
	// Output: false <nil>
}

// The options and what to do with a result, as docs/library.md shows them.
func ExampleOrchestrator_Validate() {
	ctx, data := context.Background(), repeated()
	defer os.RemoveAll(filepath.Dir(data))

	orchestrator := synthos.New()
	orchestrator.Timeout = 10 * time.Minute
	orchestrator.Progress = func(p synthos.Progress) { log.Printf("%s %.0f %%", p.Stage, 100*p.Done) }
	orchestrator.Progress = nil // not in a test
	orchestrator.KeepRowScores = true
	orchestrator.Preset, orchestrator.UseCache = "fast", false
	result, err := orchestrator.Validate(ctx, data, "csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range result.Collapse.Dimensions {
		if score, ok := d.Score.Value(); ok && score < 65 {
			fmt.Println(d.Name, score, d.Reason)
		}
	}
	for _, row := range result.Localization.Rows {
		fmt.Println(row.Row, row.Score, row.Reason)
	}
	err = result.SaveReport("report.html")
	fmt.Println(err)
}

// One reference for many candidates.
func ExampleOrchestrator_KeepReference() {
	judge := func(ctx context.Context, candidates []string) error {
		orchestrator := synthos.New()
		orchestrator.Reference = "real.parquet"
		orchestrator.DimensionThresholds = map[string]float64{"memorization": 80}
		release := orchestrator.KeepReference()
		defer release()
		for _, path := range candidates {
			result, err := orchestrator.Validate(ctx, path, "")
			if err != nil {
				return err
			}
			fmt.Println(path, result.CollapseScore)
		}
		return nil
	}
	fmt.Println(judge(context.Background(), nil))
	// Output: <nil>
}

// The verdict in three lines.
func ExampleNew() {
	ctx := context.Background()
	orchestrator := synthos.New()
	result, err := orchestrator.Validate(ctx, "data.parquet", "parquet")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.ApprovedForTraining, result.CollapseScore, result.Reason)
}

// repeated writes a file in which three rows repeat for ever.
func repeated() string {
	dir, err := os.MkdirTemp("", "synthos")
	if err != nil {
		panic(err)
	}
	path := filepath.Join(dir, "data.csv")
	rows := strings.Repeat("23,blue,4.5\n31,red,7.25\n47,blue,1.75\n", 100)
	if err := os.WriteFile(path, []byte("age,colour,price\n"+rows), 0o600); err != nil {
		panic(err)
	}
	return path
}

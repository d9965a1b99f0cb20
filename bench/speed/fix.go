package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"synthos"
	"synthos/bench/internal/spent"
	"synthos/dataset"
	"synthos/load"
	"synthos/scan"
)

// measureFix mends the file at path by the fixes that look at every row, and prints
// what that took beside a read and a copy of the file.
func measureFix(ctx context.Context, o *synthos.Orchestrator, path, dir string, report *synthos.Result, stdout io.Writer) error {
	src, err := load.Open(ctx, path, load.Options{})
	if err != nil {
		return err
	}
	defer src.Close()
	took := func(do func() error) (wall, cpu float64, err error) {
		began, before := time.Now(), spent.CPUSeconds()
		err = do()
		return time.Since(began).Seconds(), spent.CPUSeconds() - before, err
	}
	read, readCPU, err := took(func() error {
		_, err := scan.Local{Jobs: o.Jobs}.Aggregate(ctx, src, func() scan.Accumulator { return new(rowCount) }, nil)
		return err
	})
	if err != nil {
		return err
	}
	out := filepath.Join(dir, "copy"+filepath.Ext(path))
	copied, copyCPU, err := took(func() error {
		_, err := load.Copy(ctx, src, out, "", load.Edit{}, nil)
		return err
	})
	if err != nil {
		return err
	}
	if err := os.Remove(out); err != nil {
		return err
	}
	out = filepath.Join(dir, "mended"+filepath.Ext(path))
	options := synthos.FixOptions{Output: out, Only: []string{"drop_duplicates", "repair_cells", "drop_rows"}, DryRun: true}
	looked, lookedCPU, err := took(func() error {
		_, err := o.Fix(ctx, path, "", &report.Result, options)
		return err
	})
	if err != nil {
		return err
	}
	options.DryRun = false
	fixed, err := o.Fix(ctx, path, "", &report.Result, options)
	if err != nil {
		return err
	}
	defer os.Remove(out)
	_, err = fmt.Fprintf(stdout, `
a read %.2f s (CPU %.2f), a copy %.2f s (CPU %.2f)
fix %.2f s, of which finding out what to do %.2f s (CPU %.2f)
that is %.2f times two reads and a copy (CPU %.2f)
`, read, readCPU, copied, copyCPU, fixed.Seconds, looked, lookedCPU, fixed.Seconds/(2*read+copied), (lookedCPU+copyCPU)/(2*readCPU+copyCPU))
	return err
}

// rowCount is an accumulator that does nothing but count.
type rowCount struct{ rows int64 }

func (a *rowCount) AddBatch(b *dataset.Batch) error {
	a.rows += int64(b.Rows)
	return nil
}

func (a *rowCount) Merge(o scan.Accumulator) error {
	a.rows += o.(*rowCount).rows
	return nil
}

func (a *rowCount) MarshalBinary() ([]byte, error) { return fmt.Append(nil, a.rows), nil }

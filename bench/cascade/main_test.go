package main

import (
	"context"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(context.Background(), []string{"--rows", "450", "--cols", "2", "--preset", "fast", "--repeat", "1"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"GFLOP/s", "450 rows x 2 columns, preset fast", "train 18 networks", "forecast", "base  3 x"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
	for _, args := range [][]string{{"--preset", "huge"}, {"--rows", "1"}, {"extra"}, {"--nonsense"}} {
		if err := run(context.Background(), args, &out); err == nil {
			t.Errorf("%v is no error", args)
		}
	}
}

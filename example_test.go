package synthos_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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

module synthos/bench/cascade/openblas

go 1.26.0

require synthos v0.0.0

require (
	golang.org/x/sys v0.47.0 // indirect
	gonum.org/v1/gonum v0.17.0 // indirect
)

replace synthos => ../../..

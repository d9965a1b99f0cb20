package load

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"synthos/dataset"
)

// A cutter cuts a text file into ranges of whole records with exact row
// numbers, without parsing it, on all cores.
//
// The file is divided into windows of rangeBytes; a worker looks at the lines
// that start in its window. It cannot know whether the window starts within
// quotes, so it counts records for both cases; afterwards the parities of the
// quotes are added up from the start of the file and say which case it was.
type cutter struct {
	path       string
	file       io.ReaderAt
	start, end int64 // the bytes that hold records
	rangeBytes int64
	quotes     bool     // records may hold line breaks within quotes
	delimiter  byte     // what quotes must stand next to, with quotes
	blankRows  bool     // empty lines are records
	dialect    *dialect // of a CSV file
}

// window is what a worker finds in one window. Arrays are indexed by whether
// the window's first line starts within quotes.
type window struct {
	start int64    // of its first line; -1 if no line starts here
	first [2]int64 // where its first record starts; -1 if none does
	rows  [2]int64 // records that end here
	bare  [2]bool  // a quote stands where none may
	odd   bool     // an odd number of quotes
	bad   int64    // bytes that are not UTF-8
}

// cut is the result of a cutter.
type cut struct {
	ranges []dataset.Range
	rows   int64
	bare   bool // quotes stand where none may: the ranges are wrong
	bad    int64
}

// cut cuts the file. It gives up when ctx ends.
func (c *cutter) cut(ctx context.Context) (*cut, error) {
	n := int((c.end - c.start + c.rangeBytes - 1) / c.rangeBytes)
	windows := make([]window, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	errs := make([]error, min(n, runtime.GOMAXPROCS(0)))
	for w := range errs {
		workers.Go(func() {
			buf := make([]byte, pageBytes+min(blockBytes, c.end-c.start+1))
			for k := next.Add(1) - 1; k < int64(n) && errs[w] == nil; k = next.Add(1) - 1 {
				windows[k], errs[w] = c.scan(ctx, k, buf)
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return c.join(windows), nil
}

// pageBytes is the size of a page of memory. The kernel copies what is read several
// times slower to a place that is up to 32 bytes further into a page than where it
// comes from (256 KiB on Zen 4: 2.5 GB/s instead of 9). So scan reads whole pages.
const pageBytes = 4 << 10

// scan looks at the lines that start in window k. buf has room for what is kept
// of one block, less than a page, and the next block.
func (c *cutter) scan(ctx context.Context, k int64, buf []byte) (window, error) {
	from := c.start + k*c.rangeBytes
	s := lineScan{cutter: c, to: min(from+c.rangeBytes, c.end), window: window{start: -1, first: [2]int64{-1, -1}}}
	at := from
	if k == 0 {
		s.begin(from)
	} else {
		at-- // the line before may end with the byte before
	}
	held := 0 // bytes from at on that stand in buf before pageBytes
	for at < c.end {
		if err := ctx.Err(); err != nil {
			return s.window, err
		}
		from := at + int64(held)
		space := int64(len(buf) - pageBytes)
		if space > pageBytes {
			space -= from % pageBytes
		}
		n := int(min(space, c.end-from))
		if got, err := c.file.ReadAt(buf[pageBytes:pageBytes+n], from); got < n {
			return s.window, failed(c.path, err, "cannot be read to its end", "check the disk, and that nothing writes to the file")
		}
		block := buf[pageBytes-held : pageBytes+n]
		last := at+int64(len(block)) == c.end
		if !last {
			block = block[:len(block)-incomplete(block)]
			if block[len(block)-1] == '"' { // what follows it must be seen with it
				block = block[:len(block)-1]
			}
		}
		if s.block(block, at, last) {
			return s.window, nil
		}
		at += int64(len(block))
		rest := buf[pageBytes-held+len(block) : pageBytes+n]
		held = copy(buf[pageBytes-len(rest):], rest)
	}
	s.finish()
	return s.window, nil
}

// lineScan is the state of a worker within its window.
type lineScan struct {
	window
	cutter *cutter
	to     int64 // end of the window
	inside int   // 1 after an odd number of quotes since the window's start
	length int64 // of the line so far
	before byte  // the byte before
}

func (s *lineScan) begin(at int64) {
	s.start, s.first[0] = at, at
	s.before = '\n'
}

// block goes on with the bytes of the file at offset at, and reports whether
// the window's last line has ended in it.
func (s *lineScan) block(b []byte, at int64, last bool) (done bool) {
	p := 0
	if s.start < 0 {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			return at+int64(len(b)) >= s.to
		}
		p = i + 1
		if at+int64(p) >= s.to {
			return true
		}
		s.begin(at + int64(p))
	}
	from := p
	quotes := s.cutter.quotes && bytes.IndexByte(b[p:], '"') >= 0
	for p < len(b) && !done {
		i := bytes.IndexByte(b[p:], '\n')
		end := p + i
		if i < 0 {
			end = len(b)
		}
		if quotes {
			s.line(b, p, end)
		}
		s.length += int64(end - p)
		if end > p {
			s.before = b[end-1]
		}
		p = end
		if i >= 0 {
			p++
			s.lineBreak(at + int64(p))
			done = at+int64(p) >= s.to
		}
	}
	if text := b[from:p]; !utf8.Valid(text) {
		_, bad := countUTF8(text)
		s.bad += bad
	}
	return done
}

// line looks at the quotes of b[p:end], part of one line.
func (s *lineScan) line(b []byte, p, end int) {
	start := p
	for {
		i := bytes.IndexByte(b[p:end], '"')
		if i < 0 {
			return
		}
		p += i
		before := s.before
		if p > start {
			before = b[p-1]
		}
		opens := before == s.cutter.delimiter || before == '\n' || before == '"'
		closes := p+1 == len(b) || b[p+1] == s.cutter.delimiter || b[p+1] == '\n' || b[p+1] == '\r' || b[p+1] == '"'
		s.bare[s.inside] = s.bare[s.inside] || !opens
		s.bare[1-s.inside] = s.bare[1-s.inside] || !closes
		s.inside ^= 1
		p++
	}
}

// lineBreak ends a line; the next one starts at offset at.
func (s *lineScan) lineBreak(at int64) {
	empty := s.length == 0 || s.length == 1 && s.before == '\r'
	if !empty || s.cutter.blankRows {
		s.rows[s.inside]++
	}
	if s.inside == 1 && s.first[1] < 0 {
		s.first[1] = at
	}
	s.length, s.before = 0, '\n'
	s.odd = s.inside == 1
}

// finish ends the last line of the file, which has no line break.
func (s *lineScan) finish() {
	s.odd = s.inside == 1
	if s.start < 0 || s.length == 0 || s.length == 1 && s.before == '\r' && !s.cutter.blankRows {
		return
	}
	s.rows[s.inside]++
}

// join adds up the windows from the start of the file.
func (c *cutter) join(windows []window) *cut {
	out := &cut{}
	inside := 0 // whether the next window starts within quotes
	for _, w := range windows {
		if w.start < 0 {
			continue
		}
		out.bare = out.bare || w.bare[inside]
		out.bad += w.bad
		if at := w.first[inside]; at >= 0 {
			out.ranges = append(out.ranges, dataset.Range{Path: c.path, Offset: at, FirstRow: out.rows + int64(inside)})
		}
		out.rows += w.rows[inside]
		if w.odd {
			inside ^= 1
		}
	}
	out.bare = out.bare || inside == 1
	out.ranges = closeRanges(out.ranges, out.rows, c.end)
	return out
}

// closeRanges sets where ranges end, given where they start, and leaves out
// those without rows.
func closeRanges(ranges []dataset.Range, rows, end int64) []dataset.Range {
	kept := ranges[:0]
	for i, r := range ranges {
		r.Length, r.Rows = end-r.Offset, rows-r.FirstRow
		if i+1 < len(ranges) {
			r.Length, r.Rows = ranges[i+1].Offset-r.Offset, ranges[i+1].FirstRow-r.FirstRow
		}
		if r.Rows > 0 {
			r.Index = len(kept)
			kept = append(kept, r)
		}
	}
	return kept
}

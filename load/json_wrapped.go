package load

import (
	"fmt"
	"strings"

	"synthos/dataset"
)

// wrapping is where the records of a JSON file are that is one object: in the array
// of a member, as APIs and catalogues write it.
type wrapping struct {
	at     int64    // the bytes before the array; 0 = there is none
	member string   // its name
	others []string // the names of other members, as far as they are known
}

// String says it as a finding.
func (w wrapping) String() string {
	s := fmt.Sprintf("the records are those of the member %q", w.member)
	if len(w.others) > 0 {
		s += "; left out are " + quotedPaths(w.others)
	}
	return s
}

// unwrap looks for an array of objects among the members of the object that head
// begins with. It is the table if nothing follows the object, or if the object is
// longer than head; lines of JSON (ndjson) are records in any case.
func unwrap(head []byte, last bool, format string) (w wrapping, ok bool) {
	d := jsonParser{b: head}
	if format == "ndjson" || d.space() != '{' {
		return wrapping{}, false
	}
	err := d.members(0, func(name []byte) error {
		p, key := d.p, string(name)
		if w.at == 0 && d.space() == '[' {
			p = d.p
			inside := jsonParser{b: head, p: p + 1}
			if inside.space() == '{' {
				w.at, w.member = int64(p), key
				return d.skip(1)
			}
		}
		w.others = append(w.others, key)
		return d.skip(1)
	})
	switch {
	case w.at == 0:
		return wrapping{}, false
	case err == nil:
		return w, last && d.finish() == nil
	}
	return w, err == errMore && !last
}

// notRecords returns an error if the only record of a JSON file is a table in one
// of the layouts of pandas that are not lists of records; one says that the file is
// not lines of records, of which there may be one.
func (n *jsonNode) notRecords(path string, one bool) error {
	kind := ""
	switch {
	case n.index["columns"] != nil && n.index["data"] != nil && n.index["columns"].nested && n.index["data"].nested:
		kind = "one object with names and rows apart"
	case n.likeMembers() || one && n.likeLists():
		kind = "one object with a member for each column or row"
	default:
		return nil
	}
	return dataset.NewError(path, kind, `write it as a list of records: [{"column": value, ...}, ...], in pandas with orient="records"`)
}

// likeMembers reports whether n has at least two members, all of them objects of at
// least two members with the same names: the numbers of rows, or else the first
// names are those.
func (n *jsonNode) likeMembers() bool {
	if len(n.children) < 2 || len(n.children[0].children) < 2 {
		return false
	}
	var names []string
	for _, c := range n.children[0].children {
		names = append(names, c.name)
	}
	for _, c := range n.children {
		if !c.object || len(c.children) != len(names) {
			return false
		}
		for i := range names {
			if c.children[i].name != names[i] {
				return false
			}
		}
	}
	return countedUp(names) || countedUp(namesOf(n.children))
}

// likeLists reports whether n has at least two members, all of them lists of
// equally many scalars, at least two.
func (n *jsonNode) likeLists() bool {
	if len(n.children) < 2 {
		return false
	}
	for _, c := range n.children {
		if !c.nested || c.object || c.chat != nil || c.length < 2 || c.length != n.children[0].length {
			return false
		}
	}
	return true
}

func namesOf(nodes []*jsonNode) []string {
	names := make([]string, len(nodes))
	for i, n := range nodes {
		names[i] = n.name
	}
	return names
}

// countedUp reports whether names are 0, 1, 2 and so on.
func countedUp(names []string) bool {
	for i, name := range names {
		if strings.TrimSpace(name) != fmt.Sprint(i) {
			return false
		}
	}
	return true
}

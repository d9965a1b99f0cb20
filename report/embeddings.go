package report

import (
	"fmt"
	"strings"

	"synthos/verdict"
)

// meaningNote says what the semantic diversity was measured on; "" if the report
// does not say.
func meaningNote(r *verdict.Result) string {
	d := r.Diversity
	if d == nil || d.SemanticOn == "" {
		return ""
	}
	return "Semantic diversity was measured on " + d.SemanticOn + "."
}

// served names a model and where it is served. The address has no scheme: a page
// links to nothing.
func served(model, address string) string {
	if _, rest, found := strings.Cut(address, "://"); found {
		address = rest
	}
	return model + " at " + address
}

// embeddingsNote says where embeddings came from, and whether texts were sent
// away for them; "" if none were asked for.
func embeddingsNote(r *verdict.Result) string {
	d := r.Diversity
	if d == nil || d.Embeddings == nil {
		return ""
	}
	e := d.Embeddings
	from := e.Data
	if e.Reference != "" {
		from += " and " + e.Reference
	}
	if e.URL != "" {
		from = served(e.Model, e.URL)
	}
	s := "embeddings: " + from
	if e.Rows > 0 {
		s += fmt.Sprintf(", %s, %s", plural(int64(e.Rows), "row"), plural(int64(e.Dimensions), "dimension"))
	}
	if e.URL == "" {
		return s
	}
	switch {
	case e.SentTo != "":
		s += fmt.Sprintf("; %s of the data were SENT to %s", plural(int64(e.TextsSent), "text"), e.SentTo)
	case e.TextsSent > 0:
		s += fmt.Sprintf("; %s were sent to this machine's own server", plural(int64(e.TextsSent), "text"))
	}
	if e.TextsCached > 0 {
		s += fmt.Sprintf("; %s known from an earlier run", count(int64(e.TextsCached)))
	}
	if e.TextsCut > 0 {
		s += fmt.Sprintf("; of %s only the start", count(int64(e.TextsCut)))
	}
	return s
}

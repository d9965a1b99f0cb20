package load

import (
	"fmt"
	"slices"

	"synthos/dataset"
)

// chatMessage is a message of a conversation: a record with role and content
// (OpenAI's layout) or from and value (ShareGPT's). The content may be a text,
// null, or a list of parts.
type chatMessage struct {
	role, text string
	more       string // JSON of its other members that are not null; "" = there are none
}

// speech returns the role of a message and where in the record its content is.
func (r *record) speech() (role string, content int, ok bool) {
	for _, names := range [...][2]string{{"role", "content"}, {"from", "value"}} {
		role, ok = r.text(names[0])
		if at := slices.Index(r.names, names[1]); ok && at >= 0 {
			return role, at, true
		}
	}
	return "", 0, false
}

// message returns r as a message.
func (r *record) message() (chatMessage, bool) {
	role, at, ok := r.speech()
	if !ok {
		return chatMessage{}, false
	}
	m := chatMessage{role: role, text: partsText(r.values[at])}
	rest := &record{}
	for i, v := range r.values {
		if list, isList := v.([]any); v == nil || i == at || r.names[i] == "role" || r.names[i] == "from" || isList && len(list) == 0 {
			continue
		}
		rest.names, rest.values = append(rest.names, r.names[i]), append(rest.values, v)
	}
	if len(rest.names) > 0 {
		m.more = string(appendNested(nil, rest))
	}
	return m, true
}

// partsText returns the text of a content: a string, or a list of parts of which
// those of type text are joined. What is neither stays JSON.
func partsText(content any) string {
	list, ok := content.([]any)
	if !ok {
		text, _ := nestedText(content)
		return text
	}
	all := ""
	for i, v := range list {
		part, ok := v.(*record)
		if !ok {
			return string(appendNested(nil, content))
		}
		kind, _ := part.text("type")
		text, ok := part.text("text")
		if !ok || kind != "text" {
			return string(appendNested(nil, content))
		}
		if i > 0 {
			all += "\n"
		}
		all += text
	}
	return all
}

// parseChat returns the messages of a conversation that is written as JSON; ""
// is one without any.
func parseChat(text string) ([]chatMessage, bool) {
	if text == "" {
		return nil, true
	}
	d := jsonParser{b: []byte(text)}
	v, err := d.nested(0)
	list, ok := v.([]any)
	if err != nil || !ok || d.finish() != nil {
		return nil, false
	}
	messages := make([]chatMessage, len(list))
	for i, v := range list {
		r, ok := v.(*record)
		if !ok {
			return nil, false
		}
		if messages[i], ok = r.message(); !ok {
			return nil, false
		}
	}
	return messages, true
}

// chatReader makes the columns of conversations.
type chatReader struct {
	chat    *chatColumn
	cast    forced // of the number of messages
	seen    tallies
	texts   []chatTexts // of each role, or of whole conversations; then of what else messages hold
	turns   dataset.Vector
	invalid []dataset.Invalid
}

func newChatReader(c *chatColumn, seen tallies) *chatReader {
	return &chatReader{chat: c, cast: c.cast, seen: seen, texts: make([]chatTexts, max(1, len(c.roles))+1)}
}

// read appends the columns that stand for n conversations to columns. They are
// valid until the next call.
func (r *chatReader) read(v *dataset.Vector, firstRow int64, n int, columns []dataset.Vector) []dataset.Vector {
	for k := range r.texts {
		r.texts[k].reset()
	}
	r.turns = dataset.Vector{Floats: sized(r.turns.Floats, n), Null: sized(r.turns.Null, n)}
	r.invalid = append(r.invalid[:0], v.Invalid...)
	for i := range n {
		messages, ok := []chatMessage(nil), false
		if !v.Null[i] {
			if messages, ok = parseChat(v.Strings[i]); !ok {
				r.invalid = append(r.invalid, dataset.Invalid{Row: i, Text: cutText([]byte(v.Strings[i]))})
			}
		}
		for _, m := range messages {
			r.add(m, firstRow+int64(i))
		}
		whole := len(r.chat.roles) == 0
		for k := range r.texts {
			r.texts[k].end(whole && k == 0 && ok)
		}
		r.turns.Floats[i], r.turns.Null[i] = float64(len(messages)), !ok
	}
	for k := range r.texts[:max(1, len(r.chat.roles))] {
		out := r.texts[k].vector()
		if k == 0 {
			out.Invalid = r.invalid
		}
		columns = append(columns, out)
	}
	if r.chat.more {
		columns = append(columns, r.texts[len(r.texts)-1].vector())
	}
	if r.chat.turns {
		columns = append(columns, r.cast.apply(&r.turns, n))
	}
	return columns
}

// add adds a message to the current row.
func (r *chatReader) add(m chatMessage, row int64) {
	more := &r.texts[len(r.texts)-1]
	at := slices.Index(r.chat.roles, m.role)
	same, fixed := r.chat.fixed[m.role]
	switch {
	case len(r.chat.roles) == 0:
		r.texts[0].add(m.role + ": " + m.text)
	case at >= 0:
		r.texts[at].add(m.text)
	case fixed && m.text == same:
	case fixed:
		r.seen.add(noteFixed, row, r.chat.name, fmt.Sprintf("a message of the role %s is not the same as those of the sample that decided the columns; left out: %q", m.role, cutText([]byte(m.text))))
	default:
		r.seen.add(noteRole, row, r.chat.name, fmt.Sprintf("a message of the role %q, which is not in the sample that decided the columns; left out", cutText([]byte(m.role))))
	}
	if m.more == "" {
		return
	}
	if !r.chat.more && len(r.chat.roles) > 0 {
		r.seen.add(noteChatMore, row, r.chat.name, fmt.Sprintf("a message with %s, which is not in the sample that decided the columns; left out", cutText([]byte(m.more))))
		return
	}
	more.add(m.more)
}

// chatTexts builds a column of texts: those of a row stand below one another.
type chatTexts struct {
	buf  []byte
	ends []int
	null []bool
	any  bool // the row has a text
	v    dataset.Vector
}

func (t *chatTexts) reset() {
	t.buf, t.ends, t.null, t.any = t.buf[:0], t.ends[:0], t.null[:0], false
}

func (t *chatTexts) add(text string) {
	if t.any {
		t.buf = append(t.buf, '\n')
	}
	t.buf, t.any = append(t.buf, text...), true
}

// end ends a row. It is null if it has no text, unless an empty one is there.
func (t *chatTexts) end(there bool) {
	t.ends, t.null = append(t.ends, len(t.buf)), append(t.null, !t.any && !there)
	t.any = false
}

func (t *chatTexts) vector() dataset.Vector {
	all := string(t.buf)
	t.v.Strings = sized(t.v.Strings, len(t.ends))
	start := 0
	for i, end := range t.ends {
		t.v.Strings[i] = all[start:end]
		start = end
	}
	return dataset.Vector{Strings: t.v.Strings, Null: t.null}
}

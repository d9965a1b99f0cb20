package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"synthos/dataset"
)

// chatter is a source of which some columns hold conversations: each cell is
// JSON, a list of messages as chatMessage describes them.
type chatter interface {
	chatColumns() []*chatColumn // in the order of the schema
}

// chatSource shows the conversations of another source as columns: the texts of
// each role in one, so that what was asked and what was answered can be told
// apart, and the number of messages.
type chatSource struct {
	wrapped
	schema   dataset.Schema
	chats    []*chatColumn // in the order of the columns
	findings []dataset.Finding
	notes    notes
}

// chatColumn is a column of conversations.
type chatColumn struct {
	at     int    // in the schema of the source
	name   string // of the column in the source
	seen   int    // conversations that decided the following
	roles  []string
	people bool              // there are more roles than can be columns
	fixed  map[string]string // of roles that instruct the model, the text if it is the same in all conversations
	more   bool              // members of messages besides role and text have a column
	turns  bool              // the number of messages has a column, as it varies
	length int               // of the first conversation
	cast   forced
}

// Endings of the names of columns that are not called after a role.
const (
	chatTurns = "turns"
	chatMore  = "more"
)

const (
	chatSample   = 2000 // conversations of a range that decide which roles there are
	mostRoles    = 8    // more are names of people, and each conversation stays one text
	longestRole  = 32   // bytes
	fewChats     = 20   // so many may have the same text by chance
	noteFixed    = "messages that are not the same as in the sample"
	noteRole     = "messages of roles that the sample did not show"
	noteChatMore = "messages with members that the sample did not show"
)

// withChats returns src with a column for each role of its conversations, or src
// itself if it has none. A source with forced types, those of a reference, shows
// the roles of the reference too.
func withChats(ctx context.Context, path string, src dataset.Source, o Options) (dataset.Source, error) {
	c, ok := src.(chatter)
	if !ok || len(c.chatColumns()) == 0 {
		return src, nil
	}
	s := &chatSource{wrapped: wrapped{src}, chats: c.chatColumns()}
	for _, chat := range s.chats {
		chat.name = src.Schema().Fields[chat.at].Name
	}
	if err := s.learn(ctx); err != nil {
		src.Close()
		return nil, err
	}
	next := 0
	for j, f := range src.Schema().Fields {
		if next == len(s.chats) || s.chats[next].at != j {
			s.schema.Fields = append(s.schema.Fields, f)
			continue
		}
		chat := s.chats[next]
		s.schema.Fields = append(s.schema.Fields, chat.fields(o)...)
		s.findings = append(s.findings, dataset.Finding{Path: path, Row: -1, Column: chat.name, Message: chat.about()})
		next++
	}
	s.findings = append(s.findings, uniqueNames(path, s.schema.Fields)...)
	return s, nil
}

// learn looks at conversations of the first, the middle and the last range, unless
// the source has done so. Ranges are those of the file then, not of our making.
func (s *chatSource) learn(ctx context.Context) error {
	if s.chats[0].seen > 0 {
		return nil
	}
	enough := errors.New("the sample is complete")
	for _, r := range someRanges(s.Source.Ranges()) {
		rows := 0
		err := s.Source.Read(ctx, r, func(b *dataset.Batch) error {
			for _, chat := range s.chats {
				v := &b.Columns[chat.at]
				for row, null := range v.Null {
					if messages, ok := parseChat(v.Strings[row]); ok && !null {
						chat.learn(messages)
					}
				}
			}
			if rows += b.Rows; rows >= chatSample {
				return enough
			}
			return nil
		})
		if err != nil && err != enough {
			return err
		}
	}
	return nil
}

// learn adds what a conversation shows.
func (c *chatColumn) learn(messages []chatMessage) {
	if c.seen++; c.seen == 1 {
		c.length = len(messages)
	}
	c.turns = c.turns || len(messages) != c.length
	for _, m := range messages {
		c.fix(m)
		c.more = c.more || m.more != ""
		if !slices.Contains(c.roles, m.role) && !c.people {
			c.roles = append(c.roles, m.role)
			c.people = len(c.roles) > mostRoles || len(m.role) == 0 || len(m.role) > longestRole || m.role == chatTurns || m.role == chatMore
		}
	}
}

// fix learns whether all messages of a role that instructs the model are the same.
// Many data have one such text for all conversations, and a column of it would
// look as if it had lost its values.
func (c *chatColumn) fix(m chatMessage) {
	if m.role != "system" && m.role != "developer" {
		return
	}
	if c.fixed == nil {
		c.fixed = map[string]string{}
	}
	if text, known := c.fixed[m.role]; !known && !slices.Contains(c.roles, m.role) {
		c.fixed[m.role] = m.text
	} else if known && text != m.text {
		delete(c.fixed, m.role)
	}
}

// fields returns the columns that are shown instead of c.
func (c *chatColumn) fields(o Options) []dataset.Field {
	if c.people {
		c.roles = nil
	}
	for role := range c.fixed {
		if _, forced := o.Types[c.name+"."+role]; forced || c.people || c.seen < fewChats || len(c.roles) == 1 {
			delete(c.fixed, role)
		}
	}
	c.roles = slices.DeleteFunc(c.roles, func(role string) bool {
		_, fixed := c.fixed[role]
		return fixed
	})
	if len(c.roles) == 0 {
		c.more, c.turns = false, false
		return []dataset.Field{{Name: c.name, Type: dataset.String}}
	}
	var forced []string // by the reference
	for name := range o.Types {
		role, below := strings.CutPrefix(name, c.name+".")
		switch {
		case !below:
		case role == chatTurns:
			c.turns = true
		case role == chatMore:
			c.more = true
		case !slices.Contains(c.roles, role):
			forced = append(forced, role)
		}
	}
	slices.Sort(forced)
	c.roles = append(c.roles, forced...)
	var fields []dataset.Field
	for _, role := range c.roles {
		fields = append(fields, dataset.Field{Name: c.name + "." + role, Type: dataset.String})
	}
	if c.more {
		fields = append(fields, dataset.Field{Name: c.name + "." + chatMore, Type: dataset.String})
	}
	if c.turns {
		turns := dataset.Field{Name: c.name + "." + chatTurns, Type: dataset.Float, Integer: true}
		c.cast.force(&turns, o.Types, nil)
		fields = append(fields, turns)
	}
	return fields
}

// about says how c is shown.
func (c *chatColumn) about() string {
	if len(c.roles) == 0 {
		return "conversations: each is one text, with a line \"role: content\" for each message"
	}
	var names []string
	for _, role := range c.roles {
		names = append(names, c.name+"."+role)
	}
	text := "conversations: the texts of each role are in " + strings.Join(names, ", ") + ", several of one role one below the other"
	if c.more {
		text += "; what else messages hold is in " + c.name + "." + chatMore
	}
	if c.turns {
		text += "; how many messages there are in " + c.name + "." + chatTurns
	}
	for _, role := range slices.Sorted(maps.Keys(c.fixed)) {
		text += fmt.Sprintf("; all messages of the role %s are the same and no column: %q", role, cutText([]byte(c.fixed[role])))
	}
	return text
}

// Schema implements dataset.Source.
func (s *chatSource) Schema() *dataset.Schema { return &s.schema }

// Findings implements dataset.Source.
func (s *chatSource) Findings() []dataset.Finding {
	path := ""
	if ranges := s.Source.Ranges(); len(ranges) > 0 {
		path = ranges[0].Path
	}
	return slices.Concat(s.Source.Findings(), s.findings, s.notes.findings(path))
}

// Read implements dataset.Source.
func (s *chatSource) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	readers := make([]*chatReader, len(s.chats))
	seen := tallies{}
	for i, chat := range s.chats {
		readers[i] = newChatReader(chat, seen)
	}
	out := &dataset.Batch{}
	err := s.Source.Read(ctx, r, func(b *dataset.Batch) error {
		out.FirstRow, out.Rows, out.Skipped = b.FirstRow, b.Rows, b.Skipped
		out.Columns = out.Columns[:0]
		next := 0
		for j := range b.Columns {
			if next == len(readers) || s.chats[next].at != j {
				out.Columns = append(out.Columns, b.Columns[j])
				continue
			}
			out.Columns = readers[next].read(&b.Columns[j], b.FirstRow, b.Rows, out.Columns)
			next++
		}
		return yield(out)
	})
	if err == nil {
		s.notes.set(r.Index, seen)
	}
	return err
}

// withoutChats returns the source of the conversations that src shows as columns,
// and their columns; src itself if it shows none.
func withoutChats(src dataset.Source) (dataset.Source, []*chatColumn) {
	if s, ok := src.(*systemSource); ok { // whose column is copied too
		src = s.Source
	}
	if s, ok := src.(*chatSource); ok {
		return s.Source, s.chats
	}
	return src, nil
}

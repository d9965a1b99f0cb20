package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"synthos/dataset"
)

// conversations translates edits of columns that stand for conversations into
// edits of these. What cannot be done to them is an error.
func (e *Edit) conversations(src dataset.Source, path string, chats []*chatColumn) error {
	for _, chat := range chats {
		refuse := func(what, part string) error {
			return dataset.NewError(path, fmt.Sprintf("%s.%s cannot be %s in conversations of this format", chat.name, part, what), "do without this fix: name the others with --only")
		}
		if e.Numbers[chat.name+"."+chatTurns] != nil {
			return refuse("rescaled", chatTurns)
		}
		if e.Without[chat.name+"."+chatMore] {
			return refuse("left out", chatMore)
		}
		roles := map[string]bool{}
		for _, role := range chat.roles {
			if e.Without[chat.name+"."+role] {
				roles[role] = true
			}
		}
		if len(roles) == 0 {
			continue // the number of messages follows from them
		}
		if _, ok := src.(*jsonSource); !ok {
			return refuse("left out", slices.Sorted(maps.Keys(roles))[0])
		}
		if e.silenced == nil {
			e.silenced = map[string]map[string]bool{}
		}
		e.silenced[chat.name] = roles
	}
	return nil
}

// withoutRoles returns a JSON list of messages without those of some roles, or
// the value itself if it is none.
func withoutRoles(value jsontext.Value, roles map[string]bool) []byte {
	var messages []json.RawMessage
	if json.Unmarshal(value, &messages) != nil {
		return value
	}
	out := []byte{'['}
	for _, raw := range messages {
		d := jsonParser{b: raw}
		v, err := d.nested(0)
		r, ok := v.(*record)
		if err != nil || !ok {
			return value
		}
		if role, _, ok := r.speech(); ok && roles[role] {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',', ' ')
		}
		out = append(out, raw...)
	}
	return append(out, ']')
}

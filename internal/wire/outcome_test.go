package wire

import (
	"reflect"
	"testing"
)

// TestOutcome: every document with an action tells it.
func TestOutcome(t *testing.T) {
	t.Parallel()
	told := 0
	for _, d := range documents {
		p := reflect.New(reflect.TypeOf(d.zero))
		action := p.Elem().FieldByName("Action")
		if !action.IsValid() {
			continue
		}
		action.SetString("ACTION")
		if o, ok := p.Interface().(interface{ Outcome() string }); !ok || o.Outcome() != "ACTION" {
			t.Errorf("%s does not tell its action", p.Type())
		}
		told++
	}
	if told == 0 {
		t.Error("no document has an action")
	}
}

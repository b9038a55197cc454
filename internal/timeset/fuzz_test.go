package timeset_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"whenwhere/internal/timeset"
)

// What is accepted must print back as the same canonical text.
func FuzzUnmarshalJSON(f *testing.F) {
	for _, seed := range []string{`[]`, `[[1,2]]`, `[[1,2],[3,4]]`, `[[-9223372036854775808,9223372036854775807]]`, `[[1,1]]`, `null`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second timeset.Set
		if json.Unmarshal(data, &first) != nil {
			return
		}
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &second); err != nil || !second.Equal(first) {
			t.Fatalf("%q became %s: %v", data, text, err)
		}
		if again, _ := json.Marshal(second); !bytes.Equal(text, again) {
			t.Fatalf("%s then %s", text, again)
		}
	})
}

package audit_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/audit"
)

// The format is a promise to whoever checks a log without this program: these are its exact bytes.
func TestLeafBytes(t *testing.T) {
	t.Parallel()
	l := audit.Leaf{
		Seq: 12, At: "2024-11-03T09:02:11.000000Z", Actor: audit.Person(digest("p")), Action: audit.Decided, Kind: audit.KindDecision,
		Subject: digest("s"), SizeBytes: ref(int64(5)), Params: ref(digest("q")), Tool: "people", Version: "1", Result: ref(digest("r")), Previous: ref(int64(7)),
	}
	want := `{"seq":12,"at":"2024-11-03T09:02:11.000000Z","actor":"person:148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940",` +
		`"action":"decided","kind":"decision","subject":"043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89","size_bytes":5,` +
		`"params":"8e35c2cd3bf6641bdb0e2050b76932cbb2e6034a0ddacc1d9bea82a6ba57f7cf","tool":"people","version":"1",` +
		`"result":"454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a1","previous":7}`
	got, err := l.Bytes()
	must(t, err)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	again, err := audit.ParseLeaf(got)
	must(t, err)
	if diff := cmp.Diff(l, again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestSaltIsHMAC(t *testing.T) {
	t.Parallel()
	s := salt("x")
	mac := hmac.New(sha256.New, s[:])
	mac.Write([]byte("text"))
	if got := s.Digest([]byte("text")); !bytes.Equal(got[:], mac.Sum(nil)) {
		t.Error("another digest")
	}
}

func TestLeafRefusesNonsense(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*audit.Leaf){
		"seq":        func(l *audit.Leaf) { l.Seq = -1 },
		"at":         func(l *audit.Leaf) { l.At = "2024-11-03T09:02:11Z" },
		"actor":      func(l *audit.Leaf) { l.Actor = "person:Ivan" },
		"action":     func(l *audit.Leaf) { l.Action = "changed" },
		"kind":       func(l *audit.Leaf) { l.Kind = "" },
		"tool":       func(l *audit.Leaf) { l.Tool = "a\nb" },
		"size_bytes": func(l *audit.Leaf) { l.SizeBytes = ref(int64(-1)) },
		"result":     func(l *audit.Leaf) { l.Result = nil },
		"previous":   func(l *audit.Leaf) { l.Previous = ref(l.Seq) },
	} {
		l := fileLeaf("x")
		l.Seq, l.At, l.Actor = 3, "2024-11-03T09:02:11.000000Z", audit.Program
		change(&l)
		if _, err := l.Bytes(); err == nil || !strings.Contains(err.Error(), want+":") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// A leaf has one form: nothing that means the same in other bytes is taken.
func TestParseLeafTakesOneForm(t *testing.T) {
	t.Parallel()
	l := fileLeaf("x")
	l.At, l.Actor = "2024-11-03T09:02:11.000000Z", audit.Program
	good, err := l.Bytes()
	must(t, err)
	for name, text := range map[string]string{
		"space":     strings.Replace(string(good), ":", ": ", 1),
		"newline":   string(good) + "\n",
		"twice":     string(good) + string(good),
		"upper":     strings.Replace(string(good), digest("x").String(), strings.ToUpper(digest("x").String()), 1),
		"unknown":   strings.Replace(string(good), "{", `{"name":"IMG.jpg",`, 1),
		"duplicate": strings.Replace(string(good), "{", `{"seq":0,`, 1),
		"case":      strings.Replace(string(good), `"seq"`, `"Seq"`, 1),
		"null":      strings.Replace(string(good), "{", `{"params":null,`, 1),
		"short":     string(good[:len(good)-1]),
		"empty":     "",
	} {
		if _, err := audit.ParseLeaf([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := audit.ParseLeaf(good); err != nil {
		t.Error(err)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, same := range []string{"", "metadata", "city-desk-1@sha256:01", strings.Repeat("x", 100)} {
		if got := audit.Plain(same); got != same {
			t.Errorf("%q became %q", same, got)
		}
	}
	for _, other := range []string{"міський стіл", "a\nb", strings.Repeat("x", 101)} {
		if got := audit.Plain(other); len(got) != 71 || audit.Plain(got) != got {
			t.Errorf("%q became %q", other, got)
		}
	}
}

// FuzzParseLeaf checks that what is taken is exactly what would be written.
func FuzzParseLeaf(f *testing.F) {
	l := fileLeaf("x")
	l.At, l.Actor = "2024-11-03T09:02:11.000000Z", audit.Program
	good, err := l.Bytes()
	must(f, err)
	f.Add(good)
	f.Add([]byte(`{"seq":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := audit.ParseLeaf(data)
		if err != nil {
			return
		}
		if again, err := l.Bytes(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q was taken as %q, %v", data, again, err)
		}
		if !json.Valid(data) {
			t.Error("no JSON")
		}
	})
}

package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/fault"
)

func TestOutcome(t *testing.T) {
	t.Parallel()
	of := func(c wire.Class) error {
		return fmt.Errorf("decode: %w", &wire.Fault{Op: wire.OpTags, Class: c, Rule: "rule 7", Detail: "at 0xc000"})
	}
	cases := []struct {
		name            string
		err             error
		want            string
		skip, permanent bool
	}{
		{"unsupported", of(wire.ClassUnsupported), "rule 7", true, false},
		{"invalid", of(wire.ClassInvalid), "metadata: tags: invalid: rule 7 (at 0xc000)", false, true},
		{"refused", of(wire.ClassRefused), "metadata: tags: refused: rule 7 (at 0xc000)", false, true},
		{"died", of(wire.ClassDied), "metadata: tags: died: rule 7", false, true},
		{"timed out", of(wire.ClassTimedOut), "metadata: tags: timed_out: rule 7", false, true},
		{"bad answer", of(wire.ClassBadAnswer), "metadata: tags: bad_answer: rule 7", false, true},
		{"no tool", of(wire.ClassNoTool), "metadata: tags: no_tool: rule 7 (at 0xc000)", false, false},
		{"of the machine", io.ErrClosedPipe, "metadata: io: read/write on closed pipe", false, false},
		{"of the context", context.Canceled, "metadata: context canceled", false, false},
	}
	for _, c := range cases {
		err := fault.Outcome("metadata", c.err)
		var skip *pipeline.SkipError
		var permanent *pipeline.PermanentError
		if err.Error() != c.want || errors.As(err, &skip) != c.skip || errors.As(err, &permanent) != c.permanent {
			t.Errorf("%s: %T %q; want %q, skip %t, permanent %t", c.name, err, err, c.want, c.skip, c.permanent)
		}
	}
}

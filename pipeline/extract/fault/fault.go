// Package fault says what an error of the decoder means for the stage that asked: does not apply, broken for good, or
// worth another try.
package fault

import (
	"errors"
	"fmt"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

// Outcome turns an error of the decoder into the error a stage returns. A type that no reader knows is a skip. What the
// bytes did (damaged, over a limit, killed the reader twice, took too long) is permanent. A missing program, and what is
// no *wire.Fault and so says nothing of the file, may be tried again.
//
// The words of a reader that died stay out: they hold addresses, and the same bytes must give the same cause.
func Outcome(stage string, err error) error {
	var f *wire.Fault
	if !errors.As(err, &f) {
		return fmt.Errorf("%s: %w", stage, err)
	}
	switch f.Class {
	case wire.ClassUnsupported:
		return pipeline.Skip("%s", f.Rule)
	case wire.ClassNoTool:
		return fmt.Errorf("%s: %w", stage, f)
	case wire.ClassDied, wire.ClassTimedOut, wire.ClassBadAnswer:
		f = &wire.Fault{Op: f.Op, Class: f.Class, Rule: f.Rule}
	case wire.ClassRefused, wire.ClassInvalid: // in the words of our own rules
	}
	return pipeline.Permanent(fmt.Errorf("%s: %w", stage, f))
}

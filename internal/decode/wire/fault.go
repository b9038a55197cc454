package wire

import "fmt"

// Class says what kind of answer a failure is; callers decide on it, never on text.
type Class string

const (
	ClassUnsupported Class = "unsupported" // a type this reader does not know: not a failure of the file
	ClassRefused     Class = "refused"     // a limit was exceeded; Rule names it
	ClassInvalid     Class = "invalid"     // the bytes are damaged
	ClassDied        Class = "died"        // the child died on this file, twice
	ClassTimedOut    Class = "timed_out"   // the child was killed at its wall-clock limit
	ClassBadAnswer   Class = "bad_answer"  // the child said something it must not say
	ClassNoTool      Class = "no_tool"     // a host program (ffmpeg) is missing: try again elsewhere
)

// Fault is why a file, or a part of it, could not be read. It is an error and also travels from child to parent.
type Fault struct {
	Op     Op     `json:"op"`
	Class  Class  `json:"class"`
	Rule   string `json:"rule"`             // the rule or limit by name, with its number: "pixels 52000000 exceed 25000000"
	Detail string `json:"detail,omitempty"` // the library's own words, bounded; for people, never for decisions

	// NeedPixels is set when Rule is the pixel cap of the child that was asked: the pixels of the picture. The parent
	// decides on it whether its heavy child may try.
	NeedPixels int64 `json:"need_pixels,omitempty"`
}

// MaxRuleBytes and MaxDetailBytes bound the two texts of a Fault.
const (
	MaxRuleBytes   = 512
	MaxDetailBytes = 512
)

func (f *Fault) Error() string {
	if f.Detail == "" {
		return fmt.Sprintf("%s: %s: %s", f.Op, f.Class, f.Rule)
	}
	return fmt.Sprintf("%s: %s: %s (%s)", f.Op, f.Class, f.Rule, f.Detail)
}

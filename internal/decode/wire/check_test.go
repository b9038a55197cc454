package wire

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func goodLook() Look {
	hashes := func(digits string) []Hash {
		return []Hash{
			{Algorithm: "phash64", Version: "v", Hex: strings.Repeat(digits, 8)},
			{Algorithm: "phash256", Version: "v", Hex: strings.Repeat(digits, 32)},
			{Algorithm: "pdq", Version: "v", Hex: strings.Repeat(digits, 32)},
		}
	}
	return Look{Quality: 80, StdDev: 40, Hashes: hashes("0a"), Mirrored: hashes("0b"), Mosaic: make([]byte, MosaicBytes), Views: []View{
		{Name: ViewRot90, Hashes: hashes("0c")[2:]},
		{Name: ViewTrimmed, Part: &Part{0, 1, 10, 8}, Quality: 70, Hashes: hashes("0d")},
		{Name: ViewWindow, Part: &Part{0, 0, 8, 8}, Hashes: hashes("0e")[2:]},
		{Name: ViewWindow, Part: &Part{2, 2, 8, 8}, Hashes: hashes("0f")[2:]},
	}}
}

// good returns a request and the answer a well-behaved child may give, for each operation.
func good(op Op) (Request, Answer) {
	req := Request{Version: Version, Op: op, MaxPixels: 100}
	a := Answer{Version: Version}
	switch op {
	case OpProbe:
		a.Probe = &Probe{Type: "image/jpeg", SHA256: strings.Repeat("0f", 32), SizeBytes: 1, WidthPx: 3, HeightPx: 4}
	case OpTags:
		a.Tags = &Tags{DurationMs: new(int64(5)), Brands: []string{"isom"}, Notes: []Note{{"exif", "cycle"}}, Tags: []Tag{
			{Reader: "walk", Dir: "GPS", Name: "GPSLatitude", Rats: []Rat{{1, 0}}},
			{Reader: "walk", Dir: "IFD0", Name: "Make", Text: new("")},
			{Reader: "walk", Dir: "IFD0", Name: "X", Floats: []string{"NaN", "-Inf", "1e999", "2.5"}},
			{Reader: "walk", Dir: "IFD0", Name: "Y", Ints: []int64{-1}},
		}}
	case OpPrint:
		l := goodLook()
		a.Still = &Still{WidthPx: 10, HeightPx: 10, Orientation: 6, Look: goodLook(), AsStored: &l}
	case OpFrames:
		req.Frames = &FrameRequest{WidthPx: 256, HeightPx: 256, MaxFrames: 2}
		a.Clip = &Clip{Frames: []Frame{{Look: goodLook()}, {Look: Look{Flat: true}}}}
	case OpDerive:
		a.Derived = &Derived{WidthPx: 3, HeightPx: 2, Pixels: make([]byte, 6)}
	}
	return req, a
}

var ops = []Op{OpProbe, OpTags, OpPrint, OpFrames, OpDerive}

func TestParseAcceptsEachOperation(t *testing.T) {
	t.Parallel()
	for _, op := range ops {
		req, want := good(op)
		body, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(body, req)
		if err != nil {
			t.Errorf("%s: %v", op, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", op, diff)
		}
		fault := Answer{Version: Version, Fault: &Fault{Op: op, Class: ClassInvalid, Rule: "x"}}
		if err := Check(fault, req); err != nil {
			t.Errorf("%s: fault: %v", op, err)
		}
		for _, other := range ops {
			if _, a := good(other); other != op && Check(a, req) == nil {
				t.Errorf("%s: an answer to %s is accepted", op, other)
			}
		}
	}
}

// TestCheckRefuses: each line breaks one value of a good answer.
func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		op    Op
		spoil func(*Answer)
	}{
		"version":            {OpProbe, func(a *Answer) { a.Version++ }},
		"nothing":            {OpProbe, func(a *Answer) { a.Probe = nil }},
		"two results":        {OpProbe, func(a *Answer) { a.Clip = &Clip{} }},
		"result and fault":   {OpProbe, func(a *Answer) { a.Fault = &Fault{Op: OpProbe, Class: ClassInvalid, Rule: "x"} }},
		"size":               {OpProbe, func(a *Answer) { a.Probe.SizeBytes = -1 }},
		"short hash":         {OpProbe, func(a *Answer) { a.Probe.SHA256 = "0f" }},
		"upper-case hash":    {OpProbe, func(a *Answer) { a.Probe.SHA256 = strings.Repeat("0F", 32) }},
		"negative side":      {OpProbe, func(a *Answer) { a.Probe.WidthPx = -1 }},
		"one side":           {OpProbe, func(a *Answer) { a.Probe.WidthPx = 0 }},
		"no type":            {OpProbe, func(a *Answer) { a.Probe.Type = "" }},
		"long type":          {OpProbe, func(a *Answer) { a.Probe.Type = strings.Repeat("x", 200) }},
		"duration":           {OpTags, func(a *Answer) { a.Tags.DurationMs = new(int64(-1)) }},
		"no value":           {OpTags, func(a *Answer) { a.Tags.Tags[0].Rats = nil }},
		"two values":         {OpTags, func(a *Answer) { a.Tags.Tags[0].Ints = []int64{1} }},
		"float":              {OpTags, func(a *Answer) { a.Tags.Tags[2].Floats[0] = "ten" }},
		"no name":            {OpTags, func(a *Answer) { a.Tags.Tags[0].Name = "" }},
		"tag text":           {OpTags, func(a *Answer) { a.Tags.Tags[1].Text = new("\xff") }},
		"no rule":            {OpTags, func(a *Answer) { a.Tags.Notes[0].Rule = "" }},
		"too many tags":      {OpTags, func(a *Answer) { a.Tags.Tags = make([]Tag, MaxTags+1) }},
		"too many pixels":    {OpPrint, func(a *Answer) { a.Still.WidthPx = 11 }},
		"no side":            {OpPrint, func(a *Answer) { a.Still.HeightPx = 0 }},
		"orientation 0":      {OpPrint, func(a *Answer) { a.Still.Orientation = 0 }},
		"orientation 9":      {OpPrint, func(a *Answer) { a.Still.Orientation = 9 }},
		"turned, not stored": {OpPrint, func(a *Answer) { a.Still.AsStored = nil }},
		"stored, not turned": {OpPrint, func(a *Answer) { a.Still.Orientation = 1 }},
		"bad as stored":      {OpPrint, func(a *Answer) { a.Still.AsStored.Quality = 101 }},
		"quality":            {OpPrint, func(a *Answer) { a.Still.Look.Quality = -1 }},
		"NaN":                {OpPrint, func(a *Answer) { a.Still.Look.StdDev = math.NaN() }},
		"deviation":          {OpPrint, func(a *Answer) { a.Still.Look.StdDev = 128 }},
		"flat with hashes":   {OpPrint, func(a *Answer) { a.Still.Look.Flat = true }},
		"neither":            {OpPrint, func(a *Answer) { a.Still.Look.Hashes = nil }},
		"no mirror image":    {OpPrint, func(a *Answer) { a.Still.Look.Mirrored = nil }},
		"mirror digits":      {OpPrint, func(a *Answer) { a.Still.Look.Mirrored[1].Hex = "0g" }},
		"algorithm":          {OpPrint, func(a *Answer) { a.Still.Look.Hashes[0].Algorithm = "md5" }},
		"hash digits":        {OpPrint, func(a *Answer) { a.Still.Look.Hashes[0].Hex = "0g0a0a0a0a0a0a0a" }},
		"hash of other size": {OpPrint, func(a *Answer) { a.Still.Look.Hashes[1].Hex = "0a0a0a0a0a0a0a0a" }},
		"no hash version":    {OpPrint, func(a *Answer) { a.Still.Look.Hashes[0].Version = "" }},
		"hash twice":         {OpPrint, func(a *Answer) { a.Still.Look.Hashes[1] = a.Still.Look.Hashes[2] }},
		"pdq digits":         {OpPrint, func(a *Answer) { a.Still.Look.Mirrored[2].Hex = "0a0a0a0a0a0a0a0a" }},
		"unknown view":       {OpPrint, func(a *Answer) { a.Still.Look.Views[0].Name = "upright" }},
		"view twice":         {OpPrint, func(a *Answer) { a.Still.Look.Views = append(a.Still.Look.Views, a.Still.Look.Views[0]) }},
		"view of flat":       {OpPrint, func(a *Answer) { a.Still.Look = Look{Flat: true, Views: a.Still.Look.Views} }},
		"many views":         {OpPrint, func(a *Answer) { a.Still.Look.Views = slices.Repeat(a.Still.Look.Views[2:3], 17) }},
		"view quality":       {OpPrint, func(a *Answer) { a.Still.Look.Views[1].Quality = 101 }},
		"view hash":          {OpPrint, func(a *Answer) { a.Still.Look.Views[3].Hashes[0].Hex = "" }},
		"view of no hash":    {OpPrint, func(a *Answer) { a.Still.Look.Views[3].Hashes = nil }},
		"turn of a part":     {OpPrint, func(a *Answer) { a.Still.Look.Views[0].Part = &Part{0, 0, 1, 1} }},
		"window of no part":  {OpPrint, func(a *Answer) { a.Still.Look.Views[2].Part = nil }},
		"part before":        {OpPrint, func(a *Answer) { a.Still.Look.Views[2].Part.LeftPx = -1 }},
		"part behind":        {OpPrint, func(a *Answer) { a.Still.AsStored.Views[3].Part.TopPx = 3 }},
		"empty part":         {OpPrint, func(a *Answer) { a.Still.Look.Views[2].Part.WidthPx = 0 }},
		"part of a giant":    {OpFrames, func(a *Answer) { a.Clip.Frames[0].Look.Views[2].Part.WidthPx = 1 << 62 }},
		"too many frames":    {OpFrames, func(a *Answer) { a.Clip.Frames = append(a.Clip.Frames, a.Clip.Frames[0]) }},
		"short mosaic":       {OpPrint, func(a *Answer) { a.Still.Look.Mosaic = make([]byte, MosaicBytes-1) }},
		"long marks":         {OpPrint, func(a *Answer) { a.Still.Look.Marks = make([]byte, MaxMarksBytes+1) }},
		"mosaic of a view":   {OpPrint, func(a *Answer) { a.Still.Look.Views[1].Mosaic = []byte{1} }},
		"time":               {OpFrames, func(a *Answer) { a.Clip.Frames[0].AtMs = 1 }},
		"bad frame":          {OpFrames, func(a *Answer) { a.Clip.Frames[1].Look.Quality = 101 }},
	} {
		req, a := good(c.op)
		c.spoil(&a)
		if err := Check(a, req); !errors.Is(err, ErrBadAnswer) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckRefusesFaults(t *testing.T) {
	t.Parallel()
	req, _ := good(OpProbe)
	for _, f := range []Fault{
		{Op: OpTags, Class: ClassInvalid, Rule: "x"},
		{Op: OpProbe, Class: ClassDied, Rule: "x"}, // only the parent can know
		{Op: OpProbe, Class: ClassTimedOut, Rule: "x"},
		{Op: OpProbe, Class: "", Rule: "x"},
		{Op: OpProbe, Class: ClassInvalid},
		{Op: OpProbe, Class: ClassInvalid, Rule: strings.Repeat("x", MaxRuleBytes+1)},
		{Op: OpProbe, Class: ClassInvalid, Rule: "x", Detail: strings.Repeat("x", MaxDetailBytes+1)},
		{Op: OpProbe, Class: ClassInvalid, Rule: "x", NeedPixels: 5},
		{Op: OpProbe, Class: ClassRefused, Rule: "x", NeedPixels: -5},
	} {
		if err := Check(Answer{Version: Version, Fault: &f}, req); !errors.Is(err, ErrBadAnswer) {
			t.Errorf("%+v: got %v", f, err)
		}
	}
}

func TestParseRefusesText(t *testing.T) {
	t.Parallel()
	req, a := good(OpProbe)
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":         "",
		"array":         "[]",
		"null":          "null",
		"two values":    string(body) + string(body),
		"rest":          string(body) + "x",
		"unknown field": strings.Replace(string(body), `"version"`, `"more":1,"version"`, 1),
		"not UTF-8":     strings.Replace(string(body), "image/jpeg", "image/\xff", 1),
		"too long":      string(body) + strings.Repeat(" ", MaxAnswerBytes),
	} {
		if _, err := Parse([]byte(text), req); !errors.Is(err, ErrBadAnswer) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckTimes(t *testing.T) {
	t.Parallel()
	at := func(ms ...int64) Clip {
		var c Clip
		for _, m := range ms {
			c.Frames = append(c.Frames, Frame{AtMs: m})
		}
		return c
	}
	for _, c := range []Clip{at(), at(-5, 0, 0, 7), at(-MaxAtMs, MaxAtMs)} {
		if err := CheckTimes(c); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, c := range []Clip{at(1, 0), at(MaxAtMs + 1), at(-MaxAtMs - 1)} {
		if err := CheckTimes(c); !errors.Is(err, ErrBadAnswer) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// FuzzParse: any text is either a bad answer or one that survives being written and read again.
func FuzzParse(f *testing.F) {
	for _, op := range ops {
		_, a := good(op)
		body, err := json.Marshal(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, string(op))
	}
	f.Fuzz(func(t *testing.T, body []byte, op string) {
		req, _ := good(Op(op))
		a, err := Parse(body, req)
		if err != nil {
			if !errors.Is(err, ErrBadAnswer) {
				t.Fatalf("other error: %v", err)
			}
			return
		}
		again, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(again, req); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
	})
}

// A derived picture has exactly its pixels, within the square that was asked for, and fits into an answer.
func TestCheckDerived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		colour        bool
		width, height int
		bytes         int
		good          bool
	}{
		"outline": {false, 640, 640, 640 * 640, true}, "colour": {true, 480, 480, 3 * 480 * 480, true}, "no side": {false, 0, 5, 0, false},
		"too wide": {false, 641, 1, 641, false}, "too high in colour": {true, 1, 481, 3 * 481, false}, "a byte less": {false, 3, 2, 5, false},
		"a byte more": {true, 3, 2, 19, false}, "grey for colour": {true, 3, 2, 6, false}, "negative": {false, -2, -3, 6, false},
	} {
		req := Request{Version: Version, Op: OpDerive, Colour: c.colour}
		a := Answer{Version: Version, Derived: &Derived{WidthPx: c.width, HeightPx: c.height, Pixels: make([]byte, c.bytes)}}
		body, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(body, req); (err == nil) != c.good || err != nil && !errors.Is(err, ErrBadAnswer) {
			t.Errorf("%s (%d bytes): %v", name, len(body), err)
		}
		if err := Check(a, Request{Version: Version, Op: OpPrint}); err == nil {
			t.Errorf("%s: passes for a print", name)
		}
	}
}

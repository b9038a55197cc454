package likeness

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"

	"whenwhere/internal/grey"
	"whenwhere/internal/marks"
	"whenwhere/internal/mosaic"
	"whenwhere/internal/pdq"
	"whenwhere/pipeline"
)

// Code is a PDQ hash as words, the most significant first.
type Code = [4]uint64

// Footage is the prints of one file in comparable form. It never changes.
type Footage struct {
	moments []moment
	// Pictures is how many pictures the file has, Comparable how many of them can be told from others.
	Pictures, Comparable int
}

// moment is a still, or one frame, in all its views.
type moment struct {
	atMs  *int64
	views []view
}

type view struct {
	name    pipeline.View
	quality int
	code    Code
	second  *second
	mosaic  *mosaic.Mosaic // nil for windows, films and lists
	marks   *marks.Set     // of stills as they lie; nil elsewhere
}

// second is a print of other making.
type second struct {
	version string
	code    Code
}

// Of brings prints into comparable form. What has no PDQ is left out, as what is flat or weak.
func Of(prints []pipeline.Print) (*Footage, error) {
	f := &Footage{}
	at := map[int64]int{} // moment of each time; -1 is that of stills
	all := map[int64]bool{}
	for i, p := range prints {
		key := timeOf(p)
		all[key] = true
		v, ok, err := viewOf(p)
		if err != nil {
			return nil, fmt.Errorf("likeness: print %d: %w", i, err)
		}
		if !ok {
			continue
		}
		n, seen := at[key]
		if !seen {
			n = len(f.moments)
			at[key] = n
			f.moments = append(f.moments, moment{atMs: p.AtMs})
		}
		f.moments[n].views = append(f.moments[n].views, v)
	}
	for i := range f.moments {
		f.moments[i].shareMosaics()
	}
	slices.SortStableFunc(f.moments, func(a, b moment) int { return cmp.Compare(ms(a.atMs), ms(b.atMs)) })
	f.Pictures, f.Comparable = len(all), len(f.moments)
	return f, nil
}

func timeOf(p pipeline.Print) int64 { return ms(p.AtMs) }

// ms is the time, or -1 for a still, which has none.
func ms(at *int64) int64 {
	if at == nil {
		return -1
	}
	return *at
}

// turnOf says of which stored view's mosaic, and how turned, another view's is.
var turnOf = map[pipeline.View]struct {
	of   pipeline.View
	turn grey.Turn
}{
	pipeline.ViewMirrored: {pipeline.ViewUpright, grey.FlipY}, pipeline.ViewFlipped: {pipeline.ViewUpright, grey.FlipX},
	pipeline.ViewRot90: {pipeline.ViewUpright, grey.Rotate90}, pipeline.ViewRot180: {pipeline.ViewUpright, grey.Rotate180},
	pipeline.ViewRot270: {pipeline.ViewUpright, grey.Rotate270}, pipeline.ViewTransposed: {pipeline.ViewUpright, grey.FlipPlus1},
	pipeline.ViewTransversed: {pipeline.ViewUpright, grey.FlipMinus1}, pipeline.ViewTrimmedMirrored: {pipeline.ViewTrimmed, grey.FlipY},
}

// shareMosaics gives the turned views the mosaics of those that they are turned from.
func (m *moment) shareMosaics() {
	stored := map[pipeline.View]*mosaic.Mosaic{}
	for _, v := range m.views {
		stored[v.name] = v.mosaic
	}
	for i := range m.views {
		v := &m.views[i]
		if t, ok := turnOf[v.name]; ok && stored[t.of] != nil {
			v.mosaic = stored[t.of].Turned(t.turn)
		}
	}
}

// viewOf reads the hashes of a print; ok is false when it is not to be compared.
func viewOf(p pipeline.Print) (v view, ok bool, err error) {
	if p.Flat || p.Weak != "" {
		return view{}, false, nil
	}
	v = view{name: p.View, quality: p.Quality}
	if p.Mosaic != nil {
		if v.mosaic, err = mosaic.Parse(p.Mosaic); err != nil {
			return view{}, false, err
		}
	}
	if p.Marks != nil {
		set, err := marks.Parse(p.Marks)
		if err != nil {
			return view{}, false, err
		}
		v.marks = &set
	}
	for _, h := range p.Hashes {
		switch h.Algorithm {
		case "pdq":
			hash, err := pdq.ParseHex(h.Hex)
			if err != nil {
				return view{}, false, err
			}
			v.code, ok = hash.Words(), true
		case "phash256":
			code, err := words(h.Hex)
			if err != nil {
				return view{}, false, fmt.Errorf("phash256: %w", err)
			}
			v.second = &second{h.Version, code}
		}
	}
	return v, ok, nil
}

func words(text string) (Code, error) {
	var raw pdq.Hash // as long
	if len(text) != 2*len(raw) {
		return Code{}, fmt.Errorf("%d hexadecimal digits, want %d", len(text), 2*len(raw))
	}
	_, err := hex.Decode(raw[:], []byte(text))
	return raw.Words(), err
}

// whole and the others say what a view is compared with.
func whole(v pipeline.View) bool {
	return v == pipeline.ViewUpright || v == pipeline.ViewAsStored || v == pipeline.ViewTrimmed
}

func mirrored(v pipeline.View) bool {
	return v == pipeline.ViewMirrored || v == pipeline.ViewTrimmedMirrored
}

// seen reports whether the view is one of those that seen footage is found by.
func seen(v pipeline.View) bool { return whole(v) || v == pipeline.ViewWindow }

// Seen lists the codes that the footage is found by when another is asked about, in a fixed order.
func (f *Footage) Seen() []Code { return f.codes(seen) }

// Asked lists the codes of all views that it brings when it is asked about.
func (f *Footage) Asked() []Code { return f.codes(func(pipeline.View) bool { return true }) }

func (f *Footage) codes(wanted func(pipeline.View) bool) []Code {
	var out []Code
	for _, m := range f.moments {
		for _, v := range m.views {
			if wanted(v.name) {
				out = append(out, v.code)
			}
		}
	}
	return out
}

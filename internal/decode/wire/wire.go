// Package wire is what the jailed decoder child and its parent say to each other.
//
// It holds plain values only: no parser, no process, no file. The child fills an Answer, the parent checks it with
// Check before anybody looks at it, and the extractors (pipeline/extract) interpret it. Nothing here is a judgement:
// a Tag is what stands in the file, under the name its standard gives it, not what it means. A date is text, a
// position is rationals, so that no library's helper can turn an absent one into 0,0 or into the machine's zone.
//
// An answer is at most MaxAnswerBytes of JSON. Raise Version when a field changes its meaning.
package wire

// Version of the exchange; parent and child are the same binary, so they only differ when something is badly wrong.
const Version = 2

// Op names what the child is asked to do with the one descriptor that comes with a request.
type Op string

const (
	OpProbe  Op = "probe"  // what file is it: type by content, size, SHA-256
	OpTags   Op = "tags"   // every stated tag, raw
	OpPrint  Op = "print"  // perceptual hashes of a still
	OpFrames Op = "frames" // perceptual hashes of raw frames that ffmpeg writes into the descriptor
	OpDerive Op = "derive" // a small picture made anew from the pixels of a still, or of one frame that ffmpeg writes
)

// Request is one job for the child.
type Request struct {
	Version   int           `json:"version"`
	Op        Op            `json:"op"`
	Type      string        `json:"type,omitempty"`   // MIME type as probed; empty for OpProbe
	Frames    *FrameRequest `json:"frames,omitempty"` // only for OpFrames
	MaxPixels int64         `json:"max_pixels,omitempty"`
	Colour    bool          `json:"colour,omitempty"` // only for OpDerive: the picture itself in place of its outline
}

// A derived picture fits into a square of so many pixels, so that its pixels fit into an answer.
const (
	OutlineSidePx = 640
	ColourSidePx  = 480
)

// DeriveSidePx is the side of the square that the asked picture fits into.
func (r Request) DeriveSidePx() int {
	if r.Colour {
		return ColourSidePx
	}
	return OutlineSidePx
}

// DeriveChannels is how many bytes a pixel of the asked picture has: grey, or red, green and blue.
func (r Request) DeriveChannels() int {
	if r.Colour {
		return 3
	}
	return 1
}

// Derived is a small picture, upright: bare pixels, row by row, that the parent alone encodes, so that no decoder of a
// browser meets bytes that a child made.
type Derived struct {
	WidthPx  int    `json:"width_px"`
	HeightPx int    `json:"height_px"`
	Pixels   []byte `json:"pixels"`
}

// FrameRequest says how raw frames lie in the stream: RGB, 3 bytes a pixel, row by row, no padding.
type FrameRequest struct {
	WidthPx   int `json:"width_px"`
	HeightPx  int `json:"height_px"`
	MaxFrames int `json:"max_frames"`
}

// Answer is what the child says. Exactly one of the pointers is set.
type Answer struct {
	Version int    `json:"version"`
	Probe   *Probe `json:"probe,omitempty"`
	Tags    *Tags  `json:"tags,omitempty"`
	Still   *Still `json:"still,omitempty"`
	Clip    *Clip  `json:"clip,omitempty"`
	Fault   *Fault `json:"fault,omitempty"`

	Derived *Derived `json:"derived,omitempty"`
}

// Probe is what a file is by its content.
type Probe struct {
	Type      string `json:"type"`       // MIME type by content; "application/octet-stream" when nothing fits
	SHA256    string `json:"sha256"`     // 64 hex digits, of the bytes the child itself read
	SizeBytes int64  `json:"size_bytes"` // as read
	WidthPx   int    `json:"width_px,omitempty"`
	HeightPx  int    `json:"height_px,omitempty"`
}

// Tags is everything a file states about itself, raw.
type Tags struct {
	Tags       []Tag    `json:"tags"`
	DurationMs *int64   `json:"duration_ms,omitempty"` // movies only, from mvhd
	Brands     []string `json:"brands,omitempty"`      // ISO BMFF major brand first
	Encoder    string   `json:"encoder,omitempty"`
	Notes      []Note   `json:"notes,omitempty"`    // what was malformed, and what was left unread because of it
	Withheld   int      `json:"withheld,omitempty"` // EXIF entries met and not exported: unknown, structural or personal
}

// Tag is one stated value. Exactly one of Text, Ints, Rats and Floats is set.
type Tag struct {
	Reader string   `json:"reader"` // who read it: "walk" (our own directory walk), "goexif", "imagemeta", "xmp", "mp4", "srt", "gpmf"
	Dir    string   `json:"dir"`    // "IFD0", "Exif", "GPS", "IFD1", "XMP", "IPTC", "mvhd", "tkhd", "mdhd", "keys", "udta", "srt", "gpmf"
	Name   string   `json:"name"`   // the standard's name: "DateTimeOriginal", "GPSLatitude", "com.apple.quicktime.creationdate"
	Text   *string  `json:"text,omitempty"`
	Ints   []int64  `json:"ints,omitempty"`
	Rats   []Rat    `json:"rats,omitempty"`
	Floats []string `json:"floats,omitempty"` // decimal text, so that NaN and Inf survive JSON and get refused by name
}

// Rat is a rational as it stands in the file; Den may be 0.
type Rat struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// Note names a defect that was met and survived.
type Note struct {
	Where string `json:"where"` // "exif IFD0 entry 3", "xmp", "moov/udta"
	Rule  string `json:"rule"`  // the rule broken, with its limit
}

// Algorithms of a Hash.
const (
	PHash64  = "phash64"
	PHash256 = "phash256"
	PDQ      = "pdq"
)

// Hash is one perceptual hash.
type Hash struct {
	Algorithm string `json:"algorithm"` // PHash64, PHash256 or PDQ
	Version   string `json:"version"`   // library and version, and how pixels were prepared
	Hex       string `json:"hex"`       // 16 digits for PHash64, 64 for the others, most significant first
}

// Look is what one picture looks like: its hashes and how much they are worth.
type Look struct {
	Quality  int     `json:"quality"` // PDQ's, 0 to 100: how many edges there are
	StdDev   float64 `json:"std_dev"` // of the grey levels, 0 to 127.5
	Flat     bool    `json:"flat"`    // too flat to be told from any other flat picture: there are no hashes
	Hashes   []Hash  `json:"hashes,omitempty"`
	Mirrored []Hash  `json:"mirrored,omitempty"` // hashes of the same picture turned left to right, for the one who searches
	Views    []View  `json:"views,omitempty"`
	Mosaic   []byte  `json:"mosaic,omitempty"` // its grey levels on a grid, MosaicBytes; of stills that are not flat only
	Marks    []byte  `json:"marks,omitempty"`  // its local features in the form of package marks; of upright stills that are not flat only
}

// Names of views. Turns are counterclockwise.
const (
	ViewRot90           = "rot90"
	ViewRot180          = "rot180"
	ViewRot270          = "rot270"
	ViewFlipped         = "flipped"          // top to bottom
	ViewTransposed      = "transposed"       // along the diagonal from the top left corner
	ViewTransversed     = "transversed"      // along the other diagonal
	ViewTrimmed         = "trimmed"          // without its uniform borders
	ViewTrimmedMirrored = "trimmed_mirrored" // that, turned left to right
	ViewWindow          = "window"           // one of several overlapping parts
)

// View is the same picture looked at in another way.
type View struct {
	Name    string `json:"name"`
	Part    *Part  `json:"part,omitempty"`    // of trimmed views and windows
	Quality int    `json:"quality,omitempty"` // of the part; the whole's otherwise
	Hashes  []Hash `json:"hashes"`            // fewer than of the whole: turns and windows have PDQ only
	Mosaic  []byte `json:"mosaic,omitempty"`  // of trimmed views
}

// Part is a part of a picture in pixels, upright.
type Part struct {
	LeftPx   int `json:"left_px"`
	TopPx    int `json:"top_px"`
	WidthPx  int `json:"width_px"`
	HeightPx int `json:"height_px"`
}

// Still is the look of a picture, upright by its EXIF orientation.
type Still struct {
	WidthPx     int   `json:"width_px"` // as stored, before orientation
	HeightPx    int   `json:"height_px"`
	Orientation int   `json:"orientation"` // EXIF 1 to 8 as applied; 1 when absent or out of range
	Look        Look  `json:"look"`
	AsStored    *Look `json:"as_stored,omitempty"`  // without the orientation, when it is not 1
	FirstOnly   bool  `json:"first_only,omitempty"` // an animation or multi-page file: only the first picture was read
}

// Frame is one keyframe of a movie.
type Frame struct {
	AtMs int64 `json:"at_ms"` // presentation time from the container's own time base
	Look Look  `json:"look"`
}

// How the frames of a Clip were chosen.
const (
	SampledKeyframes = "keyframes" // all keyframes, at whatever distance the encoder set them
	SampledDense     = "dense"     // many frames a second, without those that look like the one before; keyframes after it ended early
)

// Clip is the ordered list of a movie's keyframes, or of frames that were chosen by time.
type Clip struct {
	Frames    []Frame `json:"frames"`
	Sampled   string  `json:"sampled,omitempty"`   // set by the parent, as times are: the child sees pixels only
	Truncated bool    `json:"truncated,omitempty"` // there were more frames than the limit
}

// MaxAnswerBytes bounds what the parent reads from a child for one request.
const MaxAnswerBytes = 1 << 20

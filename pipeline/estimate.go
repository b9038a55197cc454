package pipeline

// Estimate says when one media file was made, fused over everything that speaks of that moment. It is information
// beside the lines, which alone carry weight. All lists are sorted. A file of which nothing says when has an entry, too,
// so that what is absent is seen: without sets and median, flagged no_clock, with what is missing.
type Estimate struct {
	Media    string        `json:"media"`            // subject of the exhibit
	Prior    Span          `json:"prior"`            // where the file may have been made before any evidence
	Place    string        `json:"place,omitempty"`  // whose place offsets and sun are taken for: "claim" or "file"
	Within50 Share         `json:"within_50"`        // smallest set that holds half of the probability
	Within95 Share         `json:"within_95"`        // and 95 %; wide when what is left to chance is more than 5 %
	Likely   *Share        `json:"likely,omitempty"` // smallest set that holds 95 % if one clock of the file can be believed, or a bracket without clocks; absent without both
	Median   string        `json:"median"`           // RFC 3339, UTC; empty without an estimate
	Readings []ReadingMass `json:"readings"`         // what the clocks may mean, likeliest first; what is left is that none can be believed
	Strict   []Span        `json:"strict"`           // what every item allows if all are genuine; empty when they cannot all be
	Robust   []Span        `json:"robust,omitzero"`  // what most of the weight allows; absent when it is Strict, as where all agree
	False    []string      `json:"false"`            // items that allow nothing of Robust
	Core     [][]string    `json:"core"`             // smallest sets of items that cannot all be genuine
	Items    []TimeItem    `json:"items"`
	Flags    []string      `json:"flags"`             // anomalies by name, see package moment
	Missing  []string      `json:"missing,omitempty"` // what there would have to be for an estimate; only of files without one
}

// Share is a set of instants and the probability that it holds.
type Share struct {
	Spans []Span  `json:"spans"`
	Mass  float64 `json:"mass"` // 0 to 1, to a thousandth
}

// ReadingMass is what a clock may mean, with its probability.
type ReadingMass struct {
	Item    string  `json:"item"`    // id of the item
	Reading string  `json:"reading"` // "+03:00", "zone as stated"
	Mass    float64 `json:"mass"`
}

// TimeItem is one thing that speaks of when a file was made.
type TimeItem struct {
	ID       string  `json:"id"`       // "camera_clock EXIF:DateTimeOriginal", "post sources[2]", "marks analyst-1"
	Clock    string  `json:"clock"`    // the witness: items of one clock count once
	Evidence string  `json:"evidence"` // reference into the record or the observations
	Genuine  float64 `json:"genuine"`  // probability that it can be believed, before and
	After    float64 `json:"after"`    // after all evidence
	ShiftedS float64 `json:"shift_s"`  // by how many seconds the median moves if it is left out

	// Without is the 95 % set if it is left out: absent when that is Within95, empty when the others contradict each other.
	Without []Span `json:"without,omitzero"`
}

// Package record makes of an incident and its verdict the one flat record that every machine format writes, for one audience.
//
// It promises that all formats say the same, because there is one Row; that absent values are nil, never 0 or empty; and that
// whatever package audience holds back is not in the record at all, so that no writer can let it out. Fields describes the
// row's fields; their names and meanings are the contract with whoever reads the files: fields may be added, and none changes
// its meaning.
package record

import (
	"time"

	"whenwhere/internal/audience"
	"whenwhere/pipeline"
)

// Entry is all that is known of an incident that was judged.
type Entry struct {
	Case     pipeline.Case    // the record with its media; of what was measured, the stage that tells types is enough
	Verdict  pipeline.Verdict // the newest
	JudgedAt time.Time
	Review   pipeline.Review
	Group    string // see Leads; empty for one alone
}

// Row is the flat record. Weights are in bans (log10 of a likelihood ratio), times in UTC, coordinates on WGS 84.
type Row struct {
	Audience string `json:"audience" parquet:"audience" doc:"for whom this was written: internal (exact; not to be given away), partner (1 km), public (10 km, approved only)"`
	Incident string `json:"incident" parquet:"incident" doc:"id of the incident"`

	Status     string  `json:"status" parquet:"status" doc:"the machine's status: verified-candidate, credible, unresolved or contradicted"`
	Reasons    *string `json:"reasons" parquet:"reasons" doc:"typed reasons of the status, separated by '; '"`
	Review     string  `json:"review" parquet:"review" doc:"what people decided, on the newest verdict: approved, verified, contradicted, unresolved, disputed, outdated or undecided"`
	Reviewers  int64   `json:"reviewers" parquet:"reviewers" doc:"how many people decided on the newest verdict"`
	Score      float64 `json:"score" parquet:"score" doc:"100 x probability that it was filmed at the claimed place within the claimed time, under the prior; for others than internal a whole number from 1 to 99. It does not say that a crime occurred, nor who did it"`
	WeightBans float64 `json:"weight_bans" parquet:"weight_bans" doc:"sum of all weights"`
	Words      string  `json:"words" parquet:"words" doc:"the weight in words of the rules' verbal scale"`
	Prior      float64 `json:"prior" parquet:"prior" doc:"probability before any evidence"`
	Coverage   float64 `json:"coverage" parquet:"coverage" doc:"share of the questions that apply which were answered, 0 to 1"`
	Complete   bool    `json:"complete" parquet:"complete" doc:"false when a stage failed: the verdict lacks what it would have said"`

	WhereBans   float64 `json:"where_bans" parquet:"where_bans" doc:"weight of the answers about the place"`
	WhenBans    float64 `json:"when_bans" parquet:"when_bans" doc:"weight of the answers about the time"`
	FootageBans float64 `json:"footage_bans" parquet:"footage_bans" doc:"weight of what the footage itself says: seen before or not"`
	ContextBans float64 `json:"context_bans" parquet:"context_bans" doc:"weight of control of terrain and operations there and then"`
	SourcesBans float64 `json:"sources_bans" parquet:"sources_bans" doc:"weight of sources and testimonies"`

	Contradictions int64   `json:"contradictions" parquet:"contradictions" doc:"sets of findings that cannot all be true"`
	Open           *string `json:"open" parquet:"open" doc:"questions that apply and were not answered, by id, separated by '; '"`
	Next           *string `json:"next" parquet:"next" doc:"questions of which an answer would move the verdict most, by id, best first, separated by '; '"`

	Kind            *string    `json:"kind" parquet:"kind" doc:"kind of the event, as claimed; statement for a public call, which is no incident and of which place and time are those of the call"`
	What            *string    `json:"what" parquet:"what" doc:"words of the claim; internal only"`
	Perpetrator     *string    `json:"perpetrator" parquet:"perpetrator" doc:"as alleged; it is not judged"`
	CasualtiesMin   *int64     `json:"casualties_min" parquet:"casualties_min" doc:"persons alleged killed, at least"`
	CasualtiesMax   *int64     `json:"casualties_max" parquet:"casualties_max" doc:"persons alleged killed, at most"`
	CasualtiesParty *string    `json:"casualties_party" parquet:"casualties_party" doc:"party of the persons alleged killed: ru, ua, other, unknown"`
	ClaimedFrom     *time.Time `json:"claimed_from" parquet:"claimed_from,timestamp(microsecond)" doc:"begin of the claimed window, in it"`
	ClaimedTo       *time.Time `json:"claimed_to" parquet:"claimed_to,timestamp(microsecond)" doc:"end of the claimed window, not in it"`
	FilmedFrom      *time.Time `json:"filmed_from" parquet:"filmed_from,timestamp(microsecond)" doc:"begin of the 95 % sets of when the files were made, of those files of which a clock speaks; in whole minutes for partners, in steps of ten for the public"`
	FilmedTo        *time.Time `json:"filmed_to" parquet:"filmed_to,timestamp(microsecond)" doc:"end of these sets, not in them"`

	Lon       *float64 `json:"lon" parquet:"lon" doc:"longitude of the middle of the claimed place, degrees, 7 decimals"`
	Lat       *float64 `json:"lat" parquet:"lat" doc:"latitude of it"`
	RadiusM   *float64 `json:"radius_m" parquet:"radius_m" doc:"the place lies within this many metres of lon and lat"`
	Exact     *bool    `json:"exact" parquet:"exact" doc:"false when lon and lat are the middle of a cell that the place lies in"`
	Areas     *string  `json:"areas" parquet:"areas" doc:"raions, else oblasts, that the place or its cell touches, separated by '; '; absent when no gazetteer with borders is there"`
	PlaceName *string  `json:"place_name" parquet:"place_name" doc:"name of the place, when the claim gives one; internal only"`

	Media       int64 `json:"media" parquet:"media" doc:"files of the incident"`
	Sources     int64 `json:"sources" parquet:"sources" doc:"posts of the incident, reposts included"`
	Testimonies int64 `json:"testimonies" parquet:"testimonies" doc:"testimonies of the incident"`

	Rules         string    `json:"rules" parquet:"rules" doc:"version of the rules"`
	Data          *string   `json:"data" parquet:"data" doc:"data sets used, 'name version', separated by '; '; not for the public"`
	JudgedAt      time.Time `json:"judged_at" parquet:"judged_at,timestamp(microsecond)" doc:"when the verdict was made"`
	VerdictSHA256 *string   `json:"verdict_sha256" parquet:"verdict_sha256" doc:"digest of record, input and verdict, on which people decide; not for the public"`

	Group string `json:"incident_group" parquet:"incident_group" doc:"id of the first of those records that people said are one incident: count these, and not rows"`
}

// Record is a row with what does not fit into a table.
type Record struct {
	Row
	Lines []Line `json:"lines"` // every finding with its weight
	Files []File `json:"files"` // empty for the public

	// For internal use only: the whole verdict and what people decided.
	Verdict   *pipeline.Verdict   `json:"verdict,omitempty"`
	Decisions []pipeline.Decision `json:"decisions,omitempty"`
}

// Line is one finding. Its subject, reason and evidence name files and places, and are in Verdict.
type Line struct {
	Question string  `json:"question"`
	Axis     string  `json:"axis"`
	Outcome  string  `json:"outcome"`
	Code     *string `json:"code"` // why it decides nothing
	Bans     float64 `json:"weight_bans"`
	Alone    float64 `json:"alone_bans"` // if no other line had its basis
	Basis    string  `json:"basis"`      // the kind of witness: camera_clock, gps, testimony
}

// File is one media file.
type File struct {
	Role      string    `json:"role"`
	SHA256    string    `json:"sha256"`
	SizeBytes int64     `json:"size_bytes"`
	Type      *string   `json:"type"` // by its content
	Name      *string   `json:"name"` // in the case folder; internal only
	Received  time.Time `json:"received_at"`
}

// Allowed reports whether the incident may be given to the audience at all: to all but the public, and to those if people
// approved it.
func Allowed(e Entry, a audience.Audience) bool { return !a.ApprovedOnly() || e.Review.Approved() }

// Leads names each incident of a group after the first of it that may be given, so that groups can be counted and nothing is
// said of an incident that may not be given. Incidents that are alone are not in it.
func Leads(groups [][]string, allowed func(id string) bool) map[string]string {
	out := map[string]string{}
	for _, group := range groups {
		lead := ""
		for _, id := range group {
			if allowed(id) && (lead == "" || id < lead) {
				lead = id
			}
		}
		for _, id := range group {
			if allowed(id) {
				out[id] = lead
			}
		}
	}
	return out
}

// New is the record of an incident as it may be given to the audience. ok is false when it may not be given at all.
func New(e Entry, a audience.Audience, areas audience.Areas) (r Record, ok bool) {
	if !Allowed(e, a) {
		return Record{}, false
	}
	m := maker{Entry: e, audience: a, areas: areas}
	m.judged()
	m.claimed()
	m.placed()
	m.dated()
	m.row.Lines, m.row.Files = m.lines(), m.files()
	if a.Words() {
		m.row.Verdict, m.row.Decisions = &m.Verdict, m.Review.History
	}
	return m.row, true
}

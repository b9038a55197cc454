// Package pipeline is the vocabulary and the engine of whenwhere: the words that every other package speaks, and the
// two loops that run extractors over one media file and assessors over one incident. It is the contract of the house.
//
//	bytes ──► Media ──► Extract ──► Observations ─┐
//	                                              ├─► Assess ──► Findings ──► score.Fold ──► Verdict
//	manifest ─────────► Incident ─────────────────┘
//
// # What it promises
//
//   - Measuring and judging are apart. An Extractor sees one file and no claim; what it makes depends on the bytes and
//     its own version only, so it is kept for ever under (media id, stage, version). An Assessor sees one incident, the
//     observations of its media and reference data; it reads no file. The score is a pure fold in pipeline/score.
//   - A stage is a value with a name, a version and a doc, checked by Validate before anything runs. Raise the version
//     when the output may change.
//   - Absent, not applicable, broken and false are four answers. An absent tag makes an Unavailable finding and moves
//     nothing; it is never 0,0, never the epoch, never the zone of the machine. A stage that broke has the Status
//     Failed and the verdict says that it is incomplete.
//   - When each file was made is estimated in pipeline/moment and travels in the verdict as information. It has no weight.
//   - The set of answers is complete: after an assessor is Done, each of its questions has exactly one finding for each
//     subject of its scope. Anything else is a fault of the assessor and fails it.
//   - NotApplicable depends on the claim alone, never on the evidence, so that taking evidence away cannot raise the
//     coverage of a verdict.
//   - Everything is deterministic: no clock, no zone, no environment, no network; lists are sorted before they leave.
//
// # What it does not do
//
// It parses no media, opens no database and knows no file format. It imports the standard library only.
//
// # Units
//
// Angles are degrees, distances metres, times UTC, all named in the field (AzimuthDeg, RadiusM) unless a type carries
// the unit. A time is always an interval, a half-open Span. Coordinates are WGS 84 in named fields, so that longitude
// and latitude cannot be swapped by position. Weights are bans: log10 of a likelihood ratio.
package pipeline

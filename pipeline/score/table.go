package score

import (
	"math"

	"whenwhere/pipeline"
	"whenwhere/pipeline/measured"
)

// Default returns the rules of this release. Raise Version with any change, and keep the table beside the older ones (see
// tables).
//
// The likelihoods behind the derived weights are stated by the assessor that makes the finding; here stands how often
// such evidence is genuine, and why. The typical weights (Supports, Contradicts) of those rules serve to rank what to
// look for next.
func Default() Rules {
	return Rules{
		Version: "2026.6", Fold: FoldV3, Prior: 0.5, Scale: ScaleV1,
		MeaningfulBans: 0.3, ContradictedBans: 2, CandidateBans: 3, CandidateBases: 2, CredibleBans: 1,
		AxisCaps: map[pipeline.Axis]float64{
			pipeline.AxisContext: 0.5, // context alone never verifies and never refutes
			pipeline.AxisSources: 2,   // posters copy one another unseen
		},
		Table: append(append(placeRules(), timeRules()...), worldRules()...),
	}
}

func placeRules() []Rule {
	const gps = "error model: a genuine fix lies within the claimed disc widened by its accuracy, or anywhere in a theatre of " +
		"300 km about it; a bogus position agrees with the claim half the time; r = 0.95 for mocked positions, stale fixes and positions written by software"
	return []Rule{
		{Question: "where.position", Axis: pipeline.AxisWhere, Supports: 1.5, Contradicts: -1.6, Genuine: 0.95, GenuineHow: pipeline.Judged, Cap: 2, How: pipeline.Derived, Why: gps,
			Seek:      "ask for the original file: messengers strip the position, sending as a file keeps it",
			SeekFirst: "get the footage itself, as the file that was recorded: it can state the position",
			SeekMore:  "find footage of the event by another device, with its position",
			Source:    "areas of discs, with the accuracy that EXIF's GPSHPositioningError states; theatre of 300 km and r judged"},
		{Question: "where.view", Axis: pipeline.AxisWhere, Supports: 0.9, Contradicts: -1, Genuine: 0.95, GenuineHow: pipeline.Judged, Cap: 1.5, How: pipeline.Derived,
			Why: "error model: as for where.position, with the ground in the frame in place of the disc: a compass within 10 degrees (a drone's within 5) and the " +
				"declination's error, or saying nothing 1 time in 5 (package camera); 3 cameras of 10 film a place from beside it, judged; views are followed for 5 km, judged; " +
				"r = 0.95 as for the position, of whose device the direction is",
			Seek:      "ask for the original file: beside the position it can hold the direction of the camera",
			SeekFirst: "get the footage itself, as the file that was recorded: it can hold the direction of the camera",
			Source:    "package camera: lens from the 35-mm focal length (CIPA DCG-001), declination of the World Magnetic Model; compass errors and r judged"},
		{Question: "where.landmarks", Axis: pipeline.AxisWhere, Supports: 1, Contradicts: -1.6, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 2, How: pipeline.Derived,
			Why: "error model: the place solved from marked landmarks lies within its error ellipse (package locate), or anywhere in a theatre of 300 km; wrong marks " +
				"agree with the claim 4 times of 5, judged, because landmarks are looked for where the claim says; r = 0.9, judged, for look-alikes, mirrored and cropped pictures",
			Seek:      "mark three or more landmarks on a frame and on a map (whenwhere locate)",
			SeekFirst: "get the footage itself: then landmarks in it can be found on a map",
			Source:    "package locate: resection, with the inverse of the Fisher information for its ellipse; theatre, share of agreeing errors and r judged"},
	}
}

// clockSource and gradeSource are where the error models of clocks and of persons come from.
const (
	clockSource = "lengths of intervals, with the zones and offsets of package clock (IANA); horizon of 365 days and r judged"
	gradeSource = "AJP-2.1 (Admiralty grades); how often each grade is right is judged, in package sources"
)

func timeRules() []Rule {
	const clock = "error model: a genuine clock shows the time of capture within a minute (a satellite fix within 5, a movie's header within 10), " +
		"under H0 anywhere in a horizon of 365 days; a bogus one fits the claim half the time; "
	return []Rule{
		{Question: "when.camera_clock", Axis: pipeline.AxisWhen, Supports: 1.2, Contradicts: -1.2, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 2, How: pipeline.Derived,
			Why:       clock + "r = 0.9 for clocks never set, dates edited and movies encoded again",
			Seek:      "ask for the original file: its tags or header hold the recording time",
			SeekFirst: "get the footage itself, as the file that was recorded: its tags or header hold the recording time",
			SeekMore:  "find footage of the event by another device, with its clock",
			Source:    clockSource},
		{Question: "when.gps_clock", Axis: pipeline.AxisWhen, Supports: 1.5, Contradicts: -1.5, Genuine: 0.95, GenuineHow: pipeline.Judged, Cap: 2, How: pipeline.Derived,
			Why: clock + "r = 0.95 for stale fixes and vendor faults", Seek: "ask for the original file: satellite time settles the camera's clock",
			SeekFirst: "get the footage itself, as the file that was recorded: it can hold satellite time",
			Source:    clockSource},
		{Question: "when.file_name", Axis: pipeline.AxisWhen, Supports: 0.35, Contradicts: -0.75, Genuine: 0.5, GenuineHow: pipeline.Judged, Cap: 1, How: pipeline.Derived,
			Why:    clock + "r = 0.5, because names are lost, typed and given by archivists; a bogus name fits the claim 4 times of 5, because people name files after what they are said to show",
			Source: clockSource},
		{Question: "when.earliest_post_id", Axis: pipeline.AxisWhen, Supports: 0.05, Contradicts: -2.2, Genuine: 0.994, GenuineHow: pipeline.Measured, Cap: 3, Hard: true, How: pipeline.Derived,
			Why:    "the platform's server makes the id when the post is made, and footage cannot be posted before it is filmed; r = 0.994 for ids copied wrongly and events dated wrongly: of 4,753 listed events with a dated post, 14 are listed later than it",
			Seek:   "look for the earliest post of this footage on a platform whose ids carry time",
			Source: "package clock: the layout of ids that carry time (platforms' engineering notes, RFC 9562, ULID); cause before effect; r measured by go run ./scripts/calibrate score"},
		{Question: "when.earliest_published", Axis: pipeline.AxisWhen, Supports: 0.05, Contradicts: -2, Genuine: 0.99, GenuineHow: pipeline.Judged, Cap: 2, Hard: true, How: pipeline.Derived,
			Why:    "footage cannot be published before it is filmed; r = 0.99 for publication times noted wrongly or posts edited later",
			Seek:   "look for the earliest publication of this footage",
			Source: "cause before effect; r judged"},
		{Question: "when.earliest_archived", Axis: pipeline.AxisWhen, Supports: 0.05, Contradicts: -2, Genuine: 0.99, GenuineHow: pipeline.Judged, Cap: 2, Hard: true, How: pipeline.Derived,
			Why:    "footage cannot be archived before it is filmed; r = 0.99, judged, for headers copied wrongly, servers set wrongly and addresses whose content was replaced",
			Seek:   "look for archived copies of the posts: web archives keep WARC-Date and Last-Modified",
			Source: "ISO 28500 (WARC-Date), RFC 9110 (Last-Modified, Date), RFC 7089 (Memento-Datetime); cause before effect; r judged"},
		{Question: "when.satellite_bracket", Axis: pipeline.AxisWhen, Supports: 0.7, Contradicts: -1, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 1, How: pipeline.Judged,
			Why: "error model: what one satellite image does not show and a later one does was made between them, under H0 anywhere in a horizon of 365 days; " +
				"a wrong bracket fits the claim half the time; r = 0.9, judged, for another crater than the one in the footage and for what an image cannot resolve",
			Seek:      "compare satellite images from before and after: a crater, a fire or a ruin brackets the event",
			SeekFirst: "get the footage itself: then a crater, a fire or a ruin in it can be looked for in satellite images from before and after",
			Source:    "judged: nobody has counted how often analysts bracket another crater than the one in the footage"},
		{Question: "light.exposure", Axis: pipeline.AxisWhen, Supports: 0.2, Contradicts: -2, Genuine: 0.998, GenuineHow: pipeline.Judged, Cap: 3, How: pipeline.Derived,
			Why: "error model: exposure value against the clear-sky illuminance at the claimed sun elevation (USNO Circular 171); too bright " +
				"for night has no natural cause and weighs -0.7 bans for each EV beyond a slack of 3 or beyond lamps (EV 9); more than 10 EV darker than day weighs " +
				"-0.4, judged: rooms, lens caps and filters; a daylight exposure weighs by the share of the window, against that of the day, that allows it; r = 0.998: exposure tags are hardly ever edited, and three of them must agree with the camera's own light meter where it is stated",
			Source: "U.S. Naval Observatory Circular 171 (illuminance by elevation of the sun and the moon); slack, lamps and r judged"},
		{Question: "light.shadow", Axis: pipeline.AxisWhen, Supports: 0.9, Contradicts: -1.3, Genuine: 0.95, GenuineHow: pipeline.Judged, Cap: 2, How: pipeline.Derived,
			Why:       "error model: the marked azimuth, ratio or elevation is normal about the sun's with the stated sigma (package shadow), under H0 the sun is anywhere it can be in daylight on that day, or, where the file's clock fits the claim under one offset only, mostly where its other readings put it; r = 0.95 for marks on the wrong object",
			Seek:      "mark a shadow: the azimuth from base to tip of something upright, with its uncertainty",
			SeekFirst: "get the footage itself: then a shadow in it can be marked",
			Source:    "package solar (Reda and Andreas, Solar Energy 76, 2004; doi 10.1016/j.solener.2003.12.003), package shadow (normal errors of marks); r judged"},
	}
}

func worldRules() []Rule {
	front := measured.TheFront()
	source := front.Provenance.String()
	return []Rule{
		{Question: "footage.known", Axis: pipeline.AxisFootage, Supports: 0.04, Contradicts: -2, Genuine: 0.99, GenuineHow: pipeline.Judged, Cap: 4, Hard: true, Denies: pipeline.AxisWhen, How: pipeline.Derived,
			Why:       "footage seen before the claimed time was not filmed in it; r = 0.99 for chance matches and wrong dates in the archive. no match says little, because archives are never complete: 0.04 bans hold if they find 9 of 100 false claims",
			Seek:      "search archives of earlier footage for this clip",
			SeekFirst: "get the footage itself: then archives of earlier footage can be searched for it",
			Source:    "package likeness: how near prints are; cause before effect; r judged, false matches counted by scripts/quality"},
		{Question: "footage.elsewhere", Axis: pipeline.AxisFootage, Supports: 0.02, Contradicts: -0.7, Cap: 1, How: pipeline.Judged,
			Why:    "the same footage under two incidents that cannot both be right: at most one claim holds, and nothing here says which; 0.02 bans for none hold if 5 of 100 false claims are told so",
			Source: "judged: of two claims that exclude each other nothing says which holds"},
		{Question: "front.control", Axis: pipeline.AxisContext, Supports: 0.05, Contradicts: -0.3, Cap: 0.5, How: pipeline.Judged,
			Why:    "maps lag and groups cross lines: being able to be there is nearly no evidence, a map that denies it a little",
			Seek:   "add dated control maps for the days around the claim",
			Source: "judged: editions of several providers lag each other by days"},
		{Question: "front.line", Axis: pipeline.AxisContext, Supports: milli(front.Line[measured.Any].Fading(0.5)), Contradicts: 0, Genuine: 0.99, GenuineHow: pipeline.Judged, Cap: 0.5, How: pipeline.Measured,
			Why:  "the weight falls with the distance to the line by the map that was known then, by the kind of event; a far place is no evidence against, deep incidents are real; r = 0.99 for maps of another day than they say; the typical weight is that of 500 m",
			Seek: "add dated control maps for the days around the claim", Source: source},
		{Question: "front.operations", Axis: pipeline.AxisContext, Supports: milli(front.Operations[measured.Any].Rising(10)), Contradicts: 0, Genuine: 0.99, GenuineHow: pipeline.Judged, Cap: 0.5, How: pipeline.Measured,
			Why: "the weight rises with the ground that changed hands near, before and after; still ground is no evidence against; about half of what it tells is hindsight, from maps drawn after the event, " +
				"perhaps from the same footage; r = 0.99 as for the line; the typical weight is that of 10 km2",
			Source: source},
		{Question: "sources.poster", Axis: pipeline.AxisSources, Supports: 0.3, Contradicts: 0, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 0.6, How: pipeline.Judged,
			Why: "an independent original poster: likelihood by Admiralty grade as the assessor states; reposts, and posts of the same footage, are the original; " +
				"one of whom nothing is known weighs nothing alone, because every claim has a poster",
			Seek:     "find an independent original poster, best from the other side",
			SeekMore: "find another independent original poster, best from the other side",
			Source:   gradeSource},
		{Question: "sources.testimony_place", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhere, Supports: 0.7, Contradicts: -0.5, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 1, How: pipeline.Judged,
			Why:      "a witness who places the event: likelihood by directness and grade as the assessor states",
			Seek:     "ask a witness where it happened",
			SeekMore: "ask another witness where it happened, best one who saw it",
			Source:   gradeSource},
		{Question: "sources.testimony_time", Axis: pipeline.AxisSources, Corroborates: pipeline.AxisWhen, Supports: 0.7, Contradicts: -0.5, Genuine: 0.9, GenuineHow: pipeline.Judged, Cap: 1, How: pipeline.Judged,
			Why:      "a witness who dates the event: likelihood by directness and grade as the assessor states",
			Seek:     "ask a witness when it happened",
			SeekMore: "ask another witness when it happened, best one who saw it",
			Source:   gradeSource},
	}
}

// milli rounds bans as weights are.
func milli(bans float64) float64 { return math.Round(bans*1000) / 1000 }

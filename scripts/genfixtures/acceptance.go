package main

// acceptanceFront is another invented line, in another spring.
func acceptanceFront() front {
	first := day("2024-02-27")
	return front{southLat: 47.60, vertices: 17, first: first, last: day("2024-05-24"), wiggle: 2203, pace: 977,
		jumpVertex: 8, jumpDay: day("2024-04-10"), jumpDeg: 0.22, // at 48.00 N
		providers: []provider{
			{"pretend", first, 14, 0, 0, true},
			{"outline", first.AddDate(0, 0, 1), 14, 0, 0.004, false},
		}}
}

// acceptance is the case to be accepted by: how twelve reports end of which three are verified in the end.
func acceptance() caseOf {
	war := earlierWar()
	return caseOf{name: "acceptance", head: acceptanceHead, front: acceptanceFront(), known: map[string]old{
		"war": {name: "road_2015.mov", firstSeen: "2015-02-03", url: "https://example.org/archive/0112",
			event: "invented for testing: a road in an earlier war, posted in February 2015", data: war.bytes(), clip: &war},
	}}
}

// earlierWar is a clip of 2015.
func earlierWar() clip {
	return shot{at: moment("2015-02-01T11:10:00Z"), lat: 48.36, lon: 38.21, heading: 70,
		scene: scene{seed: 7801, kind: "road", season: snow}}.pan()
}

const acceptanceHead = `After two people decided on each, three are verified: ACC-01, ACC-02 and ACC-10. The others stay open, each for a reason
that has a name, or are contradicted. No file is broken.

- ` + "`incidents.jsonl`, `media/`, `control/`, `known/`" + `: as above, with other maps of two other invented providers and one
  clip of an earlier war. The subtitles beside a drone's movie are its telemetry.

`

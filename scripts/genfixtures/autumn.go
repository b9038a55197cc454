package main

// autumnFront is the line of the autumn.
func autumnFront() front {
	first := day("2024-08-25")
	return front{southLat: 47.30, vertices: 33, first: first, last: day("2025-02-15"), wiggle: 4711, pace: 815,
		jumpVertex: 16, jumpDay: day("2024-11-12"), jumpDeg: 0.085, // at 48.10 N
		providers: []provider{
			{"invented", first, 9, 0, 0, true},
			{"sketch", first.AddDate(0, 0, 3), 14, 2, 0.006, false},
		}}
}

// autumn is the case to learn from: what evidence there can be, true and false.
func autumn() caseOf {
	return caseOf{name: "autumn", head: autumnHead, tail: autumnTail, front: autumnFront(), known: autumnKnown()}
}

const autumnHead = `- ` + "`incidents.jsonl`" + `: one record a line, see package internal/manifest.
- ` + "`media/`" + `: one folder for each incident. Photos of 640 x 480 pixels with the EXIF block that such a phone
  writes, or none; clips are QuickTime movies of JPEG frames.
- ` + "`control/`" + `: maps of two invented providers, one every nine days with contested ground, one every fourteen
  days that lags two days behind and draws its line a little further east.
- ` + "`known/`" + `: footage that was seen before, with ` + "`known.csv`" + `.

`

const autumnTail = `
Of the known footage, field_2023.jpg belongs to no incident.

AUT-19 holds a file that cannot be decoded, so a run over this case is never without a failed stage.
`

// autumnKnown draws the known footage of the autumn.
func autumnKnown() map[string]old {
	const note = "invented for testing: "
	return map[string]old{
		"yard": {name: "yard_2023.jpg", firstSeen: "2023-06-14", url: "https://example.org/archive/1187", event: note + "a yard, posted in June 2023",
			data: oldPhoto("2023-06-13T09:20:00Z", 48.31, 37.52, 210, scene{seed: 5101, kind: "yard", season: green})},
		"road": {name: "road_2023.jpg", firstSeen: "2023-10-02T14:05:00Z", url: "https://t.me/example_channel/41", event: note + "a road in October 2023",
			data: oldPhoto("2023-10-01T12:40:00Z", 47.92, 37.31, 80, scene{seed: 5202, kind: "road", season: stubble})},
		"village": {name: "village_2022.jpg", firstSeen: "2022-11-20", url: "https://example.com/photos/village", event: note + "a village in November 2022",
			data: oldPhoto("2022-11-18T10:15:00Z", 48.44, 37.88, 300, scene{seed: 5303, kind: "village", season: bare})},
		"river": {name: "river_2024.jpg", firstSeen: "2024-02-11T08:30:00Z", url: "https://example.org/archive/2031", event: note + "a river in February 2024",
			data: oldPhoto("2024-02-10T11:00:00Z", 47.71, 36.95, 30, scene{seed: 5404, kind: "river", season: bare})},
		"street": {name: "", firstSeen: "2023-03-05", url: "https://example.org/archive/0904", event: note + "only the digest of the file was kept",
			data: oldPhoto("2023-03-04T08:50:00Z", 48.15, 37.74, 140, scene{seed: 5505, kind: "village", season: bare, overcast: true})},
		"field": {name: "field_2023.jpg", firstSeen: "2023-08-21", url: "https://example.com/photos/field", event: note + "a field that no incident uses",
			data: oldPhoto("2023-08-20T07:30:00Z", 48.02, 37.40, 350, scene{seed: 5606, kind: "field", season: stubble})},
	}
}

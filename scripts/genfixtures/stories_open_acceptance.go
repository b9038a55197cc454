package main

import "whenwhere/pipeline"

// openAcceptance are reports that stay open: true ones that lack something, and some of which nobody can tell.
func openAcceptance() []*story {
	return []*story{acc03(), acc04(), acc05(), acc06(), acc07(), acc11(), acc12()}
}

func acc03() *story {
	s := claimed("03", 47.8840, 0.5, 500, "2024-03-17", "10:00", "15:00", 2, "alleged killing of two captured soldiers beside a village, filmed by a drone")
	s.teaches("true; the second of three drone videos, from a channel, without telemetry", "landmarks of the village, marked by an analyst, give the place; the hour stays open")
	sh := s.shot("2024-03-17T12:31:00Z", 140, 70, 300, scene{seed: 8303, kind: "village", season: bare, overcast: true})
	sh.heightM, sh.pitchDeg = 90, -9
	f := s.file("video_2024-03-17_20-04-51.mov", pipeline.RoleEvent, sh.pan().bytes())
	s.landmarks(f, sh, "analyst-1", clipW, clipH, 640, 420, 900, 380, 710)
	s.telegram("example_front", 219, "2024-03-17T18:00:00Z", pipeline.SideRU, "C3")
	s.onX("2024-03-18T06:20:00Z", pipeline.SideUA, "B3")
	return s
}

func acc04() *story {
	s := claimed("04", 48.0610, 1.3, 2000, "2024-03-23", "06:00", "16:00", 3, "alleged killing of three captured soldiers in open fields, filmed by a drone")
	s.teaches("nobody can tell: the third of three drone videos shows fields like any others", "too few features to locate it; the verdict says so, and what would help")
	sh := s.shot("2024-03-23T11:00:00Z", 900, 20, 90, scene{seed: 8404, kind: "field", season: bare, overcast: true})
	s.file("video_2024-03-23_19-40-02.mov", pipeline.RoleEvent, sh.pan().bytes())
	s.telegram("example_alarm", 31, "2024-03-23T17:30:00Z", pipeline.SideUA, "C6")
	return s
}

func acc05() *story {
	s := claimed("05", 48.3120, 0.4, 4000, "2024-03-30", "05:00", "17:00", 3, "alleged killing of three to five captured soldiers in woods")
	s.Claim.Casualties.Max = 5
	s.teaches("nobody can tell: trunks like any other trunks, no metadata", "not_locatable is a result, not a failure")
	sh := s.shot("2024-03-30T09:00:00Z", 500, 0, 0, scene{seed: 8505, kind: "woods", season: bare, overcast: true})
	s.file("photo_2024-03-31_08-12-40.jpg", pipeline.RoleEvent, sh.photo())
	s.telegram("example_news", 77, "2024-03-31T05:30:00Z", pipeline.SideUA, "F6")
	return s
}

func acc06() *story {
	s := claimed("06", 47.6830, 0.7, 900, "2024-04-04", "07:00", "14:00", 2, "alleged killing of two captured soldiers, known from one clip and many reposts")
	s.teaches("nobody can tell yet: one clip, posted once and reposted ten times by channels of all sides", "ten reposts are the one witness that they repeat")
	sh := s.shot("2024-04-04T11:10:00Z", 150, 240, 310, scene{seed: 8606, kind: "yard", season: bare, overcast: true})
	s.file("video_2024-04-04_18-22-10.mov", pipeline.RoleEvent, sh.pan().bytes())
	s.telegram("example_front", 251, "2024-04-04T14:40:00Z", pipeline.SideRU, "C3")
	s.reposted(10)
	return s
}

func acc07() *story {
	s := claimed("07", 48.00, -3.9, 400, "2024-04-09", "07:00", "12:00", 4, "alleged killing of four captured soldiers in a settlement whose loss was announced the day after")
	s.teaches("true; published on the day before the change of control was announced", "by the maps of that day the other side held it, by the next day's it does not; the footage is not refuted, and one person's decision is not enough yet")
	sh := s.shot("2024-04-09T09:05:27Z", 70, 120, 350, scene{seed: 8707, kind: "village", season: green})
	f := s.file("20240409_120527.jpg", pipeline.RoleEvent, sh.with(sh.tagged(samsung(), 3)))
	s.mark(sh.shadowMark(f, "analyst-2", 0.8, 0.01))
	s.telegram("example_front", 262, "2024-04-09T13:20:00Z", pipeline.SideRU, "C2")
	s.onX("2024-04-09T17:45:00Z", pipeline.SideUA, "B2")
	s.witness("W-25", "2024-06-03", 3000, "2024-04-09T06:00:00Z", "2024-04-09T14:00:00Z", "B3")
	return s
}

func acc11() *story {
	s := claimed("11", 47.9450, 1.6, 3000, "2024-05-10", "00:00", "23:59", 3, "alleged killing of three captured soldiers, told by one who was told")
	s.teaches("nobody can tell: no footage, one hearsay account", "a report without footage has its place in the count, and no place or time of filming")
	direct := false
	place := *s.Claim.Where
	s.Testimonies = append(s.Testimonies, pipeline.Testimony{ID: "W-30", Interviewed: "2024-06-20", Place: &place, Time: s.Claim.When, Direct: &direct, Grade: "F3"})
	return s
}

func acc12() *story {
	s := claimed("12", 48.1500, 1.0, 1000, "2024-05-18", "05:00", "17:00", 2, "alleged killing of two captured soldiers, somewhere at the front")
	sh := s.shot("2024-05-18T10:40:00Z", 300, 0, 200, scene{seed: 8812, kind: "river", season: green, overcast: true})
	s.Claim.Where = nil
	s.teaches("nobody can tell: the post names no place", "a claim too vague to be judged is told from a false one")
	s.file("photo_2024-05-18_21-15-33.jpg", pipeline.RoleEvent, sh.photo())
	s.telegram("example_alarm", 58, "2024-05-18T18:10:00Z", pipeline.SideUA, "D6")
	return s
}

package main

import "whenwhere/pipeline"

// trueStories hold footage that was filmed where and when they say, with evidence that agrees.
func trueStories() []*story {
	return []*story{aut01(), aut02(), aut06(), aut13(), aut20(), aut23(), aut24()}
}

func aut01() *story {
	s := begin("AUT-01", autumnFront().at(48.0412, "2024-08-31", 1.2, 400), "2024-08-31T06:00:00Z", "2024-08-31T10:00:00Z", 3,
		"alleged killing of three captured soldiers beside a village road")
	s.teaches("true; one phone photo, original file", "satellite position, camera clock with offset, satellite time, exposure, a shadow mark, landmarks, two satellite images, a witness and two independent posts all agree")
	sh := s.shot("2024-08-31T07:42:15Z", 70, 120, 255, scene{seed: 101, kind: "village", season: stubble})
	f := s.file("20240831_104215.jpg", pipeline.RoleEvent, sh.with(sh.tagged(samsung(), 3)))
	s.mark(sh.shadowMark(f, "analyst-1", 1.4, -0.02))
	s.telegram("example_channel", 123, "2024-08-31T09:10:00Z", pipeline.SideUA, "B2")
	s.onX("2024-08-31T11:25:00Z", pipeline.SideRU, "C3")
	s.archived("2024-08-31T18:40:12Z")
	s.bracket(f, "2024-08-30T08:36:00Z", "2024-09-02T08:46:00Z", "tracks that end at the trees", "analyst-2")
	s.landmarks(f, sh, "analyst-2", 640, 480, 310, 120, 480, 90, 260)
	s.witness("W-01", "2024-09-20", 2000, "2024-08-31T05:00:00Z", "2024-08-31T11:00:00Z", "B2")
	return s
}

func aut02() *story {
	s := begin("AUT-02", autumnFront().at(48.2204, "2024-09-06", 0.6, 500), "2024-09-06T11:00:00Z", "2024-09-06T14:00:00Z", 2,
		"alleged killing of two captured soldiers at the edge of a field")
	s.teaches("true; a phone movie, and a photo of the place by another phone an hour later", "the movie's creation date, header time and position agree; the aftermath photo is a second device")
	sh := s.shot("2024-09-06T12:15:04Z", 90, 40, 130, scene{seed: 202, kind: "field", season: stubble})
	s.file("IMG_0417.mov", pipeline.RoleEvent, sh.filmed(iphone(), 3).bytes())
	after := s.shot("2024-09-06T13:21:40Z", 60, 200, 20, scene{seed: 203, kind: "field", season: stubble})
	f := s.file("IMG_20240906_162140.jpg", pipeline.RoleAftermath, after.with(after.tagged(xiaomi(), 3)))
	s.mark(after.shadowMark(f, "analyst-2", -2.1, 0.03))
	s.telegram("example_front", 880, "2024-09-06T17:40:00Z", pipeline.SideUA, "B2")
	s.article("example.org", "reports/0906", "2024-09-07T08:00:00Z", pipeline.SideOther, "B3")
	s.witness("W-02", "2024-10-11", 1500, "2024-09-06T09:00:00Z", "2024-09-06T15:00:00Z", "B2")
	return s
}

func aut06() *story {
	s := begin("AUT-06", autumnFront().at(47.8315, "2024-10-02", 0.9, 300), "2024-10-02T07:00:00Z", "2024-10-02T09:30:00Z", 5,
		"alleged killing of five captured soldiers near a row of houses")
	s.teaches("true; two photos of one phone, marks by two analysts, two witnesses", "many agreeing lines, but the two photos are one clock and one satellite receiver, and count once")
	first := s.shot("2024-10-02T08:05:31Z", 40, 300, 175, scene{seed: 606, kind: "yard", season: rust})
	a := s.file("20241002_110531.jpg", pipeline.RoleEvent, first.with(first.tagged(samsung(), 3)))
	second := s.shot("2024-10-02T08:07:02Z", 55, 280, 60, scene{seed: 608, kind: "village", season: rust})
	b := s.file("20241002_110702.jpg", pipeline.RoleEvent, second.with(second.tagged(samsung(), 3)))
	s.mark(first.shadowMark(a, "analyst-1", 0.9, 0.01))
	s.mark(second.shadowMark(b, "analyst-2", -1.6, -0.04))
	s.telegram("example_channel", 311, "2024-10-02T10:02:00Z", pipeline.SideRU, "C2")
	s.onX("2024-10-02T12:44:00Z", pipeline.SideUA, "B2")
	s.article("example.com", "news/5", "2024-10-03T06:30:00Z", pipeline.SideOther, "B2")
	s.witness("W-03", "2024-10-30", 1000, "2024-10-02T07:00:00Z", "2024-10-02T10:00:00Z", "B2")
	s.witness("W-04", "2024-11-18", 5000, "2024-10-02T00:00:00Z", "2024-10-03T00:00:00Z", "C3")
	return s
}

func aut13() *story {
	s := begin("AUT-13", autumnFront().at(48.10, "2024-11-08", -4.2, 400), "2024-11-09T08:00:00Z", "2024-11-09T12:00:00Z", 4,
		"alleged killing of four captured soldiers in a settlement whose loss was not announced yet")
	s.teaches("true; filmed and posted days before the change of control was announced", "the maps of that day draw the place as held by the other side, the next editions do not; nobody may hold the map of the day against the footage")
	sh := s.shot("2024-11-09T09:48:20Z", 80, 90, 330, scene{seed: 1313, kind: "village", season: bare})
	f := s.file("20241109_114820.jpg", pipeline.RoleEvent, sh.with(sh.tagged(samsung(), 2)))
	s.mark(sh.shadowMark(f, "analyst-1", -0.7, 0.02))
	s.telegram("example_front", 1204, "2024-11-09T18:12:00Z", pipeline.SideRU, "C2")
	s.onX("2024-11-10T07:05:00Z", pipeline.SideUA, "B2")
	s.archived("2024-11-11T02:15:44Z")
	s.bracket(f, "2024-11-08T08:41:00Z", "2024-11-13T08:51:00Z", "a burnt roof beside the road", "analyst-2")
	s.witness("W-08", "2024-12-15", 3000, "2024-11-09T06:00:00Z", "2024-11-09T14:00:00Z", "B2")
	return s
}

func aut20() *story {
	s := begin("AUT-20", pipeline.Place{Lon: 36.6215, Lat: 48.0187, RadiusM: 600}, "2024-12-17T09:00:00Z", "2024-12-17T12:00:00Z", 4,
		"alleged missile strike on a repair yard far from the front")
	s.Claim.Kind = pipeline.KindStrike
	s.teaches("true; about 80 km from the line", "distance from the front is no evidence against a strike; it tends to nothing, never to a penalty")
	sh := s.shot("2024-12-17T10:31:08Z", 120, 15, 45, scene{seed: 2020, kind: "road", season: bare})
	f := s.file("PXL_20241217_103108487.jpg", pipeline.RoleAftermath, sh.with(sh.tagged(pixel(), 2)))
	clip := s.shot("2024-12-17T10:33:40Z", 115, 20, 120, scene{seed: 2021, kind: "yard", season: bare})
	s.file("PXL_20241217_103340120.mov", pipeline.RoleAftermath, clip.filmedByAndroid().bytes())
	s.mark(sh.shadowMark(f, "analyst-2", 1.1, -0.03))
	s.telegram("example_city", 77, "2024-12-17T11:02:00Z", pipeline.SideUA, "A2")
	s.onX("2024-12-17T13:30:00Z", pipeline.SideOther, "B2")
	s.witness("W-11", "2025-01-09", 1000, "2024-12-17T09:00:00Z", "2024-12-17T12:00:00Z", "A2")
	return s
}

func aut23() *story {
	s := begin("AUT-23", autumnFront().at(48.3372, "2025-01-19", 1.5, 350), "2025-01-19T09:00:00Z", "2025-01-19T12:30:00Z", 4,
		"alleged killing of four captured soldiers at a frozen stream")
	s.teaches("true; event and aftermath by two phones, and a photo of the same place in summer kept for reference", "nothing is asked of the time of the context photo, though its clock is half a year off the claim")
	sh := s.shot("2025-01-19T10:12:45Z", 50, 330, 210, scene{seed: 2323, kind: "river", season: snow})
	f := s.file("20250119_121245.jpg", pipeline.RoleEvent, sh.with(sh.tagged(samsung(), 2)))
	after := s.shot("2025-01-19T11:40:10Z", 75, 150, 300, scene{seed: 2324, kind: "field", season: snow})
	s.file("IMG_20250119_134010.jpg", pipeline.RoleAftermath, after.with(after.tagged(xiaomi(), 2)))
	before := s.shot("2024-06-30T08:00:00Z", 50, 330, 210, scene{seed: 2325, kind: "river", season: green})
	s.file("PXL_20240630_080000479.jpg", pipeline.RoleContext, before.with(before.tagged(pixel(), 3)))
	s.mark(sh.shadowMark(f, "analyst-1", 2.2, 0.02))
	s.telegram("example_channel", 918, "2025-01-19T15:20:00Z", pipeline.SideUA, "B2")
	s.article("example.org", "reports/0119", "2025-01-20T09:00:00Z", pipeline.SideOther, "B2")
	s.witness("W-12", "2025-02-12", 2000, "2025-01-19T08:00:00Z", "2025-01-19T13:00:00Z", "B2")
	return s
}

func aut24() *story {
	s := begin("AUT-24", autumnFront().at(47.6733, "2025-02-03", 2.0, 400), "2025-02-03T08:30:00Z", "2025-02-03T11:30:00Z", 2,
		"alleged killing of two captured soldiers on a farm track")
	s.teaches("true; the phone of the one who filmed runs on Moscow time", "the device's stated offset of +03:00 counts, not the zone of the place, which was +02:00 that day")
	sh := s.shot("2025-02-03T09:55:12Z", 65, 70, 160, scene{seed: 2424, kind: "road", season: snow})
	s.file("IMG_2290.mov", pipeline.RoleEvent, sh.filmed(iphone(), 3).bytes())
	still := s.shot("2025-02-03T09:57:30Z", 60, 75, 250, scene{seed: 2425, kind: "yard", season: snow})
	f := s.file("IMG_2291.jpg", pipeline.RoleEvent, still.with(still.tagged(iphone(), 3)))
	s.mark(still.shadowMark(f, "analyst-2", -1.9, 0.04))
	s.telegram("example_front", 1490, "2025-02-03T14:45:00Z", pipeline.SideRU, "C3")
	s.onX("2025-02-03T16:20:00Z", pipeline.SideUA, "B3")
	s.witness("W-13", "2025-03-01", 2500, "2025-02-03T08:00:00Z", "2025-02-03T12:00:00Z", "B3")
	return s
}

package main

import (
	"time"

	"whenwhere/pipeline"
)

// openStories hold evidence that is damaged, stripped or thin: what follows from it is less than one might think.
func openStories() []*story {
	return []*story{aut04(), aut05(), aut07(), aut10(), aut12(), aut14(), aut15(), aut19()}
}

func aut04() *story {
	s := begin("AUT-04", autumnFront().at(47.8930, "2024-09-18", 0.5, 800), "2024-09-18T06:00:00Z", "2024-09-18T12:00:00Z", 2,
		"alleged killing of two captured soldiers behind a farm house")
	s.teaches("true, and the file went through a messenger", "absent metadata is neutral; witnesses, posts and a shadow mark must carry the claim")
	sh := s.shot("2024-09-18T08:30:00Z", 100, 60, 45, scene{seed: 404, kind: "yard", season: stubble})
	f := s.file("IMG-20240918-WA0012.jpg", pipeline.RoleEvent, sh.photo())
	s.mark(sh.shadowMark(f, "analyst-2", 1.8, 0.02))
	s.telegram("example_channel", 207, "2024-09-18T13:22:00Z", pipeline.SideUA, "B2")
	s.onX("2024-09-18T15:47:00Z", pipeline.SideRU, "C3")
	s.witness("W-05", "2024-10-02", 2000, "2024-09-18T06:00:00Z", "2024-09-18T12:00:00Z", "B2")
	s.witness("W-06", "2024-10-09", 4000, "2024-09-18T00:00:00Z", "2024-09-19T00:00:00Z", "C3")
	return s
}

func aut05() *story {
	s := begin("AUT-05", autumnFront().at(48.5621, "2024-09-25", 0.3, 3000), "2024-09-24T21:00:00Z", "2024-09-25T21:00:00Z", 3,
		"alleged killing of three captured soldiers in a forest")
	s.teaches("nobody can tell: trunks, no metadata, no marks, a witness who was told and names no place", "not locatable is a result, not a failure")
	sh := s.shot("2024-09-25T10:00:00Z", 300, 0, 0, scene{seed: 505, kind: "woods", season: rust, overcast: true})
	s.file("photo_2024-09-26_14-20-11.jpg", pipeline.RoleEvent, sh.photo())
	s.telegram("example_news", 31, "2024-09-26T11:00:00Z", pipeline.SideUA, "F6")
	hearsay := false
	s.Testimonies = append(s.Testimonies, pipeline.Testimony{ID: "W-07", Interviewed: "2024-11-01", Direct: &hearsay, Grade: "F6",
		Time: &pipeline.Span{From: moment("2024-09-20T00:00:00Z"), To: moment("2024-10-01T00:00:00Z")}})
	return s
}

func aut07() *story {
	s := begin("AUT-07", autumnFront().at(48.1810, "2024-10-05", 0.6, 1000), "2024-10-05T05:00:00Z", "2024-10-05T13:00:00Z", 4,
		"alleged killing of four captured soldiers, known from one clip and many reposts")
	s.teaches("nobody can tell yet: one clip without metadata, posted once and reposted ten times", "ten reposts are the one witness that they repeat")
	sh := s.shot("2024-10-05T10:10:00Z", 200, 180, 275, scene{seed: 707, kind: "road", season: rust, overcast: true})
	s.file("video_2024-10-05_19-30-00.mov", pipeline.RoleEvent, sh.pan().bytes())
	s.telegram("example_front", 1002, "2024-10-05T14:00:00Z", pipeline.SideRU, "C3")
	s.reposted(10)
	return s
}

func aut10() *story {
	s := begin("AUT-10", autumnFront().at(47.9985, "2024-10-20", 1.4, 400), "2024-10-20T08:00:00Z", "2024-10-20T10:00:00Z", 3,
		"alleged killing of three captured soldiers at a crossroads")
	s.teaches("true; the camera's clock is an hour fast", "satellite time gives the clock away: the clock alone would put the photo outside the claim")
	sh := s.shot("2024-10-20T09:21:33Z", 35, 110, 190, scene{seed: 1010, kind: "road", season: rust})
	t := sh.tagged(samsung(), 3)
	t.wall = t.wall.Add(time.Hour)
	s.file("20241020_132133.jpg", pipeline.RoleEvent, sh.with(t))
	s.telegram("example_channel", 377, "2024-10-20T11:30:00Z", pipeline.SideUA, "B2")
	s.witness("W-09", "2024-11-22", 2000, "2024-10-20T07:00:00Z", "2024-10-20T11:00:00Z", "B3")
	return s
}

func aut12() *story {
	s := begin("AUT-12", autumnFront().at(48.4459, "2024-11-02", 0.9, 500), "2024-11-02T09:00:00Z", "2024-11-02T13:00:00Z", 3,
		"alleged killing of three captured soldiers by a tree line")
	s.teaches("true; the file states its position without north or south, east or west", "half a position is no position: it is a defect to show, never a guess")
	sh := s.shot("2024-11-02T11:05:48Z", 45, 20, 310, scene{seed: 1212, kind: "field", season: rust})
	t := sh.tagged(xiaomi(), 2)
	t.gps.withoutRefs = true
	s.file("IMG_20241102_130548.jpg", pipeline.RoleEvent, sh.with(t))
	s.telegram("example_news", 144, "2024-11-02T16:18:00Z", pipeline.SideUA, "C2")
	s.onX("2024-11-02T18:00:00Z", pipeline.SideOther, "C3")
	return s
}

func aut14() *story {
	s := begin("AUT-14", autumnFront().at(48.2398, "2024-11-16", 0.8, 500), "2024-11-16T08:00:00Z", "2024-11-16T09:00:00Z", 3,
		"alleged killing of three captured soldiers in an orchard")
	s.teaches("true; a winter stamp of 10:15:20 without a zone", "it means 07:15 or 08:15 UTC; one shadow decides between Moscow and Kyiv time")
	sh := s.shot("2024-11-16T08:15:20Z", 85, 270, 0, scene{seed: 1414, kind: "village", season: bare})
	t := sh.tagged(xiaomi(), 2)
	t.offset, t.gps = "", nil
	f := s.file("IMG_20241116_101520.jpg", pipeline.RoleEvent, sh.with(t))
	s.mark(sh.shadowMark(f, "analyst-1", -1.2, 0.01))
	s.telegram("example_channel", 540, "2024-11-16T12:40:00Z", pipeline.SideUA, "B2")
	s.witness("W-10", "2024-12-20", 3000, "2024-11-16T06:00:00Z", "2024-11-16T12:00:00Z", "B2")
	return s
}

func aut15() *story {
	s := begin("AUT-15", autumnFront().at(47.7790, "2024-11-20", 0.6, 600), "2024-11-20T11:00:00Z", "2024-11-20T12:30:00Z", 2,
		"alleged killing of two captured soldiers in a field")
	s.teaches("true; a winter stamp of 13:40:10 without a zone, under an overcast sky", "it means 10:40 or 11:40 UTC, only one of which lies in the claim, and nothing decides between them")
	sh := s.shot("2024-11-20T11:40:10Z", 140, 320, 230, scene{seed: 1515, kind: "field", season: bare, overcast: true})
	t := sh.tagged(xiaomi(), 2)
	t.offset, t.gps = "", nil
	s.file("IMG_20241120_134010.jpg", pipeline.RoleEvent, sh.with(t))
	s.telegram("example_news", 177, "2024-11-20T17:05:00Z", pipeline.SideUA, "C3")
	return s
}

func aut19() *story {
	s := begin("AUT-19", autumnFront().at(48.3655, "2024-12-11", 0.7, 500), "2024-12-11T08:00:00Z", "2024-12-11T12:00:00Z", 2,
		"alleged killing of two captured soldiers, with a photo that cannot be opened")
	s.teaches("nobody can tell: the transfer of the only file broke off in its tables", "the failure is shown with its reason and the verdict says that it is incomplete")
	sh := s.shot("2024-12-11T10:00:00Z", 50, 80, 120, scene{seed: 1919, kind: "village", season: bare, overcast: true})
	s.file("20241211_120000.jpg", pipeline.RoleEvent, sh.photo()[:300])
	s.telegram("example_front", 1340, "2024-12-11T13:15:00Z", pipeline.SideUA, "C3")
	return s
}

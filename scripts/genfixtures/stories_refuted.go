package main

import "whenwhere/pipeline"

// refutedStories hold footage that was filmed elsewhere or at another time.
func refutedStories(war clip) []*story { return []*story{acc08(war), acc09()} }

func acc08(war clip) *story {
	s := claimed("08", 47.7920, 0.6, 700, "2024-04-15", "06:00", "15:00", 4, "alleged killing of four captured soldiers on a road")
	s.teaches("old footage: known/road_2015.mov, a clip of another war, cut and re-encoded", "the earlier appearance is shown with its date; no map and no post of today can answer it")
	s.file("video_2024-04-15_17-09-20.mov", pipeline.RoleEvent, war.reencoded().bytes())
	s.telegram("example_alarm", 44, "2024-04-15T15:20:00Z", pipeline.SideUA, "D4")
	s.onX("2024-04-15T16:02:00Z", pipeline.SideUnknown, "")
	return s
}

func acc09() *story {
	s := claimed("09", 48.2070, 0.9, 500, "2024-04-22", "09:00", "12:00", 3, "alleged killing of three captured soldiers by day")
	s.teaches("false time: filmed by night, with the tags edited to the claimed noon", "the clock fits the claim and the exposure says night: they cannot both be true, and the file's clock alone verifies nothing")
	sh := s.shot("2024-04-20T21:50:00Z", 90, 60, 180, scene{seed: 8909, kind: "yard", season: green, lamps: true})
	t := sh.tagged(xiaomi(), 3)
	t.wall, t.gps = moment("2024-04-22T13:25:04Z"), nil // the wall clock, 13:25 at +03:00
	t.software, t.edited = "Example Editor 4.1", moment("2024-04-22T16:40:31Z")
	s.file("IMG_20240422_132504.jpg", pipeline.RoleEvent, sh.with(t))
	s.telegram("example_alarm", 49, "2024-04-22T14:30:00Z", pipeline.SideUA, "D4")
	return s
}

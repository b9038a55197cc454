package main

import (
	"fmt"

	"whenwhere/pipeline"
)

// acceptedStories can be verified by people.
func acceptedStories() []*story { return []*story{acc01(), acc02(), acc10()} }

// claimed opens a story of the acceptance case: so many km east of the line, between these hours of a day, UTC.
func claimed(id string, lat, km, radiusM float64, date, from, to string, killed int, what string) *story {
	return begin("ACC-"+id, acceptanceFront().at(lat, date, km, radiusM),
		fmt.Sprintf("%sT%s:00Z", date, from), fmt.Sprintf("%sT%s:00Z", date, to), killed, what)
}

func acc01() *story {
	s := claimed("01", 47.7213, 1.1, 400, "2024-03-04", "08:00", "12:00", 3, "alleged killing of three captured soldiers behind a farm")
	s.teaches("true; one phone photo, original file", "receiver, camera clock, light, a witness and posts of both sides agree: two people can verify it")
	sh := s.shot("2024-03-04T10:12:41Z", 60, 100, 235, scene{seed: 8101, kind: "village", season: bare})
	f := s.file("20240304_121241.jpg", pipeline.RoleEvent, sh.with(sh.tagged(samsung(), 2)))
	s.mark(sh.shadowMark(f, "analyst-1", 1.1, 0.02))
	s.telegram("example_channel", 11, "2024-03-04T13:05:00Z", pipeline.SideUA, "B2")
	s.onX("2024-03-04T15:31:00Z", pipeline.SideRU, "C3")
	s.witness("W-21", "2024-04-02", 2000, "2024-03-04T07:00:00Z", "2024-03-04T13:00:00Z", "B2")
	return s
}

func acc02() *story {
	s := claimed("02", 48.1120, 0.8, 300, "2024-03-12", "09:00", "11:00", 2, "alleged killing of two captured soldiers at a tree line, filmed by a drone")
	s.teaches("true; the first of three drone videos, with its telemetry", "the drone hovers outside the claimed place and looks into it: its gimbal says what it saw; operator unknown")
	sh := s.shot("2024-03-12T09:46:10Z", 620, 200, 20, scene{seed: 8202, kind: "field", season: bare})
	sh.heightM, sh.pitchDeg = 110, -11
	f := s.recorded(31, sh)
	s.mark(sh.shadowMark(f, "analyst-1", -1.3, 0.03))
	s.bracket(f, "2024-03-11T08:31:00Z", "2024-03-14T08:42:00Z", "tracks and a burnt patch at the trees", "analyst-2")
	s.telegram("example_front", 204, "2024-03-12T16:20:00Z", pipeline.SideUA, "B2")
	s.article("example.org", "reports/0312", "2024-03-14T09:00:00Z", pipeline.SideOther, "B3")
	s.witness("W-22", "2024-05-21", 1500, "2024-03-12T08:00:00Z", "2024-03-12T12:00:00Z", "B2")
	return s
}

func acc10() *story {
	s := claimed("10", 48.2410, 0.9, 400, "2024-05-02", "06:00", "10:00", 2, "alleged killing of two captured soldiers beside a road")
	s.teaches("true; a phone movie, and a photo of the aftermath by another phone", "two devices, two witnesses: two people can verify it")
	sh := s.shot("2024-05-02T07:20:33Z", 80, 310, 140, scene{seed: 8110, kind: "road", season: green})
	s.file("IMG_1188.mov", pipeline.RoleEvent, sh.filmed(iphone(), 3).bytes())
	after := s.shot("2024-05-02T08:41:07Z", 90, 40, 250, scene{seed: 8111, kind: "field", season: green})
	f := s.file("IMG_20240502_114107.jpg", pipeline.RoleAftermath, after.with(after.tagged(xiaomi(), 3)))
	s.mark(after.shadowMark(f, "analyst-2", -1.8, -0.02))
	s.telegram("example_channel", 63, "2024-05-02T12:10:00Z", pipeline.SideUA, "B2")
	s.witness("W-28", "2024-06-11", 2000, "2024-05-02T06:00:00Z", "2024-05-02T11:00:00Z", "B2")
	s.witness("W-29", "2024-06-12", 3000, "2024-05-02T00:00:00Z", "2024-05-03T00:00:00Z", "C3")
	return s
}

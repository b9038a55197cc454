package main

import (
	"time"

	"whenwhere/pipeline"
)

// falseStories hold footage that was filmed elsewhere or at another time.
func falseStories(known map[string]old) []*story {
	return []*story{aut03(known), aut08(known), aut16(known), aut21(known), aut22(known), aut09(), aut11(), aut17(), aut18()}
}

func aut03(known map[string]old) *story {
	s := begin("AUT-03", autumnFront().at(47.9540, "2024-09-13", 0.4, 800), "2024-09-13T05:00:00Z", "2024-09-13T15:00:00Z", 4,
		"alleged killing of four captured soldiers in a yard")
	s.teaches("old footage: known/yard_2023.jpg, re-encoded and smaller", "the prints match footage that was seen fifteen months before")
	s.file("photo_2024-09-13_18-22-07.jpg", pipeline.RoleEvent, reencoded(known["yard"].data))
	s.telegram("example_alarm", 52, "2024-09-13T15:31:00Z", pipeline.SideUA, "D4")
	s.onX("2024-09-13T16:40:00Z", pipeline.SideUnknown, "")
	return s
}

func aut08(known map[string]old) *story {
	s := begin("AUT-08", autumnFront().at(48.1466, "2024-10-11", 0.5, 700), "2024-10-11T04:00:00Z", "2024-10-11T16:00:00Z", 3,
		"alleged killing of three captured soldiers on a road")
	s.teaches("old footage: known/road_2023.jpg, about five percent cut off", "a crop moves every pixel and the match must survive it")
	s.file("photo_2024-10-11_20-03-41.jpg", pipeline.RoleEvent, cropped(known["road"].data))
	s.telegram("example_alarm", 66, "2024-10-11T16:55:00Z", pipeline.SideUA, "E4")
	s.article("example.com", "news/11", "2024-10-12T07:00:00Z", pipeline.SideOther, "C3")
	return s
}

func aut16(known map[string]old) *story {
	s := begin("AUT-16", autumnFront().at(48.4021, "2024-11-27", 0.3, 700), "2024-11-27T06:00:00Z", "2024-11-27T14:00:00Z", 4,
		"alleged killing of four captured soldiers in a village")
	s.teaches("old footage: known/village_2022.jpg with the sign of a channel over a corner", "an overlay hides pixels, not the rest; the save time of an editor is no capture time")
	edited := tags{software: "Example Editor 4.1", edited: time.Date(2024, 11, 27, 15, 8, 30, 0, time.UTC)}
	s.file("IMG_20241127_150830.jpg", pipeline.RoleEvent, withEXIF(branded(known["village"].data), edited, 640, 480))
	s.telegram("example_alarm", 93, "2024-11-27T14:20:00Z", pipeline.SideRU, "D5")
	return s
}

func aut21(known map[string]old) *story {
	s := begin("AUT-21", autumnFront().at(47.7208, "2024-12-29", 0.8, 900), "2024-12-29T06:00:00Z", "2024-12-29T14:00:00Z", 3,
		"alleged killing of three captured soldiers on a river bank")
	s.teaches("old footage: known/river_2024.jpg, mirrored", "prints of the mirrored picture must be compared too; the posts agree with each other and prove nothing")
	s.file("photo_2024-12-29_17-44-12.jpg", pipeline.RoleEvent, mirrored(known["river"].data))
	s.telegram("example_alarm", 120, "2024-12-29T14:30:00Z", pipeline.SideUA, "D4")
	s.onX("2024-12-29T15:02:00Z", pipeline.SideUA, "C4")
	return s
}

func aut22(known map[string]old) *story {
	s := begin("AUT-22", autumnFront().at(48.2750, "2025-01-08", 1.0, 600), "2025-01-08T06:00:00Z", "2025-01-08T13:00:00Z", 4,
		"alleged killing of four captured soldiers in a street")
	s.teaches("old footage, byte for byte; known.csv keeps only its digest", "equal bytes need no prints, and no copy of the old file")
	s.file("image.jpg", pipeline.RoleEvent, known["street"].data)
	s.telegram("example_channel", 889, "2025-01-08T13:40:00Z", pipeline.SideUA, "C3")
	return s
}

func aut09() *story {
	s := begin("AUT-09", autumnFront().at(48.0893, "2024-10-15", 0.7, 500), "2024-10-15T19:30:00Z", "2024-10-15T22:30:00Z", 2,
		"alleged killing of two captured soldiers at night")
	s.teaches("false time: filmed at noon, with the camera's clock set to the claimed night", "the clock agrees with the claim, and the exposure is far too bright for any night")
	sh := s.shot("2024-10-14T09:50:00Z", 110, 250, 100, scene{seed: 909, kind: "field", season: rust})
	t := sh.tagged(xiaomi(), 3)
	t.wall, t.gps = moment("2024-10-15T23:40:12Z"), nil // the wall clock, 23:40 at +03:00
	s.file("IMG_20241015_234012.jpg", pipeline.RoleEvent, sh.with(t))
	s.telegram("example_alarm", 71, "2024-10-16T05:15:00Z", pipeline.SideUA, "D4")
	return s
}

func aut11() *story {
	s := begin("AUT-11", autumnFront().at(48.4870, "2024-10-28", 0.5, 600), "2024-10-28T06:00:00Z", "2024-10-28T14:00:00Z", 4,
		"alleged killing of four captured soldiers near a bridge")
	s.teaches("false time: a post with this photo is a week older than the claim", "the number in the post's address holds its time, though nobody wrote a date beside it")
	sh := s.shot("2024-10-21T08:20:00Z", 60, 10, 80, scene{seed: 1111, kind: "river", season: rust})
	s.file("photo_2024-10-28_19-12-55.jpg", pipeline.RoleEvent, sh.photo())
	s.post(pipeline.Source{URL: xStatus(moment("2024-10-21T17:03:22Z")), Platform: "x", Account: "example", Side: pipeline.SideUnknown})
	s.telegram("example_channel", 402, "2024-10-28T15:10:00Z", pipeline.SideUA, "C3")
	return s
}

// sharedClip was filmed at neither of the two places that it is claimed for.
func sharedClip() []byte {
	return shot{at: moment("2024-11-30T09:30:00Z"), lat: 48.55, lon: 37.10, heading: 190,
		scene: scene{seed: 1717, kind: "village", season: bare, overcast: true}}.pan().bytes()
}

func aut17() *story {
	s := begin("AUT-17", autumnFront().at(48.3034, "2024-12-03", 0.9, 500), "2024-12-03T08:00:00Z", "2024-12-03T14:00:00Z", 6,
		"alleged killing of six captured soldiers, with a clip")
	s.teaches("false: the clip is that of AUT-18", "one clip cannot show two places: a contradiction to explain, which alone decides neither claim")
	s.file("video_2024-12-03_16-40-18.mov", pipeline.RoleEvent, sharedClip())
	s.telegram("example_front", 1301, "2024-12-03T14:20:00Z", pipeline.SideUA, "C3")
	return s
}

func aut18() *story {
	s := begin("AUT-18", autumnFront().at(47.6190, "2024-12-04", 1.1, 500), "2024-12-04T07:00:00Z", "2024-12-04T12:00:00Z", 3,
		"alleged killing of three captured soldiers, with the clip of another incident")
	s.teaches("false: the clip is that of AUT-17, 76 km away", "the clip was posted for AUT-17 the day before: footage cannot be older than its own event")
	s.file("video_2024-12-04_15-11-09.mov", pipeline.RoleEvent, sharedClip())
	s.telegram("example_news", 218, "2024-12-04T13:05:00Z", pipeline.SideRU, "D4")
	s.article("example.com", "news/18", "2024-12-05T09:00:00Z", pipeline.SideOther, "C3")
	return s
}

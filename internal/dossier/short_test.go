package dossier_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"whenwhere/internal/audience"
	"whenwhere/internal/dossier"
	"whenwhere/pipeline"
)

var shortAgainst = regexp.MustCompile(`(?s)What speaks against it</h3>(.*?)</div>`)

// Of an incident of many files the page tells in short what weighs most, and how much more there is.
func TestWhatSpeaksAgainstItInShort(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Verdict.Lines = nil
	for i := range 50 {
		q := pipeline.QuestionID(fmt.Sprintf("when.clock_%d", i))
		in.Verdict.Lines = append(in.Verdict.Lines, pipeline.Line{ID: string(q), Question: q, Axis: pipeline.AxisWhen, Outcome: pipeline.Contradicts, Weight: -float64(i % 20), Alone: -float64(i)})
	}
	short := shortAgainst.FindStringSubmatch(pageOf(t, audience.Internal, in))[1]
	told := regexp.MustCompile(`when\.clock_[0-9]+`).FindAllString(short, -1)
	if want := "when.clock_39 when.clock_19 when.clock_38 when.clock_18"; strings.Join(told, " ") != want || !strings.Contains(short, "And 46 further answers, below.") {
		t.Errorf("%v, want %s\n%s", told, want, short)
	}
	in.Verdict.Lines = in.Verdict.Lines[:4]
	if short := shortAgainst.FindStringSubmatch(pageOf(t, audience.Internal, in))[1]; strings.Contains(short, "further") || strings.Count(short, "<li>") != 4 {
		t.Errorf("all are told:\n%s", short)
	}
}

// One claim on the edge of what a map can show takes nothing from the others of the document.
func TestTheEdgesOfTheEarth(t *testing.T) {
	t.Parallel()
	for _, p := range []pipeline.Place{{Lon: 180, Lat: 66.9, RadiusM: 1}, {Lon: -180, Lat: 0, RadiusM: 30_000}, {Lon: 179.99, Lat: 48, RadiusM: 500}, {Lon: 10, Lat: 90, RadiusM: 5}, {Lon: -179.9, Lat: -89.9, RadiusM: 30_000},
		{Lon: 176.9, Lat: 79.9, RadiusM: 30_000}, {Lon: -176.9, Lat: -79.9, RadiusM: 30_000}} {
		for _, to := range audience.All() {
			in := whole(t)
			in.Case.Incident.Claim.Where = &p
			page := pageOf(t, to, in)
			if said := strings.Contains(page, "No map is drawn so near a pole or the 180th meridian."); said != (p.Lat > 80 || p.Lat < -80 || p.Lon > 177 || p.Lon < -177) {
				t.Errorf("%s: %v: %v", to, p, said)
			}
		}
	}
}

// Exports are told once with their number; what was received and measured is told each time, with its digest.
func TestExportsAreOneRow(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Events = []dossier.Event{{Number: 3, At: at("2024-09-01T00:00:00Z"), Actor: "program", Action: "record received", Subject: "incident X-1", Result: "digest-3"},
		{Number: 4, At: at("2024-09-02T00:00:00Z"), Actor: "program", Action: "record received", Subject: "incident X-1", Result: "digest-4"}}
	for i := range 30 {
		in.Events = append(in.Events, dossier.Event{Number: int64(10 + i), At: at("2024-09-03T00:00:00Z").AddDate(0, 0, i), Actor: "program", Action: "exported", Subject: "incident X-1", Result: fmt.Sprintf("digest-%d", 10+i), Export: true})
	}
	page := pageOf(t, audience.Internal, in)
	if n := strings.Count(page, "exported by program"); n != 1 || !strings.Contains(page, "10 … 39") || !strings.Contains(page, "30 times, first 3 September 2024") || !strings.Contains(page, "last 2 October 2024") {
		t.Errorf("%d rows of exports", n)
	}
	if !strings.Contains(page, "digest-3") || !strings.Contains(page, "digest-4") || strings.Contains(page, "digest-1") {
		t.Error("digests")
	}
}

// A moment of a recording is told to a tenth of a second, and no minute has 60.
func TestMomentsOfRecordings(t *testing.T) {
	t.Parallel()
	for ms, want := range map[int64]string{0: "0:00.0", 49: "0:00.0", 71_250: "1:11.3", 59_970: "1:00.0", 59_940: "0:59.9", 3_600_000: "60:00.0"} {
		in := whole(t)
		in.Matches[0].Mine.AtMs = ptr(ms)
		if page := pageOf(t, audience.Internal, in); !strings.Contains(page, "at "+want+" of the recording") {
			t.Errorf("%d ms: no %s", ms, want)
		}
	}
}

// Places far from the claim are no items of a legend that shows nothing of them; they are counted.
func TestThePictureShowsWhatItsLegendNames(t *testing.T) {
	t.Parallel()
	for _, maps := range []bool{true, false} {
		in := whole(t)
		if !maps {
			in.Maps = nil
		}
		if page := unpacked(t, pageOf(t, audience.Internal, in)); strings.Contains(page, "outside of this picture") || !strings.Contains(page, "position by file 1") {
			t.Errorf("control maps %v: all lies in the picture", maps)
		}
		in.Case.Media[0].Observed = nil
		observed(t, &in.Case.Media[0].Observed, pipeline.PlacesKey, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lon: 13, Lat: 52, AccuracyM: ptr(8.0)}})
		observed(t, &in.Case.Media[0].Observed, pipeline.DirectionKey, pipeline.Direction{AzimuthDeg: 255, Reference: "true"})
		page := unpacked(t, pageOf(t, audience.Internal, in))
		if named := strings.Contains(page, "position by file 1") || strings.Contains(page, "Place: file 1") || strings.Contains(page, "file 1 looks to"); named || !strings.Contains(page, "1 stated place lies outside of this picture: ") {
			t.Errorf("control maps %v: a place in another country", maps)
		}
	}
}

// What a file states and no picture can show is told, and the page is there all the same.
func TestWhatCannotBeDrawnIsTold(t *testing.T) {
	t.Parallel()
	for _, accuracyM := range []float64{1e-9, 1e12} {
		in := whole(t)
		in.Case.Media[0].Observed = nil
		observed(t, &in.Case.Media[0].Observed, pipeline.PlacesKey, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lon: 37.907, Lat: 48.0405, AccuracyM: &accuracyM}})
		if page := pageOf(t, audience.Internal, in); !strings.Contains(page, "This cannot be drawn: Reported control by alpha: plot: radius of a disc") {
			t.Errorf("%g m", accuracyM)
		}
		if page := pageOf(t, audience.Partner, in); strings.Contains(page, "cannot be drawn") {
			t.Errorf("%g m: partners see no position", accuracyM)
		}
	}
}

// What turns the order of letters about is shown instead, so that no name or sentence reads as another.
func TestLettersThatTurnTheOrderAreShown(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Case.Incident.Claim.What = "photo\u202egpj.exe \u2066a\u2069 \u0007bell\u009b, two\r\nlines, Їжак, שלום"
	page := pageOf(t, audience.Internal, in)
	if !strings.Contains(page, "photo‹U+202E›gpj.exe ‹U+2066›a‹U+2069› ‹U+0007›bell‹U+009B›, two\r\nlines, Їжак, שלום") || strings.ContainsAny(page, "\u202e\u2066\u2069\u0007\u009b") {
		t.Error("the words of the claim are not shown as they are written")
	}
}

// A time that no time line can show is told in words.
func TestATimeThatCannotBeDrawnIsTold(t *testing.T) {
	t.Parallel()
	in := whole(t)
	far := []pipeline.Span{span("9990-01-01T00:00:00Z", "9990-01-02T00:00:00Z")}
	in.Verdict.Times[0].Within95.Spans, in.Verdict.Times[0].Within50.Spans = far, far
	for to, want := range map[audience.Audience]string{audience.Internal: "This cannot be drawn: its time line: plot: ", audience.Public: "This cannot be drawn: its time line.<"} {
		if page := pageOf(t, to, in); !strings.Contains(page, want) || !strings.Contains(page, "Every answer, with its weight") {
			t.Errorf("%s: %q is not on the page", to, want)
		}
	}
}

// Of several incidents there is a list, and every link of the document leads somewhere in it.
func TestSeveralIncidentsAreListed(t *testing.T) {
	t.Parallel()
	other := whole(t)
	other.Verdict.Incident, other.Verdict.Score, other.Review.History = "X-2", 12.34, nil
	page := pageOf(t, audience.Internal, whole(t), other)
	list := page[strings.Index(page, "<nav"):]
	for _, want := range []string{`<a href="#i1-top"><bdi>X-1</bdi></a></td><td>contradicted, 87.65 of 100</td><td>approved</td>`, `<a href="#i2-top"><bdi>X-2</bdi></a></td><td>contradicted, 12.34 of 100</td><td>undecided</td>`} {
		if !strings.Contains(list, want) {
			t.Errorf("%s is not in %s", want, list)
		}
	}
	links := regexp.MustCompile(` href="#([^"]*)"`).FindAllStringSubmatch(page, -1)
	for _, to := range links {
		if strings.Count(page, ` id="`+to[1]+`"`) != 1 {
			t.Errorf("%s leads nowhere", to[0])
		}
	}
	if len(links) != 4 {
		t.Errorf("%d links", len(links))
	}
	if alone := pageOf(t, audience.Internal, other); strings.Contains(alone, "<nav") || strings.Contains(alone, "href") {
		t.Error("a list of one")
	}
	if list := pageOf(t, audience.Partner, whole(t), other); !strings.Contains(list, "<td>contradicted, 88 of 100</td>") {
		t.Error("the list gives scores as the page does")
	}
}

package main

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/truth"
	"whenwhere/pipeline"
)

// nearCase is one incident file: what the archive holds of it, or nothing.
type nearCase struct {
	path  string // below the folder of real files
	match string // the file of the archive that must be found; empty for none
	says  string // what the reason must say of the match: the view, and the two seconds that the clip was cut by
	flat  bool   // refused as too flat to compare
}

// nearCases are the related and the unrelated files of the reference sets.
func nearCases() []nearCase {
	const bridge = "neardup/pdq/bridge-mods/"
	const dih = "neardup/pdq/dih/"
	const tmk = "neardup/tmk-videos/"
	var out []nearCase
	for _, name := range []string{"blur-a-little", "blur-a-lot", "high-contrast", "high-saturation", "sharpen-a-little", "sharpen-a-lot",
		"shrink-a-little", "shrink-a-lot", "square-128x128", "square-256x256", "square-512x512"} {
		out = append(out, nearCase{path: bridge + name + ".jpg", match: "aaa-orig.jpg"})
	}
	out = append(out,
		nearCase{path: dih + "bridge-6-flipy.jpg", match: "aaa-orig.jpg", says: ", mirrored"},
		nearCase{path: dih + "bridge-5-flipx.jpg", match: "aaa-orig.jpg", says: ", turned top to bottom"},
		nearCase{path: dih + "bridge-2-rotate-90.jpg", match: "aaa-orig.jpg", says: ", turned by 270 degrees"},
		nearCase{path: dih + "bridge-3-rotate-180.jpg", match: "aaa-orig.jpg", says: ", turned by 180 degrees"},
		nearCase{path: dih + "bridge-4-rotate-270.jpg", match: "aaa-orig.jpg", says: ", turned by 90 degrees"},
		nearCase{path: dih + "bridge-7-flip-plus-1.jpg", match: "aaa-orig.jpg", says: ", turned over a diagonal"},
		nearCase{path: dih + "bridge-8-flip-minus-1.jpg", match: "aaa-orig.jpg", says: ", turned over a diagonal"},
		nearCase{path: tmk + "chair-20-sd-bar.mp4", match: "chair-orig-22-sd-bar.mp4", says: "0:00–0:20 of this = 0:02–0:22 of that"},
		nearCase{path: tmk + "chair-22-sd-grey-bar.mp4", match: "chair-orig-22-sd-bar.mp4"},
		nearCase{path: tmk + "chair-22-with-small-logo-bar.mp4", match: "chair-orig-22-sd-bar.mp4"},
		nearCase{path: tmk + "pattern-sd-grey-bar.mp4"}, nearCase{path: tmk + "pattern-sd-with-small-logo-bar.mp4"},
		nearCase{path: "media/brighton-beach/DJI_0031.JPG"},
	)
	for _, n := range []string{"10", "21", "27", "29", "38", "42"} {
		out = append(out, nearCase{path: "media/exif-samples/jpg/gps/DSCN00" + n + ".jpg"})
	}
	for _, n := range []string{"Wine_by_Jakkub_Mede", "analogpattern_by_Peter_Nerlich", "life_by_Aitzol_Berasategi", "umang_by_Abhishek_Mudgal"} {
		out = append(out, nearCase{path: "neardup/lomiri/" + n + ".jpg", flat: n == "umang_by_Abhishek_Mudgal"})
	}
	for _, n := range []string{"q0003", "q0004", "q0122", "q0291", "q0746", "q1050", "q2821"} {
		out = append(out, nearCase{path: "neardup/pdq/labelme-subset/" + n + ".jpg", flat: n < "q0100"})
	}
	return out
}

// archiveFiles are the files of the archive, one or some of each set.
func archiveFiles() []string {
	return []string{"neardup/pdq/bridge-mods/aaa-orig.jpg", "neardup/tmk-videos/chair-orig-22-sd-bar.mp4", "media/brighton-beach/DJI_0025.JPG",
		"media/exif-samples/jpg/gps/DSCN0012.jpg", "media/exif-samples/jpg/gps/DSCN0025.jpg", "media/exif-samples/jpg/gps/DSCN0040.jpg",
		"neardup/lomiri/Bridge_by_Sander_Klootwijk.jpg", "neardup/lomiri/Picture_0B_by_freespace.jpg",
		"neardup/lomiri/friends_by_Aitzol_Berasategi.jpg", "neardup/lomiri/seeding_by_Clements_Engelhardt.jpg"}
}

// TestRealFootage puts some files of each reference set into the archive and the others into incidents: edits of the same
// picture and of the same clip must be found, other frames of one walk and other photos must not.
func TestRealFootage(t *testing.T) {
	needFFmpeg(t)
	root := realData(t)
	c := newRealCase(t)
	known, names := "file,sha256,first_seen,url,event\n", map[string]string{}
	for _, k := range archiveFiles() {
		name := filepath.Base(k)
		c.add(filepath.Join(root, filepath.FromSlash(k)), "known", name)
		known += name + ",,2023-05-01,https://example.org/" + name + ",\n"
		names[name] = "known/" + digest(t, filepath.Join(root, filepath.FromSlash(k)))[:12]
	}
	c.write("known/known.csv", []byte(known))
	claim := pipeline.Claim{Where: &pipeline.Place{Lat: 48.5956, Lon: 37.9999, RadiusM: truth.RadiusM},
		When: &pipeline.Span{From: instantOf(t, "2024-11-03T07:00:00Z"), To: instantOf(t, "2024-11-03T09:00:00Z")}}
	cases := nearCases()
	for i, n := range cases {
		file := c.add(filepath.Join(root, filepath.FromSlash(n.path)), "media", filepath.Base(n.path))
		c.claim(claimID(i), file, claim)
	}
	verdicts, _ := c.verify(t.TempDir())
	for i, n := range cases {
		checkNear(t, n, names[n.match], verdicts[claimID(i)])
	}
}

func checkNear(t *testing.T, n nearCase, match string, v realVerdict) {
	t.Helper()
	known, name := v.line("footage.known"), filepath.Base(n.path)
	t.Logf("%-40s %-12s %-12s %s", name, known.Outcome, v.Status, known.Reason)
	switch {
	case n.match != "":
		if known.Outcome != "contradicts" || v.Status != "contradicted" || !strings.Contains(known.Reason, match) || !strings.Contains(known.Reason, n.says) {
			t.Errorf("%s: %s %s: %s; want %s%s", name, v.Status, known.Outcome, known.Reason, match, n.says)
		}
	case n.flat:
		if known.Outcome != "unavailable" || known.Code != string(pipeline.CodePrintTooFlat) {
			t.Errorf("%s: %s %s: %s; want too flat", name, known.Outcome, known.Code, known.Reason)
		}
	default:
		if known.Outcome != "supports" || v.against("footage") {
			t.Errorf("%s: %s: %s; want no match", name, known.Outcome, known.Reason)
		}
	}
}

func digest(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.MediaID(sha256.Sum256(data)).String()
}

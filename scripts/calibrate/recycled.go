package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	imagedraw "golang.org/x/image/draw"

	"whenwhere/internal/decode"
	"whenwhere/internal/likeness"
	"whenwhere/internal/trials"
	"whenwhere/internal/truth"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// sceneFiles are real pictures below the folder of real files, one of each scene; and pairs that look alike and are not the
// same: frames of one walk and of one flight.
var sceneFiles = []string{
	"neardup/pdq/bridge-mods/aaa-orig.jpg", "neardup/pdq/labelme-subset/q0122.jpg", "neardup/pdq/labelme-subset/q0291.jpg",
	"neardup/pdq/labelme-subset/q0746.jpg", "neardup/pdq/labelme-subset/q1050.jpg", "neardup/pdq/labelme-subset/q2821.jpg",
	"neardup/lomiri/Bridge_by_Sander_Klootwijk.jpg", "neardup/lomiri/Picture_0B_by_freespace.jpg", "neardup/lomiri/Wine_by_Jakkub_Mede.jpg",
	"neardup/lomiri/analogpattern_by_Peter_Nerlich.jpg", "neardup/lomiri/friends_by_Aitzol_Berasategi.jpg",
	"neardup/lomiri/life_by_Aitzol_Berasategi.jpg", "neardup/lomiri/seeding_by_Clements_Engelhardt.jpg",
	"media/exif-samples/jpg/Canon_PowerShot_S40.jpg", "media/exif-samples/jpg/Reconyx_HC500_Hyperfire.jpg",
	"media/exif-samples/jpg/hdr/iphone_hdr_YES.jpg", "media/exif-samples/jpg/mobile/HMD_Nokia_8.3_5G.jpg",
	"media/exif-samples/jpg/mobile/jolla.jpg", "media/exif-samples/jpg/orientation/landscape_1.jpg", "media/exif-samples/jpg/tests/11-tests.jpg",
	"media/exif-samples/jpg/tests/22-canon_tags.jpg", "media/exif-samples/jpg/tests/30-type_error.jpg",
	"media/exif-samples/jpg/tests/33-type_error.jpg", "media/exif-samples/jpg/xmp/no_exif.jpg", "media/goexif/exif/sample1.jpg",
	"media/metadata-extractor-images/jpg/Apple iPhone 4.jpg", "media/metadata-extractor-images/jpg/Apple iPhone 5.jpg",
	"media/metadata-extractor-images/jpg/Apple iPhone 6.jpg", "media/metadata-extractor-images/jpg/HTC Desire.jpg",
	"media/metadata-extractor-images/jpg/Nexus 4.jpg",
	"media/exif-samples/jpg/gps/DSCN0010.jpg", "media/exif-samples/jpg/gps/DSCN0012.jpg", "media/exif-samples/jpg/gps/DSCN0021.jpg",
	"media/exif-samples/jpg/gps/DSCN0025.jpg", "media/exif-samples/jpg/gps/DSCN0027.jpg", "media/exif-samples/jpg/gps/DSCN0029.jpg",
	"media/exif-samples/jpg/gps/DSCN0038.jpg", "media/exif-samples/jpg/gps/DSCN0040.jpg", "media/exif-samples/jpg/gps/DSCN0042.jpg",
	"media/brighton-beach/DJI_0025.JPG", "media/brighton-beach/DJI_0031.JPG",
}

// recycling is what is done to old footage before it is posted again.
var recycling = []struct {
	name    string
	quality int
	make    func(image.Image) image.Image
}{
	{"recompressed", 30, func(p image.Image) image.Image { return p }},
	{"small", 60, func(p image.Image) image.Image { return scaled(p, 0.4) }},
	{"cropped by 10 %", 80, func(p image.Image) image.Image { return cropped(p, 0.05) }},
	{"mirrored", 80, mirrored},
	{"with a caption bar", 80, captioned},
}

// recycledPopulation claims pictures for an autumn. An archive holds every second picture, seen a year before: edits of
// those are old footage, the others are not. Every picture is once in the archive and once not.
func recycledPopulation(ctx context.Context, court trials.Court, pool *decode.Pool, root string) (trials.Population, error) {
	p := trials.Population{Name: "recycled", Doc: "edits of real pictures, of which an archive holds every second one as seen a year before; frames of one walk among them"}
	dir, err := os.MkdirTemp("", "calibrate-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	scenes := make([]scene, len(sceneFiles))
	for i, name := range sceneFiles {
		if scenes[i], err = newScene(ctx, pool, filepath.Join(root, filepath.FromSlash(name)), dir); err != nil {
			return p, fmt.Errorf("picture %d: %w", i, err)
		}
	}
	part := rand.New(rand.NewPCG(6, 2)).Perm(len(scenes))
	none := trials.NoMaps()
	p.Judged, err = court.JudgeAll(ctx, len(scenes), func(i int) (out []trials.Claim, err error) {
		for half := range 2 {
			old := i%2 == half
			for _, e := range scenes[i].edits {
				out = append(out, trials.Claim{Case: caseOf(fmt.Sprintf("F-%d", i), autumn(), e.exhibit), Index: archive{scenes, half}, Maps: none,
					PlaceTrue: !old, TimeTrue: !old, Kind: map[bool]string{true: "old, ", false: "new, "}[old] + e.name, Event: i, Report: part[i]%2 == 1})
			}
		}
		return out, nil
	})
	return p, err
}

// autumn is what is claimed of every picture; only what the archive says of it counts here.
func autumn() pipeline.Claim {
	from := time.Date(2024, 11, 3, 7, 0, 0, 0, time.UTC)
	return pipeline.Claim{Where: &pipeline.Place{Lat: 48.5956, Lon: 37.9999, RadiusM: truth.RadiusM}, When: &pipeline.Span{From: from, To: from.Add(2 * time.Hour)}}
}

// scene is a picture as the archive has it, and its edits.
type scene struct {
	footage *likeness.Footage
	edits   []edit
}

type edit struct {
	name    string
	exhibit pipeline.Exhibit
}

// newScene prints the picture and its edits, which carry no tags.
func newScene(ctx context.Context, pool *decode.Pool, file, dir string) (s scene, err error) {
	original, err := extracted(ctx, pool, file, true)
	if err != nil {
		return s, err
	}
	if s.footage, err = looks(original); err != nil {
		return s, err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	picture, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return s, err
	}
	for i, r := range recycling {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, r.make(picture), &jpeg.Options{Quality: r.quality}); err != nil {
			return s, err
		}
		name := filepath.Join(dir, fmt.Sprintf("%d.jpg", i))
		if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
			return s, err
		}
		e, err := extracted(ctx, pool, name, true)
		if err != nil {
			return s, err
		}
		s.edits = append(s.edits, edit{r.name, e})
	}
	return s, nil
}

func looks(e pipeline.Exhibit) (*likeness.Footage, error) {
	prints, _, err := pipeline.PrintsKey.In(e.Observed)
	if err != nil {
		return nil, err
	}
	return likeness.Of(prints)
}

// archive holds every second scene, from the given one on. It implements footage.Index, comparing one by one as the
// catalogue does with what no index holds yet.
type archive struct {
	scenes []scene
	from   int
}

// Archive implements footage.Index.
func (a archive) Archive(context.Context) (bool, error) { return true, nil }

// Look implements footage.Index.
func (a archive) Look(_ context.Context, _ pipeline.MediaID, prints []pipeline.Print) (footage.Seen, error) {
	asked, err := likeness.Of(prints)
	if err != nil {
		return footage.Seen{}, err
	}
	out := footage.Seen{Pictures: 1}
	for _, p := range prints {
		if p.View == pipeline.ViewUpright && !p.Flat && p.Weak == "" {
			out.Comparable = 1
		}
	}
	seen := time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC)
	for i := a.from; i < len(a.scenes); i += 2 {
		l, alike, err := likeness.Compare(asked, a.scenes[i].footage)
		if err != nil {
			return out, err
		}
		if alike {
			out.Sightings = append(out.Sightings, footage.Sighting{Entry: footage.Entry{Name: fmt.Sprintf("known/%d", i), SeenBy: &seen}, Like: l})
		}
	}
	return out, nil
}

func scaled(p image.Image, by float64) image.Image {
	b := p.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*by)), max(1, int(float64(b.Dy())*by))))
	imagedraw.ApproxBiLinear.Scale(out, out.Rect, p, b, imagedraw.Src, nil)
	return out
}

// cropped takes a share off each side.
func cropped(p image.Image, share float64) image.Image {
	b := p.Bounds()
	dx, dy := int(float64(b.Dx())*share), int(float64(b.Dy())*share)
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()-2*dx, b.Dy()-2*dy))
	imagedraw.Draw(out, out.Rect, p, b.Min.Add(image.Pt(dx, dy)), imagedraw.Src)
	return out
}

func mirrored(p image.Image) image.Image {
	b := p.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, y, p.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// captioned has a white bar with dark blocks over the lowest eighth.
func captioned(p image.Image) image.Image {
	b := p.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	imagedraw.Draw(out, out.Rect, p, b.Min, imagedraw.Src)
	bar := image.Rect(0, b.Dy()*7/8, b.Dx(), b.Dy())
	imagedraw.Draw(out, bar, image.White, image.Point{}, imagedraw.Src)
	unit := max(1, bar.Dy()/4)
	for i := 0; (2*i+2)*unit < b.Dx(); i++ {
		word := image.Rect((2*i+1)*unit, bar.Min.Y+unit, (2*i+1)*unit+unit, bar.Min.Y+2*unit)
		imagedraw.Draw(out, word, image.NewUniform(color.Gray{40}), image.Point{}, imagedraw.Src)
	}
	return out
}

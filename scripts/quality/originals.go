package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// original is a picture of the archive.
type original struct {
	name    string
	bytes   []byte      // the file, as it was found or drawn
	picture *image.RGBA // what is edited: it as stored, of at most workSide pixels
	counted bool        // its edits count towards recall; those of others are strangers only
}

// workSide is the longest side of what is edited, in pixels: what social networks pass on.
const workSide = 1280

// photos are real files below the folder of test data, one of each scene.
var photos = []string{
	"neardup/pdq/bridge-mods/aaa-orig.jpg",
	"neardup/pdq/labelme-subset/q0122.jpg", "neardup/pdq/labelme-subset/q0291.jpg", "neardup/pdq/labelme-subset/q0746.jpg",
	"neardup/pdq/labelme-subset/q1050.jpg", "neardup/pdq/labelme-subset/q2821.jpg",
	"neardup/lomiri/Bridge_by_Sander_Klootwijk.jpg", "neardup/lomiri/Picture_0B_by_freespace.jpg", "neardup/lomiri/Wine_by_Jakkub_Mede.jpg",
	"neardup/lomiri/analogpattern_by_Peter_Nerlich.jpg", "neardup/lomiri/friends_by_Aitzol_Berasategi.jpg",
	"neardup/lomiri/life_by_Aitzol_Berasategi.jpg", "neardup/lomiri/seeding_by_Clements_Engelhardt.jpg",
	"neardup/lomiri/umang_by_Abhishek_Mudgal.jpg",
	"media/brighton-beach/DJI_0025.JPG", "media/exif-samples/jpg/Canon_PowerShot_S40.jpg", "media/exif-samples/jpg/Reconyx_HC500_Hyperfire.jpg",
	"media/exif-samples/jpg/gps/DSCN0010.jpg", "media/exif-samples/jpg/hdr/iphone_hdr_YES.jpg",
	"media/exif-samples/jpg/mobile/HMD_Nokia_8.3_5G.jpg", "media/exif-samples/jpg/mobile/jolla.jpg",
	"media/exif-samples/jpg/orientation/landscape_1.jpg", "media/exif-samples/jpg/tests/11-tests.jpg",
	"media/exif-samples/jpg/tests/22-canon_tags.jpg", "media/exif-samples/jpg/tests/30-type_error.jpg",
	"media/exif-samples/jpg/tests/33-type_error.jpg", "media/exif-samples/jpg/tests/35-empty.jpg",
	"media/exif-samples/jpg/tests/36-memory_error.jpg", "media/exif-samples/jpg/tests/45-gps_ifd.jpg",
	"media/exif-samples/jpg/tests/87_OSError.jpg", "media/exif-samples/jpg/xmp/no_exif.jpg", "media/goexif/exif/sample1.jpg",
	"media/metadata-extractor-images/jpg/Apple iPhone 4.jpg", "media/metadata-extractor-images/jpg/Apple iPhone 5.jpg",
	"media/metadata-extractor-images/jpg/Apple iPhone 6.jpg", "media/metadata-extractor-images/jpg/FLIR iPhone device.jpg",
	"media/metadata-extractor-images/jpg/FujiFilm FinePixS1Pro (1).jpg", "media/metadata-extractor-images/jpg/FujiFilm FinePixS1Pro (2).jpg",
	"media/metadata-extractor-images/jpg/HTC Desire.jpg", "media/metadata-extractor-images/jpg/Issue 308.jpg",
	"media/metadata-extractor-images/jpg/Nexus 4.jpg", "media/metadata-extractor-images/jpg/Samsung GT-I9000 (Galaxy S).jpg",
}

// hard are strangers that look alike: other frames of the walk and of the flight of photos, and two flat pictures.
var hard = []string{
	"media/exif-samples/jpg/gps/DSCN0012.jpg", "media/exif-samples/jpg/gps/DSCN0021.jpg", "media/exif-samples/jpg/gps/DSCN0025.jpg",
	"media/exif-samples/jpg/gps/DSCN0027.jpg", "media/exif-samples/jpg/gps/DSCN0029.jpg", "media/exif-samples/jpg/gps/DSCN0038.jpg",
	"media/exif-samples/jpg/gps/DSCN0040.jpg", "media/exif-samples/jpg/gps/DSCN0042.jpg", "media/brighton-beach/DJI_0031.JPG",
	"neardup/pdq/labelme-subset/q0003.jpg", "neardup/pdq/labelme-subset/q0004.jpg",
}

// How many scenes are drawn, and of how many real photos the short form takes one.
const (
	manyScenes, shortScenes = 30, 10
	shortEvery              = 12
)

// originals draws the scenes and opens the real files that are there.
func originals(s sample) ([]original, error) {
	scenes, real, alike := manyScenes, photos, hard
	if s.short {
		scenes, real, alike = shortScenes, nil, nil
		for i := 0; i < len(photos); i += shortEvery {
			real = append(real, photos[i])
		}
	}
	var out []original
	for i := range scenes {
		img := scene(s.first + i)
		b, err := jpegOf(img, 92)
		if err != nil {
			return nil, err
		}
		out = append(out, original{fmt.Sprintf("scene %d", s.first+i), b, within(img, workSide), true})
	}
	for i, name := range slices.Concat(real, alike) {
		o, err := photo(filepath.Join(s.data, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		o.counted = i < len(real)
		out = append(out, o)
	}
	return out, nil
}

func photo(path string) (original, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return original{}, err
	}
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || int64(cfg.Width)*int64(cfg.Height) > 50_000_000 {
		return original{}, fmt.Errorf("%s: not a JPEG of at most 50 megapixels: %w", filepath.Base(path), err)
	}
	img, err := opened(b)
	if err != nil {
		return original{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return original{name: filepath.Base(path), bytes: b, picture: within(img, workSide)}, nil
}

package tags

import (
	"errors"
	"io"

	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/tags/movie"
	"whenwhere/internal/decode/tags/second"
	"whenwhere/internal/decode/tags/still"
	"whenwhere/internal/decode/tags/telemetry"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/tags/xmp"
	"whenwhere/internal/decode/wire"
)

// Read returns the stated tags of a file of sizeBytes whose content is of mimeType, in the order of the file.
//
// Whose tags: our own directory walk ("walk", "mp4") and XMP reader ("xmp") decide. goexif and imagemeta are asked
// too; a value of theirs becomes a tag only where the walk has none of that directory and name, and a value that
// differs becomes a Note "readers disagree on ...". A block that breaks a limit is shown to neither.
//
// Of text only the subtitles of DJI drones are read ("srt"), told by their content; of films also GoPro's telemetry ("gpmf").
func Read(r io.ReaderAt, sizeBytes int64, mimeType string) (wire.Tags, *wire.Fault) {
	file := window.New(r, sizeBytes)
	var a answer
	var err error
	switch mimeType {
	case "image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic", "image/heif", "image/avif":
		err = a.still(file, mimeType)
	case "video/mp4", "video/quicktime", "video/x-m4v", "video/3gpp", "video/3gpp2", "audio/mp4":
		err = a.movie(movie.MP4(file))
	case "video/x-msvideo":
		err = a.movie(movie.AVI(file))
	case "video/x-matroska", "video/webm":
		err = a.movie(movie.Matroska(file))
	case "text/plain":
		return subtitle(file, mimeType)
	default:
		return wire.Tags{}, fault(wire.ClassUnsupported, "no tag reader for type "+mimeType, "")
	}
	if err != nil {
		return wire.Tags{}, fault(wire.ClassInvalid, "damaged "+mimeType, err.Error())
	}
	return a.tags(), nil
}

// subtitle reads text that is a subtitle of a DJI drone by its content. Other text has no reader.
func subtitle(file window.File, mimeType string) (wire.Tags, *wire.Fault) {
	var a answer
	list, notes, err := telemetry.Subtitle(file)
	switch {
	case errors.Is(err, telemetry.ErrNotDJI):
		return wire.Tags{}, fault(wire.ClassUnsupported, "no tag reader for type "+mimeType, "")
	case errors.Is(err, telemetry.ErrTooLarge):
		return wire.Tags{}, fault(wire.ClassRefused, err.Error(), "")
	case err != nil:
		return wire.Tags{}, fault(wire.ClassInvalid, "damaged "+mimeType, err.Error())
	}
	a.add(list, notes)
	return a.tags(), nil
}

func fault(class wire.Class, rule, detail string) *wire.Fault {
	return &wire.Fault{Op: wire.OpTags, Class: class, Rule: rule, Detail: detail}
}

// stillOf finds the blocks of a picture and walks its EXIF block; block is nil when there is none or it is no TIFF.
func stillOf(file window.File, mimeType string) (found still.Found, block *ifd.Block, err error) {
	switch mimeType {
	case "image/jpeg":
		found, err = still.JPEG(file)
	case "image/png":
		found, err = still.PNG(file)
	case "image/webp":
		found, err = still.WebP(file)
	case "image/heic", "image/heif", "image/avif":
		found, err = still.HEIF(file)
	case "image/tiff":
		return still.TIFF(file)
	default:
		return found, nil, errors.New("tags: not a picture: " + mimeType)
	}
	if err == nil && found.Exif != nil {
		block, _ = ifd.Walk(*found.Exif, found.ExifWhere)
	}
	return found, block, err
}

func (a *answer) still(file window.File, mimeType string) error {
	found, block, err := stillOf(file, mimeType)
	if err != nil {
		return err
	}
	a.brands = found.Brands
	a.add(found.Tags, found.Notes)
	a.exif(found, block)
	walk := a.list
	if block != nil && block.Sound() {
		a.add(goexif(*found.Exif, walk))
	}
	for _, p := range found.XMP {
		a.add(xmp.Read(p.Data, p.Where))
	}
	from := second.Sources{Exif: block == nil || !block.Refused, IPTC: found.HasIPTC}
	a.add(second.Imagemeta(file, mimeType, from, walk))
	return nil
}

// exif adds what the walk read of the EXIF block.
func (a *answer) exif(found still.Found, block *ifd.Block) {
	if found.Exif == nil {
		return
	}
	if block == nil {
		a.add(nil, []wire.Note{{Where: found.ExifWhere, Rule: ifd.ErrNotTIFF.Error()}})
		return
	}
	a.add(nil, block.Notes)
	list, notes, withheld := block.Tags()
	a.withheld += withheld
	a.add(list, notes)
}

// goexif gets a copy of the block when it is small enough.
func goexif(block window.File, walk []wire.Tag) ([]wire.Tag, []wire.Note) {
	if block.Size() > second.MaxGoexifBytes {
		return nil, nil
	}
	raw, ok := block.Bytes(0, block.Size())
	if !ok {
		return nil, nil
	}
	return second.Goexif(raw, walk)
}

func (a *answer) movie(found movie.Found, err error) error {
	if err != nil {
		return err
	}
	a.brands, a.encoder, a.durationMs = found.Brands, found.Encoder, found.DurationMs
	a.add(found.Tags, found.Notes)
	if found.XMP != nil {
		a.add(xmp.Read(found.XMP, "xmp"))
	}
	return nil
}

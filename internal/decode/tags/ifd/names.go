package ifd

import (
	"whenwhere/internal/decode/wire"
)

// spec is the name and kind that EXIF (CIPA DC-008-2019 "2.32" and DC-008-2023 "3.0") gives a tag.
type spec struct {
	name string
	kind Kind
}

// imageTags are the exported tags of IFD0, IFD1 and Exif. Names, owners, comments and descriptions are left out on
// purpose: they are personal data and say nothing of place or time.
var imageTags = map[uint16]spec{
	0x000B: {"ProcessingSoftware", Text},
	0x010F: {"Make", Text},
	0x0110: {"Model", Text},
	0x0112: {"Orientation", Int},
	0x0131: {"Software", Text},
	0x0132: {"DateTime", Text},
	0x013C: {"HostComputer", Text},
	0x829A: {"ExposureTime", Rat},
	0x829D: {"FNumber", Rat},
	0x8827: {"PhotographicSensitivity", Int},
	0x8833: {"ISOSpeed", Int},
	0x9003: {"DateTimeOriginal", Text},
	0x9004: {"DateTimeDigitized", Text},
	0x9010: {"OffsetTime", Text},
	0x9011: {"OffsetTimeOriginal", Text},
	0x9012: {"OffsetTimeDigitized", Text},
	0x9201: {"ShutterSpeedValue", Rat},
	0x9202: {"ApertureValue", Rat},
	0x9203: {"BrightnessValue", Rat},
	0x9204: {"ExposureBiasValue", Rat},
	0x9209: {"Flash", Int},
	0x920A: {"FocalLength", Rat},
	0x9290: {"SubSecTime", Text},
	0x9291: {"SubSecTimeOriginal", Text},
	0x9292: {"SubSecTimeDigitized", Text},
	0xA002: {"PixelXDimension", Int},
	0xA003: {"PixelYDimension", Int},
	0xA404: {"DigitalZoomRatio", Rat},
	0xA405: {"FocalLengthIn35mmFilm", Int},
	0xA420: {"ImageUniqueID", Text},
	0xA431: {"BodySerialNumber", Text},
	0xA433: {"LensMake", Text},
	0xA434: {"LensModel", Text},
	0xA435: {"LensSerialNumber", Text},
	0xA439: {"CameraFirmware", Text},
	0xA43A: {"RAWDevelopingSoftware", Text},
	0xA43B: {"ImageEditingSoftware", Text},
	0xA43C: {"MetadataEditingSoftware", Text},
}

// gpsTags are all tags of the GPS directory.
var gpsTags = map[uint16]spec{
	0x00: {"GPSVersionID", Int},
	0x01: {"GPSLatitudeRef", Text},
	0x02: {"GPSLatitude", Rat},
	0x03: {"GPSLongitudeRef", Text},
	0x04: {"GPSLongitude", Rat},
	0x05: {"GPSAltitudeRef", Int},
	0x06: {"GPSAltitude", Rat},
	0x07: {"GPSTimeStamp", Rat},
	0x08: {"GPSSatellites", Text},
	0x09: {"GPSStatus", Text},
	0x0A: {"GPSMeasureMode", Text},
	0x0B: {"GPSDOP", Rat},
	0x0C: {"GPSSpeedRef", Text},
	0x0D: {"GPSSpeed", Rat},
	0x0E: {"GPSTrackRef", Text},
	0x0F: {"GPSTrack", Rat},
	0x10: {"GPSImgDirectionRef", Text},
	0x11: {"GPSImgDirection", Rat},
	0x12: {"GPSMapDatum", Text},
	0x13: {"GPSDestLatitudeRef", Text},
	0x14: {"GPSDestLatitude", Rat},
	0x15: {"GPSDestLongitudeRef", Text},
	0x16: {"GPSDestLongitude", Rat},
	0x17: {"GPSDestBearingRef", Text},
	0x18: {"GPSDestBearing", Rat},
	0x19: {"GPSDestDistanceRef", Text},
	0x1A: {"GPSDestDistance", Rat},
	0x1B: {"GPSProcessingMethod", CodedText},
	0x1C: {"GPSAreaInformation", CodedText},
	0x1D: {"GPSDateStamp", Text},
	0x1E: {"GPSDifferential", Int},
	0x1F: {"GPSHPositioningError", Rat},
}

func specOf(dir string, id uint16) (spec, bool) {
	var s spec
	switch dir {
	case "GPS":
		s = gpsTags[id]
	case "Interop":
	default:
		s = imageTags[id]
	}
	return s, s.name != ""
}

// Name returns the standard's name of an exported tag, false for one that is unknown or not exported.
func Name(dir string, id uint16) (string, bool) {
	s, ok := specOf(dir, id)
	return s.name, ok
}

// Tags decodes the exported tags and counts the others, which are unknown, structural or personal. Values that break
// a rule are kept and noted; empty ones are neither.
func (b *Block) Tags() (tags []wire.Tag, notes []wire.Note, withheld int) {
	for _, e := range b.Entries {
		s, ok := specOf(e.Dir, e.ID)
		if !ok {
			withheld++
			continue
		}
		v := b.Value(e, s.kind)
		if v.Defect != "" && len(notes) < maxNotes {
			notes = append(notes, wire.Note{Where: b.where + " " + e.Dir + " " + s.name, Rule: v.Defect})
		}
		if v.Empty() {
			continue
		}
		tags = append(tags, wire.Tag{Reader: "walk", Dir: e.Dir, Name: s.name, Text: v.Text, Ints: v.Ints, Rats: v.Rats, Floats: v.Floats})
	}
	return tags, notes, withheld
}

// Exports reports whether a tag of that name is exported from that directory.
func Exports(dir, name string) bool {
	table := imageTags
	if dir == "GPS" {
		table = gpsTags
	}
	for _, s := range table {
		if s.name == name {
			return true
		}
	}
	return false
}

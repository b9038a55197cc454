package xmp

import (
	"encoding/xml"
	"strings"
)

// prefixes gives the canonical prefix of each namespace that matters.
var prefixes = map[string]string{
	"http://ns.adobe.com/xap/1.0/":                     "xmp",
	"http://ns.adobe.com/exif/1.0/":                    "exif",
	"http://cipa.jp/exif/1.0/":                         "exifEX",
	"http://ns.adobe.com/exif/1.0/aux/":                "aux",
	"http://ns.adobe.com/photoshop/1.0/":               "photoshop",
	"http://ns.adobe.com/tiff/1.0/":                    "tiff",
	"http://ns.adobe.com/xap/1.0/mm/":                  "xmpMM",
	"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
	"http://www.dji.com/drone-dji/1.0/":                "drone-dji",
	"http://pix4d.com/camera/1.0":                      "Camera",
	"http://pix4d.com/camera/1.0/":                     "Camera",
	"http://ns.google.com/photos/1.0/panorama/":        "GPano",
	"http://ns.google.com/photos/1.0/camera/":          "GCamera",
	"http://iptc.org/std/Iptc4xmpExt/2008-02-29/":      "Iptc4xmpExt",
}

// names lists the exported properties of each prefix. "*" exports every simple property of that namespace.
var names = map[string]string{
	"xmp": " CreateDate ModifyDate MetadataDate CreatorTool ",
	"exif": " DateTimeOriginal DateTimeDigitized GPSVersionID GPSLatitude GPSLongitude GPSAltitudeRef GPSAltitude " +
		"GPSTimeStamp GPSDateStamp GPSStatus GPSMeasureMode GPSDOP GPSSpeedRef GPSSpeed GPSTrackRef GPSTrack " +
		"GPSImgDirectionRef GPSImgDirection GPSMapDatum GPSDestLatitude GPSDestLongitude GPSDestBearing GPSDestBearingRef " +
		"GPSProcessingMethod GPSHPositioningError ExposureTime FNumber ISOSpeedRatings FocalLength " +
		"FocalLengthIn35mmFilm DigitalZoomRatio ExposureBiasValue BrightnessValue PixelXDimension PixelYDimension ImageUniqueID ",
	"exifEX":      " BodySerialNumber LensModel LensMake PhotographicSensitivity OffsetTime OffsetTimeOriginal OffsetTimeDigitized ",
	"aux":         " SerialNumber Lens ",
	"photoshop":   " DateCreated ",
	"tiff":        " Make Model Software DateTime Orientation ",
	"xmpMM":       " DocumentID InstanceID OriginalDocumentID ",
	"drone-dji":   "*",
	"Camera":      "*",
	"GPano":       " PoseHeadingDegrees PosePitchDegrees PoseRollDegrees ProjectionType FirstPhotoDate LastPhotoDate CaptureSoftware StitchingSoftware ",
	"GCamera":     " MicroVideo MicroVideoOffset MicroVideoPresentationTimestampUs MotionPhoto MotionPhotoPresentationTimestampUs ",
	"Iptc4xmpExt": " DigitalSourceType ",
}

// withheld are properties of wholesale namespaces that name a device's owner or hold the pilot's place.
var withheld = map[string]bool{
	"drone-dji:HomeLatitude": true, "drone-dji:HomeLongitude": true, "drone-dji:PilotLatitude": true,
	"drone-dji:PilotLongitude": true, "drone-dji:UserName": true,
}

// historyNames are the exported fields of an entry of xmpMM:History.
const historyNames = " action when softwareAgent changed "

// known returns "prefix:Local" of a name in a namespace that matters.
func known(n xml.Name) (string, bool) {
	prefix, ok := prefixes[n.Space]
	if !ok || n.Local == "" {
		return "", false
	}
	return prefix + ":" + n.Local, true
}

// exported decides on a path and names it. Items of a list keep their index: exif:ISOSpeedRatings[1].
func exported(path string) (string, bool) {
	if event, ok := strings.CutPrefix(path, "xmpMM:History["); ok {
		_, field, ok := strings.Cut(event, "]/stEvt:")
		return path, ok && strings.Contains(historyNames, " "+field+" ")
	}
	if strings.Contains(path, "/") {
		return "", false
	}
	name, _, _ := strings.Cut(path, "[")
	prefix, local, _ := strings.Cut(name, ":")
	allowed := names[prefix]
	if withheld[name] || (allowed != "*" && !strings.Contains(allowed, " "+local+" ")) {
		return "", false
	}
	return path, true
}

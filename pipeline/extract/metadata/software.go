package metadata

import (
	"slices"
	"strings"

	"whenwhere/internal/decode/wire"
)

// programs are the fields that name what made or changed the file, firmware included: nobody can tell them apart by form.
var programs = map[string][]string{
	"IFD0": {"Software", "ProcessingSoftware"},
	"Exif": {"RAWDevelopingSoftware", "ImageEditingSoftware", "MetadataEditingSoftware"},
	"XMP":  {"tiff:Software", "xmp:CreatorTool"},
	"IPTC": {"OriginatingProgram"},
	"PNG":  {"Software"},
	"AVI":  {"ISFT"},
	"mkv":  {"MuxingApp", "WritingApp"},
	"keys": {"com.apple.quicktime.software", "software", "encoder"},
	"udta": {"©swr", "©too", "©enc"},
	"ilst": {"©swr", "©too", "©enc"},
}

// software lists each program once, sorted.
func (s *stated) software() []string {
	var out []string
	for _, t := range s.tags.Tags {
		agent := t.Dir == "XMP" && strings.HasSuffix(t.Name, "/stEvt:softwareAgent")
		if t.Text == nil || !agent && !slices.Contains(programs[t.Dir], t.Name) {
			continue
		}
		out = append(out, clean(*t.Text))
	}
	out = append(out, clean(s.tags.Encoder))
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(w string) bool { return w == "" })
}

// blocks names the kinds of metadata that the file holds, sorted; none means that it was stripped or never had any.
// Headers that every movie must have count only when their times are set.
func (s *stated) blocks() []string {
	var out []string
	for _, t := range s.tags.Tags {
		if b := block(t); b != "" {
			out = append(out, b)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func block(t wire.Tag) string {
	switch t.Dir {
	case "IFD0", "IFD1", "Exif", "Interop":
		return "exif"
	case "GPS", "XMP", "IPTC", "PNG", "AVI", "srt", "gpmf":
		return strings.ToLower(t.Dir)
	case "mkv":
		return "matroska"
	case "mvhd", "tkhd", "mdhd":
		if len(t.Ints) == 1 && t.Ints[0] != 0 {
			return "quicktime"
		}
	case "keys":
		return "keys"
	case "udta", "ilst":
		return "udta"
	}
	return ""
}

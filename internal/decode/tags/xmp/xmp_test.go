package xmp_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags/xmp"
)

const (
	head = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`
	tail = `</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
	both = head + `<rdf:Description rdf:about="" xmlns:a="http://ns.adobe.com/xap/1.0/" xmlns:dji="http://www.dji.com/drone-dji/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mm="http://ns.adobe.com/xap/1.0/mm/" xmlns:ev="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
 xmlns:e="http://ns.adobe.com/exif/1.0/" a:CreateDate="2024-09-01T12:00:00" dji:GimbalYawDegree="-132.10" dji:HomeLatitude="48.1" dc:creator="A. Person">
 <a:CreatorTool> Tool 1 </a:CreatorTool>
 <dc:creator><rdf:Seq><rdf:li>A. Person</rdf:li></rdf:Seq></dc:creator>
 <e:ISOSpeedRatings><rdf:Seq><rdf:li>100</rdf:li><rdf:li>200</rdf:li></rdf:Seq></e:ISOSpeedRatings>
 <e:UserComment><rdf:Alt><rdf:li>private</rdf:li></rdf:Alt></e:UserComment>
 <mm:History><rdf:Seq><rdf:li ev:action="created" ev:instanceID="x"/><rdf:li rdf:parseType="Resource"><ev:softwareAgent>Editor</ev:softwareAgent><ev:when>2024-09-02</ev:when></rdf:li></rdf:Seq></mm:History>
 <dc:nested><a:CreateDate>hidden</a:CreateDate></dc:nested>
</rdf:Description>` + tail
)

var bothWant = []string{
	"xmp:CreateDate=2024-09-01T12:00:00", "drone-dji:GimbalYawDegree=-132.10", "xmp:CreatorTool=Tool 1", "exif:ISOSpeedRatings[1]=100",
	"exif:ISOSpeedRatings[2]=200", "xmpMM:History[1]/stEvt:action=created", "xmpMM:History[2]/stEvt:softwareAgent=Editor", "xmpMM:History[2]/stEvt:when=2024-09-02",
}

func read(packet string) (names []string, rules string) {
	tags, notes := xmp.Read([]byte(packet), "xmp")
	for _, t := range tags {
		names = append(names, t.Name+"="+*t.Text)
	}
	for _, n := range notes {
		rules += n.Rule + "\n"
	}
	return names, rules
}

func TestBothForms(t *testing.T) {
	t.Parallel()
	got, rules := read(both)
	if diff := cmp.Diff(bothWant, got); diff != "" || rules != "" {
		t.Errorf("(-want +got):\n%s%s", diff, rules)
	}
}

func TestUTF16(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		var packet []byte
		for _, unit := range utf16.Encode([]rune(both)) {
			packet = order.AppendUint16(packet, unit)
		}
		got, rules := read(string(packet))
		if diff := cmp.Diff(bothWant, got); diff != "" || rules != "" {
			t.Errorf("%v (-want +got):\n%s%s", order, diff, rules)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	date := `<rdf:Description xmlns:a="http://ns.adobe.com/xap/1.0/" a:CreateDate="2024"/>`
	cases := []struct {
		name, packet, rule string
		tags               int
	}{
		{"depth at limit", strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64), "", 0},
		{"depth beyond", strings.Repeat("<a>", 65), "depth exceeds 64", 0},
		{"nodes at limit", "<a>" + strings.Repeat("<b/>", 99_999) + "</a>", "", 0},
		{"nodes beyond", "<a>" + strings.Repeat("<b/>", 100_000) + "</a>", "100001 elements and attributes exceed 100000", 0},
		{"attributes beyond", "<a " + strings.Repeat("b=''\n", 100_000) + "/>", "100001 elements and attributes exceed 100000", 0},
		{"bytes at limit", head + date + tail + strings.Repeat(" ", xmp.MaxBytes-len(head+date+tail)), "", 1},
		{"bytes beyond", head + date + tail + strings.Repeat(" ", xmp.MaxBytes+1-len(head+date+tail)), "2097153 bytes exceed 2097152", 0},
		{"broken off", head + date, "not well-formed", 1},
		{"known properties", head + strings.Repeat(date, 401) + tail, "more than 400 known properties", 400},
		{"entities", `<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>`, "not well-formed", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, rules := read(c.packet)
			if len(got) != c.tags || !strings.Contains(rules, c.rule) || (c.rule == "" && rules != "") {
				t.Errorf("%d tags, rules %q; want %d, %q", len(got), rules, c.tags, c.rule)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(both))
	f.Add([]byte("\x00<\x00a\x00/\x00>"))
	f.Add([]byte(strings.Repeat("<a>", 65)))
	f.Fuzz(func(t *testing.T, packet []byte) {
		tags, _ := xmp.Read(packet, "xmp")
		if len(tags) > xmp.MaxTags {
			t.Fatalf("%d tags", len(tags))
		}
		for _, tag := range tags {
			if tag.Text == nil || !utf8.ValidString(*tag.Text) || len(*tag.Text) > 3000 || !strings.Contains(tag.Name, ":") {
				t.Fatalf("%+v", tag)
			}
		}
		again, _ := xmp.Read(bytes.Clone(packet), "xmp")
		if diff := cmp.Diff(tags, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

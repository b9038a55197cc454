package second_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/tags/second"
	. "whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

func block() []byte {
	return Exif(
		[]Field{Text(0x010F, "Maker"), Text(0x0132, "2024:09:01 12:00:05")},
		[]Field{Text(0x9003, "2024:09:01 12:00:00"), Rats(0x829A, 10, 2500)},
		[]Field{Text(1, "N"), Rats(2, 48, 1, 17, 1, 12345, 1000), Text(3, "E"), Rats(4, 37, 1, 10, 1, 0, 1), Rats(7, 9, 1, 0, 1, 5, 1)}, nil)
}

func walk(t *testing.T) []wire.Tag {
	t.Helper()
	b, err := ifd.Walk(window.Of(block()), "exif")
	if err != nil {
		t.Fatal(err)
	}
	tags, _, _ := b.Tags()
	return tags
}

type ask func(walk []wire.Tag) ([]wire.Tag, []wire.Note)

// readers are both libraries, each asked about the same block.
func readers() map[string]ask {
	return map[string]ask{
		"goexif": func(walk []wire.Tag) ([]wire.Tag, []wire.Note) { return second.Goexif(block(), walk) },
		"imagemeta": func(walk []wire.Tag) ([]wire.Tag, []wire.Note) {
			return second.Imagemeta(window.Of(J(block())), "image/jpeg", second.Sources{Exif: true}, walk)
		},
	}
}

func TestAgreementIsSilent(t *testing.T) {
	t.Parallel()
	for name, read := range readers() {
		if extra, notes := read(walk(t)); len(extra) != 0 || len(notes) != 0 {
			t.Errorf("%s: %v %v", name, extra, notes)
		}
	}
}

// Each tag that the walk has differently is one Note and never a tag.
func TestDisagreementIsANote(t *testing.T) {
	t.Parallel()
	for name, read := range readers() {
		for i := range walk(t) {
			tags := walk(t)
			if tags[i].Text != nil {
				other := *tags[i].Text + "x"
				tags[i].Text = &other
			} else {
				tags[i].Rats[len(tags[i].Rats)-1].Num += 3
			}
			extra, notes := read(tags)
			if len(extra) != 0 || len(notes) != 1 || notes[0].Where != tags[i].Dir+" "+tags[i].Name {
				t.Errorf("%s %s: %v %v", name, tags[i].Name, extra, notes)
			}
		}
	}
}

// What the walk does not have comes out under the name of the library; imagemeta has reduced the rational.
func TestOnlyTheLibraryHasIt(t *testing.T) {
	t.Parallel()
	want := map[string]wire.Rat{"goexif": {Num: 10, Den: 2500}, "imagemeta": {Num: 1, Den: 250}}
	for name, read := range readers() {
		var without []wire.Tag
		for _, tag := range walk(t) {
			if tag.Name != "ExposureTime" {
				without = append(without, tag)
			}
		}
		extra, notes := read(without)
		tag := wire.Tag{Reader: name, Dir: "Exif", Name: "ExposureTime", Rats: []wire.Rat{want[name]}}
		if diff := cmp.Diff([]wire.Tag{tag}, extra); diff != "" || len(notes) != 0 {
			t.Errorf("%s: %v\n%s", name, notes, diff)
		}
	}
}

package main

import (
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/decode/child"
)

// TestMain makes the test binary its own decoder child, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	os.Exit(m.Run())
}

// floors stand for the goals of edits of which one missed picture of a few is too many, in percent.
var floors = map[string]float64{"rotate 2 deg": 90, "rotate 5 deg": 90, "screen recording": 75}

func TestShort(t *testing.T) {
	t.Parallel()
	if testing.Short() || raceEnabled {
		t.Skip("prints some hundred pictures")
	}
	r, err := measure(t.Context(), sample{data: filepath.Join("..", "..", "..", "shared", "data"), short: true})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := r.write(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	if r.all.strangers.matches > 0 || r.all.strangers.pairs < 2000 {
		t.Errorf("%s pairs of different pictures match", r.all.strangers.text())
	}
	if r.all.sharing.matches > 0 || r.all.sharing.pairs < 300 {
		t.Errorf("%s pairs of different pictures with the same overlay match", r.all.sharing.text())
	}
	for _, row := range r.rows {
		floor, ok := floors[row.edit.name]
		if !ok {
			floor = row.edit.goal
		}
		if row.combined() < floor {
			t.Errorf("%s: %.1f %%, want %.0f: %v", row.edit.name, row.combined(), floor, row.notes)
		}
		if row.n < shortScenes {
			t.Errorf("%s: %d originals", row.edit.name, row.n)
		}
	}
}

// TestEditsChange: every edit but recompression changes the picture, and none its original.
func TestEditsChange(t *testing.T) {
	t.Parallel()
	src := within(scene(0), 200)
	before := copied(src)
	for i, e := range edits() {
		out, err := e.make(src, rand.New(rand.NewPCG(1, uint64(i))))
		if err != nil {
			t.Fatal(err)
		}
		if same(out, src) != (i == 0) {
			t.Errorf("%s: the same picture: %t", e.name, i != 0)
		}
		if !same(src, before) {
			t.Fatalf("%s wrote into the original", e.name)
		}
	}
}

func same(a, b *image.RGBA) bool { return a.Rect == b.Rect && string(a.Pix) == string(b.Pix) }

// TestUpright: a picture with one pixel marked, stored in the eight ways of EXIF. Where the mark of the upper left corner
// lies when stored is how the standard describes them.
func TestUpright(t *testing.T) {
	t.Parallel()
	const w, h = 3, 2 // upright
	for o, at := range map[int]image.Point{1: {0, 0}, 2: {w - 1, 0}, 3: {w - 1, h - 1}, 4: {0, h - 1},
		5: {0, 0}, 6: {0, w - 1}, 7: {h - 1, w - 1}, 8: {h - 1, 0}} {
		stored := canvas(w, h, black)
		if o >= 5 {
			stored = canvas(h, w, black)
		}
		stored.SetRGBA(at.X, at.Y, white)
		if got := upright(stored, o); got.Rect.Dx() != w || got.RGBAAt(0, 0) != white {
			t.Errorf("orientation %d: %v, corner %v", o, got.Rect, got.RGBAAt(0, 0))
		}
	}
}

func TestScenesDiffer(t *testing.T) {
	t.Parallel()
	if a, b := scene(6), scene(6); !same(a, b) {
		t.Error("the same scene is two pictures")
	}
	if a, b := scene(0), scene(6); a.Rect != b.Rect || same(a, b) {
		t.Error("two scenes of one size are one picture")
	}
	if tone(rand.New(rand.NewPCG(1, 1))) == (color.RGBA{}) {
		t.Error("no tone")
	}
}

// TestRadius: the widest radius of a print is one bit below the nearest stranger, and a false match is a missed goal.
func TestRadius(t *testing.T) {
	t.Parallel()
	var r report
	r.all.strangers, r.all.sharing = newNegatives(), newNegatives()
	r.all.strangers.nearest = []int{12, 90, 92}
	r.all.sharing.nearest = []int{8, 100, 32}
	for i, want := range []int{7, 89, 31} {
		if got := r.radius(i); got != want {
			t.Errorf("%s: radius %d, want %d", alone[i], got, want)
		}
	}
	if r.missed() != nil {
		t.Error(r.missed())
	}
	one := row{edit: edit{name: "x", goal: 99}, n: 100, near: [][]int{{7, 8}, {}, {}}, matched: make([]int, 98)}
	if got := one.recall(0, 7); got != 1 {
		t.Errorf("recall %v, want 1 of 100", got)
	}
	r.rows, r.all.sharing.matches = []row{one}, 1
	if err := r.missed(); err == nil || !strings.Contains(err.Error(), "1 false matches") || !strings.Contains(err.Error(), "x: 98.0 %") {
		t.Error(err)
	}
}

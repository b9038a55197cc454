package duplicates_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

var dawn = time.Date(2024, 12, 3, 6, 0, 0, 0, time.UTC)

// record is a claim of three killed at 48 N, so many metres north of it, within hours of dawn.
func record(id string, northM, fromH, toH float64) duplicates.Record {
	return duplicates.Record{ID: id, Posts: []string{"https://t.me/example_" + id + "/1"},
		Claim: pipeline.Claim{
			Where:      &pipeline.Place{Lon: 37.5, Lat: 48 + northM/111_200, RadiusM: 400},
			When:       &pipeline.Span{From: dawn.Add(time.Duration(fromH * float64(time.Hour))), To: dawn.Add(time.Duration(toH * float64(time.Hour)))},
			Casualties: &pipeline.Casualties{Min: 3, Max: 3, Party: pipeline.SideUA}, Perpetrator: pipeline.SideRU, Kind: pipeline.KindExecution}}
}

// filler are records of other incidents, far from each other in place and time, so that there is a case to draw from.
func filler(n int) []duplicates.Record {
	var out []duplicates.Record
	for i := range n {
		out = append(out, record(fmt.Sprintf("F-%02d", i), -float64(i+1)*60_000, float64(i+2)*170, float64(i+2)*170+4))
	}
	return out
}

func parts(p duplicates.Proposal) map[string]float64 {
	out := map[string]float64{}
	for _, q := range p.Parts {
		out[q.What] = q.Bans
	}
	return out
}

func rename(r duplicates.Record, id string) duplicates.Record {
	r.ID = id
	return r
}

func TestOneIncidentToldTwice(t *testing.T) {
	t.Parallel()
	all := append(filler(22), record("A", 0, 0, 4), record("B", 150, 1, 3))
	got := duplicates.Propose(all, nil, duplicates.DefaultLeastBans)
	if len(got) != 1 || got[0].A != "A" || got[0].B != "B" || got[0].Chance < 0.99 {
		t.Fatalf("proposals: %+v", got)
	}
	p := parts(got[0])
	// By hand: sigma² = 2·0.1634² + 0.1² = 0.0634 km², so one account lies 150 m from another with 2.10 per km²; of two
	// incidents of a day 1.74e-3 lie closer, growing with the power 0.913, which is 0.0112 per km²: 0.977·2.10/0.0112 = 183.
	// Windows of 4 h and 2 h share 2 h, in the 3914 h that all span: 0.972·3914/4 + 0.028 = 951, 2.98 bans.
	for what, want := range map[string]float64{"prior": math.Log10(0.1 / 23), "victims": math.Log10((0.7 + 0.3*4.0/27) / (4.0 / 27)), "source": math.Log10(0.6 / 0.9937)} {
		if math.Abs(p[what]-want) > 0.001 {
			t.Errorf("%s weighs %.3f, want %.3f", what, p[what], want)
		}
	}
	if math.Abs(p["place"]-2.26) > 0.01 || math.Abs(p["time"]-2.98) > 0.01 {
		t.Errorf("place %.2f, time %.2f", p["place"], p["time"])
	}
	if _, ok := p["footage"]; ok {
		t.Error("footage weighs where there is none")
	}
	if diff := cmp.Diff("the places are 150 m apart, stated to 400 m and 400 m", got[0].Parts[1].Reason); diff != "" {
		t.Error(diff)
	}
}

// What is not stated weighs nothing, and what is stated otherwise speaks against.
func TestWhatSpeaksAgainst(t *testing.T) {
	t.Parallel()
	base := record("A", 0, 0, 4)
	for name, c := range map[string]struct {
		change func(*duplicates.Record)
		what   string
		want   float64
		absent bool
	}{
		"elsewhere": {func(r *duplicates.Record) { r.Claim.Where.Lat = 49 }, "place", math.Log10(9.0 / 396), false},
		"another day": {func(r *duplicates.Record) {
			*r.Claim.When = pipeline.Span{From: dawn.Add(99 * time.Hour), To: dawn.Add(100 * time.Hour)}
		}, "time", math.Log10(11.0 / 396), false},
		"another week": {func(r *duplicates.Record) {
			*r.Claim.When = pipeline.Span{From: dawn.Add(240 * time.Hour), To: dawn.Add(244 * time.Hour)}
		}, "place", 3.233, false}, // at other days two incidents lie there with 0.00006·1.5/(2π·0.01) per km², one with 2.51
		"touching": {func(r *duplicates.Record) {
			*r.Claim.When = pipeline.Span{From: dawn.Add(4 * time.Hour), To: dawn.Add(8 * time.Hour)}
		}, "time", math.Log10(11.0 / 396), false},
		"more victims":    {func(r *duplicates.Record) { r.Claim.Casualties.Min, r.Claim.Casualties.Max = 6, 8 }, "victims", math.Log10(0.3), false},
		"other party":     {func(r *duplicates.Record) { r.Claim.Casualties.Party = pipeline.SideRU }, "party", -1, false},
		"other side":      {func(r *duplicates.Record) { r.Claim.Perpetrator = pipeline.SideUA }, "perpetrator", -1, false},
		"other kind":      {func(r *duplicates.Record) { r.Claim.Kind = pipeline.KindShelling }, "kind", -0.5, false},
		"unknown side":    {func(r *duplicates.Record) { r.Claim.Perpetrator = pipeline.SideUnknown }, "perpetrator", 0, true},
		"no side":         {func(r *duplicates.Record) { r.Claim.Perpetrator = "" }, "perpetrator", 0, true},
		"no place":        {func(r *duplicates.Record) { r.Claim.Where = nil }, "place", 0, true},
		"no time":         {func(r *duplicates.Record) { r.Claim.When = nil }, "time", 0, true},
		"no victims":      {func(r *duplicates.Record) { r.Claim.Casualties = nil }, "victims", 0, true},
		"no posts":        {func(r *duplicates.Record) { r.Posts = nil }, "source", 0, true},
		"the same post":   {func(r *duplicates.Record) { r.Posts = []string{"http://T.me/example_A/1/"} }, "source", 1, false},
		"footage, not it": {func(r *duplicates.Record) { r.Footage = []pipeline.MediaID{{7}} }, "footage", math.Log10(0.7 / 0.999), false},
	} {
		a, b := base, record("B", 0, 0, 4)
		if strings.HasPrefix(c.what, "foot") {
			a.Footage = []pipeline.MediaID{{1}}
		}
		c.change(&b)
		turned := a
		turned.ID, b.ID = "B", "A" // whichever of both comes first
		for _, pair := range [][]duplicates.Record{{b, turned}, {rename(b, "B"), rename(a, "A")}} {
			p, ok := duplicates.Weigh(pair, "B", "A")
			got, there := parts(p)[c.what]
			if !ok || there == c.absent || math.Abs(got-c.want) > 0.001 {
				t.Errorf("%s: %s weighs %.3f (there: %v), want %.3f", name, c.what, got, there, c.want)
			}
		}
	}
	if _, ok := duplicates.Weigh([]duplicates.Record{base}, "A", "B"); ok {
		t.Error("a pair of one")
	}
}

// Shared footage is always proposed, even when all else says that these are two incidents; unless people have spoken.
func TestSharedFootageIsProposed(t *testing.T) {
	t.Parallel()
	a, b := record("A", 0, 0, 4), record("B", 76_000, 24, 28)
	b.Claim.Casualties = &pipeline.Casualties{Min: 6, Max: 6, Party: pipeline.SideUA}
	for name, show := range map[string]func(a, b *duplicates.Record){
		"same file": func(a, b *duplicates.Record) {
			a.Footage, b.Footage = []pipeline.MediaID{{1}}, []pipeline.MediaID{{2}, {1}}
		},
		"alike": func(a, b *duplicates.Record) {
			a.Footage, b.Footage, b.Alike = []pipeline.MediaID{{1}}, []pipeline.MediaID{{2}}, []pipeline.MediaID{{1}}
		},
		"alike too": func(a, b *duplicates.Record) {
			a.Footage, b.Footage, a.Alike = []pipeline.MediaID{{1}}, []pipeline.MediaID{{2}}, []pipeline.MediaID{{2}}
		},
	} {
		a, b := a, b
		show(&a, &b)
		all := append(filler(22), a, b)
		got := duplicates.Propose(all, nil, duplicates.DefaultLeastBans)
		if len(got) != 1 || !got[0].SharedFootage || got[0].Chance > 0.001 {
			t.Fatalf("%s: %+v", name, got)
		}
		for _, word := range []pipeline.LinkWord{pipeline.LinkJoined, pipeline.LinkApart, pipeline.LinkOpen} {
			links := []pipeline.Link{{Kind: pipeline.LinkIncidents, A: "A", B: "B", Seq: 1, Word: word}}
			if got := duplicates.Propose(all, links, duplicates.DefaultLeastBans); len(got) != 0 != (word == pipeline.LinkOpen) {
				t.Errorf("%s, %s: %d proposals", name, word, len(got))
			}
		}
	}
}

func TestOrderAndRepetitionChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "records")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var all []duplicates.Record
		for i := range n {
			rec := record(fmt.Sprint("R", i), r.Float64()*3000, r.Float64()*10, 10+r.Float64()*10)
			rec.Footage = []pipeline.MediaID{{byte(r.IntN(6))}}
			all = append(all, rec)
		}
		links := []pipeline.Link{{Kind: pipeline.LinkIncidents, A: "R0", B: "R1", Seq: 1, Word: pipeline.LinkJoined},
			{Kind: pipeline.LinkIncidents, A: "R0", B: "R1", Seq: 2, Word: pipeline.LinkOpen}}
		want := duplicates.Propose(all, links, -9)
		mixed := append(all, all[r.IntN(n)])
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		links[0], links[1] = links[1], links[0]
		if diff := cmp.Diff(want, duplicates.Propose(mixed, links, -9)); diff != "" {
			t.Fatal(diff)
		}
		for _, p := range want {
			sum := 0.0
			for _, q := range p.Parts {
				sum += q.Bans
				if q.How == pipeline.Judged && q.What != "prior" && math.Abs(q.Bans) > 1 || math.Abs(q.Bans) > 4 {
					t.Fatalf("%s weighs %v", q.What, q.Bans)
				}
			}
			if math.Abs(sum-p.Bans) > 0.001 || math.Abs(p.Chance-1/(1+math.Pow(10, -p.Bans))) > 0.001 {
				t.Fatalf("sum %v, bans %v, chance %v", sum, p.Bans, p.Chance)
			}
		}
	})
}

// said writes links in short: "A=B" joined, "A|B" apart, "A?B" taken back.
func said(text string) (links []pipeline.Link) {
	words := map[byte]pipeline.LinkWord{'=': pipeline.LinkJoined, '|': pipeline.LinkApart, '?': pipeline.LinkOpen}
	seq := map[string]int{}
	for _, w := range strings.Fields(text) {
		a, b := w[:1], w[2:]
		seq[a+b]++
		links = append(links, pipeline.Link{Kind: pipeline.LinkIncidents, A: a, B: b, Seq: seq[a+b], Word: words[w[1]]})
	}
	return links
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                "[[A] [B] [C] [D]]",
		"A=B":             "[[A B] [C] [D]]",
		"C=D A=B":         "[[A B] [C D]]",
		"A=B B=C":         "[[A B C] [D]]",
		"B=C A=C":         "[[A B C] [D]]",
		"A=B B=C A?B":     "[[A] [B C] [D]]",
		"A=B A?B A=B":     "[[A B] [C] [D]]",
		"A=D B=C A=B A|B": "[[A D] [B C]]",
	} {
		if got := fmt.Sprint(duplicates.Groups([]string{"D", "A", "C", "B", "A"}, said(text))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestWordsThatClash(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, word, want string }{
		"first":                {"", "A=B", ""},
		"again":                {"A=B", "A=B", "A and B are joined already"},
		"undo":                 {"A=B", "A?B", ""},
		"nothing to undo":      {"", "A?B", "nothing holds"},
		"undone already":       {"A=B A?B", "A?B", "nothing holds"},
		"apart after joined":   {"A=B", "A|B", ""},
		"joined though apart":  {"A|B", "A=B", ""},
		"through another":      {"A=B A|C", "B=C", "B and C cannot be joined while A and C are apart"},
		"apart within a group": {"A=B B=C", "A|C", "A and C cannot be apart while A and B are joined"},
	} {
		err := duplicates.Check(said(c.before), said(c.word)[0])
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// No pair is left out that weighs enough, though most are never weighed.
func TestNothingIsLeftOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		all := filler(20)
		for i := range 6 {
			rec := record(fmt.Sprint("R", i), r.Float64()*40_000, r.Float64()*60, 60+r.Float64()*9)
			rec.Claim.Where.RadiusM = 100 + r.Float64()*9_000
			if r.IntN(2) == 0 {
				rec.Claim.When = &pipeline.Span{From: dawn.Add(time.Duration(i) * 96 * time.Hour), To: dawn.Add(time.Duration(i)*96*time.Hour + time.Hour)}
			}
			all = append(all, rec)
		}
		proposed := map[string]bool{}
		for _, p := range duplicates.Propose(all, nil, duplicates.DefaultLeastBans) {
			proposed[p.A+p.B] = true
		}
		for i := range 6 {
			for j := i + 1; j < 6; j++ {
				a, b := fmt.Sprint("R", i), fmt.Sprint("R", j)
				if p, _ := duplicates.Weigh(all, a, b); (p.Bans >= duplicates.DefaultLeastBans) != proposed[a+b] {
					t.Fatalf("%s and %s: %v bans, proposed %v", a, b, p.Bans, proposed[a+b])
				}
			}
		}
	})
}

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"whenwhere/internal/shareddata"
	"whenwhere/internal/truth"
	"whenwhere/pipeline"
)

// The kinds of claims made of each photo.
const (
	asTaken   = "true"
	daysLater = "3 days later"
	hourLater = "1 hour later"
	elsewhere = "elsewhere"
	atFront   = "at the front" // in Ukraine in autumn 2024, where the control maps speak
)

// TestRealPhotos claims real photos at their true place and time, later, elsewhere, and at the front, and holds the
// verdicts against the truth. The incidents keep their ids from run to run: a changed claim is judged anew, without
// measuring the files again.
func TestRealPhotos(t *testing.T) {
	needFFmpeg(t)
	root := realData(t)
	photos := readPhotos(t, root)
	runs := claimAll(t, root, photos)
	t.Log("\n" + confusion(photos, runs))
	for i, p := range photos {
		for _, kind := range kinds() {
			checkPhoto(t, p, kind, runs[kind][claimID(i)])
		}
	}
	for i, f := range frontClaims(t, root, len(photos)) {
		checkFront(t, f, runs[atFront][claimID(i)])
	}
	checkScores(t, photos, runs)
	checkAnomalies(t, photos, runs[asTaken])
}

func kinds() []string { return []string{asTaken, daysLater, hourLater, elsewhere, atFront} }

// claimAll returns the verdicts of each kind of claim by incident.
func claimAll(t *testing.T, root string, photos []truth.Photo) map[string]map[string]realVerdict {
	t.Helper()
	c := newRealCase(t)
	copyMaps(c, root)
	files := make([]string, len(photos))
	for i, p := range photos {
		files[i] = c.add(filepath.Join(root, filepath.FromSlash(p.Path)), "media", fmt.Sprintf("%02d", i), p.Name())
	}
	front, data := frontClaims(t, root, len(photos)), t.TempDir()
	runs := map[string]map[string]realVerdict{}
	for _, kind := range kinds() {
		c.records = nil
		for i := range photos {
			c.claim(claimID(i), files[i], claimOf(kind, photos, i, front))
		}
		runs[kind], _ = c.verify(data)
	}
	return runs
}

func claimID(i int) string { return fmt.Sprintf("R-%02d", i) }

func claimOf(kind string, photos []truth.Photo, i int, front []frontClaim) pipeline.Claim {
	p := photos[i]
	claim := pipeline.Claim{Where: p.Place, When: p.When, Kind: pipeline.KindExecution, Perpetrator: pipeline.SideRU}
	switch kind {
	case daysLater:
		claim.When = later(p.When, 72*time.Hour)
	case hourLater:
		claim.When = later(p.When, time.Hour)
	case elsewhere:
		claim.Where = farFrom(photos, i)
	case atFront:
		claim.Where, claim.When = &front[i].place, &front[i].when
	}
	return claim
}

func later(s *pipeline.Span, d time.Duration) *pipeline.Span {
	if s == nil {
		return nil
	}
	return &pipeline.Span{From: s.From.Add(d), To: s.To.Add(d)}
}

// farFrom is the place of the next photo that was taken more than 200 km away.
func farFrom(photos []truth.Photo, i int) *pipeline.Place {
	for n := 1; n < len(photos); n++ {
		p := photos[(i+n)%len(photos)].Place
		if p != nil && (photos[i].Place == nil || apartM(*p, *photos[i].Place) > 200_000) {
			return p
		}
	}
	return nil
}

// frontClaim is a place and day at which the control maps must know who held it.
type frontClaim struct {
	place pipeline.Place
	when  pipeline.Span
	side  pipeline.Side
}

// frontClaims draws n rows of the control truth that lie far from the line, so that no margin and no lag matters, with
// both sides in turn.
func frontClaims(t testing.TB, root string, n int) []frontClaim {
	t.Helper()
	bySide := map[string][]frontClaim{}
	for i, row := range shareddata.Table(t, "frontline", "CONTROL_TRUTH.tsv") {
		held := row["deepstate"]
		if i%97 != 0 || row["date"] < "2024-08-10" || row["date"] > "2025-01-20" || shareddata.Number(t, row, "deepstate_dist_km") < 25 || shareddata.Number(t, row, "lon") > 39.5 {
			continue
		}
		from := instantOf(t, row["date"]+"T09:00:00Z")
		bySide[held] = append(bySide[held], frontClaim{
			place: pipeline.Place{Lat: shareddata.Number(t, row, "lat"), Lon: shareddata.Number(t, row, "lon"), RadiusM: truth.RadiusM},
			when:  pipeline.Span{From: from, To: from.Add(2 * time.Hour)}, side: pipeline.Side(strings.ToLower(held)),
		})
	}
	var out []frontClaim
	for i := range n {
		list := bySide[[]string{"RU", "UA"}[i%2]]
		if len(list) == 0 {
			t.Fatalf("no rows: %d ru, %d ua", len(bySide["RU"]), len(bySide["UA"]))
		}
		out = append(out, list[i/2%len(list)])
	}
	return out
}

func copyMaps(c *realCase, root string) {
	c.t.Helper()
	maps, err := filepath.Glob(filepath.Join(root, "frontline", "deepstate_daily", "*.geojson"))
	if err != nil || len(maps) < 150 {
		c.t.Fatalf("%d control maps: %v", len(maps), err)
	}
	for _, m := range maps {
		c.add(m, "control", filepath.Base(m))
	}
}

// confusion prints how the verdicts of each kind of claim are spread over statuses and scores.
func confusion(photos []truth.Photo, all map[string]map[string]realVerdict) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	statuses := []string{"verified-candidate", "credible", "unresolved", "contradicted"}
	fmt.Fprintf(w, "claim\tn\t%s\twhere against\twhen against\tscore <1\t<10\t<50\t<90\t<99\t>=99\t\n", strings.Join(statuses, "\t"))
	for _, kind := range kinds() {
		n, where, when := 0, 0, 0
		count, bins := map[string]int{}, make([]int, 6)
		for i, p := range photos {
			if !changes(kind, p) {
				continue
			}
			v := all[kind][claimID(i)]
			n++
			count[v.Status]++
			bins[scoreBin(v.Score)]++
			if v.against("where") {
				where++
			}
			if v.against("when") {
				when++
			}
		}
		fmt.Fprintf(w, "%s\t%d\t", kind, n)
		for _, s := range statuses {
			fmt.Fprintf(w, "%d\t", count[s])
		}
		fmt.Fprintf(w, "%d\t%d\t", where, when)
		for _, b := range bins {
			fmt.Fprintf(w, "%d\t", b)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return out.String()
}

func scoreBin(score float64) int {
	limits := []float64{1, 10, 50, 90, 99}
	for i, l := range limits {
		if score < l {
			return i
		}
	}
	return len(limits)
}

// changes reports whether a claim of that kind says something else than the truth of the photo.
func changes(kind string, p truth.Photo) bool {
	switch kind {
	case daysLater:
		return p.When != nil
	case hourLater:
		return p.When != nil && !p.Wide
	}
	return true
}

package coord

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"whenwhere/internal/geo"
)

// Slip is a way in which a hand mistypes a position.
type Slip string

// The slips that Suspect knows.
const (
	SlipZero       Slip = "zero"          // 0,0 is what an absent position looks like
	SlipRange      Slip = "out_of_range"  // no latitude and longitude, and nothing is known beside it
	SlipSwapped    Slip = "swapped"       // longitude and latitude changed places
	SlipSign       Slip = "sign"          // a minus too many or too few
	SlipMissing    Slip = "missing_digit" // of the whole degrees
	SlipExtra      Slip = "extra_digit"   // of the whole degrees
	SlipPoint      Slip = "moved_point"   // the decimal point is lost or one digit off
	SlipTransposed Slip = "transposed"    // two neighbouring digits changed places
	SlipWrong      Slip = "wrong_digit"   // another digit of the whole degrees or of the first two decimals
)

// Evidence is where a position could be expected: what the record names, or what it shows beside.
type Evidence struct {
	What    string       // for the reason: "rows that name Berdychi", "Kupiansk (geonames:703746)"
	At      []geo.LatLon // one or several places, each as good
	RadiusM float64      // how far from them is still there; 0 is as good as a point
}

// Context is what a position is held against. All of it may be empty: then only 0,0 and impossible values are suspected.
type Context struct {
	// Named is what the record itself states. Every slip is tried against it.
	Named []Evidence
	// Others are the positions of the other records of the list, its theatre. A position far from all of them is no
	// fault: strikes reach far. It is one only if a slip of the degrees, the order or a sign would bring it among them.
	// Those equal to the position itself are ignored.
	Others []geo.LatLon
	// OthersM is how near a repaired position must be to three of them; 0 is 5 km, right for events of a war. For places of
	// a thin gazetteer it is more.
	OthersM float64
}

// Suspicion is a slip that would explain a position. Nothing is corrected: a person decides.
type Suspicion struct {
	Slip      Slip
	Axis      string      // "lat" or "lon"; empty when both or the pair is meant
	Repaired  *geo.LatLon // nil when no repair is known
	Near      string      // what the repaired position is near to
	WrittenM  float64     // metres from it as written; 0 when that is no place
	RepairedM float64     // metres from it when repaired
	Reason    string
}

// Judged constants. nearM: the middle of a settlement and an event "northeast of" it; farM: no settlement of the theatre is
// larger, so that a genuine event beside the named place is never suspected. amongM and amongCount: where events of a list
// are dense; the one real event that a slip brings close (21 km) to others stays beyond it. aloneM: no dense ground is that
// far from all other events.
const (
	nearM      = 10_000.0
	farM       = 20_000.0
	amongM     = 5_000.0
	amongCount = 3
	aloneM     = 100_000.0
)

// Suspect returns the slips that would explain lat, lon (degrees, finite or not), the likeliest first; none is the answer
// for a position that agrees with its context, or that no single slip explains.
func Suspect(lat, lon float64, c Context) []Suspicion {
	if lat == 0 && lon == 0 {
		return []Suspicion{{Slip: SlipZero, Reason: "0,0 is what an absent position looks like"}}
	}
	at := geo.LatLon{Lat: lat, Lon: lon}
	var out []Suspicion
	for _, e := range c.Named {
		out = append(out, e.suspect(at)...)
	}
	if len(out) == 0 && !agrees(at, c.Named) {
		out = among(at, c)
	}
	slices.SortStableFunc(out, func(a, b Suspicion) int { return cmp.Compare(a.rank(), b.rank()) })
	if len(out) == 0 && !within(lat, lon) {
		out = []Suspicion{{Slip: SlipRange, Reason: fmt.Sprintf("%v, %v is no latitude and longitude", lat, lon)}}
	}
	return out
}

// rank orders by the distance to the evidence, in kilometres, and then by how common a slip is.
func (s Suspicion) rank() float64 {
	order := []Slip{SlipSwapped, SlipMissing, SlipSign, SlipExtra, SlipPoint, SlipTransposed, SlipWrong}
	return math.Floor(s.RepairedM/1000)*10 + float64(slices.Index(order, s.Slip))
}

func agrees(at geo.LatLon, named []Evidence) bool {
	return slices.ContainsFunc(named, func(e Evidence) bool { return e.distanceM(at) <= e.RadiusM+farM })
}

func (e Evidence) distanceM(at geo.LatLon) float64 { return nearestM(at, e.At) }

// nearestM is infinite for what is no place.
func nearestM(at geo.LatLon, places []geo.LatLon) float64 {
	best := math.Inf(1)
	if !within(at.Lat, at.Lon) {
		return best
	}
	for _, p := range places {
		if within(p.Lat, p.Lon) {
			best = math.Min(best, geo.DistanceM(at, p))
		}
	}
	return best
}

func (e Evidence) suspect(at geo.LatLon) []Suspicion {
	written := e.distanceM(at)
	if len(e.At) == 0 || written <= e.RadiusM+farM {
		return nil
	}
	var out []Suspicion
	for _, r := range repairs(at) {
		if d := e.distanceM(r.at); d <= e.RadiusM+nearM {
			out = append(out, r.suspicion(at, e.What, written, d))
		}
	}
	return out
}

// among holds a position against the other records of its list.
func among(at geo.LatLon, c Context) []Suspicion {
	others, radiusM := c.Others, c.OthersM
	if radiusM == 0 {
		radiusM = amongM
	}
	if len(others) == 0 || within(at.Lat, at.Lon) && countWithin(at, others, aloneM, amongCount, at) >= amongCount {
		return nil
	}
	apart := slices.DeleteFunc(slices.Clone(others), func(p geo.LatLon) bool { return p == at })
	var out []Suspicion
	for _, r := range repairs(at) {
		if r.slip == SlipTransposed || r.slip == SlipWrong || !within(r.at.Lat, r.at.Lon) {
			continue // a wrong digit brings most far events to some dense ground
		}
		if n := countWithin(r.at, apart, radiusM, len(apart), at); n >= amongCount {
			out = append(out, r.suspicion(at, fmt.Sprintf("%d others of the list", n), nearestM(at, apart), nearestM(r.at, apart)))
		}
	}
	return out
}

// countWithin counts up to most of the others, but for those that equal but.
func countWithin(at geo.LatLon, others []geo.LatLon, radiusM float64, most int, but geo.LatLon) (n int) {
	high := radiusM / 110_000 // a degree of latitude is never less
	for _, p := range others {
		if math.Abs(p.Lat-at.Lat) <= high && p != but && within(p.Lat, p.Lon) && geo.DistanceM(at, p) <= radiusM {
			if n++; n >= most {
				break
			}
		}
	}
	return n
}

type repair struct {
	slip Slip
	axis string
	at   geo.LatLon
}

func (r repair) suspicion(at geo.LatLon, near string, writtenM, repairedM float64) Suspicion {
	s := Suspicion{Slip: r.slip, Axis: r.axis, Repaired: &r.at, Near: near, WrittenM: writtenM, RepairedM: repairedM}
	from := fmt.Sprintf("it lies %.0f km from", writtenM/1000)
	if math.IsInf(writtenM, 1) {
		s.WrittenM, from = 0, "it is no place, and so not near"
	}
	s.Reason = fmt.Sprintf("%s: %s %s; as %s, %s km", r.what(at), from, near, plainPair(r.at), strconv.FormatFloat(repairedM/1000, 'f', 1, 64))
	return s
}

func (r repair) what(at geo.LatLon) string {
	switch r.slip {
	case SlipSwapped:
		return "latitude and longitude may be swapped"
	case SlipSign:
		return "a minus may be wrong"
	default:
		return r.mistyped(at)
	}
}

func (r repair) mistyped(at geo.LatLon) string {
	was, is := at.Lat, r.at.Lat
	name := "latitude"
	if r.axis == "lon" {
		was, is, name = at.Lon, r.at.Lon, "longitude"
	}
	return fmt.Sprintf("%s %s may be %s mistyped (%s)", name, digitsOf(was), digitsOf(is), strings.ReplaceAll(string(r.slip), "_", " "))
}

func plainPair(p geo.LatLon) string { return digitsOf(p.Lat) + ", " + digitsOf(p.Lon) }

func digitsOf(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// repairs are all positions that one slip away from at.
func repairs(at geo.LatLon) []repair {
	out := []repair{{SlipSwapped, "", geo.LatLon{Lat: at.Lon, Lon: at.Lat}},
		{SlipSign, "lat", geo.LatLon{Lat: -at.Lat, Lon: at.Lon}}, {SlipSign, "lon", geo.LatLon{Lat: at.Lat, Lon: -at.Lon}}}
	for _, v := range variants(at.Lat) {
		out = append(out, repair{v.slip, "lat", geo.LatLon{Lat: v.value, Lon: at.Lon}})
	}
	for _, v := range variants(at.Lon) {
		out = append(out, repair{v.slip, "lon", geo.LatLon{Lat: at.Lat, Lon: v.value}})
	}
	return out
}

type variant struct {
	slip  Slip
	value float64
}

// variants are the numbers from which one slip of a digit makes v.
func variants(v float64) []variant {
	if math.IsNaN(v) || math.Abs(v) > 1e12 {
		return nil
	}
	whole, decimals, _ := strings.Cut(digitsOf(math.Abs(v)), ".")
	if whole == "0" {
		whole = ""
	}
	var out []variant
	seen := map[float64]bool{math.Abs(v): true}
	add := func(slip Slip, whole, decimals string) {
		x, err := strconv.ParseFloat("0"+whole+"."+decimals+"0", 64)
		if err == nil && x <= 180 && !seen[x] {
			seen[x] = true
			out = append(out, variant{slip, math.Copysign(x, v)})
		}
	}
	for i := 0; i <= len(whole) && len(whole) < 3; i++ {
		for d := '0'; d <= '9'; d++ {
			add(SlipMissing, whole[:i]+string(d)+whole[i:], decimals)
		}
	}
	for i := range whole {
		add(SlipExtra, whole[:i]+whole[i+1:], decimals)
	}
	all := whole + decimals
	for i := 1; i <= min(3, len(all)-1); i++ {
		add(SlipPoint, all[:i], all[i:])
	}
	head := min(len(all), len(whole)+2) // the third decimal is a hundred metres
	for i := 0; i+1 < head; i++ {
		b := []byte(all)
		b[i], b[i+1] = b[i+1], b[i]
		add(SlipTransposed, string(b[:len(whole)]), string(b[len(whole):]))
	}
	for i := range head {
		for d := byte('0'); d <= '9'; d++ {
			b := []byte(all)
			b[i] = d
			add(SlipWrong, string(b[:len(whole)]), string(b[len(whole):]))
		}
	}
	return out
}

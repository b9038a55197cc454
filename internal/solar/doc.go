// Package solar says where the Sun and the Moon stood, seen from a place at a time, at which times
// they stood as seen, and how bright a scene can have been under the Sun.
//
// Positions follow the Solar Position Algorithm of I. Reda and A. Andreas, "Solar position
// algorithm for solar radiation applications", Solar Energy 76(5), 2004, 577-589 (doi
// 10.1016/j.solener.2003.12.003; corrigendum 81, 2007, 838; NREL/TP-560-34302), which claims
// +-0.0003 degrees from the year -2000 to 6000. Two things that it needs cannot be known from a time
// stamp and are left to the reader of a result:
//
//   - UT1-UTC is taken as 0; it stays under 0.9 s, that is 0.004 degrees of hour angle (under 0.1 s
//     since 2021).
//   - Delta-T (TT-UT1) is the constant [DefaultDeltaTS] unless [AtDeltaT] is given another; one
//     second of it moves the Sun by 0.00001 degrees, the Moon by 0.00015.
//
// The Moon follows chapter 47 of J. Meeus, "Astronomical Algorithms" (1998), whose shortened series
// errs by up to 0.003 degrees; 0.0014 is the most found against pyephem and astropy.
//
// The questions and what answers them:
//
//	known                          unknown        answer
//	place, time                    direction      [At] or [MoonAt], then [Ephemeris.From]
//	place, elevation               times          [Table.Crossings]; dawn to dusk: [Table.Day]
//	place, azimuth or elevation    times          [Table.Whens]
//	time, elevation                places         a circle about [Ephemeris.Subsolar], see package shadow
//
// A [Table] holds a range of time for all places, 70 times faster than [At]. Its solvers take each
// condition as an edge on the sky, see the type edge: the value of an edge turns with the hour angle
// as a cosine, so one method serves elevations, azimuths, the tropics and the poles.
//
// Angles are degrees, heights metres. Azimuth runs from true north through east, 0 <= azimuth < 360;
// longitude is positive to the east. "Geometric" elevation is that of the centre of the disc without
// an atmosphere, "apparent" elevation includes refraction: shadows and pictures follow the apparent
// one, definitions of rise, set and twilight are written in the geometric one. Solvers take geometric
// elevations.
//
// What cannot be answered is NaN, never a plausible angle: a latitude beyond +-90, a number that is
// not finite, the zero Ephemeris. NaN fails every comparison, so test "inside the range" and not
// "outside the range" when a wrong input must not pass as evidence. Functions that can say more
// return an error instead.
//
// The package reads no clock and holds no state; a time is used as an instant, its location is
// ignored. It knows nothing about terrain or about weather.
package solar

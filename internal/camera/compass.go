package camera

// Compass is how far a phone's compass is believed: with probability Genuine its error is normal with SigmaDeg, else it
// says nothing.
type Compass struct{ Genuine, SigmaDeg float64 }

// DefaultCompass: 10 degrees hand-held; 0.2 for steel, vehicles and stuck readings (judged: street-level collections
// report 20 to 180 degrees near steel and directions that stay constant for hundreds of pictures).
var DefaultCompass = Compass{Genuine: 0.8, SigmaDeg: 10}

package control

// alike are two editions as far as both can draw. One provider's formats differ
// in the classes they have: DeepState's daily files leave out the contested
// ground of the raw ones, a thousand km² that came to nobody. So between two
// formats contested ground counts as the rest that it would be without its
// polygons; ground held by ru is in both.
func alike(a, b *edition) (first, second *edition) {
	if a.Format == b.Format {
		return a, b
	}
	return a.uncontested(), b.uncontested()
}

func (e *edition) uncontested() *edition {
	if e.contested == nil {
		return e
	}
	out := *e
	out.contested = nil
	return &out
}

package hashindex

// delta is what changed since a base: small, in memory, compared code by code. It is guarded by the state's lock.
type delta struct {
	pile
	// dead has each deleted id with the number of entries there were at its last deletion: those before it are gone,
	// those inserted later are not.
	dead map[uint64]int
}

func newDelta(words int) *delta { return &delta{pile: pile{words: words}, dead: map[uint64]int{}} }

func (d *delta) remove(id uint64) { d.dead[id] = d.len() }

// kills says whether a deletion in d reaches what is older than d.
func (d *delta) kills(id uint64) bool {
	_, dead := d.dead[id]
	return dead
}

// alive says whether entry i was not deleted within d.
func (d *delta) alive(i int) bool { return i >= d.dead[d.ids[i]] }

func (d *delta) empty() bool { return d.len() == 0 && len(d.dead) == 0 }

// follow adds what happened after d.
func (d *delta) follow(later *delta) {
	before := d.len()
	d.codes = append(d.codes, later.codes...)
	d.ids = append(d.ids, later.ids...)
	for id, at := range later.dead {
		d.dead[id] = before + at
	}
}

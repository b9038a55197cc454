package strictjson

import "unicode"

// keySet finds a key again in any spelling of case. Objects are small as a
// rule, so it scans a slice first and builds a map only for a large object
// (otherwise a million keys would take a million times a million compares).
type keySet struct {
	keys   []string
	folded []string
	index  map[string]int
}

const smallObject = 16

// add returns the key already present that equals key or differs by case only.
func (s *keySet) add(key string) (other string, found bool) {
	f := fold(key)
	if i, ok := s.find(f); ok {
		return s.keys[i], true
	}
	s.keys = append(s.keys, key)
	s.folded = append(s.folded, f)
	if s.index != nil {
		s.index[f] = len(s.keys) - 1
	} else if len(s.keys) > smallObject {
		s.index = make(map[string]int, 2*len(s.keys))
		for i, k := range s.folded {
			s.index[k] = i
		}
	}
	return "", false
}

func (s *keySet) find(folded string) (int, bool) {
	if s.index != nil {
		i, ok := s.index[folded]
		return i, ok
	}
	for i, k := range s.folded {
		if k == folded {
			return i, true
		}
	}
	return 0, false
}

// fold maps all spellings of case to one. It is the relation by which
// encoding/json matches keys to fields: U+017F folds to s, U+212A to k.
func fold(key string) string {
	if isPlainLower(key) {
		return key
	}
	out := []rune(key)
	for i, r := range out {
		out[i] = foldRune(r)
	}
	return string(out)
}

func isPlainLower(key string) bool {
	for i := range len(key) {
		if b := key[i]; b >= 0x80 || b >= 'A' && b <= 'Z' {
			return false
		}
	}
	return true
}

// foldRune is the largest-to-smallest end of the orbit of r, in lower case for
// ASCII so that plain keys fold to themselves.
func foldRune(r rune) rune {
	low := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		low = min(low, f)
	}
	if low >= 'A' && low <= 'Z' {
		return low + 'a' - 'A'
	}
	return low
}

package mapfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Join makes one map of files that hold one layer each of the same edition: the
// same provider, format and moment, no layer twice. Rest is what the layers
// together allow, KnownAt the latest, and SHA256 the hash over the sorted lines
// of layer and hash of the parts. An error is a *FileError of the part at fault.
func Join(parts ...Map) (Map, error) {
	if len(parts) == 0 {
		return Map{}, &FileError{Detail: "no layers to join"}
	}
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b Map) int { return strings.Compare(a.Layer, b.Layer) })
	out := parts[0]
	out.Ground, out.Flags = nil, nil
	out.File, out.Layer, out.Dropped, out.HeldKm2 = "", "", 0, 0
	sum := sha256.New()
	for i, p := range parts {
		switch {
		case p.Layer == "":
			return Map{}, &FileError{File: p.File, Detail: "the file is a whole map, not one layer"}
		case i > 0 && p.Layer == parts[i-1].Layer:
			return Map{}, &FileError{File: p.File, Detail: fmt.Sprintf("the layer %s is already in %s", p.Layer, parts[i-1].File)}
		case p.Provider != out.Provider || p.Format != out.Format || !p.AsOf.Equal(out.AsOf):
			return Map{}, &FileError{File: p.File, Detail: "not of the same provider, format and moment as " + parts[0].File}
		}
		out.add(p)
		fmt.Fprintf(sum, "%s\t%s\n", p.Layer, p.SHA256)
	}
	out.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

func (m *Map) add(p Map) {
	if m.File != "" {
		m.File += " + "
	}
	m.File += p.File
	m.Ground = append(m.Ground, p.Ground...)
	m.Flags = append(m.Flags, p.Flags...)
	m.Dropped += p.Dropped
	m.HeldKm2 += p.HeldKm2
	if p.Rest != Unknown {
		m.Rest = p.Rest
	}
	if p.KnownAt.After(m.KnownAt) {
		m.KnownAt = p.KnownAt
	}
}

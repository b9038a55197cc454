package audit

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// maxText is how large a file of a bundle may be that is read as a whole; originals are not.
const maxText = 64 << 20

// maxFiles is how many files a bundle may have.
const maxFiles = 100_000

// Checked is what a check of a bundle found.
type Checked struct {
	Incident   string     `json:"incident"`
	Audience   string     `json:"audience"`
	Checkpoint Checkpoint `json:"-"`
	Leaves     int        `json:"leaves"`    // that are in the signed tree
	Originals  int        `json:"originals"` // that are what was received
	Files      int        `json:"files"`     // that are as they were exported
	Stamp      *Stamp     `json:"stamp,omitempty"`
	Damage     []Damage   `json:"damage"`

	texts map[string][]byte
}

// Text is a file of a bundle without damage that leaves speak of; ok is false when there is none of that name.
func (c Checked) Text(name string) (text []byte, ok bool) {
	text, ok = c.texts[name]
	return text, ok && len(c.Damage) == 0
}

// CheckBundle says what of a bundle is not as it was when the log was signed. It needs nothing but the bundle and the
// public key; with roots, it verifies the time stamp's chain of certificates as well.
func CheckBundle(file io.ReaderAt, size int64, key PublicKey, roots *Roots) Checked {
	b := bundle{file: file, size: size, key: key, roots: roots, texts: map[string][]byte{}, files: map[string]*zip.File{}, salts: map[string]Salt{},
		subjects: map[Digest]string{}, latest: map[Item]Leaf{}, intact: map[string]bool{}, out: Checked{Damage: []Damage{}}}
	b.check()
	if b.intact[rulesFile] {
		b.read(rulesFile)
	}
	b.out.texts = b.texts
	return b.out
}

// bundle is one being checked.
type bundle struct {
	file  io.ReaderAt
	size  int64
	key   PublicKey
	roots *Roots

	files    map[string]*zip.File
	texts    map[string][]byte
	manifest Manifest
	salts    map[string]Salt // by name of the subject
	subjects map[Digest]string
	leaves   []Leaf
	latest   map[Item]Leaf
	intact   map[string]bool // files that are as the manifest says
	out      Checked
}

func (b *bundle) damaged(where, what string, args ...any) {
	b.out.Damage = append(b.out.Damage, Damage{where, fmt.Sprintf(what, args...)})
}

// check goes from the signature down. What cannot be judged because something above it is damaged is not named.
func (b *bundle) check() {
	if !b.open() {
		return
	}
	signed := b.signature()
	sound := signed && b.tree()
	if sound && !b.exported() || !b.readManifest() {
		return
	}
	b.contents()
	if !sound {
		return
	}
	if b.follow() {
		b.stated()
		b.stamped()
	}
	if len(b.out.Damage) == 0 {
		b.container()
	}
}

// open reads the directory of the archive.
func (b *bundle) open() bool {
	r, err := zip.NewReader(b.file, b.size)
	if err != nil {
		b.damaged("bundle", "it is no whole zip archive: %v", err)
		return false
	}
	if len(r.File) > maxFiles {
		b.damaged("bundle", "%d files exceed the limit of %d", len(r.File), maxFiles)
		return false
	}
	left := uint64(b.size)
	for _, f := range r.File {
		if b.files[f.Name] != nil {
			b.damaged(f.Name, "the bundle has it twice")
		}
		if f.CompressedSize64 > left { // entries that lie over each other would make a small archive an endless one
			b.damaged(f.Name, "the files are larger than the bundle, which has %d bytes", b.size)
			return false
		}
		left -= f.CompressedSize64
		b.files[f.Name] = f
	}
	for _, name := range []string{ManifestFile, checkpointFile, keyFile, leavesFile, proofsFile} {
		if b.files[name] == nil {
			b.damaged(name, "it is missing")
		}
	}
	return len(b.out.Damage) == 0
}

// read gives a file's bytes as they lie there: checksums of the archive are compared at the end.
func (b *bundle) read(name string) ([]byte, bool) {
	if text, ok := b.texts[name]; ok {
		return text, true
	}
	f := b.files[name]
	if f.CompressedSize64 > maxText {
		b.damaged(name, "%d bytes exceed the limit of %d", f.CompressedSize64, maxText)
		return nil, false
	}
	in, err := f.OpenRaw()
	var text []byte
	if err == nil {
		text, err = io.ReadAll(in)
	}
	if err != nil {
		b.damaged(name, "it cannot be read: %v", err)
		return nil, false
	}
	if !strings.HasPrefix(name, itemFolder) { // of which there may be many, each read once
		b.texts[name] = text
	}
	return text, true
}

func (b *bundle) readManifest() bool {
	text, ok := b.read(ManifestFile)
	if !ok {
		return false
	}
	if err := strict(text, &b.manifest); err != nil {
		b.damaged(ManifestFile, "it cannot be read: %v", err)
		return false
	}
	if b.manifest.Format != BundleFormat {
		b.damaged(ManifestFile, "format: %q, this program reads %q", b.manifest.Format, BundleFormat)
		return false
	}
	b.out.Incident, b.out.Audience = b.manifest.Incident, b.manifest.Audience
	for _, s := range b.manifest.Subjects {
		d, err := s.digest()
		if err != nil {
			b.damaged(ManifestFile, "subject %q: %v", s.Name, err)
			return false
		}
		b.salts[s.Name], b.subjects[d] = Salt(s.Salt), s.Name
	}
	return true
}

// contents compares each file with the manifest.
func (b *bundle) contents() {
	listed := map[string]bool{ManifestFile: true, checkpointFile: true, keyFile: true, leavesFile: true, proofsFile: true}
	for _, f := range b.manifest.Files {
		listed[f.Name] = true
		if f.Name == tokenFile {
			listed[stampProofFile] = true
			if b.files[stampProofFile] == nil {
				b.damaged(stampProofFile, "it is missing")
			}
		}
		entry := b.files[f.Name]
		if entry == nil {
			b.damaged(f.Name, "it is missing")
			continue
		}
		got, err := digestOf(entry)
		switch {
		case err != nil:
			b.damaged(f.Name, "it cannot be read: %v", err)
		case got.SHA256 != f.SHA256 || got.Size != f.Size:
			b.damaged(f.Name, "its %d bytes are not the %d that were exported: their digest is %s, want %s", got.Size, f.Size, got.SHA256, f.SHA256)
		case strings.HasPrefix(f.Name, originalFolder) && f.Name != originalFolder+f.SHA256.String():
			b.damaged(f.Name, "an original is named by its digest, which is %s", f.SHA256)
		default:
			b.intact[f.Name] = true
			b.out.Files++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.files)) {
		if !listed[name] {
			b.damaged(name, "it does not belong to the bundle")
		}
	}
}

func digestOf(f *zip.File) (File, error) {
	in, err := f.OpenRaw()
	if err != nil {
		return File{}, err
	}
	h, n := sha256.New(), counter{}
	_, err = io.Copy(io.MultiWriter(h, &n), in)
	return File{f.Name, n.bytes, Digest(h.Sum(nil))}, err
}

// container compares the archive with the one form that its files have: no byte of it is free.
func (b *bundle) container() {
	var parts []Part
	for name, f := range b.files {
		got, err := digestOf(f)
		if err != nil {
			b.damaged(name, "it cannot be read: %v", err)
			return
		}
		open := func() (io.ReadCloser, error) {
			in, err := f.OpenRaw()
			return io.NopCloser(in), err
		}
		parts = append(parts, Part{Name: name, Open: open, Size: got.Size, digest: &got.SHA256})
	}
	c := &comparer{file: b.file}
	err := writeArchive(c, parts)
	var differs *differsError
	switch {
	case errors.As(err, &differs):
		b.damaged("bundle", "byte %d of the archive is not what its files give; the files themselves are unchanged", differs.at)
	case err != nil:
		b.damaged("bundle", "%v", err)
	case c.at != b.size:
		b.damaged("bundle", "%d bytes too many after byte %d", b.size-c.at, c.at)
	}
}

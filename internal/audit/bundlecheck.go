package audit

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
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

// signature verifies the checkpoint and compares the keys.
func (b *bundle) signature() bool {
	text, ok := b.read(checkpointFile)
	if !ok {
		return false
	}
	c, signed, err := b.key.open(text)
	if err != nil {
		b.damaged(checkpointFile, "%v", err)
		return false
	}
	if !alone(text, signed) {
		b.damaged(checkpointFile, "there is more in it than the checkpoint and its signature")
	}
	b.out.Checkpoint = c
	if text, ok := b.read(keyFile); ok && string(text) != b.key.String()+"\n" {
		b.damaged(keyFile, "it is not the key that was given")
	}
	return len(b.out.Damage) == 0
}

// tree verifies that each leaf is in the signed tree.
func (b *bundle) tree() bool {
	leaves, ok := b.read(leavesFile)
	proofs, okToo := b.read(proofsFile)
	if !ok || !okToo {
		return false
	}
	before := len(b.out.Damage)
	lines, proofLines := linesOf(leaves), linesOf(proofs)
	for i := 0; i < min(len(lines), len(proofLines)); i++ {
		where := fmt.Sprintf("%s line %d", leavesFile, i+1)
		leaf, err := b.proved(lines[i], proofLines[i])
		switch {
		case err != nil && len(lines) != len(proofLines): // those behind it do not stand beside each other
			b.damaged(where, "%v; there are %d lines of leaves and %d of proofs", err, len(lines), len(proofLines))
			return false
		case err != nil:
			b.damaged(where, "%v", err)
		case len(b.leaves) > 0 && leaf.Seq <= b.leaves[len(b.leaves)-1].Seq:
			b.damaged(where, "leaf %d stands behind leaf %d", leaf.Seq, b.leaves[len(b.leaves)-1].Seq)
		default:
			b.leaves = append(b.leaves, leaf)
		}
	}
	if len(lines) != len(proofLines) {
		b.damaged(proofsFile, "%d proofs for %d leaves", len(proofLines), len(lines))
	}
	b.out.Leaves = len(b.leaves)
	return len(b.out.Damage) == before
}

// linesOf cuts a text into lines, of which each must end.
func linesOf(text []byte) [][]byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	return lines
}

// proved reads a leaf and checks its proof.
func (b *bundle) proved(line, proof []byte) (Leaf, error) {
	text, ended := bytes.CutSuffix(line, []byte("\n"))
	if !ended {
		return Leaf{}, errors.New("it is cut off")
	}
	leaf, err := ParseLeaf(text)
	if err != nil {
		return leaf, err
	}
	var p proofLine
	if err := strict(proof, &p); err != nil {
		return leaf, fmt.Errorf("the proof of leaf %d: %w", leaf.Seq, err)
	}
	if again, err := json.Marshal(p); err != nil || string(again)+"\n" != string(proof) {
		return leaf, fmt.Errorf("the proof of leaf %d is not in its one form", leaf.Seq)
	}
	if p.Seq != leaf.Seq {
		return leaf, fmt.Errorf("leaf %d has the proof of leaf %d", leaf.Seq, p.Seq)
	}
	hashes := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		hashes[i] = tlog.Hash(h)
	}
	c := b.out.Checkpoint
	if tlog.CheckRecord(hashes, c.Size, c.Root, leaf.Seq, tlog.RecordHash(text)) != nil {
		return leaf, fmt.Errorf("leaf %d is not in the signed tree: it, or its proof, was changed", leaf.Seq)
	}
	return leaf, nil
}

// strict reads JSON without unknown fields.
func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
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

// follow checks that the leaves are all that the log has of the subjects, without a gap: each names the one before it.
func (b *bundle) follow() bool {
	last := map[Digest]*int64{}
	before := len(b.out.Damage)
	for _, leaf := range b.leaves {
		where := fmt.Sprintf("leaf %d", leaf.Seq)
		if _, ok := b.subjects[leaf.Subject]; !ok {
			b.damaged(where, "it is of none of the subjects of the bundle")
		}
		previous := last[leaf.Subject]
		switch {
		case previous == nil && leaf.Previous != nil, previous != nil && leaf.Previous != nil && *previous != *leaf.Previous:
			b.damaged(where, "leaf %d of its subject is left out", *leaf.Previous)
		case previous != nil && leaf.Previous == nil:
			b.damaged(where, "it says that it is the first of its subject, and leaf %d is before it", *previous)
		}
		last[leaf.Subject] = &leaf.Seq
		b.latest[leaf.Item()] = leaf
	}
	return len(b.out.Damage) == before
}

// exported checks that the last leaf of an export states this manifest, before anything is taken from it but the salt: a
// changed salt gives another digest.
func (b *bundle) exported() bool {
	text, ok := b.read(ManifestFile)
	if !ok {
		return false
	}
	last := -1
	for i, l := range b.leaves {
		if l.Kind == KindExport {
			last = i
		}
	}
	if last < 0 {
		b.damaged(leavesFile, "no leaf speaks of the export")
		return false
	}
	var m Manifest
	leaf := b.leaves[last]
	if json.Unmarshal(text, &m) == nil && leaf.Result != nil { // else it fits no leaf
		for _, s := range m.Subjects {
			salt := Salt(s.Salt)
			if s.Kind == SubjectIncident && s.Name == m.Incident && *leaf.Result == salt.Digest(text) &&
				leaf.Item() == (Item{KindExport, salt.Digest([]byte(s.Name)), salt.Digest([]byte(BundleAction))}) {
				return true
			}
		}
	}
	b.damaged(ManifestFile, "it is not the one whose export leaf %d logged", leaf.Seq)
	return false
}

// stated checks that each file is what the latest leaf of its item states, and that each original was received.
func (b *bundle) stated() {
	for _, s := range b.manifest.Items {
		name := s.File
		if !b.intact[name] {
			continue // said already
		}
		salt, ok := b.salts[s.Subject]
		if !ok {
			b.damaged(name, "its subject %q is none of the bundle's", s.Subject)
			continue
		}
		leaf, ok := b.latest[s.item(salt)]
		text, read := b.read(name)
		switch {
		case !read: // said already
		case !ok:
			b.damaged(name, "no leaf speaks of it")
		case leaf.Result == nil:
			b.damaged(name, "leaf %d says that it was removed", leaf.Seq)
		case *leaf.Result != salt.Digest(text):
			b.damaged(name, "it is not what leaf %d logged", leaf.Seq)
		}
	}
	for _, f := range b.manifest.Files {
		if strings.HasPrefix(f.Name, originalFolder) && b.intact[f.Name] {
			b.original(f)
		}
	}
}

// item names what leaves call the item of a file.
func (s Stated) item(salt Salt) Item {
	i := Item{Kind: s.Kind}
	if s.Kind.OfIncident() {
		i.Subject = salt.Digest([]byte(s.Subject))
	} else if i.Subject.UnmarshalText([]byte(s.Subject)) != nil { // then no leaf has it
		return Item{}
	}
	if s.Params != "" {
		i.Params = salt.Digest([]byte(s.Params))
	}
	return i
}

func (b *bundle) original(f File) {
	leaf, ok := b.latest[Item{Kind: KindFile, Subject: f.SHA256}]
	switch {
	case !ok:
		b.damaged(f.Name, "no leaf says that it was received")
	case leaf.SizeBytes == nil || *leaf.SizeBytes != f.Size:
		b.damaged(f.Name, "it has %d bytes, and leaf %d logged another number", f.Size, leaf.Seq)
	default:
		b.out.Originals++
	}
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

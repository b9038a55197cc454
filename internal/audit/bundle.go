package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// BundleFormat names the format of a bundle; another number stands for another format.
const BundleFormat = "whenwhere bundle 1"

// Names of files in a bundle. All others are named by hashes, or by what one bundle has once.
const (
	ManifestFile   = "manifest.json"
	ReadmeFile     = "README.txt"
	checkpointFile = "log/checkpoint.txt"
	keyFile        = "log/key.pub"
	leavesFile     = "log/leaves.jsonl"
	proofsFile     = "log/proofs.jsonl"
	stampProofFile = "log/stamp.json" // only beside a time stamp
	rulesFile      = "rules.json"     // only beside a verdict
	originalFolder = "originals/"
	itemFolder     = "items/"
)

// ItemFile names the file of an item by a hash, since items have many names.
func ItemFile(kind Kind, hash string) string { return itemFolder + string(kind) + "-" + hash + ".txt" }

// BundleAction is what the params of the leaf of an export as a bundle say.
const BundleAction = "bundle"

// Manifest says what a bundle holds. Its digest is the result of the leaf of the export, so that the signed tree covers
// every byte of the bundle.
type Manifest struct {
	Format   string    `json:"format"`
	Audience string    `json:"audience"` // for whom the bundle is made
	Incident string    `json:"incident"`
	Subjects []Subject `json:"subjects"` // all whose leaves the bundle has, all of each
	Items    []Stated  `json:"items"`    // files that leaves speak of
	Files    []File    `json:"files"`    // all files but this one and the log
}

// SubjectKind is what a subject is.
type SubjectKind string

const (
	SubjectIncident SubjectKind = "incident" // its leaves call it by the salted digest of its name
	SubjectBytes    SubjectKind = "bytes"    // its leaves call it by its name, which is its SHA-256
)

// Subject is what leaves are about, with the salt that shows it.
type Subject struct {
	Kind SubjectKind `json:"kind"`
	Name string      `json:"name"`
	Salt Digest      `json:"salt"`
}

// digest is what leaves call the subject.
func (s Subject) digest() (Digest, error) {
	switch s.Kind {
	case SubjectIncident:
		return Salt(s.Salt).Digest([]byte(s.Name)), nil
	case SubjectBytes:
		var d Digest
		err := d.UnmarshalText([]byte(s.Name))
		return d, err
	}
	return Digest{}, fmt.Errorf("kind: unknown %q", s.Kind)
}

// Stated is a file whose bytes the latest leaf of an item states.
type Stated struct {
	File    string `json:"file"`
	Kind    Kind   `json:"kind"`
	Subject string `json:"subject"` // name of a subject
	Params  string `json:"params,omitempty"`
}

// File is one file of the bundle.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 Digest `json:"sha256"`
}

// Part is a file to be put into a bundle: its bytes, or an original, which is opened when it is written.
type Part struct {
	Name string
	Data []byte
	Open func() (io.ReadCloser, error) // for an original, whose SHA-256 is its name
	Size int64                         // of an original

	digest *Digest // of what has no digest in its name
}

// OriginalPart is the original of a digest.
func OriginalPart(id Digest, size int64, open func() (io.ReadCloser, error)) Part {
	return Part{Name: originalFolder + id.String(), Open: open, Size: size}
}

func (p Part) file() (File, error) {
	if p.Open == nil {
		return File{p.Name, int64(len(p.Data)), sha256.Sum256(p.Data)}, nil
	}
	f := File{Name: p.Name, Size: p.Size}
	if p.digest != nil {
		f.SHA256 = *p.digest
		return f, nil
	}
	return f, f.SHA256.UnmarshalText([]byte(strings.TrimPrefix(p.Name, originalFolder)))
}

func (p Part) open() (io.ReadCloser, error) {
	if p.Open == nil {
		return io.NopCloser(bytes.NewReader(p.Data)), nil
	}
	return p.Open()
}

// Complete fills in the format and the files of a manifest, and gives its bytes.
func (m *Manifest) Complete(parts []Part) ([]byte, error) {
	m.Format = BundleFormat
	m.Files = nil
	for _, p := range parts {
		f, err := p.file()
		if err != nil {
			return nil, fmt.Errorf("audit: bundle: %s: %w", p.Name, err)
		}
		m.Files = append(m.Files, f)
	}
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("audit: bundle: %w", err)
	}
	return append(text, '\n'), nil
}

// Evidence is the log's part of a bundle.
type Evidence struct {
	Checkpoint []byte // signed
	Key        PublicKey
	Leaves     []Row // of the subjects, by number
	Proofs     []tlog.RecordProof
	Stamp      []Digest // proof that the log continues the stamped checkpoint; nil when there is none
}

// Prove finds the proofs that the leaves are in the tree of a signed checkpoint, and that it continues the first stamped
// leaves, if stamped is above 0.
func Prove(ctx context.Context, rows Rows, signed Signed, key PublicKey, leaves []Row, stamped int64) (Evidence, error) {
	slices.SortFunc(leaves, func(a, b Row) int { return int(a.Seq - b.Seq) })
	e := Evidence{Checkpoint: signed.Note, Key: key, Leaves: leaves}
	for _, row := range leaves {
		proof, err := tlog.ProveRecord(signed.Size, row.Seq, nodesOf(ctx, rows))
		if err != nil {
			return e, fmt.Errorf("audit: proof of leaf %d: %w", row.Seq, err)
		}
		e.Proofs = append(e.Proofs, proof)
	}
	if stamped == 0 {
		return e, nil
	}
	prefix, err := tlog.ProveTree(signed.Size, stamped, nodesOf(ctx, rows))
	if err != nil {
		return e, fmt.Errorf("audit: proof of the stamped checkpoint: %w", err)
	}
	e.Stamp = []Digest{}
	for _, h := range prefix {
		e.Stamp = append(e.Stamp, Digest(h))
	}
	return e, nil
}

// proofLine is one line of the file of proofs.
type proofLine struct {
	Seq    int64    `json:"seq"`
	Hashes []Digest `json:"hashes"` // from the leaf to the root
}

// parts are the files of the log.
func (e Evidence) parts() ([]Part, error) {
	var leaves, proofs bytes.Buffer
	for i, row := range e.Leaves {
		leaves.Write(row.Leaf)
		leaves.WriteByte('\n')
		line := proofLine{Seq: row.Seq, Hashes: []Digest{}}
		for _, h := range e.Proofs[i] {
			line.Hashes = append(line.Hashes, Digest(h))
		}
		text, err := json.Marshal(line)
		if err != nil {
			return nil, err
		}
		proofs.Write(append(text, '\n'))
	}
	out := []Part{
		{Name: checkpointFile, Data: e.Checkpoint}, {Name: keyFile, Data: []byte(e.Key.String() + "\n")},
		{Name: leavesFile, Data: leaves.Bytes()}, {Name: proofsFile, Data: proofs.Bytes()},
	}
	if e.Stamp == nil {
		return out, nil
	}
	text, err := stampProof(e.Stamp)
	return append(out, Part{Name: stampProofFile, Data: text}), err
}

// WriteBundle writes a bundle: a zip archive without compression, entries by name, without times. The same parts give the
// same bytes. Originals are checked while they are read.
func WriteBundle(out io.Writer, manifest []byte, parts []Part, log Evidence) error {
	proofs, err := log.parts()
	if err != nil {
		return fmt.Errorf("audit: bundle: %w", err)
	}
	all := append(append(slices.Clone(parts), proofs...), Part{Name: ManifestFile, Data: manifest})
	return writeArchive(out, all)
}

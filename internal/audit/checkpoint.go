package audit

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is the state of a log: how many leaves, and the root of their tree.
type Checkpoint struct {
	Origin string // name of the log, which is that of its key
	Size   int64
	Root   tlog.Hash
}

// text is the checkpoint as it is signed.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, fmt.Errorf("%d lines, want three: origin, number of leaves, root", len(lines)-1)
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, fmt.Errorf("line 2: %q is no number of leaves", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(c.Root) {
		return c, fmt.Errorf("line 3: %q is no root in base64", lines[2])
	}
	copy(c.Root[:], root)
	return c, nil
}

// Signer signs checkpoints with the private key of a log.
type Signer struct {
	signer note.Signer
	public PublicKey
}

// PublicKey verifies checkpoints of one log.
type PublicKey struct {
	verifier note.Verifier
	text     string
}

// NewKey makes the key of a new log. Both texts are those of package note: the private one is a secret.
func NewKey(random io.Reader, origin string) (private, public string, err error) {
	private, public, err = note.GenerateKey(random, origin)
	if err != nil {
		return "", "", fmt.Errorf("audit: key: %w", err)
	}
	return private, public, nil
}

// NewSigner reads both texts of a key.
func NewSigner(private, public string) (*Signer, error) {
	s, err := note.NewSigner(strings.TrimSpace(private))
	if err != nil {
		return nil, fmt.Errorf("audit: private key: %w", err) // note's errors do not hold the key
	}
	p, err := ParsePublicKey(public)
	if err != nil {
		return nil, err
	}
	if p.verifier.Name() != s.Name() || p.verifier.KeyHash() != s.KeyHash() {
		return nil, errors.New("audit: key: the private and the public half are not of one key")
	}
	return &Signer{signer: s, public: p}, nil
}

// ParsePublicKey reads a public key: NAME+HASH+KEY on one line.
func ParsePublicKey(text string) (PublicKey, error) {
	text = strings.TrimSpace(text)
	v, err := note.NewVerifier(text)
	if err != nil {
		return PublicKey{}, fmt.Errorf("audit: public key: %w", err)
	}
	return PublicKey{verifier: v, text: text}, nil
}

// Public is the public half.
func (s *Signer) Public() PublicKey { return s.public }

func (p PublicKey) String() string { return p.text }

// Origin is the name of the log that the key is of.
func (p PublicKey) Origin() string { return p.verifier.Name() }

// sign gives the signed note of a tree.
func (s *Signer) sign(size int64, root tlog.Hash) ([]byte, error) {
	c := Checkpoint{Origin: s.signer.Name(), Size: size, Root: root}
	return note.Sign(&note.Note{Text: c.text()}, s.signer)
}

// maxCheckpoint is how large a signed checkpoint may be: three lines and some signatures.
const maxCheckpoint = 16 << 10

// Open reads a signed checkpoint and verifies that the key signed it. Signatures of others may stand beside.
func (p PublicKey) Open(signed []byte) (Checkpoint, error) {
	c, _, err := p.open(signed)
	return c, err
}

// open gives the note as well, without what others signed.
func (p PublicKey) open(signed []byte) (Checkpoint, *note.Note, error) {
	if p.verifier == nil {
		return Checkpoint{}, nil, errors.New("audit: checkpoint: there is no public key to verify it with")
	}
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, nil, fmt.Errorf("audit: checkpoint: %d bytes exceed the limit of %d", len(signed), maxCheckpoint)
	}
	n, err := note.Open(signed, note.VerifierList(p.verifier))
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("audit: checkpoint: %w", signatureFault(err, p))
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("audit: checkpoint: %w", err)
	}
	if c.Origin != p.Origin() {
		return Checkpoint{}, nil, fmt.Errorf("audit: checkpoint: it is of log %q, the key of %q", c.Origin, p.Origin())
	}
	return c, n, nil
}

// alone reports whether a signed checkpoint has nothing but what the key signed and its signature.
func alone(signed []byte, n *note.Note) bool {
	again, err := note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs})
	return err == nil && bytes.Equal(again, signed)
}

// signatureFault says it in words that need no knowledge of package note.
func signatureFault(err error, p PublicKey) error {
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &invalid):
		return fmt.Errorf("its signature does not verify under key %s: %w", p.text, err)
	case errors.As(err, &unverified):
		return fmt.Errorf("it is not signed by key %s: %w", p.text, err)
	}
	return fmt.Errorf("it is no signed checkpoint: %w", err)
}

package audit

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
	"golang.org/x/mod/sumdb/tlog"
)

// maxToken is how large a time stamp token may be. Those of the public authorities have 2 to 6 kB.
const maxToken = 64 << 10

// Stamp is a time that an authority of RFC 3161 states for a checkpoint: the log was at least so long by then.
type Stamp struct {
	Leaves  int64     `json:"leaves"` // of the checkpoint
	At      time.Time `json:"at"`
	By      string    `json:"by"`      // subject of the certificate that signed
	Trusted bool      `json:"trusted"` // its chain was verified up to a given root
}

// Roots are the certificates of authorities that are trusted to state a time.
type Roots struct{ pool *x509.CertPool }

// ParseRoots reads certificates in PEM.
func ParseRoots(pem []byte) (*Roots, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("audit: no certificate in PEM was found")
	}
	return &Roots{pool}, nil
}

// StampRequest is the request (DER) to an authority for a stamp of a signed checkpoint. Nothing but a digest is in it.
func StampRequest(signed []byte) ([]byte, error) {
	out, err := timestamp.CreateRequest(bytes.NewReader(signed), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true})
	if err != nil {
		return nil, fmt.Errorf("audit: time stamp request: %w", err)
	}
	return out, nil
}

// TokenOf takes the token out of an authority's answer (DER), or takes a token as it is.
func TokenOf(answer []byte) ([]byte, error) {
	if len(answer) > maxToken {
		return nil, fmt.Errorf("audit: time stamp: %d bytes exceed the limit of %d", len(answer), maxToken)
	}
	t, err := guarded(func() (*timestamp.Timestamp, error) { return timestamp.ParseResponse(answer) })
	if err != nil {
		var bare error
		if t, bare = guarded(func() (*timestamp.Timestamp, error) { return timestamp.Parse(answer) }); bare != nil {
			return nil, fmt.Errorf("audit: time stamp: neither an answer of an authority (%w) nor a token (%w)", err, bare)
		}
	}
	return t.RawToken, nil
}

// guarded turns a panic of the parser into an error: a token in a bundle comes from anybody.
func guarded[T any](do func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it cannot be read: %v", p)
		}
	}()
	return do()
}

// ReadStamp verifies a token: that it is of this signed checkpoint, that its certificate signed it and is one for time
// stamps, and with roots, that the chain of that certificate ends in one of them at that time.
func ReadStamp(token, signed []byte, leaves int64, roots *Roots) (Stamp, error) {
	if len(token) > maxToken {
		return Stamp{}, fmt.Errorf("audit: time stamp: %d bytes exceed the limit of %d", len(token), maxToken)
	}
	s, err := guarded(func() (Stamp, error) { return readStamp(token, signed, roots) })
	if err != nil {
		return Stamp{}, fmt.Errorf("audit: time stamp: %w", err)
	}
	s.Leaves = leaves
	return s, nil
}

func readStamp(token, signed []byte, roots *Roots) (Stamp, error) {
	t, err := timestamp.Parse(token)
	if err != nil {
		return Stamp{}, err
	}
	if digest := sha256.Sum256(signed); t.HashAlgorithm != crypto.SHA256 || !bytes.Equal(t.HashedMessage, digest[:]) {
		return Stamp{}, errors.New("it is not of this checkpoint")
	}
	p, err := pkcs7.Parse(token)
	if err != nil {
		return Stamp{}, err
	}
	cert := p.GetOnlySigner() // whose signature timestamp.Parse has verified, if there is a certificate
	if cert == nil {
		return Stamp{}, errors.New("the certificate of its one signer is not in it: ask the authority for it (certReq)")
	}
	s := Stamp{At: t.Time.UTC(), By: cert.Subject.String()}
	if roots == nil {
		return s, nil
	}
	between := x509.NewCertPool()
	for _, c := range p.Certificates {
		between.AddCert(c)
	}
	_, err = cert.Verify(x509.VerifyOptions{Roots: roots.pool, Intermediates: between, CurrentTime: t.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	s.Trusted = err == nil
	return s, err
}

// CheckStamps verifies the tokens of stored checkpoints.
func (log *Log) CheckStamps(stored []Signed, roots *Roots) (out []Stamp) {
	for _, c := range stored {
		if c.Token == nil {
			continue
		}
		s, err := ReadStamp(c.Token, c.Note, c.Size, roots)
		if err != nil {
			log.damaged(fmt.Sprintf("time stamp of the checkpoint of %d leaves", c.Size), "%s", strings.TrimPrefix(err.Error(), "audit: "))
			continue
		}
		out = append(out, s)
	}
	return out
}

// Files of a bundle that carries a time stamp: the checkpoint that was stamped, and the token.
const (
	stampedFile = "stamp/checkpoint.txt"
	tokenFile   = "stamp/token.der"
)

// StampParts are the files for the latest time stamp of a log, and how many leaves it stamps; none when there is none.
func StampParts(stored []Signed) (parts []Part, leaves int64) {
	for i := len(stored) - 1; i >= 0; i-- {
		if c := stored[i]; c.Token != nil {
			return []Part{{Name: stampedFile, Data: c.Note}, {Name: tokenFile, Data: c.Token}}, c.Size
		}
	}
	return nil, 0
}

// stamped checks the time stamp of a bundle, if it has one.
func (b *bundle) stamped() {
	if !b.intact[tokenFile] || !b.intact[stampedFile] || b.files[stampProofFile] == nil {
		return
	}
	token, ok := b.read(tokenFile)
	signed, okToo := b.read(stampedFile)
	if !ok || !okToo {
		return
	}
	c, err := b.key.Open(signed)
	if err == nil {
		err = b.continues(c)
	}
	if err != nil {
		b.damaged(stampedFile, "%v", err)
		return
	}
	s, err := ReadStamp(token, signed, c.Size, b.roots)
	if err != nil {
		b.damaged(tokenFile, "%s", strings.TrimPrefix(err.Error(), "audit: "))
		return
	}
	b.out.Stamp = &s
}

// continues checks that the signed tree begins with the stamped one.
func (b *bundle) continues(c Checkpoint) error {
	text, ok := b.read(stampProofFile)
	var hashes []Digest
	if !ok || json.Unmarshal(text, &hashes) != nil {
		return errors.New("the proof that the log continues it cannot be read")
	}
	if again, err := stampProof(hashes); err != nil || !bytes.Equal(again, text) {
		return errors.New("the proof that the log continues it is not in its one form")
	}
	proof := make(tlog.TreeProof, len(hashes))
	for i, h := range hashes {
		proof[i] = tlog.Hash(h)
	}
	now := b.out.Checkpoint
	if err := tlog.CheckTree(proof, now.Size, now.Root, c.Size, c.Root); err != nil {
		return errors.New("the log of the bundle does not continue it")
	}
	return nil
}

func stampProof(hashes []Digest) ([]byte, error) {
	text, err := json.Marshal(hashes)
	return append(text, '\n'), err
}

// TokenDigest is the SHA-256 that a token is of; zero when it is of another digest, or cannot be read.
func TokenDigest(token []byte) (d [sha256.Size]byte) {
	t, err := guarded(func() (*timestamp.Timestamp, error) { return timestamp.Parse(token) })
	if err == nil && t.HashAlgorithm == crypto.SHA256 {
		copy(d[:], t.HashedMessage)
	}
	return d
}

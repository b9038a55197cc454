package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"

	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
)

// Names of the two halves of a log's key in a data folder. The private half is readable by its owner alone.
const (
	PrivateKeyFile = "log.key"
	PublicKeyFile  = "log.pub"
)

// HeadFile is the name of the last checkpoint beside the database, where whoever changes, empties or replaces the database
// alone does not change it.
const HeadFile = "log.checkpoint"

// maxKey is how large a file with a key may be.
const maxKey = 4 << 10

// LoadSigner reads the key of the log in a folder. With create, a folder without one gets a new one, of a log with a name
// of its own, and the same one however many ask at once; else a missing key is fs.ErrNotExist. A public half that is
// missing is written again.
func LoadSigner(dir string, create bool) (*Signer, error) {
	private, err := readKey(filepath.Join(dir, PrivateKeyFile))
	if errors.Is(err, fs.ErrNotExist) && create {
		if err = makeKey(dir); err == nil {
			private, err = readKey(filepath.Join(dir, PrivateKeyFile))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", err)
	}
	public, err := readKey(filepath.Join(dir, PublicKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		public, err = writePublic(dir, private)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", err)
	}
	return NewSigner(private, public)
}

// LoadPublicKey reads the public half of the log in a folder; fs.ErrNotExist when there is none.
func LoadPublicKey(dir string) (PublicKey, error) {
	text, err := readKey(filepath.Join(dir, PublicKeyFile))
	if err != nil {
		return PublicKey{}, fmt.Errorf("audit: key: %w", err)
	}
	return ParsePublicKey(text)
}

func readKey(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err == nil && len(text) > maxKey {
		err = fmt.Errorf("%s: more than %d bytes are no key", path, maxKey)
	}
	return string(text), err
}

// makeKey makes a key and gives it its name when it is whole, unless another was there first.
func makeKey(dir string) error {
	var name [8]byte
	_, _ = rand.Read(name[:]) // never fails
	private, _, err := NewKey(rand.Reader, "whenwhere.log/"+hex.EncodeToString(name[:]))
	if err != nil {
		return err
	}
	own, err := writeBeside(dir, PrivateKeyFile, []byte(private+"\n"), 0o600)
	if err != nil {
		return fmt.Errorf("new key: %w", err)
	}
	err = os.Link(own, filepath.Join(dir, PrivateKeyFile))
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	return errors.Join(err, os.Remove(own))
}

// writePublic writes the public half of a private key. All who do so at once write the same.
func writePublic(dir, private string) (string, error) {
	public, err := publicOf(private)
	if err != nil {
		return "", err
	}
	own, err := writeBeside(dir, PublicKeyFile, []byte(public+"\n"), 0o644)
	if err == nil {
		err = os.Rename(own, filepath.Join(dir, PublicKeyFile))
	}
	return public, err
}

// publicOf is the public half of a private key in the form of package note: PRIVATE+KEY+NAME+HASH+SEED.
func publicOf(private string) (string, error) {
	parts := strings.SplitN(strings.TrimSpace(private), "+", 5)
	if len(parts) != 5 {
		return "", errors.New("private key: it is none")
	}
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", errors.New("private key: it is none of Ed25519")
	}
	key, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok { // impossible
		return "", errors.New("private key: it has no public half")
	}
	return note.NewEd25519VerifierKey(parts[2], key)
}

// writeBeside writes a file of its own beside one that is to be.
func writeBeside(dir, name string, text []byte, mode fs.FileMode) (string, error) {
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	return f.Name(), errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// LoadHead reads the last checkpoint that is kept beside the database; nil when there is none.
func LoadHead(dir string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, HeadFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: last checkpoint: %w", err)
	}
	return text, nil
}

// SaveHead keeps a checkpoint beside the database.
func SaveHead(dir string, signed []byte) error {
	own, err := writeBeside(dir, HeadFile, signed, 0o644)
	if err == nil {
		err = os.Rename(own, filepath.Join(dir, HeadFile))
	}
	if err != nil {
		return fmt.Errorf("audit: last checkpoint: %w", err)
	}
	return nil
}

package audit

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the two halves of a log's key in a data folder. The private half is readable by its owner alone.
const (
	PrivateKeyFile = "log.key"
	PublicKeyFile  = "log.pub"
)

// maxKey is how large a file with a key may be.
const maxKey = 4 << 10

// LoadSigner reads the key of the log in a folder. With create, a folder without one gets a new one, of a log with a name
// of its own; else a missing key is fs.ErrNotExist.
func LoadSigner(dir string, create bool) (*Signer, error) {
	private, err := readKey(filepath.Join(dir, PrivateKeyFile))
	if errors.Is(err, fs.ErrNotExist) && create {
		return makeKey(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", err)
	}
	public, err := readKey(filepath.Join(dir, PublicKeyFile))
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

// makeKey writes the public half first: a private one alone would look like a log whose key was replaced.
func makeKey(dir string) (*Signer, error) {
	var name [8]byte
	_, _ = rand.Read(name[:]) // never fails
	private, public, err := NewKey(rand.Reader, "whenwhere.log/"+hex.EncodeToString(name[:]))
	if err == nil {
		err = writeKey(filepath.Join(dir, PublicKeyFile), public, 0o644, os.O_TRUNC)
	}
	if err == nil {
		err = writeKey(filepath.Join(dir, PrivateKeyFile), private, 0o600, os.O_EXCL)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: new key: %w", err)
	}
	return NewSigner(private, public)
}

func writeKey(path, text string, mode fs.FileMode, how int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

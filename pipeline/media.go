package pipeline

import (
	"encoding/hex"
	"fmt"
	"time"
)

// MediaID is the SHA-256 of a file's bytes; its text form is 64 hexadecimal digits.
type MediaID [32]byte

// ParseMediaID reads the text form.
func ParseMediaID(s string) (MediaID, error) {
	var id MediaID
	if len(s) != hex.EncodedLen(len(id)) {
		return MediaID{}, fmt.Errorf("media id: %d characters, want %d hexadecimal digits", len(s), hex.EncodedLen(len(id)))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return MediaID{}, fmt.Errorf("media id: %w", err)
	}
	return id, nil
}

func (id MediaID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether the id was never set. No file's hash is all zeros as far as anybody knows.
func (id MediaID) IsZero() bool { return id == MediaID{} }

// MarshalText gives the text form; the zero id has none.
func (id MediaID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return nil, fmt.Errorf("media id: not set")
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads the text form.
func (id *MediaID) UnmarshalText(b []byte) error {
	v, err := ParseMediaID(string(b))
	if err == nil {
		*id = v
	}
	return err
}

// Media is one file as received. It says nothing of the content: what the file shows, and even what type it is, are
// observations.
type Media struct {
	ID         MediaID   `json:"id"`
	SizeBytes  int64     `json:"size_bytes"`
	GivenName  string    `json:"given_name"`  // as given by the sender: data, never a path to open
	ReceivedAt time.Time `json:"received_at"` // UTC, from the clock of the intake, for custody only
}

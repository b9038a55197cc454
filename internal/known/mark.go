package known

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// markVersion is that of the marks' format and of what the indexes hold.
const markVersion = 1

// mark says what an index holds.
type mark struct {
	Version int    `json:"version"`
	Prints  string `json:"prints"`  // the stage whose prints it holds
	PDQ     string `json:"pdq"`     // how their hashes were made
	Through uint64 `json:"through"` // the highest number whose codes it holds
	Last    string `json:"last"`    // the file of that number
	Codes   int    `json:"codes"`   // how many it held then
}

// markError says that a mark cannot be read as one.
type markError struct{ err error }

func (e *markError) Error() string { return "its mark is damaged: " + e.err.Error() }

func (e *markError) Unwrap() error { return e.err }

func readMark(path string) (m mark, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return mark{}, &markError{err}
	}
	return m, nil
}

// write replaces the mark. It need not survive the machine: an older mark only means that some codes are added once more.
func (m mark) write(path string) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("mark: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return errors.Join(fmt.Errorf("mark: %w", err), os.Remove(path+".new"))
	}
	return nil
}

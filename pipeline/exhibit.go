package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Device names the device that made the file: make and model, and a digest of the serial number where there is one, so
// that two devices of a model stay apart and no serial number leaves the store. ok is false when the file does not say.
func (e Exhibit) Device() (name string, ok bool) {
	c, found, err := CameraKey.In(e.Observed)
	if err != nil || !found || c.Make == "" && c.Model == "" {
		return "", false
	}
	name = strings.ToLower(strings.TrimSpace(c.Make + " " + c.Model))
	if c.Serial != "" {
		name += "/" + Pseudonym(c.Serial)
	}
	return name, true
}

// Pseudonym is a short stable stand-in for something personal: eight hexadecimal digits of its SHA-256. It tells equal
// from different; it does not hide a text that can be guessed.
func Pseudonym(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// Sensor is the basis of what a sensor or clock of the exhibit's device says. Files that do not name their device are
// taken to come from one, which can only make them count for less.
func (e Exhibit) Sensor(kind string) Basis {
	device, _ := e.Device()
	return Basis{Kind: kind, Of: device}
}

// Clocks lists the stamps inside the file, and those in its name. The name belongs to the exhibit and not to the bytes:
// the same bytes may come under two names.
func (e Exhibit) Clocks() ([]StatedClock, error) {
	inside, _, err := ClocksKey.In(e.Observed)
	if err != nil {
		return nil, err
	}
	named, _, err := NameClocksKey.In(e.Observed)
	return append(inside, named...), err
}

// metadataStage is the stage that tells a file without any metadata from one that does not state something.
const metadataStage = "metadata"

// Absence says why an exhibit holds no answer of a stage: the file is missing, the stage failed, did not apply, or made
// nothing of the kind; of the metadata stage also that the file states nothing at all.
func (e Exhibit) Absence(stage, what string) (Code, string) {
	if e.Media == nil {
		return CodeMediaMissing, "the file is not there: " + e.Missing
	}
	for _, r := range e.Stages {
		switch {
		case r.Stage != stage:
		case r.Status == Failed:
			return CodeMediaUnreadable, "stage " + stage + " failed: " + r.Cause
		case r.Status == Skipped:
			return CodeNotStated, "stage " + stage + " does not apply: " + r.Cause
		}
	}
	blocks, ok, err := BlocksKey.In(e.Observed)
	if err == nil && ok && len(blocks) == 0 && stage == metadataStage {
		return CodeMetadataStripped, "the file carries no metadata at all; messengers strip it"
	}
	return CodeNotStated, "the file states no " + what
}

// Evidence refers to an observation of the exhibit.
func (e Exhibit) Evidence(key KeyID, field string) string {
	ref := e.Subject() + "#" + string(key)
	if field != "" {
		ref += "[" + field + "]"
	}
	return ref
}

package hashlist

import (
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Write writes a list of footage in the order that it comes.
func Write(w io.Writer, all iter.Seq2[Footage, error]) error {
	if _, err := io.WriteString(w, Magic+"\n"); err != nil {
		return fmt.Errorf("hash list: %w", err)
	}
	out := csv.NewWriter(w)
	if err := out.Write(Columns()); err != nil {
		return fmt.Errorf("hash list: %w", err)
	}
	oneLine := strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ")
	for f, err := range all {
		if err != nil {
			return err
		}
		f.Event = oneLine.Replace(f.Event)
		for _, p := range f.Prints {
			if err := out.Write(cells(f, p)); err != nil {
				return fmt.Errorf("hash list: %w", err)
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("hash list: %w", err)
	}
	return nil
}

func cells(f Footage, p Print) []string {
	at, seen := "", ""
	if p.AtMs != nil {
		at = strconv.FormatInt(*p.AtMs, 10)
	}
	if f.FirstSeen != nil {
		seen = f.FirstSeen.UTC().Format(time.RFC3339Nano)
	}
	return []string{p.PDQ.Hex(), strconv.Itoa(p.Quality), at, p.View, hex.EncodeToString(f.SHA256[:]), seen, f.Event}
}

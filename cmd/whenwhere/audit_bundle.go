package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/audit"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

func newAuditCheckBundle() *cobra.Command {
	var pub, ca string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "check-bundle BUNDLE --pub KEY", Short: "Say what in a bundle is not as it was when it was exported",
		Long: `Check a bundle that "whenwhere export" wrote. It needs nothing but the bundle and the
public key: no data folder, no network. Verified are the signature of the checkpoint, that
each leaf is in the signed tree and none of its subject is left out, that the manifest and
each file are what leaves state, that each original is the one that was received, and that
no other byte of the archive was touched. What is not, is named.

The key must come to you by another way than the bundle: the copy in the bundle could have
been replaced with everything else. If the bundle has a time stamp (RFC 3161), --ca names
the certificates (PEM) of the authorities that you trust to state a time.

` + exitHelp,
		Example: "  whenwhere audit check-bundle AUT-01.zip --pub log.pub\n  whenwhere audit check-bundle AUT-01.zip --pub log.pub --ca authority.pem",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "ca"); err != nil {
				return err
			}
			return checkBundle(cmd.OutOrStdout(), args[0], pub, ca, asJSON)
		},
	}
	cmd.Flags().StringVar(&pub, "pub", "", "public `KEY` of the log, as a file or as text (needed)")
	addRoots(cmd, &ca)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the outcome as JSON")
	return cmd
}

func addRoots(cmd *cobra.Command, ca *string) {
	cmd.Flags().StringVar(ca, "ca", "", "`FILE` of the certificates (PEM) of the authorities that are trusted to state a time")
}

// rootsOf reads --ca; nil when it was not given.
func rootsOf(file string) (*audit.Roots, error) {
	if file == "" {
		return nil, nil
	}
	text, err := readRegular(file, maxCertificates)
	if err == nil && len(text) > maxCertificates {
		err = fmt.Errorf("%s: more than %d bytes", file, maxCertificates)
	}
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	roots, err := audit.ParseRoots(text)
	if err != nil {
		return nil, &codedError{exitUsage, fmt.Errorf("--ca: %s: %w", file, err)}
	}
	return roots, nil
}

const maxCertificates = 4 << 20

func checkBundle(out io.Writer, file, pub, ca string, asJSON bool) error {
	if pub == "" {
		return &codedError{exitUsage, errors.New("check-bundle: name the public key of the log with --pub; the one in the bundle proves nothing")}
	}
	key, err := publicKey(pub)
	if err != nil {
		return err
	}
	roots, err := rootsOf(ca)
	if err != nil {
		return err
	}
	f, err := openRegular(file, nil)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	defer f.Close() // it was only read
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	checked := audit.CheckBundle(f, info.Size(), key, roots)
	if err := printChecked(out, checked, refolded(checked), asJSON); err != nil {
		return err
	}
	return damaged(checked.Damage)
}

// refolded reports whether the verdict of a bundle without damage follows from its own findings by the rules of the bundle;
// nil when there is no verdict, or a damage.
func refolded(c audit.Checked) *bool {
	judged, ok := c.Text("verdict.json")
	text, okToo := c.Text("rules.json")
	var kept struct{ Verdict json.RawMessage }
	if !ok || !okToo || json.Unmarshal(judged, &kept) != nil {
		return nil
	}
	var v pipeline.Verdict
	same := false
	rules, err := score.Load(text)
	if err == nil && json.Unmarshal(kept.Verdict, &v) == nil {
		again, err := json.Marshal(score.Again(rules, v))
		same = err == nil && bytes.Equal(again, kept.Verdict)
	}
	return &same
}

func printChecked(out io.Writer, c audit.Checked, same *bool, asJSON bool) error {
	if asJSON {
		return report.JSONLines(out, struct {
			audit.Checked
			Refolded *bool `json:"verdict_follows,omitempty"` // from its findings, by the rules of the bundle
		}{c, same})
	}
	if c.Incident != "" {
		fmt.Fprintf(out, "incident %s, for audience %s\n", report.Plain(c.Incident), report.Plain(c.Audience))
	}
	fmt.Fprintf(out, "%d leaves in the signed tree; %s as received, %s as exported\n", c.Leaves, pipeline.Counted(c.Originals, "original"), pipeline.Counted(c.Files, "file"))
	switch {
	case same == nil:
	case *same:
		fmt.Fprintln(out, "the verdict was made again from its findings by the rules of the bundle: the same, byte for byte")
	default:
		fmt.Fprintln(out, "the verdict does not follow from its findings by the rules of the bundle as this version of the program folds them")
	}
	if c.Stamp != nil {
		fmt.Fprintln(out, stampText(*c.Stamp))
	}
	for _, f := range c.Damage {
		fmt.Fprintln(out, "DAMAGE", report.Plain(f.String()))
	}
	if len(c.Damage) == 0 {
		fmt.Fprintln(out, "no damage: everything is as it was when it was exported")
	}
	return nil
}

// stampText says what a time stamp says, and how far it can be believed.
func stampText(s audit.Stamp) string {
	trust := "its authority was not verified: name its certificates with --ca"
	if s.Trusted {
		trust = "verified"
	}
	return fmt.Sprintf("the first %d leaves were there at %s, says %s (%s)", s.Leaves, s.At.Format(time.RFC3339), report.Plain(s.By), trust)
}
